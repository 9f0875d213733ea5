package dev.veilsum.aggregate.ckks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.ckks.RealDecryptor.Value;
import dev.veilsum.aggregate.ckks.RealDecryptor.Values;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results on encrypted real updates are within their stated bounds of the clear ones. */
@Tag("exact")
class RealUpdatesTest {
  private static final OrderedPool POOL = new OrderedPool(2);
  private static final RealScheme SCHEME = RealScheme.create();
  private static CkksSecretKey secret;
  private static CkksEvaluationKeys keys;
  private static RealEvaluator evaluator;

  @BeforeAll
  static void makeKeys() {
    try (MasterKey master = MasterKey.generate()) {
      secret = SCHEME.secretKey(master);
    }
    keys = secret.evaluationKeys(RealScheme.keys());
    evaluator = SCHEME.evaluator(keys, POOL);
  }

  @AfterAll
  static void close() {
    keys.close();
    secret.close();
  }

  private static double[] numbers(int seed, int length, double bound) {
    return new Random(seed).doubles(length, -bound, bound).toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** One number, a whole ciphertext, three that are not full; small and large bounds. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.001, 1e6})
  void everyResultIsWithinItsBound(double bound) {
    for (int length : new int[] {1, 4096, 10_000}) {
      List<double[]> clear =
          IntStream.range(0, 4).mapToObj(i -> numbers(i, length, bound)).toList();
      double[] weights = {1, 2.5, 0.125, 1000 / 3.0};
      double weightSum = 1 + 2.5 + 0.125 + 1000 / 3.0;
      double[] mean = new double[length];
      for (int i = 0; i < length; i++) {
        for (int k = 0; k < 4; k++) {
          mean[i] += weights[k] * clear.get(k)[i] / weightSum;
        }
      }
      RealEncryptor encryptor = SCHEME.encryptor(secret, bound, POOL);
      List<EncryptedVector> updates = clear.stream().map(encryptor::encrypt).toList();
      try (EncryptedVector found = evaluator.weightedMean(updates, weights)) {
        checkVector(found, mean, 1e-8 * bound);
        // Coarse bounds: 4096 slots or more, an error of 1e-9 of B^2 in each.
        double coarse = (length + 4096) * bound * bound * 1e-9;
        checkNumber(evaluator.squaredNorm(updates.get(0)), dot(clear.get(0), clear.get(0)), coarse);
        checkNumber(
            evaluator.innerProduct(updates.get(1), updates.get(2)),
            dot(clear.get(1), clear.get(2)),
            coarse);
        checkNumber(evaluator.innerProduct(found, updates.get(3)), dot(mean, clear.get(3)), coarse);
        checkNumber(evaluator.squaredNorm(found), dot(mean, mean), coarse);
      }
      updates.forEach(EncryptedVector::close);
    }
  }

  private static void checkVector(EncryptedVector found, double[] truth, double coarse) {
    Values values = SCHEME.decryptor(secret).decrypt(found);
    assertThat(values.values()).hasSize(truth.length);
    assertThat(values.errorBound()).isPositive().isLessThan(coarse);
    for (int i = 0; i < truth.length; i++) {
      assertThat(values.values()[i]).isCloseTo(truth[i], within(values.errorBound()));
    }
  }

  private static void checkNumber(EncryptedNumber found, double truth, double coarse) {
    try (found) {
      Value value = SCHEME.decryptor(secret).decrypt(found);
      assertThat(value.errorBound()).isPositive().isLessThan(coarse);
      assertThat(value.value()).isCloseTo(truth, within(value.errorBound()));
    }
  }

  /** Clients that have the public key alone, tensors of floats, ciphertexts as bytes. */
  @Test
  void publicKeysAndTransport() {
    float[] matrix = {0.5f, -0.25f, 1, 0};
    float[] bias = {-1, 0.125f};
    try (CkksPublicKey publicKey = secret.publicKey();
        EncryptedVector sent = SCHEME.encryptor(publicKey, 1, POOL).encrypt(matrix, bias)) {
      List<CkksCiphertext> received = new ArrayList<>();
      for (CkksCiphertext chunk : sent.chunks()) {
        ByteBuffer bytes =
            ByteBuffer.allocateDirect(chunk.packedBytes()).order(ByteOrder.LITTLE_ENDIAN);
        chunk.pack(bytes);
        received.add(SCHEME.context().loadCiphertext(bytes.flip()));
      }
      try (EncryptedVector update = EncryptedVector.of(6, received)) {
        assertThat(update.length()).isEqualTo(6);
        assertThat(update.bound()).isEqualTo(1);
        assertThat(update.packedBytes()).isEqualTo(sent.packedBytes());
        assertThat(update.errorBound()).isEqualTo(sent.errorBound()).isLessThan(1e-8);
        checkVector(update, new double[] {0.5, -0.25, 1, 0, -1, 0.125}, 1e-8);
        checkNumber(evaluator.squaredNorm(update), 2.328125, 1e-4);
      }
    }
  }

  /** 0.1f is above 0.1. */
  @Test
  void floatsMayBeAtTheBound() {
    try (EncryptedVector update =
        SCHEME.encryptor(secret, 0.1, POOL).encrypt(new float[] {0.1f, -0.1f})) {
      checkVector(update, new double[] {0.1f, -0.1f}, 1e-9);
    }
  }

  /** The secret key's clients send half of it. */
  @Test
  void sizes() {
    try (CkksPublicKey publicKey = secret.publicKey();
        EncryptedVector half = SCHEME.encryptor(secret, 1, POOL).encrypt(new double[8192]);
        EncryptedVector whole = SCHEME.encryptor(publicKey, 1, POOL).encrypt(new double[8192])) {
      assertThat(half.packedBytes() / 8192.0).isLessThan(42);
      assertThat(whole.packedBytes() / 8192.0).isBetween(82.0, 84.0);
      assertThat(half.errorBound()).isLessThan(0x1p-34);
      assertThat(whole.errorBound()).isLessThan(0x1p-28);
    }
  }

  @Test
  void refusesWhatIsNoUpdate() {
    RealEncryptor encryptor = SCHEME.encryptor(secret, 1, POOL);
    code(ErrorCode.BAD_INPUT, () -> encryptor.encrypt(new double[0]));
    code(ErrorCode.BAD_INPUT, () -> encryptor.encrypt(new double[] {0, Double.NaN}));
    code(ErrorCode.BAD_INPUT, () -> encryptor.encrypt(new float[] {Float.NEGATIVE_INFINITY}));
    assertThatThrownBy(() -> encryptor.encrypt(new double[] {0, 0.5, -1.01}))
        .hasMessageContaining("number 2");
    code(ErrorCode.OUT_OF_RANGE, () -> encryptor.encrypt(new double[] {0, 0.5, -1.01}));
    code(ErrorCode.OUT_OF_RANGE, () -> SCHEME.encryptor(secret, 0, POOL));
    code(ErrorCode.OUT_OF_RANGE, () -> SCHEME.encryptor(secret, Double.NaN, POOL));
    try (EncryptedVector a = encryptor.encrypt(new double[] {1, 1});
        EncryptedVector b = encryptor.encrypt(new double[] {1, 1, 1});
        EncryptedVector c = SCHEME.encryptor(secret, 2, POOL).encrypt(new double[] {1, 1});
        EncryptedVector mean = evaluator.weightedMean(List.of(a), new double[] {1})) {
      code(ErrorCode.BAD_INPUT, () -> evaluator.innerProduct(a, b));
      code(ErrorCode.BAD_INPUT, () -> evaluator.weightedMean(List.of(a, b), new double[] {1, 1}));
      code(ErrorCode.BAD_INPUT, () -> evaluator.weightedMean(List.of(a, c), new double[] {1, 1}));
      code(
          ErrorCode.BAD_INPUT, () -> evaluator.weightedMean(List.of(a, mean), new double[] {1, 1}));
      code(ErrorCode.BAD_INPUT, () -> evaluator.weightedMean(List.of(a), new double[] {1, 1}));
      code(ErrorCode.BAD_INPUT, () -> evaluator.weightedMean(List.of(), new double[] {}));
      for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
        code(
            ErrorCode.OUT_OF_RANGE,
            () -> evaluator.weightedMean(List.of(a, a), new double[] {1, bad}));
      }
      code(ErrorCode.BAD_INPUT, () -> EncryptedVector.of(4097, a.chunks()));
      code(ErrorCode.BAD_INPUT, () -> EncryptedVector.of(0, List.of()));
      code(
          ErrorCode.BAD_INPUT,
          () -> EncryptedVector.of(5000, List.of(a.chunks().get(0), mean.chunks().get(0))));
    }
  }

  private static void code(ErrorCode expected, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(expected));
  }
}
