package dev.veilsum.file.tensor;

import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The files of src/test/resources/tensors, what is in them, and reading and writing of all. */
public final class TensorFixtures {
  private TensorFixtures() {}

  /** A tensor and its elements, which are exact as double. */
  record Tensor(TensorShape shape, double[] values) {}

  /** A file of NumPy or safetensors. */
  public static Path file(String name) {
    try {
      return Path.of(TensorFixtures.class.getResource("/tensors/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What NumPy says is in the files, by file and by tensor. */
  static Map<String, Map<String, Tensor>> expected() throws IOException {
    Map<String, Map<String, Tensor>> files = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file("expected.txt"))) {
      String[] fields = line.split("\\|", -1);
      List<Long> shape =
          fields[3].isEmpty()
              ? List.of()
              : Arrays.stream(fields[3].split(",")).map(Long::valueOf).toList();
      double[] values =
          Arrays.stream(fields[4].split(" ")).mapToDouble(Double::parseDouble).toArray();
      files
          .computeIfAbsent(fields[0], file -> new LinkedHashMap<>())
          .put(
              fields[1],
              new Tensor(new TensorShape(fields[1], ElementType.ofId(fields[2]), shape), values));
    }
    return files;
  }

  /** The line of a type in sixteen-bits.txt. */
  static String[] sixteenBits(String type) throws IOException {
    return Files.readAllLines(file("sixteen-bits.txt")).stream()
        .map(line -> line.split(" "))
        .filter(line -> line[0].equals(type.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow();
  }

  /** All tensors of a file, {@code part} elements at a time. */
  static List<Tensor> read(Path file, int part) {
    try (TensorReader reader = TensorReader.open(file, TensorFormat.ofName(file).orElseThrow())) {
      ByteBuffer buffer =
          ByteBuffer.allocateDirect(part * Double.BYTES).order(ByteOrder.nativeOrder());
      double[] all = new double[(int) reader.elements()];
      for (int at = 0; at < all.length; at += part) {
        int count = Math.min(part, all.length - at);
        reader.nextDoubles(buffer.clear(), count);
        buffer.flip().asDoubleBuffer().get(all, at, count);
      }
      List<Tensor> tensors = new ArrayList<>();
      int at = 0;
      for (TensorShape shape : reader.tensors()) {
        int end = at + (int) shape.elements();
        tensors.add(new Tensor(shape, Arrays.copyOfRange(all, at, end)));
        at = end;
      }
      return tensors;
    }
  }

  /** Writes tensors, {@code part} elements at a time. */
  static void write(Path file, List<Tensor> tensors, int part) {
    TensorFormat format = TensorFormat.ofName(file).orElseThrow();
    double[] all = tensors.stream().flatMapToDouble(t -> Arrays.stream(t.values)).toArray();
    try (AtomicOutput out = AtomicOutput.create(file, true, AtomicOutput.Access.USUAL)) {
      TensorWriter writer =
          new TensorWriter(out, format, tensors.stream().map(Tensor::shape).toList());
      ByteBuffer buffer = ByteBuffer.allocate(part * Double.BYTES).order(ByteOrder.nativeOrder());
      for (int at = 0; at < all.length; at += part) {
        buffer.clear().asDoubleBuffer().put(all, at, Math.min(part, all.length - at));
        writer.write(buffer.limit(Math.min(part, all.length - at) * Double.BYTES));
      }
      writer.finish();
      out.commit();
    }
  }
}
