package dev.veilsum.nativelib;

import java.util.function.LongConsumer;

/**
 * Bytes of native memory, all zero at first, counted with the core's own and wiped when they are
 * freed. Several threads may use different parts at once; closing waits for those who do.
 */
public final class NativeRegion implements AutoCloseable {
  private final NativeHandle handle;

  /** So many bytes. */
  public NativeRegion(long bytes) {
    this.handle = NativeHandle.own(() -> Core.bytes(bytes));
  }

  /** Hands the address of the first byte to {@code use}, where it is valid until that returns. */
  public void with(LongConsumer use) {
    long address = handle.enter();
    try {
      use.accept(Core.bytesAddress(address));
    } finally {
      handle.leave();
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
