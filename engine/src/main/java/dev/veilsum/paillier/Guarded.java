package dev.veilsum.paillier;

import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.NativeException;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.NativeLibrary;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/** Native calls with a key that stays alive meanwhile, and whose errors are the engine's. */
final class Guarded {
  private Guarded() {}

  /** Runs {@code call}; its errors become VeilsumException. */
  static <T> T translate(Supplier<T> call) {
    try {
      return call.get();
    } catch (NativeException e) {
      throw VeilsumException.fromNative(e.getMessage(), e);
    }
  }

  static long number(LongSupplier call) {
    return translate(call::getAsLong);
  }

  static void run(NativeHandle key, LongConsumer call) {
    apply(
        key,
        address -> {
          call.accept(address);
          return 0;
        });
  }

  static long apply(NativeHandle key, LongUnaryOperator call) {
    return number(() -> key.apply(call));
  }

  /** Owns what {@code make} makes; loads the libraries first. */
  static NativeHandle own(LongSupplier make, LongConsumer free) {
    return translate(
        () -> {
          require();
          return NativeHandle.own(make, free);
        });
  }

  /** Loads the libraries; UNSUPPORTED where that fails. */
  static void require() {
    translate(
        () -> {
          NativeLibrary.core().require();
          NativeLibrary.paillier().require();
          return null;
        });
  }
}
