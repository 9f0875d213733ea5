package dev.veilsum.nativelib;

import dev.veilsum.nativelib.seal.SealEngine;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The native core's memory: counted, limited, and returned also by those who never close. The
 * garbage collector does not see native bytes, so handles that were dropped could pile up behind a
 * small heap. A collection is asked for whenever the count has grown past twice what the last one
 * left (and by at least {@link #STEP} bytes), and when an allocation was refused.
 */
public final class NativeMemory {
  private static final long STEP = 256L << 20;
  private static final int WAITS = 500;
  private static final int STILL = 5; // waits in which nothing was freed
  private static final long WAIT_NANOS = 2_000_000;

  private static final AtomicLong nextCollection = new AtomicLong(STEP);
  private static final AtomicLong collections = new AtomicLong();
  private static final Object collecting = new Object();

  private NativeMemory() {}

  /** Bytes that the core's buffers hold now. */
  public static long allocatedBytes() {
    NativeLibrary.core().require();
    return Core.allocatedBytes();
  }

  /**
   * Refuses allocations (OUT_OF_MEMORY) that would take the core's buffers past this many bytes; 0
   * for no limit, which is how it starts.
   */
  public static void setLimit(long bytes) {
    NativeLibrary.core().require();
    Core.setAllocationLimit(bytes);
  }

  /** Collections that native memory asked for since the start. */
  public static long collections() {
    return collections.get();
  }

  /** The address that {@code make} returns; where memory is short, after a collection. */
  static long allocate(LongSupplier make) {
    if (held() > nextCollection.get()) {
      collect();
    }
    try {
      return make.getAsLong();
    } catch (NativeException e) {
      if (!e.isOutOfMemory()) {
        throw e;
      }
      collect();
      return make.getAsLong();
    }
  }

  /** Bytes that the core and, where they are loaded, the libraries of Paillier and SEAL hold. */
  private static long held() {
    return Core.allocatedBytes()
        + (NativeLibrary.paillier().isLoaded() ? PaillierLibrary.allocatedBytes() : 0)
        + (NativeLibrary.seal().isLoaded() ? SealEngine.allocatedBytes() : 0);
  }

  /** Collects and waits a little for the cleaner to free what was dropped. */
  private static void collect() {
    long before = collections.get();
    synchronized (collecting) {
      if (collections.get() != before) {
        return; // another thread has just done it
      }
      CountDownLatch begun = new CountDownLatch(1);
      NativeHandle.afterCollection(begun::countDown);
      System.gc();
      // The cleaner runs in a thread of its own, which a busy machine may start late: wait until it
      // has begun and has nothing left to free.
      long last = held();
      int still = 0;
      for (int i = 0; i < WAITS && still < STILL; i++) {
        LockSupport.parkNanos(WAIT_NANOS);
        long now = held();
        still = begun.getCount() > 0 || now < last ? 0 : still + 1;
        last = now;
      }
      nextCollection.set(Math.max(last + STEP, 2 * last));
      collections.incrementAndGet();
    }
  }
}
