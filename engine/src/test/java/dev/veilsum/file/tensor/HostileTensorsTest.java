package dev.veilsum.file.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were cut, altered or made to harm. */
class HostileTensorsTest {
  private static final String HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";

  /** A size that is said to be in a ZIP64 field. */
  private static final long IN_EXTRA = 0xffffffffL;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private void refused(TensorFormat format, byte[] bytes, ErrorCode code, String... words)
      throws IOException {
    Path file = Files.write(folder.resolve("x" + format.extension()), bytes);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> TensorFixtures.read(file, 16))
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(file.toString());
              for (String word : words) {
                assertThat(e.getMessage()).contains(word);
              }
            });
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(16 << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f4-little-v1.npy", "deflated.npz", "stored.npz", "all.safetensors"})
  void everyCutIsRefused(String name) throws IOException {
    byte[] whole = TensorFixtures.bytes(name);
    Path file = folder.resolve(name);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TensorFixtures.read(file, 16))
          .as("%d bytes of %s", length, name)
          .isInstanceOfSatisfying(
              VeilsumException.class,
              e -> assertThat(e.code()).isIn(ErrorCode.CORRUPT, ErrorCode.BAD_INPUT));
    }
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> TensorFixtures.read(file, 16)).isInstanceOf(VeilsumException.class);
  }

  /** Or changes nothing: the last bits of a deflated stream mean nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"deflated.npz", "stored.npz"})
  void everyAlteredByteOfZippedDataIsFound(String name) throws IOException {
    byte[] whole = TensorFixtures.bytes(name);
    Path file = Files.write(folder.resolve(name), whole);
    List<ZipDirectory.Member> members;
    try (TensorInput in = TensorInput.open(file)) {
      members = ZipDirectory.read(in);
    }
    assertThat(members).hasSize(3);
    List<TensorFixtures.Tensor> unaltered = TensorFixtures.read(file, 16);
    int harmless = 0;
    for (ZipDirectory.Member member : members) {
      for (long at = member.start(); at < member.start() + member.stored(); at += 3) {
        byte[] altered = whole.clone();
        altered[(int) at] ^= 0x10;
        Files.write(file, altered);
        try {
          assertThat(TensorFixtures.read(file, 16))
              .as("byte %d of %s", at, member)
              .usingRecursiveComparison()
              .isEqualTo(unaltered);
          harmless++;
        } catch (VeilsumException e) {
          assertThat(e.code()).isIn(ErrorCode.CORRUPT, ErrorCode.BAD_INPUT);
        }
      }
    }
    assertThat(harmless).isLessThanOrEqualTo(name.equals("stored.npz") ? 0 : 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } | CORRUPT | it was cut",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } | BAD_INPUT | 4 bytes follow",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999999,), } | BAD_INPUT |"
            + " 2^48",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (16777216, 16777216, 16), } | BAD_INPUT"
            + " | 2^48",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1234567890123456789,), } | BAD_INPUT |"
            + " 18 digits",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), } | BAD_INPUT | length",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), } | BAD_INPUT | empty",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2), } | BAD_INPUT | a comma",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [2], } | BAD_INPUT | character",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,  | BAD_INPUT | the end",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), } | BAD_INPUT | True or False",
        "{'descr': '<f4', 'fortran_order': False, } | BAD_INPUT | lacks",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)} | BAD_INPUT |"
            + " twice",
        "{'descr': '<f4', 'more': 1} | BAD_INPUT | unknown field",
        "{'descr': '<f\\x34', 'fortran_order': False, 'shape': (2,), } | BAD_INPUT | plain",
        "{'descr': '', 'fortran_order': False, 'shape': (2,), } | BAD_INPUT | a type",
        "{'descr': '=f4', 'fortran_order': False, 'shape': (2,), } | BAD_INPUT | float32 (=f4)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } 1 | BAD_INPUT | the end",
        "__import__('os') | BAD_INPUT | character 0",
      })
  void headersOfArrays(String header, ErrorCode code, String words) throws IOException {
    refused(TensorFormat.NPY, TensorFilesTest.npy(header, 8), code, words);
  }

  @Test
  void lengthsOfHeadersOfArrays() throws IOException {
    byte[] good = TensorFilesTest.npy(HEADER, 8);
    byte[] dimensions =
        TensorFilesTest.npy(HEADER.replace("(2,)", "(" + "1,".repeat(30_000) + ")"), 4);
    refused(TensorFormat.NPY, dimensions, ErrorCode.BAD_INPUT, "30000 dimensions");
    byte[] version = good.clone();
    version[6] = 9;
    refused(TensorFormat.NPY, version, ErrorCode.BAD_INPUT, "version 9.0");
    ByteBuffer wide = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    wide.put(NpyHeader.MAGIC).put((byte) 2).put((byte) 0).putInt(-1);
    refused(TensorFormat.NPY, wide.array(), ErrorCode.BAD_INPUT, "4294967295 bytes");
    wide.putInt(8, 5000);
    refused(TensorFormat.NPY, wide.array(), ErrorCode.CORRUPT, "5000 bytes is cut");
    byte[] text = good.clone();
    text[6] = 3;
    refused(TensorFormat.NPY, text, ErrorCode.BAD_INPUT); // the length has four bytes now
    refused(TensorFormat.NPY, "PK and more bytes".getBytes(), ErrorCode.BAD_INPUT, "numpy.save");
  }

  private static byte[] safetensors(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  private static String tensor(String name, String type, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, type, shape, offsets);
  }

  @Test
  void headersOfSafetensors() throws IOException {
    String a = tensor("a", "F32", "[2]", "[0,8]");
    String b = tensor("b", "F16", "[1]", "[8,10]");
    record Case(String header, ErrorCode code, String words) {}
    for (Case each :
        List.of(
            new Case("{" + a + "}", ErrorCode.CORRUPT, "take 8 bytes and it has 10"),
            new Case("{" + a + "," + a + "}", ErrorCode.BAD_INPUT, "Duplicate"),
            new Case(
                "{" + a + "," + tensor("b", "F16", "[1]", "[6,8]") + "}",
                ErrorCode.CORRUPT,
                "overlap"),
            new Case(
                "{" + a + "," + tensor("b", "F16", "[1]", "[10,12]") + "}",
                ErrorCode.CORRUPT,
                "hole"),
            new Case(
                "{" + a + "," + tensor("b", "F32", "[1]", "[8,12]") + "}",
                ErrorCode.CORRUPT,
                "cut"),
            new Case(
                "{" + a + "," + tensor("b", "F16", "[2]", "[8,10]") + "}",
                ErrorCode.CORRUPT,
                "takes 4 bytes"),
            new Case(
                "{" + a + "," + tensor("b", "F16", "[1]", "[10,8]") + "}",
                ErrorCode.CORRUPT,
                "data_offsets"),
            new Case(
                "{" + tensor("b", "F64", "[16777216,16777216,2]", "[0,10]") + "}",
                ErrorCode.BAD_INPUT,
                "2^48"),
            new Case(
                "{" + tensor("b", "F16", "[99999999999999999999]", "[0,10]") + "}",
                ErrorCode.BAD_INPUT,
                "shape"),
            new Case(
                "{" + tensor("b", "F16", "[-5]", "[0,10]") + "}", ErrorCode.BAD_INPUT, "shape"),
            new Case(
                "{" + tensor("b", "F16", "[5.0]", "[0,10]") + "}", ErrorCode.BAD_INPUT, "shape"),
            new Case(
                "{" + tensor("b", "F16", "5", "[0,10]") + "}", ErrorCode.BAD_INPUT, "no array"),
            new Case(
                "{" + tensor("b", "F16", "[5]", "[0,10,12]") + "}",
                ErrorCode.BAD_INPUT,
                "data_offsets"),
            new Case(
                "{" + tensor("b", "F8_E4M3", "[10]", "[0,10]") + "}",
                ErrorCode.BAD_INPUT,
                "F8_E4M3"),
            new Case(
                "{" + tensor("\\ud800", "F16", "[5]", "[0,10]") + "}",
                ErrorCode.BAD_INPUT,
                "header is wrong"),
            new Case(
                "{" + tensor("a".repeat(1025), "F16", "[5]", "[0,10]") + "}",
                ErrorCode.BAD_INPUT,
                "at most 1024"),
            new Case("{\"b\":3}", ErrorCode.BAD_INPUT, "no object"),
            new Case("{\"b\":{\"dtype\":\"F16\"}}", ErrorCode.BAD_INPUT, "lacks"),
            new Case("{\"b\":{\"kind\":\"F16\"}}", ErrorCode.BAD_INPUT, "unknown field"),
            new Case("{\"b\":{\"dtype\":16}}", ErrorCode.BAD_INPUT, "no text"),
            new Case("{\"__metadata__\":{\"a\":1}}", ErrorCode.BAD_INPUT, "__metadata__"),
            new Case("{\"__metadata__\":{\"a\":\"b\"}}", ErrorCode.BAD_INPUT, "no tensors"),
            new Case("{}        ", ErrorCode.BAD_INPUT, "no tensors"),
            new Case("{" + a + "," + b + "} x", ErrorCode.BAD_INPUT, "header is wrong"),
            new Case("{" + a + "," + b + "}{}", ErrorCode.BAD_INPUT, "after its object"),
            new Case("{" + a + "," + b, ErrorCode.BAD_INPUT, "header is wrong"),
            new Case("[" + a + "]", ErrorCode.BAD_INPUT, "first bytes"))) {
      refused(TensorFormat.SAFETENSORS, safetensors(each.header, 10), each.code, each.words);
    }
    Path good = folder.resolve("good.safetensors");
    Files.write(good, safetensors("{" + b + "," + a + "}  \n", 10)); // any order in the header
    assertThat(TensorFixtures.read(good, 3))
        .extracting(t -> t.shape().name())
        .containsExactly("a", "b");
  }

  @Test
  void lengthsOfHeadersOfSafetensors() throws IOException {
    byte[] file = safetensors("{" + tensor("a", "F32", "[2]", "[0,8]") + "}", 8);
    ByteBuffer length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    for (long wrong : new long[] {-1, Long.MIN_VALUE, 0, 1}) {
      length.putLong(0, wrong);
      refused(TensorFormat.SAFETENSORS, file, ErrorCode.BAD_INPUT, "first bytes");
    }
    length.putLong(0, 100_000_001);
    refused(TensorFormat.SAFETENSORS, file, ErrorCode.BAD_INPUT, "at most 100000000");
    length.putLong(0, file.length);
    refused(TensorFormat.SAFETENSORS, file, ErrorCode.CORRUPT, "it was cut");
    byte[] latin = safetensors("{\"caf_\":{}}", 0);
    latin[8 + 5] = (byte) 0xe9;
    refused(TensorFormat.SAFETENSORS, latin, ErrorCode.BAD_INPUT, "UTF-8");
    refused(
        TensorFormat.SAFETENSORS,
        safetensors("{" + "\"a\":{".repeat(5000) + "}".repeat(5001), 0),
        ErrorCode.BAD_INPUT,
        "unknown field");
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 2, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(TensorFilesTest.npy(HEADER, 8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Where the first record of a kind is. */
  private static int find(byte[] zip, int signature) {
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at <= zip.length - 4; at++) {
      if (bytes.getInt(at) == signature) {
        return at;
      }
    }
    throw new AssertionError("no such record");
  }

  @Test
  void zipFilesOfAnotherKind() throws IOException {
    refused(TensorFormat.NPZ, zip("a.npy", "note.txt"), ErrorCode.BAD_INPUT, "\"note.txt\"");
    refused(TensorFormat.NPZ, zip("folder/"), ErrorCode.BAD_INPUT, "\"folder/\"");
    refused(TensorFormat.NPZ, zip(), ErrorCode.BAD_INPUT, "no arrays");
    byte[] twice = zip("a.npy", "b.npy");
    for (int i = 0; i < twice.length - 5; i++) {
      if (new String(twice, i, 5, StandardCharsets.ISO_8859_1).equals("b.npy")) {
        twice[i] = 'a';
      }
    }
    refused(TensorFormat.NPZ, twice, ErrorCode.BAD_INPUT, "two entries");
    byte[] encrypted = zip("a.npy");
    encrypted[find(encrypted, 0x02014b50) + 8] |= 1;
    refused(TensorFormat.NPZ, encrypted, ErrorCode.BAD_INPUT, "encrypted");
    byte[] method = zip("a.npy");
    method[find(method, 0x02014b50) + 10] = 14;
    refused(TensorFormat.NPZ, method, ErrorCode.BAD_INPUT, "method 14");
  }

  @Test
  void zipFilesWhoseNumbersAreWrong() throws IOException {
    int member = 0x02014b50;
    record Field(int record, int at, int bytes) {}
    for (Field field :
        List.of(
            new Field(member, 16, 4), // CRC
            new Field(member, 20, 4), // packed size
            new Field(member, 24, 4), // size
            new Field(member, 28, 2), // length of the name
            new Field(member, 30, 2), // of the extra field
            new Field(member, 42, 4), // place
            new Field(0x06054b50, 10, 2), // entries
            new Field(0x06054b50, 12, 4), // bytes of the directory
            new Field(0x06054b50, 16, 4))) { // its place
      for (long wrong : new long[] {0, 1, 7, 0x7fffffff, 0xfffffffeL, IN_EXTRA}) {
        byte[] zip = zip("a.npy", "b.npy");
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int at = find(zip, field.record) + field.at;
        if (field.bytes == 2) {
          bytes.putShort(at, (short) wrong);
        } else {
          bytes.putInt(at, (int) wrong);
        }
        if (!Arrays.equals(zip, zip("a.npy", "b.npy"))) {
          ErrorCode code = field.at == 24 && wrong > 200 ? ErrorCode.BAD_INPUT : ErrorCode.CORRUPT;
          refused(TensorFormat.NPZ, zip, wrong == IN_EXTRA ? ErrorCode.CORRUPT : code);
        }
      }
    }
  }

  @Test
  void zipEntriesThatShareTheirBytes() throws IOException {
    byte[] zip = zip("a.npy", "b.npy");
    int first = find(zip, 0x02014b50);
    int second = first + 46 + 5;
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(second + 42, bytes.getInt(first + 42));
    refused(TensorFormat.NPZ, zip, ErrorCode.CORRUPT, "another name");
    byte[] overlap = zip("a.npy", "b.npy");
    ByteBuffer longer = ByteBuffer.wrap(overlap).order(ByteOrder.LITTLE_ENDIAN);
    longer.putInt(first + 20, longer.getInt(first + 20) + 40);
    refused(TensorFormat.NPZ, overlap, ErrorCode.CORRUPT, "overlap");
  }

  /** Claims that java.util.zip believes: 2^29 entries in a directory of none. */
  @ParameterizedTest
  @ValueSource(longs = {65_536, 1 << 27, 1 << 29, 1L << 31, (1L << 32) + 5, -1})
  void countsThatZip64Claims(long entries) throws IOException {
    ByteBuffer end = ByteBuffer.allocate(198).order(ByteOrder.LITTLE_ENDIAN).position(100);
    end.putInt(0x06064b50).putLong(44).putInt(0x2d002d).putLong(0);
    end.putLong(entries).putLong(entries).putLong(100).putLong(0);
    end.putInt(0x07064b50).putInt(0).putLong(100).putInt(1);
    end.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
    ErrorCode code = entries > 65_536 ? ErrorCode.BAD_INPUT : ErrorCode.CORRUPT;
    refused(TensorFormat.NPZ, end.array(), code, "zip directory");
  }

  /** A thousandfold: what it unpacks to is not what its array takes. */
  @Test
  void zipBomb() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(TensorFilesTest.npy(HEADER, 8));
      zip.write(new byte[1 << 25]);
      zip.closeEntry();
    }
    refused(TensorFormat.NPZ, bytes.toByteArray(), ErrorCode.BAD_INPUT, "33554432 bytes follow");
    // The directory says the size that the array takes, and there is more.
    byte[] zip = bytes.toByteArray();
    byte[] array = TensorFilesTest.npy(HEADER, 8);
    CRC32 crc = new CRC32();
    crc.update(array);
    ByteBuffer.wrap(zip)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(find(zip, 0x02014b50) + 16, (int) crc.getValue())
        .putInt(find(zip, 0x02014b50) + 24, array.length);
    refused(TensorFormat.NPZ, zip, ErrorCode.CORRUPT, "more than its size");
  }

  /** 2^33 elements: what is allocated does not depend on them. */
  @Test
  void longTensorsAreStreamed() throws IOException {
    long elements = 1L << 33;
    Path file = folder.resolve("sparse.npy");
    byte[] header = NpyHeader.of(TensorShape.vector("", ElementType.FLOAT32, elements));
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(header);
      sparse.setLength(header.length + 4 * elements);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (TensorReader reader = TensorReader.open(file, TensorFormat.NPY)) {
      assertThat(reader.elements()).isEqualTo(elements);
      ByteBuffer into = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.nativeOrder());
      for (int i = 0; i < 20; i++) {
        reader.nextFloats(into.clear(), 1 << 18);
      }
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
  }

  @Test
  void noFile() {
    assertThatThrownBy(() -> TensorReader.open(folder.resolve("none.npy"), TensorFormat.NPY))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> TensorReader.open(folder, TensorFormat.NPY))
        .hasMessageContaining("no regular file");
  }
}
