package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A range of work in chunks, by the calling thread and a bounded number of others. */
final class Chunks {
  /** Work on the items from {@code first} to before {@code end}. */
  interface Work {
    void on(int first, int end);
  }

  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          5,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "veilsum-paillier");
            thread.setDaemon(true);
            return thread;
          });

  private Chunks() {}

  static int checkThreads(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new VeilsumException(
          ErrorCode.USAGE, threads + " threads; give a number from 1 to 1024");
    }
    return threads;
  }

  /**
   * Items in a chunk: a multiple of {@code together}, which are computed at once, and not above
   * {@code most}, which must be one too; no more than gives every thread a chunk.
   */
  static int size(int count, int threads, int together, int most) {
    long share = ((long) count + threads - 1) / threads;
    return (int) Math.min(most, Math.max(1, (share + together - 1) / together) * together);
  }

  /**
   * Does all the work, on at most {@code threads} threads, and returns when it is done. The first
   * error ends it.
   */
  static void each(int count, int chunk, int threads, Work work) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int chunks = (count + chunk - 1) / chunk;
    Runnable worker =
        () -> {
          int number;
          while (failure.get() == null && (number = next.getAndIncrement()) < chunks) {
            try {
              work.on(number * chunk, Math.min(count, (number + 1) * chunk));
            } catch (RuntimeException | Error e) {
              failure.compareAndSet(null, e);
            }
          }
        };
    Future<?>[] others = new Future<?>[Math.max(0, Math.min(threads, chunks) - 1)];
    for (int i = 0; i < others.length; i++) {
      others[i] = THREADS.submit(worker);
    }
    worker.run();
    for (Future<?> other : others) {
      join(other);
    }
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  // Waits to the end even when interrupted: the work writes into the caller's arrays.
  private static void join(Future<?> other) {
    boolean interrupted = false;
    for (; ; ) {
      try {
        other.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
