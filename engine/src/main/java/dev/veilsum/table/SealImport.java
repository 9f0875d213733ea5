package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.SectionType;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.seal.SealCiphertext;
import dev.veilsum.seal.SealFormat;
import dev.veilsum.seal.SealNoise;
import dev.veilsum.seal.SealParameters;
import dev.veilsum.seal.SealScheme;
import dev.veilsum.seal.SealSwitchKeys;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes a table of ciphertexts of Microsoft SEAL: each becomes a column of one chunk, a row a slot.
 * The table carries SEAL's own key-switching keys, as far as questions need them.
 */
public final class SealImport {
  private final RlweParameters set;
  private final SchemeBackend scheme;
  private final SealScheme seal;

  /**
   * For SEAL's parameters.
   *
   * @throws VeilsumException INSECURE_PARAMETERS, PARAMETER_MISMATCH where the engine does not take
   *     them; UNSUPPORTED for BFV without slots
   */
  public SealImport(SealParameters parameters, Backend backend) {
    this.set = parameters.toEngine();
    if (set instanceof BfvParameters bfv && !bfv.batches()) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "the plain modulus %d has no slots, which tables need: it is no prime that is 1 mod %d"
              .formatted(bfv.plainModulus(), 2 * bfv.ringDegree()));
    }
    this.scheme = TableScheme.on(backend, set);
    this.seal = SealScheme.on(scheme);
  }

  /** A ciphertext and the column that it becomes. */
  public record Column(String name, SealCiphertext ciphertext) {}

  /** The parameters of the table. */
  public RlweParameters parameters() {
    return set;
  }

  /** The key id of a table whose key nobody named. */
  public KeyId unnamedKey() {
    return KeyId.ofUnnamed(set.fingerprint().bytes());
  }

  /** Checks that a public key is one. It is not needed to compute, nor kept. */
  public void check(SealCiphertext publicKey) {
    seal.checkPublicKey(publicKey);
  }

  /**
   * Writes the table.
   *
   * @param kind what every slot of the first {@code rows} holds, and that with a range: SEAL's
   *     objects do not say, and what is computed relies on it
   * @param rows at most the slots, and all of them where there is none; the slots after them hold 0
   * @throws VeilsumException USAGE, OUT_OF_RANGE for a declaration that cannot be; CORRUPT for
   *     objects that the engine refuses
   */
  public void write(
      AtomicOutput out,
      KeyId keyId,
      ColumnKind kind,
      OptionalLong rows,
      SealNoise noise,
      List<Column> columns,
      List<SealSwitchKeys> keys) {
    requireKind(kind);
    int slots = TableScheme.rowsPerChunk(set);
    if (rows.orElse(1) < 1 || rows.orElse(1) > slots) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d rows; a ciphertext of these parameters has 1 to %d"
              .formatted(rows.getAsLong(), slots));
    }
    try (ContainerWriter container = new ContainerWriter(out, ContainerKind.TABLE)) {
      TableWriter writer = new TableWriter(container, keyId, List.of(set));
      keys.forEach(some -> writeKeys(container, some));
      Set<String> names = new HashSet<>();
      for (Column column : columns) {
        if (!names.add(column.name())) {
          throw new VeilsumException(
              ErrorCode.USAGE, "two columns would be called %s".formatted(column.name()));
        }
        writer
            .addColumn(column.name(), kind, Optional.empty())
            .addEncoding(EncodingRole.VALUES, set, 1)
            .addChunk(0, packed(column.ciphertext(), kind, noise));
      }
      writer.finish(rows.orElse(slots));
    }
  }

  private void requireKind(ColumnKind kind) {
    boolean real = !(set instanceof BfvParameters);
    if (real ? !(kind instanceof ColumnKind.Real) : !(kind instanceof ColumnKind.Integer)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s: slots of %s hold %s"
              .formatted(
                  kind.text(),
                  real ? "CKKS" : "BFV",
                  real ? "real(min..max)" : "integer(min..max)"));
    }
    if (kind instanceof ColumnKind.Integer whole && set instanceof BfvParameters bfv) {
      if (whole.min() < bfv.minValue() || whole.max() > bfv.maxValue()) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE,
            "%s: modulo the plain modulus %d slots hold %d to %d"
                .formatted(kind.text(), bfv.plainModulus(), bfv.minValue(), bfv.maxValue()));
      }
    }
  }

  /** Those that questions take: a table carries its keys. */
  private void writeKeys(ContainerWriter container, SealSwitchKeys all) {
    SealSwitchKeys kept = all.only(TableScheme.questionKeys(set));
    if (kept.filledSlots().isEmpty()) {
      return;
    }
    seal.evaluationKeys(List.of(kept)).close(); // checks every residue
    container.add(
        kept.kind() == SealSwitchKeys.Kind.GALOIS
            ? SectionType.SEAL_GALOIS
            : SectionType.SEAL_RELINEARIZATION,
        ByteBuffer.wrap(kept.write(SealFormat.DEFAULT)));
  }

  private ByteBuffer packed(SealCiphertext ciphertext, ColumnKind kind, SealNoise noise) {
    double bound = kind instanceof ColumnKind.Real real ? real.bound() : 0;
    try (Reference.Ciphertext c = seal.ciphertext(ciphertext, noise, bound)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(scheme.packedBytes(c));
      scheme.packCiphertext(c, bytes);
      return bytes.flip();
    }
  }
}
