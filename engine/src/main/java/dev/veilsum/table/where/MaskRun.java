package dev.veilsum.table.where;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.circuit.Scope;
import dev.veilsum.table.where.MaskNode.Complement;
import dev.veilsum.table.where.MaskNode.Linear;
import dev.veilsum.table.where.MaskNode.PlainProduct;
import dev.veilsum.table.where.MaskNode.Product;
import dev.veilsum.table.where.MaskPlan.MaskPart;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The steps of one plan on one chunk. What is no longer needed is closed at once. */
final class MaskRun implements AutoCloseable {
  /** Ciphertexts that are summed in one pass. */
  private static final int BATCH = 16;

  private final SchemeBackend scheme;
  private final Supplier<Reference.EvaluationKeys> keys;
  private final MaskPlan plan;
  private final MaskChunk chunk;
  private final Scope scope = new Scope();
  private final Map<MaskNode, Reference.Ciphertext> results = new HashMap<>();
  private final Map<MaskNode, Integer> uses = new HashMap<>();

  /** Parts that several steps read, and how often they still will. */
  private final Map<MaskPart, Reference.Ciphertext> shared = new HashMap<>();

  private final Map<MaskPart, Integer> reads = new HashMap<>();

  MaskRun(
      SchemeBackend scheme,
      Supplier<Reference.EvaluationKeys> keys,
      MaskPlan plan,
      MaskChunk chunk) {
    this.scheme = scheme;
    this.keys = keys;
    this.plan = plan;
    this.chunk = chunk;
    for (MaskNode step : plan.steps()) {
      step.operands().forEach(operand -> uses.merge(operand, 1, Integer::sum));
    }
  }

  Reference.Ciphertext mask() {
    Reference.Ciphertext last = null;
    for (MaskNode step : plan.steps()) {
      last = scope.add(computed(step));
      results.put(step, last);
      for (MaskNode operand : step.operands()) {
        if (uses.merge(operand, -1, Integer::sum) == 0) {
          scope.end(results.remove(operand));
        }
      }
    }
    return scope.keep(last);
  }

  private Reference.Ciphertext computed(MaskNode step) {
    if (step instanceof Linear linear) {
      return linear(linear);
    }
    if (step instanceof Product product) {
      Reference.Ciphertext a = results.get(product.a());
      Reference.Ciphertext b = results.get(product.b());
      return scheme instanceof CkksBackend ckks
          ? ckks.multiplyRelinearizeRescale(a, b, keys.get())
          : scheme.multiplyRelinearize(a, b, keys.get());
    }
    if (step instanceof Complement complement) {
      try (Reference.Ciphertext negative = scheme.negate(results.get(complement.a()))) {
        return plusPresence(negative);
      }
    }
    PlainProduct product = (PlainProduct) step;
    return timesBits(results.get(product.a()), bits(product.rows(), chunk));
  }

  /** The sum of the parts with their signs, and the constant in the rows that exist. */
  private Reference.Ciphertext linear(Linear linear) {
    try (Scope inner = new Scope()) {
      Reference.Ciphertext total;
      if (linear.minus().isEmpty()) {
        total = inner.add(sum(linear.column(), linear.plus()));
      } else {
        Reference.Ciphertext minus = inner.add(sum(linear.column(), linear.minus()));
        total =
            inner.add(
                linear.plus().isEmpty()
                    ? scheme.negate(minus)
                    : scheme.subtract(inner.add(sum(linear.column(), linear.plus())), minus));
      }
      return linear.constant() == 0 ? inner.keep(total) : plusPresence(total);
    }
  }

  /** The sum of parts of a column, at least one, a batch at a time. */
  private Reference.Ciphertext sum(String column, List<Integer> parts) {
    try (Scope inner = new Scope()) {
      Reference.Ciphertext total = null;
      for (int from = 0; from < parts.size(); from += BATCH) {
        List<MaskPart> batch =
            parts.subList(from, Math.min(parts.size(), from + BATCH)).stream()
                .map(part -> new MaskPart(column, part))
                .toList();
        Reference.Ciphertext ofBatch;
        try (Scope loaded = new Scope()) {
          ofBatch = inner.add(scheme.sum(batch.stream().map(part -> load(part, loaded)).toList()));
        }
        total = total == null ? ofBatch : added(inner, total, ofBatch);
      }
      return inner.keep(total);
    }
  }

  private Reference.Ciphertext added(Scope inner, Reference.Ciphertext a, Reference.Ciphertext b) {
    Reference.Ciphertext sum = inner.add(scheme.add(a, b));
    inner.end(a);
    inner.end(b);
    return sum;
  }

  /** A part, to be closed with {@code user}, or with the last of its users. */
  private Reference.Ciphertext load(MaskPart part, Scope user) {
    int all = plan.uses(part);
    if (all == 1) {
      return user.add(part(scheme, chunk, part.column(), part.part()));
    }
    Reference.Ciphertext loaded =
        shared.computeIfAbsent(part, p -> scope.add(part(scheme, chunk, p.column(), p.part())));
    if (reads.merge(part, 1, Integer::sum) == all) {
      shared.remove(part);
      user.add(scope.keep(loaded));
    }
    return loaded;
  }

  /** Loads a mask; CORRUPT where it is not of degree 1, as all that are laid down. */
  static Reference.Ciphertext part(SchemeBackend scheme, MaskChunk chunk, String column, int part) {
    Reference.Ciphertext loaded = chunk.load(column, part);
    if (scheme.degree(loaded) != 1) {
      loaded.close();
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "mask %d of column %s is damaged: it is no fresh ciphertext; get a new copy"
              .formatted(part, column));
    }
    return loaded;
  }

  /** a + 1 in the rows that exist. */
  private Reference.Ciphertext plusPresence(Reference.Ciphertext a) {
    try (Reference.Plaintext presence = presence(a)) {
      return scheme.addPlain(a, presence);
    }
  }

  /** 1 in the rows that exist, 0 in the other slots, to be added to {@code a}. */
  private Reference.Plaintext presence(Reference.Ciphertext a) {
    long[] ones = new long[chunk.rows()];
    Arrays.fill(ones, 1);
    if (scheme instanceof BfvBackend bfv) {
      return bfv.encode(ones, 0, ones.length);
    }
    CkksBackend ckks = (CkksBackend) scheme;
    return encode(ckks, ones, ckks.level(a), ckks.scale(a));
  }

  private Reference.Ciphertext timesBits(Reference.Ciphertext a, long[] bits) {
    if (scheme instanceof BfvBackend bfv) {
      try (Reference.Plaintext plain = bfv.encode(bits, 0, bits.length)) {
        return bfv.multiplyPlain(a, plain);
      }
    }
    CkksBackend ckks = (CkksBackend) scheme;
    // At the scale of the prime that the rescale divides by, so that the mask's scale stays.
    int level = ckks.level(a);
    double prime = ckks.parameters().modulusChain().get(level);
    try (Reference.Plaintext plain = encode(ckks, bits, level, prime);
        Reference.Ciphertext product = ckks.multiplyPlain(a, plain)) {
      return ckks.rescale(product, 1);
    }
  }

  private static Reference.Plaintext encode(
      CkksBackend ckks, long[] bits, int level, double scale) {
    double[] values = Arrays.stream(bits).asDoubleStream().toArray();
    return ckks.encode(values, 0, values.length, 1, ckks.parameters().slots(), level, scale);
  }

  /** 1 for the rows whose tokens fulfil a public formula, 0 for the others. */
  static long[] bits(Formula formula, MaskChunk chunk) {
    long[] bits = new long[chunk.rows()];
    for (int row = 0; row < bits.length; row++) {
      int number = row;
      boolean holds =
          formula.holds((column, set) -> ((TokenSet) set).contains(chunk.token(column, number)));
      bits[row] = holds ? 1 : 0;
    }
    return bits;
  }

  @Override
  public void close() {
    scope.close();
  }
}
