package dev.veilsum.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.io.AtomicOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerTest {
  private static final int MEBI = 1 << 20;

  @TempDir Path folder;

  @Test
  void sectionsComeBackByTypeAndOrder() throws IOException {
    Path file = small();
    try (ContainerReader in = ContainerReader.open(file)) {
      assertThat(in.kind()).isEqualTo(ContainerKind.TABLE);
      assertThat(in.count(SectionType.CIPHERTEXT)).isEqualTo(3);
      assertThat(in.count(SectionType.PARAMETERS)).isEqualTo(1);
      assertThat(in.count(SectionType.PUBLIC_KEY)).isZero();
      assertThat(in.length(SectionType.CIPHERTEXT, 1)).isZero();
      assertThat(bytes(in.read(SectionType.CIPHERTEXT, 2))).isEqualTo(pattern(2, 40));
      assertThat(bytes(in.read(SectionType.CIPHERTEXT, 0))).isEqualTo(pattern(0, 20));
      assertThat(in.metadata()).isEqualTo(Cbor.of("the metadata"));
      ByteBuffer into = ByteBuffer.allocate(50).position(5);
      in.read(SectionType.CIPHERTEXT, 0, into);
      assertThat(into.position()).isEqualTo(25);
      assertThat(Arrays.copyOfRange(into.array(), 5, 25)).isEqualTo(pattern(0, 20));
      refused(ErrorCode.CORRUPT, () -> in.read(SectionType.CIPHERTEXT, 3));
      refused(ErrorCode.CORRUPT, () -> in.read(SectionType.SWITCH_KEY, 0));
      refused(ErrorCode.BAD_INPUT, () -> in.require(ContainerKind.PUBLIC_KEYS));
      assertThat(in.require(ContainerKind.RESULT, ContainerKind.TABLE)).isSameAs(in);
    }
  }

  /** The layout of the documentation, written by hand. */
  @Test
  void layoutIsPinned() throws Exception {
    ByteBuffer expected = ByteBuffer.allocate(8 + 12 + 3 + 12 + 32).order(ByteOrder.LITTLE_ENDIAN);
    expected.put("VSUM".getBytes()).putShort((short) 1).put((byte) 6).put((byte) 0);
    expected.put("CIPH".getBytes()).putLong(3).put(new byte[] {7, 8, 9});
    expected.put("END.".getBytes()).putLong(32);
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    sha.update(expected.array(), 0, expected.position());
    expected.put(sha.digest());
    Path file = folder.resolve("r.vsm");
    try (ContainerWriter out = writer(file, ContainerKind.RESULT)) {
      out.add(SectionType.CIPHERTEXT, ByteBuffer.wrap(new byte[] {7, 8, 9}));
      out.finish();
      assertThat(out.bytesWritten()).isEqualTo(expected.capacity());
    }
    assertThat(file).hasBinaryContent(expected.array());
  }

  @Test
  void everyAlteredByteIsAnError() throws IOException {
    Path file = small();
    byte[] good = Files.readAllBytes(file);
    long before = allocated();
    long most = 0;
    try (FileChannel patch = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < good.length; i++) {
        for (int change : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255, 1 + i % 254}) {
          patch.write(ByteBuffer.wrap(new byte[] {(byte) (good[i] ^ change)}), i);
          // The magic and the version say whether it is ours; all else is damage.
          ErrorCode code = i < 6 ? ErrorCode.BAD_INPUT : ErrorCode.CORRUPT;
          refused(code, () -> ContainerReader.open(file));
          long now = allocated();
          most = Math.max(most, now - before);
          before = now;
        }
        patch.write(ByteBuffer.wrap(good, i, 1), i);
      }
    }
    assertThat(most).isLessThan(2 * MEBI);
    ContainerReader.open(file).close();
  }

  @Test
  void everyCutAndEveryAdditionIsAnError() throws IOException {
    Path file = small();
    byte[] good = Files.readAllBytes(file);
    for (int length = good.length - 1; length >= 0; length--) {
      try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
        cut.truncate(length);
      }
      ErrorCode code = length == 0 ? ErrorCode.BAD_INPUT : ErrorCode.CORRUPT;
      refused(code, () -> ContainerReader.open(file));
      byte[] start = Arrays.copyOf(good, length);
      refused(code, () -> ContainerReader.open(new ByteArrayInputStream(start), "input"));
    }
    for (int extra : new int[] {1, 12, 44, 1000}) {
      Files.write(file, Arrays.copyOf(good, good.length + extra));
      refused(ErrorCode.CORRUPT, () -> ContainerReader.open(file));
    }
    Files.write(file, good);
    Files.write(file, good, StandardOpenOption.APPEND);
    refused(ErrorCode.CORRUPT, () -> ContainerReader.open(file));
  }

  @Test
  void aRightChecksumDoesNotExcuseWrongLengths() throws Throwable {
    for (long length : new long[] {4, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, 47, 48}) {
      refused(ErrorCode.CORRUPT, open(made(1, 2, section("CIPH", length, new byte[3]))));
    }
    refused(ErrorCode.CORRUPT, open(made(1, 2, section("PARM", 65537, new byte[65537]))));
    open(made(1, 2, section("PARM", 65536, new byte[65536]))).call();
    refused(ErrorCode.CORRUPT, open(made(1, 2, section("CI\0H", 3, new byte[3]))));
    refused(ErrorCode.CORRUPT, open(made(1, 2, section("END.", 31, new byte[31]))));
    refused(ErrorCode.CORRUPT, open(made(1, 2, section("END.", 32, new byte[32]))));
  }

  @Test
  void whatIsNewerIsRefusedByName() throws Exception {
    assertThat(refused(ErrorCode.BAD_INPUT, open(made(2, 2)))).contains("format version 2");
    assertThat(refused(ErrorCode.BAD_INPUT, open(made(1, 77)))).contains("kind 77");
    assertThat(refused(ErrorCode.BAD_INPUT, open(made(1, 2, section("NEWS", 1, new byte[1])))))
        .contains("\"NEWS\"");
  }

  @Test
  void unknownSectionsThatAreNotCriticalArePassedOver() throws Exception {
    byte[] file =
        made(1, 2, section("note", 5, new byte[5]), section("CIPH", 2, new byte[] {1, 2}));
    Path path = Files.write(folder.resolve("n.vsm"), file);
    try (ContainerReader in = ContainerReader.open(path)) {
      assertThat(bytes(in.read(SectionType.CIPHERTEXT, 0))).containsExactly(1, 2);
    }
  }

  @Test
  void aFloodOfEmptySectionsIsBounded() throws Exception {
    byte[] header = section("CIPH", 0, new byte[0]);
    ByteArrayOutputStream flood = new ByteArrayOutputStream();
    for (int i = 0; i <= MEBI; i++) {
      flood.writeBytes(header);
    }
    byte[] file = made(1, 2, flood.toByteArray());
    Path path = Files.write(folder.resolve("flood.vsm"), file);
    long before = allocated();
    refused(ErrorCode.CORRUPT, () -> ContainerReader.open(path));
    assertThat(allocated() - before).isLessThan(64L * MEBI);
  }

  @Test
  void otherFilesAreNotContainers() throws IOException {
    for (String text : new String[] {"a,b\n1,2\n", "X", "VSUN\1\0\2\0", "-----BEGIN VEILSUM"}) {
      Path file = Files.writeString(folder.resolve("x"), text);
      refused(ErrorCode.BAD_INPUT, () -> ContainerReader.open(file));
      refused(
          ErrorCode.BAD_INPUT,
          () -> ContainerReader.open(new ByteArrayInputStream(text.getBytes()), "input"));
    }
    refused(ErrorCode.BAD_INPUT, () -> ContainerReader.open(folder));
    refused(ErrorCode.BAD_INPUT, () -> ContainerReader.open(folder.resolve("absent")));
  }

  @Test
  void aStreamIsSpooledAndLeavesNothing() throws IOException {
    byte[] good = Files.readAllBytes(small());
    InputStream slow =
        new ByteArrayInputStream(good) {
          @Override
          public synchronized int read(byte[] b, int offset, int length) {
            return super.read(b, offset, Math.min(length, 7));
          }
        };
    try (ContainerReader in = ContainerReader.open(slow, "standard input")) {
      assertThat(bytes(in.read(SectionType.CIPHERTEXT, 2))).isEqualTo(pattern(2, 40));
      assertThat(in.name()).isEqualTo("standard input");
    }
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files.map(Path::toString)).noneMatch(f -> f.endsWith(".spool"));
    }
  }

  @Test
  void anEndlessStreamOfOtherBytesIsRefusedAtOnce() {
    Path zero = Path.of("/dev/zero");
    assumeTrue(Files.exists(zero));
    refused(ErrorCode.BAD_INPUT, () -> ContainerReader.open(zero));
  }

  @Test
  void manyLargeSectionsStreamInBoundedMemory() throws IOException {
    Path file = folder.resolve("large.vsm");
    int sections = 500;
    ByteBuffer payload = ByteBuffer.allocateDirect(300_000);
    long before = allocated();
    try (ContainerWriter out = writer(file, ContainerKind.TABLE)) {
      for (int i = 0; i < sections; i++) {
        payload.clear().putInt(0, i);
        assertThat(out.add(SectionType.CIPHERTEXT, payload)).isEqualTo(i);
      }
      out.add(Cbor.of(1));
      out.finish();
    }
    assertThat(allocated() - before).isLessThan(16L * MEBI);
    before = allocated();
    try (ContainerReader in = ContainerReader.open(file)) {
      assertThat(in.count(SectionType.CIPHERTEXT)).isEqualTo(sections);
      for (int i = sections - 1; i >= 0; i -= 7) {
        payload.clear();
        in.read(SectionType.CIPHERTEXT, i, payload);
        assertThat(payload.getInt(0)).isEqualTo(i);
      }
    }
    assertThat(allocated() - before).isLessThan(16L * MEBI);
  }

  @Test
  void sectionsAreReadInParallel() throws IOException {
    Path file = folder.resolve("p.vsm");
    try (ContainerWriter out = writer(file, ContainerKind.TABLE)) {
      for (int i = 0; i < 200; i++) {
        out.add(SectionType.CIPHERTEXT, ByteBuffer.wrap(pattern(i, 1000 + i)));
      }
      out.finish();
    }
    try (ContainerReader in = ContainerReader.open(file)) {
      boolean same =
          IntStream.range(0, 2000)
              .parallel()
              .map(k -> k % 200)
              .allMatch(
                  i ->
                      Arrays.equals(
                          bytes(in.read(SectionType.CIPHERTEXT, i)), pattern(i, 1000 + i)));
      assertThat(same).isTrue();
    }
  }

  @Test
  void anUnfinishedContainerLeavesNothing() throws IOException {
    try (ContainerWriter out = writer(folder.resolve("u.vsm"), ContainerKind.TABLE)) {
      out.add(SectionType.CIPHERTEXT, ByteBuffer.allocate(1_000_000));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void limitsHoldForWritersToo() {
    try (ContainerWriter out = writer(folder.resolve("l.vsm"), ContainerKind.TABLE)) {
      refused(
          ErrorCode.OUT_OF_RANGE,
          () -> out.add(SectionType.PARAMETERS, ByteBuffer.allocate(65537)));
    }
  }

  @Test
  void aFullDiskIsOneError() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    refused(
        ErrorCode.IO,
        () -> {
          try (ContainerWriter out = writer(full, ContainerKind.TABLE)) {
            out.add(SectionType.CIPHERTEXT, ByteBuffer.allocate(1_000_000));
            out.finish();
          }
        });
  }

  @Test
  void metadataMustBeOneCanonicalRecord() throws Exception {
    byte[] one = Cbor.of(1).encode();
    for (byte[] body :
        List.of(
            new byte[0],
            joined(section("META", one.length, one), section("META", one.length, one)),
            section("META", 2, new byte[] {0x18, 1}))) {
      Path path = Files.write(folder.resolve("m.vsm"), made(1, 2, body));
      try (ContainerReader in = ContainerReader.open(path)) {
        refused(ErrorCode.CORRUPT, in::metadata);
      }
    }
  }

  private Path small() {
    Path file = folder.resolve("small.vsm");
    try (ContainerWriter out = writer(file, ContainerKind.TABLE)) {
      out.add(SectionType.PARAMETERS, ByteBuffer.wrap(pattern(9, 30)));
      out.add(SectionType.CIPHERTEXT, ByteBuffer.wrap(pattern(0, 20)));
      out.add(SectionType.CIPHERTEXT, ByteBuffer.allocate(0));
      out.add(Cbor.of("the metadata"));
      out.add(SectionType.CIPHERTEXT, ByteBuffer.wrap(pattern(2, 40)));
      out.finish();
    }
    return file;
  }

  private static ContainerWriter writer(Path file, ContainerKind kind) {
    return new ContainerWriter(AtomicOutput.create(file, false, AtomicOutput.Access.USUAL), kind);
  }

  /** A file with any header and body, and a right checksum. */
  private static byte[] made(int version, int kind, byte[]... sections) throws Exception {
    ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    head.put("VSUM".getBytes()).putShort((short) version).put((byte) kind);
    byte[] body = joined(head.array(), joined(sections), section("END.", 32, new byte[0]));
    return joined(body, MessageDigest.getInstance("SHA-256").digest(body));
  }

  private static byte[] section(String type, long length, byte[] payload) {
    return ByteBuffer.allocate(12 + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(type.getBytes())
        .putLong(length)
        .put(payload)
        .array();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private ThrowingCallable open(byte[] file) throws IOException {
    Path path = Files.write(folder.resolve("made.vsm"), file);
    return () -> ContainerReader.open(path).close();
  }

  private static byte[] pattern(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** The bytes that this thread has allocated so far. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static String refused(ErrorCode code, ThrowingCallable call) {
    try {
      call.call();
    } catch (VeilsumException e) {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
      return e.getMessage();
    } catch (Throwable e) {
      throw new AssertionError("not an error of the engine", e);
    }
    throw new AssertionError("expected " + code);
  }
}
