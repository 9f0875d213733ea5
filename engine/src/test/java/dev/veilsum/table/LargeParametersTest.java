package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.FileFuzz;
import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import dev.veilsum.keys.KeysFuzz;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SecurityLevel;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A file of less than a megabyte that names the largest parameters there are, whose transforms
 * would take hundreds of megabytes, with one small and valid ciphertext.
 */
class LargeParametersTest {
  private static final int N = 131072;

  /** The smallest first prime, so that a ciphertext at level 0 is small. */
  private static CkksParameters parameters() {
    List<Long> chain = new ArrayList<>(NttPrimes.largest(20, N, 1));
    List<Long> wide = NttPrimes.largest(60, N, 56);
    chain.addAll(wide.subList(1, wide.size()));
    return new CkksParameters(N, chain, wide.subList(0, 1), 1, 0x1p10, SecurityLevel.DEFAULT);
  }

  /** A ciphertext at level 0 whose residues are 0, one of c_1 excepted. */
  private static ByteBuffer ciphertext() {
    int row = N / 8 * 20;
    ByteBuffer bytes = ByteBuffer.allocate(8 + 24 + 2 * row).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 1).put((byte) 0).putShort((short) 0).putShort((short) 2).putShort((short) 0);
    bytes.putDouble(0x1p10).putDouble(8).putDouble(1);
    return bytes.put(bytes.capacity() - 3, (byte) 1).rewind();
  }

  private static byte[] table() {
    RlweParameters set = parameters();
    try (MasterKey master = KeysFuzz.fixedKey()) {
      return FileFuzz.container(
          ContainerKind.TABLE,
          container -> {
            TableWriter writer = new TableWriter(container, master.keyId(), List.of(set));
            writer
                .addColumn("a", new ColumnKind.Real(-1, 1), Optional.empty())
                .addEncoding(EncodingRole.VALUES, set, 1)
                .addChunk(0, ciphertext());
            writer.finish(1);
          });
    }
  }

  private static void read(byte[] file) {
    Backend backend = Backends.byDefault();
    try (ContainerReader container = ContainerReader.open(new ByteArrayInputStream(file), "input");
        EncryptedTable table = EncryptedTable.open(container, backend)) {
      table.chunks(table.columns().get(0).encodings().get(0), 0).load(0).close();
    }
  }

  private static void readKeys(byte[] file) {
    Backend backend = Backends.byDefault();
    try (ContainerReader container = ContainerReader.open(new ByteArrayInputStream(file), "input");
        EncryptedTable table = EncryptedTable.open(container, backend)) {
      table.keysOf(table.parameters().get(0));
    }
  }

  @Test
  void aSmallFileTakesLittleMemory() {
    byte[] file = table();
    assertThat(file).hasSizeLessThan(1_000_000);
    FuzzTarget target = new FuzzTarget("largeParameters", LargeParametersTest::read, List::of);
    assertThat(GuardedRead.read(target, file)).isEmpty();
  }

  @Test
  void keysAboveTwoGigabytesAreRefused() {
    FuzzTarget target = new FuzzTarget("largeKeys", LargeParametersTest::readKeys, List::of);
    assertThat(GuardedRead.read(target, table()))
        .hasValueSatisfying(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
  }
}
