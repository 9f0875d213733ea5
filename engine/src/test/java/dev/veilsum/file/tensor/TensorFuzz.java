package dev.veilsum.file.tensor;

import dev.veilsum.fuzz.FuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of tensors, opened and read to the end. */
public final class TensorFuzz {
  private static final int PART = 4096;

  /** What one input may make the reader hand out; long tensors are read to here. */
  private static final long MOST_ELEMENTS = 1 << 20;

  private TensorFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        target("npy", TensorFormat.NPY, "f2-big-v2.npy", "f4-little-v1.npy", "f8-little-v2.npy"),
        target("npz", TensorFormat.NPZ, "stored.npz", "deflated.npz", "zip64.npz"),
        target("safetensors", TensorFormat.SAFETENSORS, "all.safetensors", "bare.safetensors"));
  }

  private static FuzzTarget target(String name, TensorFormat format, String... seeds) {
    return new FuzzTarget(
        name,
        input -> read(input, format),
        () -> Stream.of(seeds).map(TensorFixtures::bytes).toList(),
        () -> format == TensorFormat.NPZ ? List.of(TensorFixtures.bytes("long.npz")) : List.of());
  }

  private static void read(byte[] input, TensorFormat format) {
    try {
      Path file = Files.write(Files.createTempFile("fuzz", format.extension()), input);
      try (TensorReader reader = TensorReader.open(file, format)) {
        ByteBuffer into = ByteBuffer.allocate(PART * Double.BYTES).order(ByteOrder.nativeOrder());
        long left = Math.min(reader.elements(), MOST_ELEMENTS);
        while (left > 0) {
          int count = (int) Math.min(PART, left);
          reader.nextDoubles(into.clear(), count);
          left -= count;
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
