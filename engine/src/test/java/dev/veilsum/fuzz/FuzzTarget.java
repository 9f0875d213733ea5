package dev.veilsum.fuzz;

import java.util.List;
import java.util.function.Supplier;

/**
 * One reader of untrusted bytes.
 *
 * @param name what scripts/fuzz and the folder of found inputs call it
 * @param reader reads any bytes; throws {@code VeilsumException} for what it refuses
 * @param seeds small inputs that the reader takes: where mutation starts
 * @param real inputs that it takes too and that are too large to mutate
 */
public record FuzzTarget(
    String name, Reader reader, Supplier<List<byte[]>> seeds, Supplier<List<byte[]>> real) {
  /** Reads bytes. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] input);
  }

  public FuzzTarget(String name, Reader reader, Supplier<List<byte[]>> seeds) {
    this(name, reader, seeds, List::of);
  }

  @Override
  public String toString() {
    return name;
  }
}
