package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorFormat;
import dev.veilsum.file.tensor.TensorReader;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.file.tensor.TensorWriter;
import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of files of tensors through the command line. */
class TensorCommandsTest {
  private static final double CLIP = 0.5;

  /** More numbers than a chunk, and tensors that end within chunks. */
  private static final List<TensorShape> MODEL =
      List.of(
          new TensorShape("conv/weight", ElementType.FLOAT32, List.of(16L, 3L, 5L, 5L)),
          new TensorShape("scale", ElementType.FLOAT64, List.of()),
          new TensorShape("fc.weight", ElementType.FLOAT16, List.of(130L, 200L)),
          new TensorShape("fc.bias", ElementType.FLOAT32, List.of(7L)));

  @TempDir Path folder;
  private Path key;
  private Path updates;
  private final Random random = new Random(8);

  @BeforeEach
  void keys() throws IOException {
    key = folder.resolve("cohort.key");
    updates = Files.createDirectory(folder.resolve("updates"));
    succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
  }

  private static int elements(List<TensorShape> tensors) {
    return (int) tensors.stream().mapToLong(TensorShape::elements).sum();
  }

  /** Random values that float16 and bfloat16 hold. */
  private double[] write(Path file, List<TensorShape> tensors) {
    double[] values =
        random.doubles(elements(tensors), -64, 64).map(x -> Math.rint(x) / 128).toArray();
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    try (AtomicOutput out = AtomicOutput.create(file, true, AtomicOutput.Access.USUAL)) {
      TensorWriter writer = new TensorWriter(out, TensorFormat.ofName(file).orElseThrow(), tensors);
      writer.write(bytes);
      writer.finish();
      out.commit();
    }
    return values;
  }

  private Run encrypt(String client, Path file, Object... options) {
    List<Object> words =
        new ArrayList<>(
            List.of("gradient", "encrypt", "-k", key, "--round", "1", "--client", client));
    words.addAll(List.of("--clip", CLIP, "--bits", "16", "--force"));
    words.addAll(List.of(options));
    words.addAll(List.of("-o", updates.resolve(client + ".vsm"), file));
    return Run.of(words.toArray());
  }

  /** The aggregate of three clients, and the means in the clear. */
  private Path round(List<TensorShape> tensors, double[] means, String... extensions) {
    for (int client = 0; client < 3; client++) {
      Path file = folder.resolve("model" + extensions[client]);
      double[] values = write(file, tensors);
      for (int i = 0; i < values.length; i++) {
        means[i] += values[i] / 3;
      }
      succeeds(encrypt("c" + client, file));
    }
    Path sum = folder.resolve("sum.vsm");
    succeeds(Run.of("aggregate", "--force", "-o", sum, updates));
    return sum;
  }

  private Run decrypt(Path sum, Path out, Object... options) {
    return Run.of(
        Stream.concat(
                Stream.of("gradient", "decrypt", "-k", key, "-o", out, sum), Stream.of(options))
            .toArray());
  }

  private static void assertHolds(
      Path file, List<TensorShape> tensors, double[] expected, double error) {
    try (TensorReader reader = TensorReader.open(file, TensorFormat.ofName(file).orElseThrow())) {
      assertThat(reader.tensors()).isEqualTo(tensors);
      ByteBuffer numbers = ByteBuffer.allocate(8 * expected.length).order(ByteOrder.BIG_ENDIAN);
      reader.nextDoubles(numbers, expected.length);
      numbers.flip();
      for (double each : expected) {
        assertThat(numbers.getDouble()).isCloseTo(each, within(error));
      }
    }
  }

  @Test
  void meansHaveTheNamesShapesAndTypesOfTheModel() {
    double[] means = new double[elements(MODEL)];
    // Each client keeps its model in another format.
    Path sum = round(MODEL, means, ".npz", ".safetensors", ".npz");
    for (String extension : List.of(".npz", ".safetensors")) {
      Path out = folder.resolve("mean" + extension);
      succeeds(decrypt(sum, out));
      assertHolds(out, MODEL, means, 1.0 / 65535 + 0x1p-12); // half a unit of float16 below 1/2
    }
    Path wide = folder.resolve("wide.safetensors");
    succeeds(decrypt(sum, wide, "--type", "float64", "--sum"));
    assertHolds(
        wide,
        MODEL.stream()
            .map(each -> new TensorShape(each.name(), ElementType.FLOAT64, each.shape()))
            .toList(),
        Arrays.stream(means).map(mean -> 3 * mean).toArray(),
        3.0 / 65535 + 1e-12);
    failsLeaving(
        folder,
        () -> decrypt(sum, folder.resolve("mean.npy")),
        ErrorCode.BAD_INPUT,
        "mean.npy",
        "4 tensors",
        ".npz or .safetensors");
    failsLeaving(
        folder,
        () -> decrypt(sum, folder.resolve("sums.npz"), "--type", "int64"),
        ErrorCode.USAGE,
        "int64 goes bare");
  }

  @Test
  void oneArrayOfBfloat16() {
    List<TensorShape> one = List.of(new TensorShape("w", ElementType.BFLOAT16, List.of(3L, 4L)));
    double[] means = new double[12];
    Path sum = round(one, means, ".safetensors", ".safetensors", ".safetensors");
    Path npy = folder.resolve("mean.npy");
    failsLeaving(folder, () -> decrypt(sum, npy), ErrorCode.BAD_INPUT, "bfloat16", "\"w\"");
    succeeds(decrypt(sum, npy, "--type", "float32"));
    assertHolds(
        npy,
        List.of(new TensorShape("", ElementType.FLOAT32, List.of(3L, 4L))),
        means,
        1.0 / 65535 + 1e-7);
    fails(decrypt(sum, npy), ErrorCode.OUTPUT_EXISTS, "mean.npy");
  }

  @Test
  void bareNumbersBecomeAnArray() throws IOException {
    double[] means = new double[5];
    List<TensorShape> vector = List.of(TensorShape.vector("", ElementType.FLOAT32, 5));
    for (int client = 0; client < 3; client++) {
      ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 5; i++) {
        float value = random.nextFloat() - 0.5f;
        means[i] += value / 3;
        bytes.putFloat(value);
      }
      Path bare = folder.resolve("bare.f32");
      Files.write(bare, bytes.array());
      succeeds(encrypt("c" + client, bare));
    }
    Path sum = folder.resolve("sum.vsm");
    succeeds(Run.of("aggregate", "-o", sum, updates));
    for (String extension : List.of(".npy", ".npz", ".safetensors")) {
      Path out = folder.resolve("mean" + extension);
      succeeds(decrypt(sum, out));
      assertHolds(out, vector, means, 1.0 / 65535 + 1e-7);
    }
  }

  @Test
  void filesAreKnownByNameOrStart() throws IOException {
    Path file = folder.resolve("model.npz");
    write(file, MODEL);
    Path renamed = Files.copy(file, folder.resolve("model.bin"));
    succeeds(encrypt("a", renamed));
    assertThat(succeeds(Run.of("inspect", updates.resolve("a.vsm"))).out())
        .contains("conv/weight", "fc.bias");
    fails(encrypt("a", file, "--type", "float32"), ErrorCode.USAGE, "--type", "model.npz");
    Path wrong = Files.copy(file, folder.resolve("model.npy"));
    fails(encrypt("a", wrong), ErrorCode.BAD_INPUT, "model.npy", "no .npy array");
    Path cut = folder.resolve("cut.npz");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(file), 2000));
    failsLeaving(folder, () -> encrypt("b", cut), ErrorCode.CORRUPT, "cut.npz", "it was cut");
  }

  /** Damage that shows only when the last number was read leaves no update. */
  @Test
  void alteredDataLeavesNothing() throws IOException {
    Path file = folder.resolve("model.npz");
    write(file, MODEL);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    failsLeaving(
        folder, () -> encrypt("b", file), ErrorCode.CORRUPT, "model.npz", "does not match");
  }
}
