package dev.veilsum.nativelib;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Owns one native object. The object is freed when the handle is closed, or found unreachable by a
 * {@link Cleaner}, and the last call that uses it has returned: closing while another thread
 * computes is safe, closing twice is harmless, and using a closed handle throws CLOSED.
 */
public final class NativeHandle implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  /** What outlives the handle: the address and who uses it. */
  private static final class Owned extends AtomicLong implements Runnable {
    private static final long serialVersionUID = 1L;
    private static final long CLOSED = 1L << 62;

    private final transient LongConsumer free;
    private final long address;

    // The value counts the uses, the owner's among them; CLOSED is set once the owner has let go.
    Owned(long address, LongConsumer free) {
      super(1);
      this.address = address;
      this.free = free;
    }

    /** Counts one use; false once closed. */
    boolean enter() {
      long uses;
      do {
        uses = get();
        if ((uses & CLOSED) != 0) {
          return false;
        }
      } while (!compareAndSet(uses, uses + 1));
      return true;
    }

    void leave() {
      if (decrementAndGet() == CLOSED) {
        free.accept(address);
      }
    }

    /** Lets go of the owner's use. The cleaner calls it at most once, from close() or by itself. */
    @Override
    public void run() {
      if (addAndGet(CLOSED - 1) == CLOSED) {
        free.accept(address);
      }
    }
  }

  private final Owned owned;
  private final Cleaner.Cleanable cleanable;

  private NativeHandle(long address, LongConsumer free) {
    this.owned = new Owned(address, free);
    this.cleanable = CLEANER.register(this, owned);
  }

  /** Runs {@code action} when the cleaner works off what the next collection finds. */
  static void afterCollection(Runnable action) {
    CLEANER.register(new Object(), action);
  }

  /** Owns the object of the core whose address {@code make} returns. */
  public static NativeHandle own(LongSupplier make) {
    return own(make, Core::release);
  }

  /** Owns an object that {@code free} frees. */
  public static NativeHandle own(LongSupplier make, LongConsumer free) {
    return new NativeHandle(NativeMemory.allocate(make), free);
  }

  /**
   * The address, valid until {@link #leave}; every call is paired with one of leave, in a finally
   * block.
   *
   * @throws NativeException CLOSED
   */
  public long enter() {
    if (!owned.enter()) {
      throw NativeException.of("CLOSED", "the object was closed before this call", null);
    }
    return owned.address;
  }

  /** Ends one use. */
  public void leave() {
    owned.leave();
  }

  /** What {@code call} returns for the address. */
  public long apply(LongUnaryOperator call) {
    long address = enter();
    try {
      return call.applyAsLong(address);
    } finally {
      leave();
    }
  }

  /** What {@code call} returns for both addresses. */
  public long apply(NativeHandle other, LongBinaryOperator call) {
    long address = enter();
    try {
      return other.apply(second -> call.applyAsLong(address, second));
    } finally {
      leave();
    }
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return (owned.get() & Owned.CLOSED) != 0;
  }

  /** Frees the object, at once or when the last call that uses it has returned. */
  @Override
  public void close() {
    cleanable.clean();
  }
}
