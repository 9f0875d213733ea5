package dev.veilsum.nativelib;

import java.lang.ref.Reference;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

/**
 * The bytes of a {@link ByteBuffer} at a native address for the length of one call: those of a
 * direct buffer where they are, those on the heap by way of a native block.
 */
public final class NativeBytes {
  /** What is done with the bytes. */
  @FunctionalInterface
  public interface Call {
    /** Returns how many bytes were used. */
    long at(long address, long count);
  }

  private NativeBytes() {}

  /**
   * Reads from the buffer's position on, which moves past what {@code call} used.
   *
   * @param atMost the most bytes that the call can use: no more are copied
   */
  public static void read(ByteBuffer in, long atMost, Call call) {
    int count = (int) Math.min(in.remaining(), atMost);
    long used;
    if (in.isDirect()) {
      used = call.at(addressOf(in), count);
      Reference.reachabilityFence(in);
    } else {
      try (NativeHandle block = NativeHandle.own(() -> Core.bytes(count))) {
        long address = Core.bytesAddress(block.enter());
        try {
          byte[] array;
          int offset;
          if (in.hasArray()) {
            array = in.array();
            offset = in.arrayOffset() + in.position();
          } else {
            array = new byte[count];
            offset = 0;
            in.duplicate().get(array);
          }
          Core.copyIn(address, array, offset, count);
          used = call.at(address, count);
        } finally {
          block.leave();
        }
      }
    }
    in.position(in.position() + (int) used);
  }

  /**
   * Writes {@code count} bytes at the buffer's position, which moves past them.
   *
   * @throws BufferOverflowException where fewer are left
   */
  public static void write(ByteBuffer out, int count, Call call) {
    if (out.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    if (out.remaining() < count) {
      throw new BufferOverflowException();
    }
    if (out.isDirect()) {
      call.at(addressOf(out), count);
      Reference.reachabilityFence(out);
    } else {
      try (NativeHandle block = NativeHandle.own(() -> Core.bytes(count))) {
        long address = Core.bytesAddress(block.enter());
        try {
          call.at(address, count);
          Core.copyOut(address, out.array(), out.arrayOffset() + out.position(), count);
        } finally {
          block.leave();
        }
      }
    }
    out.position(out.position() + count);
  }

  // A slice begins at the position, whatever the binding makes of positions.
  private static long addressOf(ByteBuffer direct) {
    return Core.address(direct.slice());
  }
}
