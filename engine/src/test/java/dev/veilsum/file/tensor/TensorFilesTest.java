package dev.veilsum.file.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of NumPy and safetensors, read and written. */
class TensorFilesTest {
  @TempDir Path folder;

  @Test
  void readsWhatNumPyAndSafetensorsWrote() throws IOException {
    var files = TensorFixtures.expected();
    assertThat(files).hasSize(15);
    for (var file : files.entrySet()) {
      for (int part : new int[] {1, 5, 1000}) {
        List<TensorFixtures.Tensor> found =
            TensorFixtures.read(TensorFixtures.file(file.getKey()), part);
        assertThat(found).as(file.getKey()).hasSize(file.getValue().size());
        for (TensorFixtures.Tensor tensor : found) {
          TensorFixtures.Tensor expected = file.getValue().get(tensor.shape().name());
          assertThat(tensor.shape()).isEqualTo(expected.shape());
          assertThat(tensor.values()).as(file.getKey()).containsExactly(expected.values());
        }
      }
    }
  }

  @Test
  void readsWhatIsLongerThanABuffer() {
    List<TensorFixtures.Tensor> found =
        TensorFixtures.read(TensorFixtures.file("long.npz"), 12_345);
    assertThat(found).extracting(t -> t.shape().name()).containsExactly("ramp", "step");
    double[] ramp = found.get(0).values();
    assertThat(ramp).hasSize(40_000);
    for (int i = 0; i < ramp.length; i++) {
      assertThat(ramp[i]).isEqualTo(i % 250 / 8.0);
    }
    assertThat(found.get(1).values()).containsExactly(0.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f2-little-v1.npy", "f4-little-v1.npy", "scalar.npy", "vector.npy"})
  void writesTheBytesOfNumPy(String name) throws IOException {
    Path copy = folder.resolve("copy.npy");
    TensorFixtures.write(copy, TensorFixtures.read(TensorFixtures.file(name), 100), 5);
    assertThat(copy).hasBinaryContent(TensorFixtures.bytes(name));
  }

  @Test
  void writesTheBytesOfSafetensors() throws IOException {
    Path copy = folder.resolve("copy.safetensors");
    TensorFixtures.write(
        copy, TensorFixtures.read(TensorFixtures.file("bare.safetensors"), 100), 5);
    assertThat(copy).hasBinaryContent(TensorFixtures.bytes("bare.safetensors"));
  }

  @ParameterizedTest
  @EnumSource(TensorFormat.class)
  void readsWhatItWrote(TensorFormat format) throws IOException {
    Random random = new Random(11);
    for (int round = 0; round < 20; round++) {
      List<TensorFixtures.Tensor> tensors = new ArrayList<>();
      int count = format == TensorFormat.NPY ? 1 : 1 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        tensors.add(random(random, format, i));
      }
      Path file = folder.resolve("t" + format.extension());
      TensorFixtures.write(file, tensors, 1 + random.nextInt(3000));
      List<TensorFixtures.Tensor> found = TensorFixtures.read(file, 1 + random.nextInt(3000));
      assertThat(found).hasSameSizeAs(tensors);
      for (int i = 0; i < count; i++) {
        assertThat(found.get(i).shape()).isEqualTo(tensors.get(i).shape());
        assertThat(found.get(i).values()).containsExactly(tensors.get(i).values());
      }
      byte[] first = Files.readAllBytes(file);
      if (format == TensorFormat.NPZ) {
        assertThat(first[28]).as("extra fields, such as a local time").isZero();
      }
      TensorFixtures.write(file, tensors, 777);
      assertThat(file).hasBinaryContent(first);
    }
  }

  /** Values that the type holds exactly. */
  private static TensorFixtures.Tensor random(Random random, TensorFormat format, int index) {
    ElementType[] types = ElementType.values();
    ElementType type = types[random.nextInt(types.length)];
    if (format != TensorFormat.SAFETENSORS && type == ElementType.BFLOAT16) {
      type = ElementType.FLOAT64;
    }
    List<Long> shape = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      shape.add(1L + random.nextInt(i == 1 ? 2000 : 4));
    }
    String name = format == TensorFormat.NPY ? "" : "block." + index + "/é \"\\\n";
    TensorShape tensor = new TensorShape(name, type, shape);
    double[] values =
        random.doubles(tensor.elements(), -1, 1).map(x -> Math.rint(x * 128) / 128).toArray();
    return new TensorFixtures.Tensor(tensor, values);
  }

  @Test
  void floatsAreThoseOfNarrowTypes() {
    try (TensorReader reader =
        TensorReader.open(TensorFixtures.file("f4-big-v3.npy"), TensorFormat.NPY)) {
      assertThat(reader.hasDoubles()).isFalse();
      ByteBuffer into = ByteBuffer.allocateDirect(48).order(ByteOrder.nativeOrder());
      reader.nextFloats(into, 12);
      assertThat(into.remaining()).isZero();
      assertThat(into.getFloat(16)).isEqualTo(1 / 3f);
      refused(() -> reader.nextFloats(into, 1), ErrorCode.USAGE, "12 elements");
    }
    try (TensorReader reader =
        TensorReader.open(TensorFixtures.file("vector.npy"), TensorFormat.NPY)) {
      assertThat(reader.hasDoubles()).isTrue();
      ByteBuffer into = ByteBuffer.allocateDirect(48).order(ByteOrder.nativeOrder());
      refused(() -> reader.nextFloats(into, 12), ErrorCode.USAGE, "double");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fortran.npy | BAD_INPUT | ascontiguousarray",
        "int64.npy | BAD_INPUT | int64 (<i8)",
        "bool.npy | BAD_INPUT | booleans",
        "complex64.npy | BAD_INPUT | complex64",
        "float128.npy | BAD_INPUT | float128",
        "structured.npy | BAD_INPUT | structured",
        "objects.npy | BAD_INPUT | Python objects",
        "bfloat16.npy | BAD_INPUT | bfloat16 goes by .safetensors",
        "empty.npy | BAD_INPUT | is empty; leave it out",
        "nan.npy | BAD_INPUT | element [1, 2] is NaN",
        "integers.npz | BAD_INPUT | array \"count\" is an array of int64",
        "int64.safetensors | BAD_INPUT | tensor \"steps\" is of type I64",
        "empty.safetensors | BAD_INPUT | tensor \"none\" of shape [0, 3] is empty",
        "infinite.safetensors | BAD_INPUT | element [1, 0] of tensor \"w\" is -Infinity",
      })
  void refusesByName(String file, ErrorCode code, String words) {
    refused(() -> TensorFixtures.read(TensorFixtures.file(file), 100), code, file, words);
  }

  @Test
  void fortranOrderOfAVectorIsThatOfC() throws IOException {
    byte[] bytes = TensorFixtures.bytes("vector.npy");
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Path file = folder.resolve("f.npy");
    Files.write(file, text.replace("False", "True ").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(TensorFixtures.read(file, 100).get(0).values())
        .containsExactly(
            TensorFixtures.read(TensorFixtures.file("vector.npy"), 100).get(0).values());
  }

  @Test
  void headersOfOtherWritersAreRead() throws IOException {
    for (String header :
        List.of(
            "{\"shape\":(2,3),\"descr\":'<f2','fortran_order':False}",
            "{ 'shape' : ( 2L , 3L, ) , 'fortran_order' : False , 'descr' : \"<f2\" , } \n ")) {
      Path file = folder.resolve("o.npy");
      Files.write(file, npy(header, 12));
      assertThat(TensorFixtures.read(file, 10).get(0).shape())
          .isEqualTo(new TensorShape("", ElementType.FLOAT16, List.of(2L, 3L)));
    }
  }

  static byte[] npy(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(10 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(NpyHeader.MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length)
        .put(text)
        .array();
  }

  @Test
  void whatAFormatCannotHoldIsRefusedAtOnce() {
    TensorShape one = TensorShape.vector("a", ElementType.FLOAT32, 2);
    TensorShape brain = TensorShape.vector("b", ElementType.BFLOAT16, 2);
    Map<TensorFormat, List<TensorShape>> wrong =
        Map.of(TensorFormat.NPY, List.of(one, one), TensorFormat.NPZ, List.of(one, brain));
    wrong.forEach(
        (format, tensors) -> {
          try (AtomicOutput out = output("x" + format.extension())) {
            refused(
                () -> new TensorWriter(out, format, tensors),
                ErrorCode.BAD_INPUT,
                "x" + format.extension(),
                ".safetensors");
          }
        });
    TensorShape metadata = TensorShape.vector("__metadata__", ElementType.FLOAT32, 2);
    try (AtomicOutput out = output("x.safetensors")) {
      refused(
          () -> new TensorWriter(out, TensorFormat.SAFETENSORS, List.of(metadata)),
          ErrorCode.BAD_INPUT,
          "__metadata__");
      refused(
          () -> new TensorWriter(out, TensorFormat.SAFETENSORS, List.of()),
          ErrorCode.BAD_INPUT,
          "no tensors");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void namesAreUnicode() {
    for (String name : List.of("a\ud800", "\udc00", "\udc00\ud800")) {
      refused(
          () -> TensorShape.vector(name, ElementType.FLOAT32, 2), ErrorCode.BAD_INPUT, "Unicode");
    }
    assertThat(TensorShape.vector("\ud83d\ude00", ElementType.FLOAT32, 2).elements()).isEqualTo(2);
  }

  @Test
  void numbersBeyondTheTypeMissingOrTooMany() {
    ByteBuffer two = ByteBuffer.allocate(16).order(ByteOrder.BIG_ENDIAN);
    two.putDouble(1).putDouble(65520).flip();
    try (AtomicOutput out = output("x.npy")) {
      TensorWriter writer =
          new TensorWriter(
              out, TensorFormat.NPY, List.of(TensorShape.vector("w", ElementType.FLOAT16, 2)));
      refused(
          () -> writer.write(two.duplicate()),
          ErrorCode.OUT_OF_RANGE,
          "element 1",
          "65520",
          "float16");
    }
    try (AtomicOutput out = output("x.npy")) {
      TensorWriter writer =
          new TensorWriter(
              out, TensorFormat.NPY, List.of(TensorShape.vector("w", ElementType.FLOAT64, 3)));
      writer.write(two.duplicate());
      refused(writer::finish, ErrorCode.USAGE, "lacks");
      refused(() -> writer.write(two.duplicate()), ErrorCode.USAGE, "more numbers");
    }
    assertThat(folder).isEmptyDirectory();
  }

  private AtomicOutput output(String name) {
    return AtomicOutput.create(folder.resolve(name), true, AtomicOutput.Access.USUAL);
  }

  @ParameterizedTest
  @CsvSource({
    "w.NPY, NPY",
    "a/b.npz, NPZ",
    "model.safetensors, SAFETENSORS",
    "w.f32,",
    "npy,",
    "x.npy.gz,"
  })
  void formatsByName(String name, TensorFormat format) {
    assertThat(TensorFormat.ofName(Path.of(name)).orElse(null)).isEqualTo(format);
  }

  @Test
  void formatsByStart() throws IOException {
    assertThat(TensorFormat.ofStart(TensorFixtures.file("scalar.npy"))).hasValue(TensorFormat.NPY);
    assertThat(TensorFormat.ofStart(TensorFixtures.file("long.npz"))).hasValue(TensorFormat.NPZ);
    assertThat(TensorFormat.ofStart(TensorFixtures.file("all.safetensors")))
        .hasValue(TensorFormat.SAFETENSORS);
    assertThat(TensorFormat.ofStart(TensorFixtures.file("make.py"))).isEmpty();
    assertThat(TensorFormat.ofStart(folder)).isEmpty();
    assertThat(TensorFormat.ofStart(Files.write(folder.resolve("e"), new byte[3]))).isEmpty();
  }

  private static void refused(Runnable run, ErrorCode code, String... words) {
    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).contains(words);
            });
  }
}
