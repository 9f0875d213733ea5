package dev.veilsum.benchmarks;

import dev.veilsum.nativelib.NativeHandle;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The native objects behind those of the typed API, which hides them: both sides of a comparison
 * must work on the same operands, for their places in memory alone differ by more than Java costs.
 * Objects stay open until this closes.
 */
final class Behind implements AutoCloseable {
  private final Deque<NativeHandle> entered = new ArrayDeque<>();

  /** The address behind a key, plaintext or ciphertext. */
  long object(Object typed) {
    return enter(field(field(typed, "reference"), "handle"));
  }

  /** The address behind a CkksContext or BfvContext. */
  long context(Object typed) {
    return enter(field(field(typed, "backend"), "scheme"));
  }

  private long enter(Object handle) {
    NativeHandle found = (NativeHandle) handle;
    long address = found.enter();
    entered.push(found);
    return address;
  }

  private static Object field(Object of, String name) {
    for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
      } catch (NoSuchFieldException e) {
        // One of the classes above may declare it.
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError(of.getClass() + " has no field " + name);
  }

  @Override
  public void close() {
    while (!entered.isEmpty()) {
      entered.pop().leave();
    }
  }
}
