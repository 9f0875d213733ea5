package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import dev.veilsum.seal.SealFormat;
import dev.veilsum.seal.SealParameters;
import dev.veilsum.seal.SealPlaintext;
import dev.veilsum.seal.SealScheme;
import dev.veilsum.seal.SealSwitchKeys;
import java.util.List;
import java.util.function.BiConsumer;

/** Gives keys and the ciphertexts of tables and results as objects of Microsoft SEAL. */
public final class SealExport {
  private SealExport() {}

  /**
   * The keys of one parameter set.
   *
   * @param set one that SEAL has: with one special prime at most, and digits of one prime
   */
  public static Keys keys(TableSecret secret, RlweParameters set, Backend backend) {
    SchemeBackend scheme = TableScheme.on(backend, set);
    SealScheme seal = SealScheme.on(scheme);
    return new Keys(scheme, seal, secret.secretKey(scheme));
  }

  /** Writes keys as SEAL's objects. */
  public static final class Keys implements AutoCloseable {
    private final SchemeBackend scheme;
    private final SealScheme seal;
    private final Reference.SecretKey secret;

    private Keys(SchemeBackend scheme, SealScheme seal, Reference.SecretKey secret) {
      this.scheme = scheme;
      this.seal = seal;
      this.secret = secret;
    }

    public SealParameters parameters() {
      return seal.parameters();
    }

    /** The engine's name for them. */
    public RlweParameters set() {
      return scheme.parameters();
    }

    /** A fresh public key. */
    public byte[] publicKey(SealFormat format) {
      return seal.publicKey(secret).write(format);
    }

    /** Fresh relinearization keys. */
    public byte[] relinearizationKeys(SealFormat format) {
      return switchKeys(
          KeyRequirements.relinearization(), SealSwitchKeys.Kind.RELINEARIZATION, format);
    }

    /** Fresh Galois keys. */
    public byte[] galoisKeys(KeyRequirements elements, SealFormat format) {
      return switchKeys(elements, SealSwitchKeys.Kind.GALOIS, format);
    }

    private byte[] switchKeys(KeyRequirements which, SealSwitchKeys.Kind kind, SealFormat format) {
      if (!scheme.parameters().canKeySwitch()) {
        throw new VeilsumException(
            ErrorCode.UNSUPPORTED,
            "parameters of one prime have no key switching, so no such keys");
      }
      try (Reference.EvaluationKeys keys = scheme.evaluationKeys(secret, which)) {
        return seal.export(keys, kind).write(format);
      }
    }

    /** The secret key, in the clear: whoever reads it decrypts everything. The caller wipes it. */
    public byte[] secretKey(SealFormat format) {
      try (SealPlaintext key = seal.export(secret)) {
        return key.write(format);
      }
    }

    @Override
    public void close() {
      secret.close();
    }
  }

  /**
   * The Galois keys that SEAL makes where none are named: rotations by the powers of two either
   * way, and the conjugation or swap of rows. From them SEAL composes every rotation.
   */
  public static KeyRequirements defaultGaloisKeys(RlweParameters set) {
    KeyRequirements keys = KeyRequirements.none().with(SwitchKey.CONJUGATION);
    for (int steps = 1; steps < set.ringDegree() / 2; steps *= 2) {
      keys = keys.with(SwitchKey.rotation(steps)).with(SwitchKey.rotation(-steps));
    }
    return keys;
  }

  /**
   * The parameters of columns, as {@link #ciphertexts}.
   *
   * @param columns their names; all where there are none
   */
  public static SealParameters parameters(
      ContainerReader container, Backend backend, List<String> columns) {
    try (EncryptedTable table = open(container, backend)) {
      return schemeOf(table, chosen(table, columns)).parameters();
    }
  }

  /**
   * Gives the ciphertexts of columns one by one, in their order, part by part.
   *
   * @param columns their names; all where there are none
   * @param each takes what a ciphertext is, for example "x" or "x, rows from 4096", and its bytes
   * @throws VeilsumException PARAMETER_MISMATCH where columns are of different parameters;
   *     UNSUPPORTED where SEAL does not have them; BAD_INPUT for a column that is not there
   */
  public static void ciphertexts(
      ContainerReader container,
      Backend backend,
      List<String> columns,
      SealFormat format,
      BiConsumer<String, byte[]> each) {
    try (EncryptedTable table = open(container, backend)) {
      List<ColumnEntry> chosen = chosen(table, columns);
      SealScheme seal = schemeOf(table, chosen);
      for (ColumnEntry column : chosen) {
        export(table, column, seal, format, each);
      }
    }
  }

  private static EncryptedTable open(ContainerReader container, Backend backend) {
    return container.kind() == ContainerKind.RESULT
        ? EncryptedTable.openResult(container, backend)
        : EncryptedTable.open(container, backend);
  }

  private static List<ColumnEntry> chosen(EncryptedTable table, List<String> columns) {
    return columns.isEmpty() ? table.columns() : columns.stream().map(table::column).toList();
  }

  private static SealScheme schemeOf(EncryptedTable table, List<ColumnEntry> chosen) {
    List<RlweParameters> sets =
        chosen.stream().map(column -> table.parametersOf(main(column))).distinct().toList();
    if (sets.size() != 1) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "%s: columns of one parameter set are exported together; name them with --column"
              .formatted(table.name()));
    }
    return SealScheme.on(table.schemeOf(sets.get(0)));
  }

  /** What stands for a column: its values, masks or digits; of a result its totals. */
  private static ColumnEncoding main(ColumnEntry column) {
    return column
        .encoding(EncodingRole.TOTALS)
        .or(() -> column.encoding(ColumnShape.mainRole(column.kind())))
        .filter(encoding -> encoding.role() != EncodingRole.TOKENS)
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.UNSUPPORTED,
                    "the column %s has neither values nor totals to export: its answer is of another form"
                        .formatted(column.name())));
  }

  private static void export(
      EncryptedTable table,
      ColumnEntry column,
      SealScheme seal,
      SealFormat format,
      BiConsumer<String, byte[]> each) {
    ColumnEncoding encoding = main(column);
    for (int part = 0; part < encoding.parts().size(); part++) {
      Chunks chunks = table.chunks(encoding, part);
      for (int chunk = 0; chunk < chunks.count(); chunk++) {
        String name =
            column.name()
                + (encoding.parts().size() > 1 ? ", part " + (part + 1) : "")
                + (chunk > 0 ? ", rows from " + (long) chunk * encoding.rowsPerChunk() : "");
        try (Reference.Ciphertext c = chunks.load(chunk)) {
          each.accept(name, seal.write(c, format));
        }
      }
    }
  }
}
