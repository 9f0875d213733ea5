package dev.veilsum.parallel;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A bounded number of threads that work on the chunks of a stream. Results come out in the order of
 * the chunks, at most two chunks a thread are in flight (so memory is bounded), the first failure
 * stops the rest and is thrown, and an interrupt of the calling thread stops all.
 */
public final class OrderedPool implements AutoCloseable {
  private static final AtomicInteger POOLS = new AtomicInteger();

  private final int threads;
  private final ExecutorService executor;

  /**
   * @param threads at least 1
   */
  public OrderedPool(int threads) {
    if (threads < 1) {
      throw new VeilsumException(ErrorCode.USAGE, threads + " threads: take at least 1");
    }
    this.threads = threads;
    int pool = POOLS.incrementAndGet();
    AtomicInteger thread = new AtomicInteger();
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread t =
                  new Thread(task, "veilsum-%d-%d".formatted(pool, thread.incrementAndGet()));
              t.setDaemon(true);
              return t;
            });
  }

  /** One thread a processor. */
  public static OrderedPool ofProcessors() {
    return new OrderedPool(Runtime.getRuntime().availableProcessors());
  }

  public int threads() {
    return threads;
  }

  /**
   * Applies {@code work} to every chunk on the pool's threads. The calling thread pulls the chunks
   * and takes the results, in order.
   *
   * @throws VeilsumException what {@code work} threw, or {@code INTERNAL} after an interrupt;
   *     results that were ready and not yet taken are closed where they are {@link AutoCloseable}
   */
  public <I, O> void map(Iterator<I> chunks, Function<I, O> work, Consumer<O> results) {
    Deque<InFlight<O>> inFlight = new ArrayDeque<>();
    try {
      while (chunks.hasNext() || !inFlight.isEmpty()) {
        while (chunks.hasNext() && inFlight.size() < 2 * threads) {
          I chunk = chunks.next();
          inFlight.add(InFlight.of(executor, () -> work.apply(chunk)));
        }
        results.accept(inFlight.remove().result().get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VeilsumException(ErrorCode.INTERNAL, "interrupted", e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      abandon(inFlight);
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof RuntimeException e) {
      return e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return new VeilsumException(ErrorCode.INTERNAL, "a chunk failed", cause);
  }

  /** A chunk that a thread works on, or will unless it is dropped first. */
  private record InFlight<O>(AtomicBoolean taken, Future<O> result) {
    static <O> InFlight<O> of(ExecutorService executor, Callable<O> work) {
      AtomicBoolean taken = new AtomicBoolean();
      return new InFlight<>(
          taken, executor.submit(() -> taken.compareAndSet(false, true) ? work.call() : null));
    }

    /** Whether it had not begun, and never will. */
    boolean drop() {
      return taken.compareAndSet(false, true);
    }
  }

  /** Drops what has not begun, waits for what has, and closes results that nobody will take. */
  private static <O> void abandon(Deque<InFlight<O>> inFlight) {
    List<InFlight<O>> begun = inFlight.stream().filter(chunk -> !chunk.drop()).toList();
    boolean interrupted = Thread.interrupted();
    for (InFlight<O> chunk : begun) {
      try {
        if (chunk.result().get() instanceof AutoCloseable result) {
          result.close();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (Exception e) {
        // The first failure is the one that is reported.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets running chunks end; chunks that have not begun are dropped. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
