package dev.veilsum.nativelib;

import java.util.function.LongSupplier;

/**
 * An object of the core for the length of one call and of one thread, such as the values between
 * Java's arrays and the core, which are wiped when they are freed. Cheaper than a {@link
 * NativeHandle}: nothing frees it but {@link #close}.
 */
public final class CallObject implements AutoCloseable {
  private final long address;

  private CallObject(long address) {
    this.address = address;
  }

  /** Owns the object of the core whose address {@code make} returns. */
  public static CallObject own(LongSupplier make) {
    return new CallObject(NativeMemory.allocate(make));
  }

  /** Where it is until it closes. */
  public long address() {
    return address;
  }

  /** Frees it; once. */
  @Override
  public void close() {
    Core.release(address);
  }
}
