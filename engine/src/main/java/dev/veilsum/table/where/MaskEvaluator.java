package dev.veilsum.table.where;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.table.where.RowSelection.Form;
import java.util.function.Supplier;

/**
 * Computes masks, chunk by chunk, under one parameter set. Thread-safe: chunks may be computed on
 * several threads at once.
 */
public final class MaskEvaluator {
  private final SchemeBackend scheme;
  private final Supplier<Reference.EvaluationKeys> keys;

  /**
   * @param scheme BFV, BGV or CKKS, under which the columns' masks are encrypted
   * @param keys with the relinearization key; asked only for conditions that multiply
   */
  public MaskEvaluator(SchemeBackend scheme, Supplier<Reference.EvaluationKeys> keys) {
    this.scheme = scheme;
    this.keys = keys;
  }

  /**
   * The encrypted mask of a chunk, of degree 1: 1 in the slots of the rows that are selected, 0 in
   * all others, also after the last row.
   *
   * @param selection of form {@link Form#ENCRYPTED}
   * @throws VeilsumException NOISE_BUDGET or DEPTH, with what to do, where the parameters do not
   *     bear it; MISSING_KEY; UNSUPPORTED for an encrypted condition under CKKS
   */
  public Reference.Ciphertext mask(RowSelection selection, MaskChunk chunk) {
    requireForm(selection, Form.ENCRYPTED);
    try {
      if (selection instanceof MaskPlan plan) {
        try (MaskRun run = new MaskRun(scheme, keys, plan, chunk)) {
          return run.mask();
        }
      }
      if (!(scheme instanceof BfvBackend bfv)) {
        throw new VeilsumException(
            ErrorCode.UNSUPPORTED,
            "an encrypted condition is computed on exact masks; under CKKS it is not: ask about"
                + " integer, decimal, sorted or time columns");
      }
      return ((EncryptedSelection) selection).mask(bfv, keys.get(), chunk);
    } catch (VeilsumException e) {
      throw e.code() == ErrorCode.NOISE_BUDGET || e.code() == ErrorCode.DEPTH
          ? tooDeep(selection, e)
          : e;
    }
  }

  /**
   * The public bits of a chunk: 1 for the rows whose tokens fulfil the condition.
   *
   * @param selection of form {@link Form#PUBLIC}
   * @return one value a row, 0 or 1
   */
  public long[] publicBits(RowSelection selection, MaskChunk chunk) {
    requireForm(selection, Form.PUBLIC);
    return MaskRun.bits(((MaskPlan) selection).formula(), chunk);
  }

  /**
   * What is left after the mask of one chunk was computed: a rehearsal, by which a question is
   * refused before it begins. Noise bounds depend on public numbers alone, so that all chunks of a
   * table leave as much.
   *
   * @param seconds that the chunk took, on this machine
   * @param level the primes that are left, less one
   * @param budgetBits the noise budget that is left, of BFV and BGV; of CKKS the bits of the
   *     modulus above the scale
   */
  public record Rehearsal(double seconds, int level, double budgetBits) {}

  /**
   * Computes one chunk's mask and throws it away.
   *
   * @param selection of form {@link Form#ENCRYPTED}
   * @throws VeilsumException as {@link #mask}
   */
  public Rehearsal rehearse(RowSelection selection, MaskChunk chunk) {
    long start = System.nanoTime();
    try (Reference.Ciphertext mask = mask(selection, chunk)) {
      double seconds = (System.nanoTime() - start) * 1e-9;
      double budget =
          scheme instanceof BfvBackend bfv
              ? bfv.noiseBudgetBits(mask)
              : scheme.parameters().logQ(scheme.level(mask))
                  - Math.log(((CkksBackend) scheme).scale(mask)) / Math.log(2);
      return new Rehearsal(seconds, scheme.level(mask), budget);
    }
  }

  private static void requireForm(RowSelection selection, Form form) {
    if (selection.form() != form) {
      throw new VeilsumException(
          ErrorCode.INTERNAL,
          "the condition \"%s\" is %s, not %s"
              .formatted(Shown.text(selection.text()), selection.form(), form));
    }
  }

  private VeilsumException tooDeep(RowSelection selection, VeilsumException cause) {
    MaskCost cost = selection.cost();
    String advice =
        scheme instanceof CkksBackend
            ? "ask with conditions on one column, or about integer or decimal columns"
            : "ask with conditions on fewer columns, or, for counts and sums, encrypt the table with"
                + " --depth deep";
    return new VeilsumException(
        cause.code(),
        ("the condition \"%s\" takes %d products in a row (%d of ciphertexts), more than %s has"
                + " noise budget for: %s (%s)")
            .formatted(
                Shown.text(selection.text()),
                cost.layers(),
                cost.depth(),
                scheme.parameters(),
                advice,
                cause.getMessage()),
        cause);
  }
}
