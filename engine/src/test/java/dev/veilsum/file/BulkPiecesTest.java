package dev.veilsum.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces of bulk sections, read one by one and many at once. */
class BulkPiecesTest {
  private static final int LENGTH = 24;
  private static final int PIECES = 5000; // a section has at most 4096

  @TempDir Path folder;
  private final byte[] bytes = new byte[LENGTH * PIECES];
  private Path file;

  @BeforeEach
  void write() {
    new Random(7).nextBytes(bytes);
    file = folder.resolve("bulk.vsm");
    AtomicOutput out = AtomicOutput.create(file, false, AtomicOutput.Access.USUAL);
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.GRADIENT)) {
      ContainerWriter.BulkPieces pieces = writer.addBulk(SectionType.GRADIENT, PIECES, LENGTH);
      for (int i = 0; i < PIECES; i++) {
        pieces.add(ByteBuffer.wrap(bytes, i * LENGTH, LENGTH));
      }
      writer.add(new Cbor.Fields(Map.of()));
      writer.finish();
    }
  }

  private static byte[] read(ContainerReader reader, int first, int count, long[] checks) {
    ByteBuffer into = ByteBuffer.allocateDirect(3 + count * LENGTH + 5).position(3);
    reader.readPieces(SectionType.GRADIENT, first, count, into, checks, first);
    assertThat(into.remaining()).isEqualTo(5);
    byte[] read = new byte[count * LENGTH];
    into.get(3, read);
    return read;
  }

  /** Within a section, over the end of one, and all of them. */
  @Test
  void manyAreReadAtOnce() {
    try (ContainerReader reader = ContainerReader.openUnread(file)) {
      assertThat(reader.count(SectionType.GRADIENT)).isEqualTo(2);
      for (int[] range : new int[][] {{0, 1}, {4095, 1}, {7, 12}, {4090, 20}, {0, PIECES}}) {
        long[] checks = new long[PIECES];
        int from = range[0] * LENGTH;
        byte[] expected = Arrays.copyOfRange(bytes, from, from + range[1] * LENGTH);
        assertThat(read(reader, range[0], range[1], checks)).isEqualTo(expected);
        for (int i = range[0]; i < range[0] + range[1]; i++) {
          CRC32C castagnoli = new CRC32C();
          castagnoli.update(bytes, i * LENGTH, LENGTH);
          assertThat(checks[i]).isEqualTo(castagnoli.getValue());
        }
      }
      assertThatThrownBy(() -> read(reader, PIECES - 2, 3, new long[PIECES + 1]))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
          .hasMessageContaining("not one of index 5000");
    }
  }

  /** A damaged piece is named, wherever it lies in what is read; the others are good. */
  @Test
  void aDamagedOneIsNamed() throws IOException {
    byte[] damaged = Files.readAllBytes(file);
    int start = 8 + 12 + 8; // container, section, pieces' length and number
    damaged[start + 20 * LENGTH + 5] ^= 1;
    Files.write(file, damaged);
    try (ContainerReader reader = ContainerReader.openUnread(file)) {
      for (int first = 15; first <= 20; first++) {
        int from = first;
        assertThatThrownBy(() -> read(reader, from, 6, new long[PIECES]))
            .isInstanceOfSatisfying(
                VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
            .hasMessageContaining(file.toString())
            .hasMessageContaining("piece 20 ");
      }
      read(reader, 14, 6, new long[PIECES]);
      read(reader, 21, 6, new long[PIECES]);
    }
  }
}
