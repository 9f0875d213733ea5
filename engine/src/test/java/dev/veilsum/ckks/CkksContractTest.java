package dev.veilsum.ckks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.Diagonals;
import dev.veilsum.backend.SchemeBackend.PackedSwitchKey;
import dev.veilsum.backend.TestSets;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend's CKKS does, over a table of parameter sets, against arithmetic on doubles.
 */
@Tag("exact")
class CkksContractTest {
  private static final String ALL = "dev.veilsum.backend.TestSets#ckksOnBackends";

  /** Keys and two vectors on one backend with one set. */
  private static final class Fixture implements AutoCloseable {
    final CkksContext ckks;
    final CkksSecretKey secret;
    final CkksPublicKey key;
    final CkksEvaluationKeys keys;
    final CkksEvaluator evaluator;
    final int slots;
    final double[] x;
    final double[] y;
    final CkksCiphertext a;
    final CkksCiphertext b;
    final double usefulBound;

    Fixture(Backend backend, CkksParameters parameters) {
      TestSets.assumePresent(backend);
      ckks = CkksContext.create(parameters, backend);
      secret = ckks.secretKey(TestSets.seed(1));
      key = secret.publicKey();
      keys =
          secret.evaluationKeys(
              KeyRequirements.rotations(1, -2, 5)
                  .with(SwitchKey.RELINEARIZATION)
                  .with(SwitchKey.CONJUGATION));
      evaluator = ckks.evaluator(keys);
      // SEAL does not centre the digits of key switching: more noise, so a larger bound.
      usefulBound = backend.name().equals("seal") ? 5e-3 : 2e-3;
      slots = parameters.slots();
      Random random = new Random(parameters.ringDegree());
      x = random.doubles(slots, -1, 1).toArray();
      y = random.doubles(slots, -1, 1).toArray();
      a = key.encryptor().encrypt(x, ckks.encoding(1));
      b = secret.encryptor().encrypt(y, ckks.encoding(1));
    }

    /** Decrypts, closes, and compares all slots; the stated bound must hold and be of use. */
    void check(CkksCiphertext c, IntToDoubleFunction expected) {
      try (c) {
        double[] values = new double[slots];
        double bound = secret.decryptor().decrypt(c, values, 0, slots);
        assertThat(bound).isLessThan(usefulBound);
        for (int i = 0; i < slots; i++) {
          assertThat(Math.abs(values[i] - expected.applyAsDouble(i))).isLessThanOrEqualTo(bound);
        }
      }
    }

    @Override
    public void close() {
      List.of(a, b, keys, key, secret).forEach(Fixture::closed);
    }

    private static void closed(AutoCloseable c) {
      try {
        c.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void additionsAndProductsAreSlotwise(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      CkksEvaluator e = f.evaluator;
      f.check(e.add(f.a, f.b), i -> f.x[i] + f.y[i]);
      f.check(e.subtract(f.a, f.b), i -> f.x[i] - f.y[i]);
      f.check(e.negate(f.a), i -> -f.x[i]);
      f.check(e.add(f.a, 0.25), i -> f.x[i] + 0.25);
      f.check(e.multiply(f.a, -3, 1), i -> -3 * f.x[i]);
      f.check(e.sum(List.of(f.a, f.b, f.a)), i -> 2 * f.x[i] + f.y[i]);
      try (CkksPlaintext p = f.ckks.encode(f.y, f.ckks.encoding(1))) {
        f.check(e.add(f.a, p), i -> f.x[i] + f.y[i]);
        f.check(e.subtract(f.a, p), i -> f.x[i] - f.y[i]);
      }
      if (roomForProduct(parameters)) {
        f.check(e.multiply(f.a, f.b), i -> f.x[i] * f.y[i]);
        f.check(e.square(f.a), i -> f.x[i] * f.x[i]);
        f.check(e.multiplyWithoutRelinearization(f.a, f.b), i -> f.x[i] * f.y[i]);
        f.check(
            e.innerProduct(List.of(f.a, f.b), List.of(f.b, f.b)),
            i -> f.x[i] * f.y[i] + f.y[i] * f.y[i]);
        f.check(e.multiply(f.a, 0.5, 0x1p20), i -> f.x[i] * 0.5);
        try (CkksPlaintext p = f.ckks.encode(f.y, f.ckks.encoding(1))) {
          f.check(e.multiply(f.a, p), i -> f.x[i] * f.y[i]);
          f.check(
              e.innerProductPlain(List.of(f.a, f.b), List.of(p, p)),
              i -> f.x[i] * f.y[i] + f.y[i] * f.y[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rescaleDividesTheScaleByThePrime(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      CkksEvaluator e = f.evaluator;
      int top = parameters.maxLevel();
      try (CkksCiphertext product = e.multiply(f.a, f.b)) {
        assertThat(product.level()).isEqualTo(top);
        assertThat(product.degree()).isEqualTo(1);
        assertThat(product.scale()).isEqualTo(parameters.scale() * parameters.scale());
        try (CkksCiphertext r = e.rescale(product)) {
          assertThat(r.level()).isEqualTo(top - 1);
          double expected = product.scale() / parameters.modulusChain().get(top);
          assertThat(r.scale() / expected).isBetween(1 - 1e-15, 1 + 1e-15);
        }
        f.check(e.rescale(product), i -> f.x[i] * f.y[i]);
      }
      f.check(e.multiplyRescale(f.a, f.b), i -> f.x[i] * f.y[i]);
      f.check(e.dropToLevel(f.a, top - 1), i -> f.x[i]);
      try (CkksCiphertext low = e.dropToLevel(f.a, top - 1)) {
        f.check(e.add(low, f.b), i -> f.x[i] + f.y[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rotationsAndConjugation(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      CkksEvaluator e = f.evaluator;
      int n = f.slots;
      f.check(e.rotate(f.a, 1), i -> f.x[(i + 1) % n]);
      f.check(e.rotate(f.a, -2), i -> f.x[(i + n - 2) % n]);
      f.check(e.rotate(f.a, 0), i -> f.x[i]);
      List<CkksCiphertext> many = e.rotateMany(f.a, 1, 5);
      f.check(many.get(0), i -> f.x[(i + 1) % n]);
      f.check(many.get(1), i -> f.x[(i + 5) % n]);
      try (CkksPlaintext p = f.ckks.encodeComplex(f.x, f.y, f.ckks.encoding(1.5));
          CkksCiphertext c = f.key.encryptor().encrypt(p);
          CkksCiphertext conjugate = e.conjugate(c)) {
        double[] real = new double[n];
        double[] imaginary = new double[n];
        double bound = f.secret.decryptor().decryptComplex(conjugate, real, imaginary);
        for (int i = 0; i < n; i++) {
          assertThat(Math.hypot(real[i] - f.x[i], imaginary[i] + f.y[i])).isLessThan(bound);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rotationsAreComposedOfPowersOfTwo(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters);
        CkksEvaluationKeys powers = f.secret.evaluationKeys(KeyRequirements.rotations(1, 4, -2))) {
      CkksEvaluator e = f.ckks.evaluator(powers);
      f.check(e.rotate(f.a, 5), i -> f.x[(i + 5) % f.slots]);
      refused(ErrorCode.MISSING_KEY, () -> e.rotate(f.a, 3));
    }
  }

  /** Public matrices of several shapes times vectors in few slots, and what is refused. */
  @ParameterizedTest
  @MethodSource(ALL)
  void linearTransformsMultiplyByAMatrix(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      Random random = new Random(7);
      int level = parameters.maxLevel();
      double scale = Math.min(0x1p20, parameters.scale());
      for (int[] shape : new int[][] {{8, 8}, {3, 16}, {10, 2}, {1, 1}}) {
        double[][] matrix = new double[shape[0]][];
        for (int i = 0; i < shape[0]; i++) {
          matrix[i] = random.doubles(shape[1], -0.1, 0.1).toArray();
        }
        int d = Diagonals.ofMatrix(matrix).dimension();
        double[] v = random.doubles(shape[1], -1, 1).toArray();
        try (CkksLinearTransform transform =
                f.ckks.linearTransform(Diagonals.ofMatrix(matrix), level, scale);
            CkksEvaluationKeys keys = f.secret.evaluationKeys(transform.keys());
            CkksCiphertext a = f.secret.encryptor().encrypt(v, f.ckks.encoding(1).withSlots(d))) {
          CkksEvaluator e = f.ckks.evaluator(keys);
          IntToDoubleFunction expected =
              slot -> {
                double sum = 0;
                for (int j = 0; j < v.length && slot % d < matrix.length; j++) {
                  sum += matrix[slot % d][j] * v[j];
                }
                return sum;
              };
          assertThat(transform.dimension()).isEqualTo(d);
          try (CkksCiphertext product = e.apply(transform, a)) {
            assertThat(product.scale()).isEqualTo(a.scale() * scale);
            assertThat(product.level()).isEqualTo(level);
          }
          f.check(e.apply(transform, a), expected);
          if (parameters.scale() * scale / parameters.modulusChain().get(level) > 0x1p24) {
            f.check(e.applyRescale(transform, a), expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void linearTransformsTakeComplexDiagonals(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      int d = 4;
      Map<Integer, double[]> real = Map.of(0, new double[] {0.1, 0.2, 0.3, 0.4});
      Map<Integer, double[]> imaginary = Map.of(3, new double[] {-0.1, 0.1, 0.2, -0.2});
      double[] x = {0.5, -0.5, 0.25, 1};
      double[] y = {0.5, 0.25, -1, 0};
      try (CkksLinearTransform transform =
              f.ckks.linearTransform(
                  Diagonals.of(d, real, imaginary), 2, parameters.maxLevel(), 0x1p20);
          CkksEvaluationKeys keys = f.secret.evaluationKeys(transform.keys());
          CkksPlaintext p = f.ckks.encodeComplex(x, y, f.ckks.encoding(1.5).withSlots(d));
          CkksCiphertext a = f.secret.encryptor().encrypt(p);
          CkksCiphertext result = f.ckks.evaluator(keys).apply(transform, a)) {
        assertThat(transform.babySteps()).isEqualTo(2);
        assertThat(transform.keys()).isEqualTo(KeyRequirements.rotations(1, 2));
        double[] re = new double[d];
        double[] im = new double[d];
        double bound = f.secret.decryptor().decryptComplex(result, re, im);
        for (int i = 0; i < d; i++) {
          int j = (i + 3) % d;
          double r = real.get(0)[i];
          double s = imaginary.get(3)[i];
          assertThat(Math.hypot(re[i] - (r * x[i] - s * y[j]), im[i] - (r * y[i] + s * x[j])))
              .isLessThanOrEqualTo(bound);
        }
        refused(ErrorCode.MISSING_KEY, () -> f.ckks.evaluator().apply(transform, a));
        try (CkksEvaluationKeys none = f.secret.evaluationKeys(KeyRequirements.none())) {
          refused(ErrorCode.MISSING_KEY, () -> f.ckks.evaluator(none).apply(transform, a));
        }
        CkksEncoding low = f.ckks.encoding(1).atLevel(0).withScale(0x1p20);
        try (CkksCiphertext bottom = f.key.encryptor().encrypt(x, low)) {
          refused(ErrorCode.DEPTH, () -> f.ckks.evaluator(keys).applyRescale(transform, bottom));
        }
      }
      Diagonals one = Diagonals.of(2, Map.of(1, new double[] {1, 1}));
      refused(ErrorCode.USAGE, () -> f.ckks.linearTransform(one, 3, 0, 1));
      refused(ErrorCode.DEPTH, () -> f.ckks.linearTransform(one, 99, 0x1p20));
      refused(ErrorCode.USAGE, () -> Diagonals.of(3, Map.of(0, new double[] {1, 1, 1})));
      refused(ErrorCode.USAGE, () -> Diagonals.of(2, Map.of(0, new double[] {0, 0})));
      refused(ErrorCode.USAGE, () -> Diagonals.of(2, Map.of(2, new double[] {1, 1})));
      refused(ErrorCode.USAGE, () -> Diagonals.ofMatrix(new double[][] {{1}, {1, 2}}));
      int wide = 2 * f.slots;
      Diagonals tooWide = Diagonals.of(wide, Map.of(0, ones(wide)));
      refused(ErrorCode.USAGE, () -> f.ckks.linearTransform(tooWide));
    }
  }

  private static double[] ones(int count) {
    double[] result = new double[count];
    Arrays.fill(result, 1);
    return result;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void fewerSlotsRepeatAndConstantsFill(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      double[] few = {0.5, -0.25, 0.125};
      CkksEncoding sparse = f.ckks.encoding(1).withSlots(4);
      f.check(f.key.encryptor().encrypt(few, sparse), i -> i % 4 < few.length ? few[i % 4] : 0);
      f.check(f.key.encryptor().encrypt(few, f.ckks.encoding(1)), i -> i < 3 ? few[i] : 0);
      try (CkksPlaintext p = f.ckks.encodeConstant(-0.75, f.ckks.encoding(1))) {
        f.check(f.key.encryptor().encrypt(p), i -> -0.75);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void packedFormsGiveTheSameBack(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      for (CkksCiphertext c : List.of(f.a, f.b)) {
        ByteBuffer packed = packed(c);
        try (CkksCiphertext loaded = f.ckks.loadCiphertext(packed)) {
          assertThat(packed.hasRemaining()).isFalse();
          assertThat(loaded.scale()).isEqualTo(c.scale());
          assertThat(loaded.messageBound()).isEqualTo(c.messageBound());
          assertThat(loaded.noiseBoundBits()).isEqualTo(c.noiseBoundBits());
          assertThat(f.secret.decryptor().decrypt(loaded))
              .isEqualTo(f.secret.decryptor().decrypt(c));
        }
      }
      if (!backend.name().equals("clear")) {
        int top = parameters.maxLevel();
        assertThat((long) f.a.packedBytes()).isEqualTo(f.ckks.packedCiphertextBytes(top, false));
        assertThat((long) f.b.packedBytes()).isEqualTo(f.ckks.packedCiphertextBytes(top, true));
        assertThat((long) f.key.packedBytes()).isEqualTo(parameters.publicKeyBytes());
        assertThat((long) f.keys.packedBytesOfEach()).isEqualTo(parameters.switchKeyBytes());
      }
      ByteBuffer whole = packed(f.a);
      ByteBuffer cut = whole.duplicate().limit(whole.limit() - 1);
      refused(ErrorCode.CORRUPT, () -> f.ckks.loadCiphertext(cut));

      ByteBuffer keyBytes = ByteBuffer.allocate(f.key.packedBytes());
      f.key.pack(keyBytes);
      try (CkksPublicKey key = f.ckks.loadPublicKey(keyBytes.flip())) {
        f.check(key.encryptor().encrypt(f.x, f.ckks.encoding(1)), i -> f.x[i]);
      }
      List<PackedSwitchKey> packedKeys =
          f.keys.contents().keys().stream()
              .map(
                  which -> {
                    ByteBuffer bytes = ByteBuffer.allocate(f.keys.packedBytesOfEach());
                    f.keys.pack(which, bytes);
                    return new PackedSwitchKey(which, bytes.flip());
                  })
              .toList();
      try (CkksEvaluationKeys keys = f.ckks.loadEvaluationKeys(packedKeys)) {
        assertThat(keys.contents()).isEqualTo(f.keys.contents());
        CkksEvaluator e = f.ckks.evaluator(keys);
        f.check(e.rotate(f.a, 5), i -> f.x[(i + 5) % f.slots]);
        f.check(e.multiplyRescale(f.a, f.b), i -> f.x[i] * f.y[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void seedsMakeKeys(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters);
        CkksSecretKey same = f.ckks.secretKey(TestSets.seed(1))) {
      assertThat(Arrays.copyOf(same.decryptor().decrypt(f.a), 8))
          .isEqualTo(Arrays.copyOf(f.secret.decryptor().decrypt(f.a), 8));
      refused(ErrorCode.USAGE, () -> f.ckks.secretKey(new byte[31]));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void mistakesAreRefusedBeforeTheyRun(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      CkksEvaluator e = f.evaluator;
      CkksEncoding encoding = f.ckks.encoding(1);
      refused(ErrorCode.OUT_OF_RANGE, () -> f.ckks.encode(new double[] {1.5}, encoding));
      refused(ErrorCode.OUT_OF_RANGE, () -> f.ckks.encode(new double[] {Double.NaN}, encoding));
      refused(ErrorCode.OUT_OF_RANGE, () -> f.ckks.encode(new double[f.slots + 1], encoding));
      refused(
          ErrorCode.OUT_OF_RANGE,
          () -> f.ckks.encode(new double[] {1}, encoding.withScale(0x1p119).withBound(0x1p300)));
      refused(ErrorCode.USAGE, () -> f.ckks.encode(new double[1], encoding.withSlots(3)));
      refused(ErrorCode.DEPTH, () -> f.ckks.encode(new double[1], encoding.atLevel(99)));
      refused(ErrorCode.MISSING_KEY, () -> e.rotate(f.a, 7));
      refused(ErrorCode.MISSING_KEY, () -> f.ckks.evaluator().multiply(f.a, f.b));
      refused(ErrorCode.USAGE, () -> e.sum(List.of()));
      refused(ErrorCode.USAGE, () -> e.innerProduct(List.of(f.a), List.of(f.a, f.b)));
      try (CkksCiphertext other =
              f.key.encryptor().encrypt(f.x, encoding.withScale(parameters.scale() / 2));
          CkksCiphertext square = e.squareWithoutRelinearization(f.a);
          CkksCiphertext bottom =
              f.key.encryptor().encrypt(f.x, encoding.atLevel(0).withScale(0x1p30))) {
        refused(ErrorCode.SCALE_MISMATCH, () -> e.add(f.a, other));
        refused(ErrorCode.DEPTH, () -> e.rescale(bottom));
        refused(ErrorCode.DEPTH, () -> e.dropToLevel(bottom, 1));
        refused(ErrorCode.USAGE, () -> e.rotate(square, 1));
        refused(ErrorCode.NOISE_BUDGET, () -> e.multiply(bottom, bottom));
      }
      CkksCiphertext closed = e.add(f.a, f.b);
      closed.close();
      closed.close();
      refused(ErrorCode.CLOSED, () -> e.add(closed, f.a));
      CkksParameters others =
          parameters.equals(TestSets.smallCkks()) ? TestSets.ckks().get(1) : TestSets.smallCkks();
      try (Fixture g = new Fixture(backend, others)) {
        refused(ErrorCode.PARAMETER_MISMATCH, () -> e.add(f.a, g.a));
        refused(ErrorCode.PARAMETER_MISMATCH, () -> f.ckks.evaluator(g.keys));
        refused(ErrorCode.PARAMETER_MISMATCH, () -> g.secret.decryptor().decrypt(f.a));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void releasedValuesAreFloodedWithinTheirBound(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      double scale =
          Math.scalb(1.0, (int) Math.min(80, parameters.logQ(parameters.maxLevel()) - 4));
      CkksEncoding encoding = f.ckks.encoding(1).withScale(scale);
      try (CkksCiphertext c = f.secret.encryptor().encrypt(f.x, encoding)) {
        ReleasePolicy policy = ReleasePolicy.of(1, 1e-1);
        CkksDecryptor decryptor = f.secret.decryptor();
        ReleasedValues released = decryptor.decryptForRelease(c, f.slots, policy);
        double squares = 0;
        for (int i = 0; i < f.slots; i++) {
          double error = released.values()[i] - f.x[i];
          assertThat(Math.abs(error)).isLessThan(released.errorBound());
          squares += error * error;
        }
        // What is seen is the flooding noise; so many slots estimate it to within a tenth.
        double deviation = Math.sqrt(squares / f.slots);
        double flooding = Flooding.of(c, policy).slotSigma();
        assertThat(deviation).isBetween(0.9 * flooding, 1.1 * flooding);
        assertThat(flooding).isGreaterThan(1000 * c.errorBound());
        assertThat(decryptor.decryptForRelease(c, 8, policy).values())
            .isNotEqualTo(Arrays.copyOf(released.values(), 8));
        refused(
            ErrorCode.NOISE_BUDGET,
            () -> decryptor.decryptForRelease(c, 8, ReleasePolicy.of(1, 1e-16)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void secretsShowNothing(Backend backend, CkksParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters);
        CkksPlaintext p = f.ckks.encode(f.x, f.ckks.encoding(1))) {
      assertThat(f.secret).hasToString("CkksSecretKey");
      assertThat(p).hasToString("CkksPlaintext");
      assertThat(Backends.all()).extracting(Backend::name).contains("clear");
    }
  }

  private static boolean roomForProduct(CkksParameters p) {
    return 2 * Math.log(p.scale()) / Math.log(2) + 4 < p.logQ(p.maxLevel());
  }

  private static ByteBuffer packed(CkksCiphertext c) {
    ByteBuffer out = ByteBuffer.allocate(c.packedBytes());
    c.pack(out);
    assertThat(out.hasRemaining()).isFalse();
    return out.flip();
  }

  static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
