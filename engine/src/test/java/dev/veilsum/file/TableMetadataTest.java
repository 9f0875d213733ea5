package dev.veilsum.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.Fingerprint;
import dev.veilsum.params.SwitchKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableMetadataTest {
  private static final TableMetadata TABLE =
      new TableMetadata(
          new KeyId(1, 2),
          List.of(9_000L, 1_000L),
          List.of(Fingerprint.of(new byte[] {1}), Fingerprint.of(new byte[] {2})),
          List.of(
              new SwitchKeyEntry(0, SwitchKey.RELINEARIZATION),
              new SwitchKeyEntry(1, SwitchKey.rotation(-3))),
          List.of(
              new ColumnEntry(
                  "x\u00e9, \"y\"",
                  new ColumnKind.Real(-1, 2.5),
                  List.of(
                      new ColumnEncoding(
                          EncodingRole.VALUES, 0, 4096, List.of(List.of(0, 2, 4, 6)))),
                  Optional.empty()),
              new ColumnEntry(
                  "w",
                  new ColumnKind.Category(List.of("sun", "a, b")),
                  List.of(
                      new ColumnEncoding(
                          EncodingRole.MASKS, 1, 8192, List.of(List.of(1, 3), List.of(5, 6))),
                      new ColumnEncoding(
                          EncodingRole.TOKENS,
                          ColumnEncoding.IN_THE_CLEAR,
                          65536,
                          List.of(List.of(0)))),
                  Optional.of(
                      new Operation(
                          "count", List.of("w"), Map.of("divisor", 3.0, "scale", 0.1))))));

  @TempDir Path folder;

  @Test
  void comesBackFromAFile() throws IOException {
    assertThat(read(TABLE.toCbor(), 2, 7)).isEqualTo(TABLE);
    assertThat(TABLE.column("w").orElseThrow().encoding(EncodingRole.MASKS, 1)).isPresent();
    assertThat(TABLE.rows()).isEqualTo(10_000);
    assertThat(TABLE.column("v")).isEmpty();
  }

  @Test
  void referencesMustBeThere() {
    refused(TABLE.toCbor(), 2, 6, "names a section that is not there");
    refused(TABLE.toCbor(), 1, 7, "does not match the parameter sections");
    refused(encoding(Map.of("parameters", Cbor.of(2))), 2, 7, "\"parameters\" is 2, not 0..1");
    refused(encoding(Map.of("rows per chunk", Cbor.of(0))), 2, 7, "\"rows per chunk\" is 0");
  }

  @Test
  void everySwitchKeyIsThere() {
    for (int sections : new int[] {0, 1, 3}) {
      assertThatThrownBy(() -> read(TABLE.toCbor(), 2, sections, 7))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
          .hasMessageContaining("names 2 key-switching keys and has " + sections);
    }
  }

  @Test
  void everyFieldIsCheckedByTypeAndRange() {
    refused(with("segments", Cbor.of(1)), 2, 7, "\"segments\" is not of type Array");
    refused(with("segments", list()), 2, 7, "\"segments\" has not 1 to");
    refused(with("segments", list(Cbor.of("1"))), 2, 7, "is not a list of row counts");
    refused(with("segments", list(Cbor.of(-1))), 2, 7, "is not a list of row counts");
    Cbor most = Cbor.of(1L << 48);
    refused(with("segments", list(most, most)), 2, 7, "is not a list of row counts");
    refused(encoding(Map.of("role", Cbor.of("none"))), 2, 7, "is none that this version knows");
    refused(encoding(Map.of("more", Cbor.of(1))), 2, 7, "\"more\" is not known");
    refused(column(Map.of("encodings", list(Cbor.of(1)))), 2, 7, "is not a record");
    refused(with("key", Cbor.of(new byte[15])), 2, 7, "has 15 bytes, not 16");
    refused(with("extra", Cbor.of(1)), 2, 7, "\"extra\" is not known");
    refused(with("columns", Cbor.of(1)), 2, 7, "\"columns\" is not of type Array");
    refused(with("columns", new Cbor.Array(List.of(Cbor.of(1)))), 2, 7, "is not a record");
    refused(column(Map.of("kind", Cbor.of("text"))), 2, 7, "is not a column kind");
    refused(encoding(Map.of("parts", list(Cbor.of(1)))), 2, 7, "than lists");
    Cbor tokens = list(list(Cbor.of(0)));
    refused(
        encoding(Map.of("role", Cbor.of("tokens"), "parts", tokens)),
        2,
        7,
        "\"parameters\" is not known");
    refused(column(Map.of("more", Cbor.of(1))), 2, 7, "\"more\" is not known");
    refused(
        column(Map.of("operation", new Cbor.Fields(Map.of()))), 2, 7, "\"operands\" is missing");
    Cbor.Fields fields = (Cbor.Fields) TABLE.toCbor();
    for (String name : fields.values().keySet()) {
      Map<String, Cbor> without = new LinkedHashMap<>(fields.values());
      without.remove(name);
      refused(new Cbor.Fields(without), 2, 7, "\"" + name + "\" is missing");
    }
  }

  @Test
  void namesStandOnce() {
    Cbor first = TABLE.columns().get(0).toCbor();
    refused(with("columns", new Cbor.Array(List.of(first, first))), 2, 7, "twice");
  }

  /** The checksum says nothing about what an attacker wrote: every record reads or is refused. */
  @Test
  void randomAlterationsAreReadOrRefused() {
    byte[] good = TABLE.toCbor().encode();
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      try {
        TableMetadata.of(Cbor.decode(bad, "x"), "x", new ColumnEncoding.SectionCounts(2, 7, 1));
      } catch (VeilsumException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  private static Cbor with(String name, Cbor value) {
    Map<String, Cbor> fields = new LinkedHashMap<>(((Cbor.Fields) TABLE.toCbor()).values());
    fields.put(name, value);
    return new Cbor.Fields(fields);
  }

  private static Cbor column(Map<String, Cbor> changes) {
    Map<String, Cbor> fields =
        new LinkedHashMap<>(((Cbor.Fields) TABLE.columns().get(0).toCbor()).values());
    fields.putAll(changes);
    return with("columns", new Cbor.Array(List.of(new Cbor.Fields(fields))));
  }

  private static Cbor list(Cbor... values) {
    return new Cbor.Array(List.of(values));
  }

  private static Cbor encoding(Map<String, Cbor> changes) {
    Cbor.Fields column = (Cbor.Fields) TABLE.columns().get(0).toCbor();
    Cbor.Array encodings = (Cbor.Array) column.values().get("encodings");
    Map<String, Cbor> fields =
        new LinkedHashMap<>(((Cbor.Fields) encodings.values().get(0)).values());
    fields.putAll(changes);
    return column(Map.of("encodings", list(new Cbor.Fields(fields))));
  }

  private TableMetadata read(Cbor metadata, int parameters, int ciphertexts) throws IOException {
    return read(metadata, parameters, TABLE.switchKeys().size(), ciphertexts);
  }

  private TableMetadata read(Cbor metadata, int parameters, int switchKeys, int ciphertexts)
      throws IOException {
    Path file = folder.resolve("t.vsm");
    AtomicOutput target = AtomicOutput.create(file, true, AtomicOutput.Access.USUAL);
    try (ContainerWriter out = new ContainerWriter(target, ContainerKind.TABLE)) {
      for (int i = 0; i < parameters; i++) {
        out.add(SectionType.PARAMETERS, ByteBuffer.allocate(1));
      }
      for (int i = 0; i < switchKeys; i++) {
        out.add(SectionType.SWITCH_KEY, ByteBuffer.allocate(1));
      }
      for (int i = 0; i < ciphertexts; i++) {
        out.add(SectionType.CIPHERTEXT, ByteBuffer.allocate(1));
      }
      out.add(SectionType.TOKENS, ByteBuffer.allocate(16));
      out.add(metadata);
      out.finish();
    }
    try (ContainerReader in = ContainerReader.open(file)) {
      return TableMetadata.read(in);
    } finally {
      Files.delete(file);
    }
  }

  private void refused(Cbor metadata, int parameters, int ciphertexts, String how) {
    assertThatThrownBy(() -> read(metadata, parameters, ciphertexts))
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
              assertThat(e.getMessage()).contains(how);
            });
  }
}
