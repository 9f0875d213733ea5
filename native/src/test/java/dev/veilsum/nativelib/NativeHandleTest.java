package dev.veilsum.nativelib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeHandleTest {
  // The 46-bit primes below 2^46 that are 1 modulo 8192: ring degree 4096.
  private static final long[] Q = primes(2);
  private static final long[] P = {primes(3)[2]};

  @BeforeAll
  static void load() {
    NativeLibrary.core().require();
  }

  @Test
  void closingTwiceFreesOnce() {
    AtomicInteger freed = new AtomicInteger();
    NativeHandle handle = NativeHandle.own(() -> 42, address -> freed.incrementAndGet());
    assertThat(handle.isClosed()).isFalse();
    handle.close();
    handle.close();
    assertThat(handle.isClosed()).isTrue();
    assertThat(freed).hasValue(1);
  }

  @Test
  void useAfterCloseIsAnErrorThatSaysSo() {
    NativeHandle context = context();
    context.close();
    assertThatThrownBy(() -> context.apply(RlweCore::publicKeyBytes))
        .isInstanceOf(NativeException.class)
        .hasMessage("[CLOSED] the object was closed before this call");
  }

  @Test
  void closingWaitsForTheLastUse() {
    AtomicInteger freed = new AtomicInteger();
    NativeHandle handle = NativeHandle.own(() -> 42, address -> freed.incrementAndGet());
    assertThat(handle.enter()).isEqualTo(42);
    assertThat(handle.enter()).isEqualTo(42);
    handle.close();
    assertThatThrownBy(handle::enter).hasMessageContaining("[CLOSED]");
    handle.leave();
    assertThat(freed).hasValue(0);
    handle.leave();
    assertThat(freed).hasValue(1);
  }

  @Test
  void closingWhileOtherThreadsComputeIsSafe() throws Exception {
    makeOneKey(); // the core keeps tables of public numbers
    long before = Core.allocatedBytes();
    NativeHandle context = context();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicLong computed = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    for (int round = 0; round < 60; round++) {
      NativeHandle secret = secret(context, (byte) round);
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        done.add(
            threads.submit(
                () -> {
                  try {
                    while (true) {
                      NativeHandle.own(() -> secret.apply(RlweCore::publicKey)).close();
                      computed.incrementAndGet();
                    }
                  } catch (NativeException e) {
                    assertThat(e.code()).isEqualTo("CLOSED");
                    refused.incrementAndGet();
                  }
                }));
      }
      Thread.sleep(0, 1000 * ThreadLocalRandom.current().nextInt(1000));
      done.add(threads.submit(secret::close));
      secret.close();
      for (Future<?> f : done) {
        f.get();
      }
    }
    threads.shutdown();
    context.close();
    assertThat(refused).hasValue(180);
    assertThat(computed.get()).isPositive();
    assertThat(Core.allocatedBytes()).isEqualTo(before);
  }

  @Test
  void anErrorOfTheCoreKeepsItsCode() {
    assertThatThrownBy(() -> RlweCore.context(4095, Q, Q.length, P, P.length, 1))
        .isInstanceOfSatisfying(
            NativeException.class, e -> assertThat(e.code()).isEqualTo("PARAMETER_MISMATCH"));
  }

  @Test
  void anObjectOfAnotherKindIsRefused() {
    try (NativeHandle context = context()) {
      assertThatThrownBy(() -> context.apply(RlweCore::publicKey))
          .hasMessageStartingWith("[PARAMETER_MISMATCH]");
    }
  }

  @Test
  void anAllocationPastTheLimitIsRefusedAndTheLimitCanBeLifted() {
    try (NativeHandle context = context()) {
      NativeMemory.setLimit(NativeMemory.allocatedBytes() + 1000);
      try {
        assertThatThrownBy(() -> secret(context, (byte) 1))
            .hasMessageStartingWith("[OUT_OF_MEMORY]");
      } finally {
        NativeMemory.setLimit(0);
      }
      secret(context, (byte) 1).close();
    }
  }

  private static void makeOneKey() {
    try (NativeHandle context = context();
        NativeHandle secret = secret(context, (byte) 0)) {
      NativeHandle.own(() -> secret.apply(RlweCore::publicKey)).close();
    }
  }

  private static NativeHandle context() {
    return NativeHandle.own(() -> RlweCore.context(4096, Q, Q.length, P, P.length, 1));
  }

  private static NativeHandle secret(NativeHandle context, byte seed) {
    try (SecretBytes bytes = SecretBytes.ofSize(32)) {
      bytes.bytes().put(0, seed);
      return NativeHandle.own(() -> context.apply(c -> RlweCore.secretKey(c, bytes.bytes())));
    }
  }

  private static long[] primes(int count) {
    long[] primes = new long[count];
    long q = (1L << 46) + 1;
    for (int i = 0; i < count; i++) {
      do {
        q -= 8192;
      } while (!java.math.BigInteger.valueOf(q).isProbablePrime(40));
      primes[i] = q;
    }
    return primes;
  }
}
