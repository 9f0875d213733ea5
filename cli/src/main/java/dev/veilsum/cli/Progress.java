package dev.veilsum.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A line on a terminal that says how far a work is, for work of more than a second. Thread-safe.
 */
final class Progress implements AutoCloseable {
  private static final long APPEARS_AFTER = 1_000_000_000L;
  private static final long EVERY = 200_000_000L;
  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final String what;
  private final long total;
  private final long start = System.nanoTime();
  private long done;
  private long nextDrawing = start + APPEARS_AFTER;
  private boolean visible;
  private boolean closed;

  /**
   * @param out where the line appears, or null for no line
   * @param total the amount of work, or 0 where it is not known
   */
  Progress(PrintWriter out, String what, long total) {
    this.out = out;
    this.what = what;
    this.total = total;
  }

  /** Adds to what is done. */
  synchronized void advance(long amount) {
    reach(done + amount);
  }

  /** Sets what is done, in all. */
  synchronized void reach(long amount) {
    done = amount;
    long now = System.nanoTime();
    if (out != null && now - nextDrawing >= 0) {
      nextDrawing = now + EVERY;
      visible = true;
      out.print("\r" + line(now) + "\033[K");
      out.flush();
    }
  }

  /** Takes the line away for as long as {@code remark} prints something else. */
  synchronized void interrupt(Runnable remark) {
    if (visible) {
      out.print("\r\033[K");
      out.flush();
      visible = false;
    }
    remark.run();
  }

  /** Redraws the line by itself, for work that does not say how far it is. */
  Progress ticking() {
    if (out != null) {
      Thread clock =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted() && tick()) {
                  LockSupport.parkNanos(EVERY);
                }
              },
              "progress");
      clock.setDaemon(true);
      clock.start();
    }
    return this;
  }

  private synchronized boolean tick() {
    if (!closed) {
      reach(done);
    }
    return !closed;
  }

  private String line(long now) {
    double seconds = (now - start) / 1e9;
    if (total <= 0) {
      String count = done > 0 ? String.format(Locale.ROOT, " %,d", done) : "";
      return String.format(Locale.ROOT, "%s%s  %.0f s", what, count, seconds);
    }
    double share = Math.min(1.0, (double) done / total);
    int filled = (int) (share * WIDTH);
    double left = share > 0 ? seconds / share - seconds : 0;
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3.0f %%  %.0f s left",
        what,
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        100 * share,
        left);
  }

  /** Takes the line away. */
  @Override
  public synchronized void close() {
    closed = true;
    if (visible) {
      out.print("\r\033[K");
      out.flush();
      visible = false;
    }
  }
}
