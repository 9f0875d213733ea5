package dev.veilsum.backend.core;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.NativeException;
import dev.veilsum.nativelib.NativeHandle;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Calls into the native core: its errors become the engine's here and nowhere else. */
public final class Calls {
  private Calls() {}

  /** What the call returns. */
  public static <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (NativeException e) {
      throw VeilsumException.fromNative(e.getMessage(), e);
    }
  }

  /** Runs the call. */
  public static void run(Runnable call) {
    try {
      call.run();
    } catch (NativeException e) {
      throw VeilsumException.fromNative(e.getMessage(), e);
    }
  }

  /** Owns the object that the call returns. */
  public static NativeHandle own(LongSupplier make) {
    return call(() -> NativeHandle.own(make));
  }

  /** What is done with the addresses of a list of objects. */
  @FunctionalInterface
  interface OnAddresses {
    long apply(long[] addresses, int count);
  }

  /** Calls with the addresses of all objects, each in use until the call returns. */
  static long with(List<NativeHandle> objects, OnAddresses call) {
    long[] addresses = new long[objects.size()];
    int entered = 0;
    try {
      for (; entered < addresses.length; entered++) {
        addresses[entered] = objects.get(entered).enter();
      }
      return call.apply(addresses, addresses.length);
    } finally {
      while (entered > 0) {
        objects.get(--entered).leave();
      }
    }
  }

  /** Refuses a part that an array does not have. */
  static void checkRange(int offset, int length, int arrayLength) {
    if (offset < 0 || length < 0 || length > arrayLength - offset) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d values from index %d are not within an array of %d"
              .formatted(length, offset, arrayLength));
    }
  }
}
