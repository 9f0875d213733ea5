package dev.veilsum.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OrderedPoolTest {
  @Test
  void resultsComeInOrderAndFewChunksAreInFlight() {
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Integer> results = new ArrayList<>();
    try (OrderedPool pool = new OrderedPool(3)) {
      pool.map(
          IntStream.range(0, 500).iterator(),
          i -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            if (ThreadLocalRandom.current().nextInt(10) == 0) {
              pause();
            }
            inFlight.decrementAndGet();
            return i * i;
          },
          results::add);
    }
    assertThat(results)
        .containsExactlyElementsOf(IntStream.range(0, 500).map(i -> i * i).boxed().toList());
    assertThat(most.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void theFirstFailureStopsTheRestAndNothingLeaks() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    try (OrderedPool pool = new OrderedPool(2)) {
      assertThatThrownBy(
              () ->
                  pool.map(
                      IntStream.range(0, 1000).iterator(),
                      i -> {
                        begun.incrementAndGet();
                        if (i == 10) {
                          throw new VeilsumException(ErrorCode.OUT_OF_RANGE, "chunk 10");
                        }
                        open.incrementAndGet();
                        AutoCloseable result = open::decrementAndGet;
                        return result;
                      },
                      OrderedPoolTest::close))
          .isInstanceOf(VeilsumException.class)
          .hasMessage("chunk 10");
      assertThat(begun.get()).isLessThan(20);
      assertThat(open.get()).isZero();
      List<Integer> after = new ArrayList<>();
      pool.map(List.of(1, 2).iterator(), i -> i, after::add);
      assertThat(after).containsExactly(1, 2);
    }
  }

  @Test
  void anInterruptStopsTheCaller() throws InterruptedException {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<Throwable> thrown = new ArrayList<>();
    Thread caller =
        new Thread(
            () -> {
              try (OrderedPool pool = new OrderedPool(1)) {
                pool.map(
                    List.of(1, 2, 3).iterator(),
                    i -> {
                      working.countDown();
                      await(release);
                      return i;
                    },
                    i -> {});
              } catch (VeilsumException e) {
                thrown.add(e);
                thrown.add(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    caller.start();
    working.await();
    caller.interrupt();
    TimeUnit.MILLISECONDS.sleep(20);
    release.countDown();
    caller.join();
    assertThat(thrown).hasSize(2).doesNotContainNull();
    assertThat(thrown.get(0)).hasMessage("interrupted");
  }

  private static void close(AutoCloseable c) {
    try {
      c.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
