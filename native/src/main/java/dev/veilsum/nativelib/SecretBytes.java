package dev.veilsum.nativelib;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Bytes on their way to or from native code that nobody else may read: outside of the Java heap,
 * where no collector copies them, and zeroed on close. Of one thread.
 */
public final class SecretBytes implements AutoCloseable {
  private static final int KEPT = 1 << 16;
  private static final ThreadLocal<ByteBuffer> SPARE = new ThreadLocal<>();

  private final ByteBuffer whole;
  private final ByteBuffer part;

  private SecretBytes(ByteBuffer whole, int size) {
    this.whole = whole;
    this.part = whole.slice(0, size).order(ByteOrder.nativeOrder());
  }

  /** That many bytes, all zero. */
  public static SecretBytes ofSize(int size) {
    ByteBuffer spare = SPARE.get();
    if (spare != null && spare.capacity() >= size) {
      SPARE.remove();
      return new SecretBytes(spare, size);
    }
    return new SecretBytes(ByteBuffer.allocateDirect(Math.max(size, 1 << 12)), size);
  }

  /** The bytes, from the first. */
  public ByteBuffer bytes() {
    return part;
  }

  /** The bytes as words. */
  public LongBuffer longs() {
    return part.asLongBuffer();
  }

  /** Zeroes them. */
  @Override
  public void close() {
    for (int i = 0; i < part.capacity(); i++) {
      part.put(i, (byte) 0);
    }
    if (whole.capacity() <= KEPT) {
      SPARE.set(whole);
    }
  }

  /** Shows nothing. */
  @Override
  public String toString() {
    return "SecretBytes";
  }
}
