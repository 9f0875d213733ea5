package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Closes the intermediate values of a circuit, whether it ends well or not. */
public final class Scope implements AutoCloseable {
  private final Set<AutoCloseable> values = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Closes this value at the end. */
  public <C extends AutoCloseable> C add(C value) {
    values.add(value);
    return value;
  }

  /** Hands this value out: it is not closed. */
  public <C extends AutoCloseable> C keep(C value) {
    values.remove(value);
    return value;
  }

  /** Closes this value now: it is no longer needed. */
  public void end(AutoCloseable value) {
    values.remove(value);
    close(value);
  }

  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>(values);
    values.clear();
    all.forEach(Scope::close);
  }

  private static void close(AutoCloseable value) {
    try {
      value.close();
    } catch (Exception e) {
      throw new VeilsumException(ErrorCode.INTERNAL, "closing an intermediate value failed", e);
    }
  }
}
