package dev.veilsum.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java's arrays on their way in and out: their parts, what is refused, and a collector that moves
 * them while many threads encode and decrypt.
 */
@Timeout(120)
class ArraysTest {
  private static final int THREADS = 6;
  private static final int SECONDS = 1;

  static List<Backend> backends() {
    return Backends.all();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void partsOfArraysGoInAndOutAndNothingElse(Backend backend) {
    TestSets.assumePresent(backend);
    CkksBackend ckks = backend.ckks(TestSets.smallCkks());
    double scale = ckks.parameters().scale();
    Reference.SecretKey secret = ckks.secretKey(TestSets.seed(1));
    double[] real = {9, 0.5, -0.25, 9};
    double[] imaginary = {9, -0.75, 0.125, 9};
    double[] outReal = {7, 7, 7, 7, 7};
    double[] outImaginary = {7, 7, 7, 7, 7};
    Reference.Ciphertext complex =
        ckks.encryptSeeded(
            secret,
            ckks.encodeComplex(real, imaginary, 1, 2, 1, ckks.parameters().slots(), 1, scale));
    double bound = ckks.decryptComplex(secret, complex, outReal, outImaginary, 2, 2);
    assertThat(bound).isPositive().isLessThan(1e-3);
    assertThat(outReal).containsExactly(new double[] {7, 7, 0.5, -0.25, 7}, within(bound));
    assertThat(outImaginary).containsExactly(new double[] {7, 7, -0.75, 0.125, 7}, within(bound));
    double[] out = {7, 7, 7, 7, 7};
    ckks.decrypt(secret, complex, out, 1, 3);
    assertThat(out).containsExactly(new double[] {7, 0.5, -0.25, 0, 7}, within(bound));

    double[] sparse = {9, 1, 9};
    Reference.Plaintext one = ckks.encode(sparse, 1, 1, 1, 1, 1, scale);
    ckks.decrypt(secret, ckks.encryptSeeded(secret, one), out, 0, 5);
    assertThat(out).containsExactly(new double[] {1, 1, 1, 1, 1}, within(bound));
    ckks.decrypt(secret, complex, out, 5, 0);

    BfvBackend bfv = backend.bfv(TestSets.smallBfv());
    Reference.SecretKey other = bfv.secretKey(TestSets.seed(1));
    long[] values = {9, -2, 3, 9};
    long[] found = {7, 7, 7, 7, 7};
    bfv.decrypt(other, bfv.encryptSeeded(other, bfv.encode(values, 1, 2), 1), found, 1, 3);
    assertThat(found).containsExactly(7, -2, 3, 0, 7);
    Reference.Plaintext coefficients = bfv.encodeCoefficients(values, 1, 2);
    bfv.decryptCoefficients(other, bfv.encryptSeeded(other, coefficients, 1), found, 0, 2);
    assertThat(found).containsExactly(-2, 3, 3, 0, 7);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void whatIsRefusedIsNamedLeavesArraysAloneAndTheNextCallWorks(Backend backend) {
    TestSets.assumePresent(backend);
    BfvBackend bfv = backend.bfv(TestSets.smallBfv());
    int n = bfv.parameters().ringDegree();
    Reference.SecretKey secret = bfv.secretKey(TestSets.seed(1));
    long[] values = new Random(1).longs(n, -100, 101).toArray();
    long[] found = new long[n];
    for (long wrong : new long[] {101, -101, Long.MAX_VALUE, Long.MIN_VALUE}) {
      for (int at : new int[] {0, 77, n - 1}) {
        long[] bad = values.clone();
        bad[at] = wrong;
        refused(
            ErrorCode.OUT_OF_RANGE,
            "value " + at + " is outside of the range -100..100",
            () -> bfv.encode(bad, 0, n, -100, 100));
        if (wrong != 101 && wrong != -101) {
          refused(
              ErrorCode.OUT_OF_RANGE,
              "value " + at + " is outside of the range",
              () -> bfv.encodeCoefficients(bad, 0, n));
        }
      }
    }
    Reference.Ciphertext c = bfv.encryptSeeded(secret, bfv.encode(values, 0, n, -100, 100), 1);
    bfv.decrypt(secret, c, found, 0, n);
    assertThat(found).isEqualTo(values);
    long[] tooLong = new long[n + 1];
    Arrays.fill(tooLong, 7);
    assertThatThrownBy(() -> bfv.encode(tooLong, 0, n + 1)).isInstanceOf(VeilsumException.class);
    assertThatThrownBy(() -> bfv.decrypt(secret, c, tooLong, 0, n + 1))
        .isInstanceOf(VeilsumException.class);
    if (!backend.name().equals("clear")) { // which has Java's own check of each index
      refused(ErrorCode.USAGE, "within an array", () -> bfv.decrypt(secret, c, tooLong, 2, n));
      refused(ErrorCode.USAGE, "within an array", () -> bfv.decrypt(secret, c, tooLong, -1, 1));
    }
    assertThat(tooLong).containsOnly(7);

    CkksBackend ckks = backend.ckks(TestSets.smallCkks());
    int slots = ckks.parameters().slots();
    double scale = ckks.parameters().scale();
    Reference.SecretKey key = ckks.secretKey(TestSets.seed(1));
    double[] x = new Random(1).doubles(slots, -1, 1).toArray();
    for (double wrong : new double[] {1.5, Double.NaN, Double.NEGATIVE_INFINITY}) {
      double[] bad = x.clone();
      bad[slots - 3] = wrong;
      refused(
          ErrorCode.OUT_OF_RANGE,
          "value " + (slots - 3),
          () -> ckks.encode(bad, 0, slots, 1, slots, 1, scale));
      double[] badImaginary = new double[slots];
      badImaginary[slots - 3] = wrong;
      refused(
          ErrorCode.OUT_OF_RANGE,
          "value " + (slots - 3),
          () -> ckks.encodeComplex(x, badImaginary, 0, slots, 1, slots, 1, scale));
    }
    Reference.Ciphertext d = ckks.encryptSeeded(key, ckks.encode(x, 0, slots, 1, slots, 1, scale));
    double[] out = new double[slots];
    double bound = ckks.decrypt(key, d, out, 0, slots);
    assertThat(out).containsExactly(x, within(bound));
    Arrays.fill(out, 7);
    Reference.SecretKey closed = ckks.secretKey(TestSets.seed(1));
    closed.close();
    refused(ErrorCode.CLOSED, "closed", () -> ckks.decrypt(closed, d, out, 0, slots));
    assertThat(out).containsOnly(7);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void manyThreadsEncodeAndDecryptWhileTheCollectorRuns(Backend backend) throws Exception {
    TestSets.assumePresent(backend);
    CkksBackend ckks = backend.ckks(TestSets.smallCkks());
    BfvBackend bfv = backend.bfv(TestSets.smallBfv());
    try (Reference.SecretKey ckksKey = ckks.secretKey(TestSets.seed(1));
        Reference.SecretKey bfvKey = bfv.secretKey(TestSets.seed(1))) {
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(i);
        tasks.add(
            () -> {
              int rounds = 0;
              for (; rounds == 0 || System.nanoTime() < end; rounds++) {
                roundTrip(ckks, ckksKey, random);
                roundTrip(bfv, bfvKey, random);
              }
              return rounds;
            });
      }
      tasks.add(
          () -> {
            int collections = 0;
            for (; System.nanoTime() < end; collections++) {
              System.gc();
            }
            return collections;
          });
      ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
      try {
        for (Future<Integer> done : pool.invokeAll(tasks)) {
          assertThat(done.get()).isPositive();
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private static void roundTrip(CkksBackend ckks, Reference.SecretKey key, Random random) {
    int slots = ckks.parameters().slots();
    double[] values = random.doubles(slots, -1, 1).toArray();
    double[] found = new double[slots];
    try (Reference.Plaintext p =
            ckks.encode(values, 0, slots, 1, slots, 1, ckks.parameters().scale());
        Reference.Ciphertext c = ckks.encryptSeeded(key, p)) {
      double bound = ckks.decrypt(key, c, found, 0, slots);
      for (int i = 0; i < slots; i++) {
        assertThat(Math.abs(found[i] - values[i])).isLessThanOrEqualTo(bound);
      }
    }
  }

  private static void roundTrip(BfvBackend bfv, Reference.SecretKey key, Random random) {
    int n = bfv.parameters().ringDegree();
    long[] values = random.longs(n, -1000, 1001).toArray();
    long[] found = new long[n];
    try (Reference.Plaintext p = bfv.encode(values, 0, n, -1000, 1000);
        Reference.Ciphertext c = bfv.encryptSeeded(key, p, 1)) {
      bfv.decrypt(key, c, found, 0, n);
      assertThat(found).isEqualTo(values);
    }
  }

  private static void refused(ErrorCode code, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
