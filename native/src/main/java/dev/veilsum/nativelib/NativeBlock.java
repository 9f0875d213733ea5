package dev.veilsum.nativelib;

/**
 * Native words for the length of one call, wiped when they are freed: how numbers of Java's arrays,
 * which may be secret, come to native code and back. Arrays that JNI hands over itself are copied
 * to memory that nobody wipes. The collector is held up for the copy alone. Of one thread.
 */
public final class NativeBlock implements AutoCloseable {
  private static final int WORD = 8;

  private final long handle;
  private final long address;

  private NativeBlock(int words) {
    handle = NativeMemory.allocate(() -> Core.bytes((long) WORD * words));
    address = Core.bytesAddress(handle);
  }

  /** That many words, all zero. */
  public static NativeBlock ofWords(int count) {
    return new NativeBlock(count);
  }

  /** A copy of a part of an array, which the caller has checked to be there. */
  public static NativeBlock of(double[] values, int offset, int length) {
    NativeBlock block = new NativeBlock(length);
    Core.copyIn(block.address, values, offset, length);
    return block;
  }

  /** A copy of a part of an array, which the caller has checked to be there. */
  public static NativeBlock of(long[] values, int offset, int length) {
    NativeBlock block = new NativeBlock(length);
    Core.copyIn(block.address, values, offset, length);
    return block;
  }

  /** Where it is until it closes. */
  public long address() {
    return address;
  }

  /** Copies the first words to a part of an array, which the caller has checked to be there. */
  public void copyTo(double[] values, int offset, int length) {
    Core.copyOut(address, values, offset, length);
  }

  /** Copies the first words to a part of an array, which the caller has checked to be there. */
  public void copyTo(long[] values, int offset, int length) {
    Core.copyOut(address, values, offset, length);
  }

  /** Wipes and frees it; once. */
  @Override
  public void close() {
    Core.release(handle);
  }
}
