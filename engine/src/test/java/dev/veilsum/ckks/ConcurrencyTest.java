package dev.veilsum.ckks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.TestSets;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eight threads on one evaluator, and ciphertexts that are closed while others compute on them. */
@Timeout(120)
class ConcurrencyTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 15;
  private static final KeyRequirements KEYS =
      KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION);

  static List<Backend> backends() {
    return Backends.all();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void oneCkksEvaluatorServesEightThreads(Backend backend) throws Exception {
    TestSets.assumePresent(backend);
    CkksContext ckks = CkksContext.create(TestSets.smallCkks(), backend);
    int slots = ckks.parameters().slots();
    double[] shared = new Random(1).doubles(slots, -1, 1).toArray();
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(1));
        CkksPublicKey key = secret.publicKey();
        CkksEvaluationKeys keys = secret.evaluationKeys(KEYS);
        CkksCiphertext a = key.encryptor().encrypt(shared, ckks.encoding(1))) {
      CkksEvaluator evaluator = ckks.evaluator(keys);
      CkksEncryptor encryptor = key.encryptor();
      CkksDecryptor decryptor = secret.decryptor();
      onThreads(
          thread -> {
            Random random = new Random(thread);
            for (int round = 0; round < ROUNDS; round++) {
              double[] mine = random.doubles(slots, -1, 1).toArray();
              try (CkksCiphertext b = encryptor.encrypt(mine, ckks.encoding(1));
                  CkksCiphertext product = evaluator.multiplyRescale(a, b);
                  CkksCiphertext rotated = evaluator.rotate(product, 1)) {
                double[] values = new double[slots];
                double bound = decryptor.decrypt(rotated, values, 0, slots);
                for (int i = 0; i < slots; i++) {
                  int j = (i + 1) % slots;
                  assertThat(Math.abs(values[i] - shared[j] * mine[j])).isLessThan(bound);
                }
              }
            }
            return null;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void oneBfvEvaluatorServesEightThreads(Backend backend) throws Exception {
    TestSets.assumePresent(backend);
    BfvContext bfv = BfvContext.create(TestSets.smallBfv(), backend);
    int slots = bfv.parameters().slots();
    IntegerRange range = IntegerRange.of(-100, 100);
    long[] shared = new Random(1).longs(slots, -100, 101).toArray();
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(1));
        BfvEvaluationKeys keys = secret.evaluationKeys(KEYS);
        BfvCiphertext a = secret.encryptor().encrypt(shared, range)) {
      BfvEvaluator evaluator = bfv.evaluator(keys);
      onThreads(
          thread -> {
            Random random = new Random(thread);
            for (int round = 0; round < ROUNDS; round++) {
              long[] mine = random.longs(slots, -100, 101).toArray();
              try (BfvCiphertext b = secret.encryptor().encrypt(mine, range);
                  BfvCiphertext product = evaluator.multiply(a, b)) {
                long[] values = secret.decryptor().decrypt(product);
                for (int i = 0; i < slots; i++) {
                  assertThat(values[i]).isEqualTo(shared[i] * mine[i]);
                }
              }
            }
            return null;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void closingWhileOthersComputeIsARightResultOrAClearError(Backend backend) throws Exception {
    TestSets.assumePresent(backend);
    CkksContext ckks = CkksContext.create(TestSets.smallCkks(), backend);
    double[] values = {0.5, -0.5};
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(1));
        CkksEvaluationKeys keys = secret.evaluationKeys(KEYS)) {
      CkksEvaluator evaluator = ckks.evaluator(keys);
      for (int round = 0; round < ROUNDS; round++) {
        CkksCiphertext victim = secret.encryptor().encrypt(values, ckks.encoding(1));
        onThreads(
            thread -> {
              if (thread == 0) {
                victim.close();
                return null;
              }
              try (CkksCiphertext square = evaluator.multiplyRescale(victim, victim)) {
                double[] out = new double[2];
                double bound = secret.decryptor().decrypt(square, out, 0, 2);
                assertThat(Math.abs(out[1] - 0.25)).isLessThan(bound);
              } catch (VeilsumException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
              }
              return null;
            });
      }
    }
  }

  @FunctionalInterface
  private interface Work {
    Void run(int thread) throws Exception;
  }

  private static void onThreads(Work work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        tasks.add(() -> work.run(thread));
      }
      for (Future<Void> done : pool.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
