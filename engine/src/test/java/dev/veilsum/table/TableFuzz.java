package dev.veilsum.table;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.backend.core.CoreFuzz.Fixed;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.FileFuzz;
import dev.veilsum.file.MetadataFuzz;
import dev.veilsum.file.Operation;
import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeysFuzz;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.seal.SealFuzz;
import dev.veilsum.seal.SealPlaintext;
import dev.veilsum.table.where.Condition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Tables, results, queries and files of keys. */
public final class TableFuzz {
  private static final int ROWS = 3;
  private static final Backend BACKEND = Backends.byDefault();

  private static final ColumnKind WEATHER = new ColumnKind.Category(List.of("sun", "rain, snow"));

  private TableFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        MetadataFuzz.target(
            "tableOfReals",
            ContainerKind.TABLE,
            () -> table(Fixed.REAL, new ColumnKind.Real(-2, 2)),
            TableFuzz::useTable),
        MetadataFuzz.target(
            "tableOfWholes",
            ContainerKind.TABLE,
            () -> table(Fixed.WHOLE, new ColumnKind.Integer(-100, 100), WEATHER),
            TableFuzz::useTable),
        MetadataFuzz.target(
            "result", ContainerKind.RESULT, TableFuzz::result, TableFuzz::useResult),
        MetadataFuzz.target(
            "publicKeyFile", ContainerKind.PUBLIC_KEYS, TableFuzz::publicKeys, TableFuzz::useKeys),
        MetadataFuzz.target("query", ContainerKind.QUERY, TableFuzz::query, QueryFile::read),
        MetadataFuzz.target(
            "importedKey",
            ContainerKind.IMPORTED_KEY,
            TableFuzz::importedKey,
            ImportedKeyFile::read));
  }

  // What is done with a file.

  private static void useTable(ContainerReader container) {
    try (EncryptedTable table = EncryptedTable.open(container, BACKEND)) {
      for (ColumnEntry column : table.columns()) {
        for (ColumnEncoding encoding : column.encodings()) {
          if (encoding.role() == EncodingRole.TOKENS) {
            table.tokens(encoding, table.segments().get(0), 0);
            continue;
          }
          for (int part = 0; part < encoding.parts().size(); part++) {
            Chunks chunks = table.chunks(encoding, part, table.segments().get(0));
            if (chunks.count() > 0) {
              chunks.load(0).close();
            }
          }
          if (!table.parametersOf(encoding).specialPrimes().isEmpty()) {
            table.keysOf(table.parametersOf(encoding));
          }
        }
      }
    }
  }

  private static void useResult(ContainerReader container) {
    try (MasterKey master = KeysFuzz.fixedKey()) {
      ResultDecryptor.decrypt(container, master, BACKEND);
    }
  }

  private static void useKeys(ContainerReader container) {
    PublicKeyFile file = PublicKeyFile.read(container);
    for (RlweParameters set : file.parameters()) {
      file.encryptionKey(TableScheme.on(BACKEND, set)).orElseThrow().close();
      file.switchKeys(set).keys().forEach(key -> file.switchKey(set, key).orElseThrow());
    }
  }

  private static byte[] table(RlweParameters set, ColumnKind... kinds) {
    SchemeBackend scheme = TableScheme.on(BACKEND, set);
    try (MasterKey master = KeysFuzz.fixedKey();
        TableKey key = TableKey.ofSecret(master, BACKEND)) {
      return FileFuzz.container(
          ContainerKind.TABLE,
          container -> {
            TableWriter writer = new TableWriter(container, master.keyId(), List.of(set));
            if (!set.specialPrimes().isEmpty()) {
              writer.addSwitchKeys(
                  SwitchKeySections.write(
                      container,
                      scheme,
                      TableScheme.secretKey(master, scheme),
                      KeyRequirements.relinearization(),
                      0));
            }
            for (ColumnKind kind : kinds) {
              int parts = kind instanceof ColumnKind.Category c ? c.labels().size() : 1;
              TableWriter.Encoding column =
                  writer
                      .addColumn(kind.text(), kind, Optional.empty())
                      .addEncoding(ColumnShape.mainRole(kind), set, parts);
              for (int part = 0; part < parts; part++) {
                column.addChunk(part, ciphertext(scheme, key));
              }
            }
            writer.finish(ROWS);
          });
    }
  }

  private static byte[] publicKeys() {
    return written(
        out -> {
          try (MasterKey master = KeysFuzz.fixedKey()) {
            PublicKeyFile.write(
                out,
                master,
                BACKEND,
                List.of(Fixed.REAL),
                set -> KeyRequirements.relinearization().union(KeyRequirements.rotations(1)));
          }
        });
  }

  private static byte[] query() {
    return written(
        out -> {
          try (MasterKey master = KeysFuzz.fixedKey();
              TableKey key = TableKey.ofSecret(master, BACKEND)) {
            QueryFile.write(
                out, key, Condition.parse("w = sun"), Map.of("w", WEATHER), List.of(Fixed.WHOLE));
          }
        });
  }

  private static byte[] importedKey() {
    try {
      Path folder = Files.createTempDirectory("fuzz");
      Path file = folder.resolve("imported.key");
      try (SealPlaintext key = SealFuzz.secretKey()) {
        ImportedKeyFile.write(file, key, Optional.empty());
      }
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      Files.delete(folder);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] written(Consumer<AtomicOutput> write) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write.accept(AtomicOutput.passThrough("memory", Channels.newChannel(bytes)));
    return bytes.toByteArray();
  }

  private static byte[] result() {
    SchemeBackend scheme = TableScheme.on(BACKEND, Fixed.WHOLE);
    try (MasterKey master = KeysFuzz.fixedKey();
        TableKey key = TableKey.ofSecret(master, BACKEND)) {
      return FileFuzz.container(
          ContainerKind.RESULT,
          container -> {
            TableWriter writer = new TableWriter(container, master.keyId(), List.of(Fixed.WHOLE));
            TableWriter.Encoding column =
                writer
                    .addColumn(
                        "a",
                        new ColumnKind.Integer(-100, 100),
                        Optional.of(
                            new Operation(
                                "sum",
                                List.of("a"),
                                Map.of(),
                                Map.of(Strategy.STRATEGY, TotalsStrategy.NAME))))
                    .addEncoding(EncodingRole.TOTALS, Fixed.WHOLE, 1);
            column.addChunk(0, ciphertext(scheme, key));
            writer.finish(ROWS);
          });
    }
  }

  private static ByteBuffer ciphertext(SchemeBackend scheme, TableKey key) {
    try (Reference.Plaintext plain =
            scheme instanceof CkksBackend ckks
                ? ckks.encode(new double[] {1}, 0, 1, 1, Fixed.REAL.slots(), 0, 0x1p10)
                : ((BfvBackend) scheme).encode(new long[] {1}, 0, 1);
        Reference.Ciphertext c = key.encrypt(scheme, plain)) {
      ByteBuffer bytes = ByteBuffer.allocate(scheme.packedBytes(c));
      scheme.packCiphertext(c, bytes);
      return bytes.flip();
    }
  }
}
