package dev.veilsum.bfv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.SchemeBackend.PackedSwitchKey;
import dev.veilsum.backend.TestSets;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend's BFV does, over a table of parameter sets, against big integers. */
@Tag("exact")
class BfvContractTest {
  private static final String ALL = "dev.veilsum.backend.TestSets#bfvOnBackends";

  /** Keys and two vectors on one backend with one set: full residues, and a small range. */
  private static final class Fixture implements AutoCloseable {
    final BfvContext bfv;
    final BfvSecretKey secret;
    final BfvPublicKey key;
    final BfvEvaluationKeys keys;
    final BfvEvaluator evaluator;
    final int slots;
    final BigInteger t;
    final long[] x;
    final long[] y;
    final BfvCiphertext a;
    final BfvCiphertext b;

    Fixture(Backend backend, BfvParameters parameters) {
      TestSets.assumePresent(backend);
      bfv = BfvContext.create(parameters, backend);
      secret = bfv.secretKey(TestSets.seed(2));
      key = secret.publicKey();
      keys =
          secret.evaluationKeys(
              KeyRequirements.rotations(1, -2, 5)
                  .with(SwitchKey.RELINEARIZATION)
                  .with(SwitchKey.CONJUGATION));
      evaluator = bfv.evaluator(keys);
      slots = parameters.slots();
      t = BigInteger.valueOf(parameters.plainModulus());
      Random random = new Random(parameters.ringDegree());
      long end = parameters.maxValue() + 1;
      x = random.longs(slots, parameters.minValue(), end).toArray();
      y = random.longs(slots, parameters.minValue(), end).toArray();
      x[0] = parameters.minValue();
      x[1] = parameters.maxValue();
      a = encrypted(key.encryptor(), x);
      b = encrypted(secret.encryptor(), y);
    }

    private BfvCiphertext encrypted(BfvEncryptor encryptor, long[] values) {
      try (BfvPlaintext p = bfv.encodeModular(values)) {
        return encryptor.encrypt(p);
      }
    }

    BigInteger x(int i) {
      return BigInteger.valueOf(x[i]);
    }

    BigInteger y(int i) {
      return BigInteger.valueOf(y[i]);
    }

    /** Decrypts, closes, and compares all slots modulo t. */
    void check(BfvCiphertext c, IntFunction<BigInteger> expected) {
      try (c) {
        long[] values = secret.decryptor().decrypt(c);
        long min = bfv.parameters().minValue();
        long max = bfv.parameters().maxValue();
        for (int i = 0; i < slots; i++) {
          assertThat(values[i]).isBetween(min, max);
          assertThat(BigInteger.valueOf(values[i]).mod(t)).isEqualTo(expected.apply(i).mod(t));
        }
      }
    }

    @Override
    public void close() {
      a.close();
      b.close();
      keys.close();
      key.close();
      secret.close();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void additionsAndProductsAreSlotwiseModuloT(Backend backend, BfvParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      BfvEvaluator e = f.evaluator;
      f.check(e.add(f.a, f.b), i -> f.x(i).add(f.y(i)));
      f.check(e.subtract(f.a, f.b), i -> f.x(i).subtract(f.y(i)));
      f.check(e.negate(f.a), i -> f.x(i).negate());
      f.check(e.add(f.a, -7), i -> f.x(i).subtract(BigInteger.valueOf(7)));
      f.check(e.multiply(f.a, -3), i -> f.x(i).multiply(BigInteger.valueOf(-3)));
      f.check(e.sum(List.of(f.a, f.b, f.a)), i -> f.x(i).shiftLeft(1).add(f.y(i)));
      try (BfvPlaintext p = f.bfv.encodeModular(f.y)) {
        f.check(e.add(f.a, p), i -> f.x(i).add(f.y(i)));
        f.check(e.subtract(f.a, p), i -> f.x(i).subtract(f.y(i)));
        f.check(e.multiply(f.a, p), i -> f.x(i).multiply(f.y(i)));
        f.check(
            e.innerProductPlain(List.of(f.a, f.b), List.of(p, p)),
            i -> f.x(i).add(f.y(i)).multiply(f.y(i)));
      }
      f.check(e.multiply(f.a, f.b), i -> f.x(i).multiply(f.y(i)));
      f.check(e.square(f.a), i -> f.x(i).pow(2));
      f.check(e.multiplyWithoutRelinearization(f.a, f.b), i -> f.x(i).multiply(f.y(i)));
      f.check(
          e.innerProduct(List.of(f.a, f.b), List.of(f.b, f.b)),
          i -> f.x(i).add(f.y(i)).multiply(f.y(i)));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rotationsAndRowSwap(Backend backend, BfvParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      BfvEvaluator e = f.evaluator;
      int row = f.slots / 2;
      f.check(e.rotateRows(f.a, 1), i -> f.x(i / row * row + (i + 1) % row));
      f.check(e.rotateRows(f.a, -2), i -> f.x(i / row * row + (i + row - 2) % row));
      f.check(e.swapRows(f.a), i -> f.x((i + row) % f.slots));
      List<BfvCiphertext> many = e.rotateRowsMany(f.a, 5, 0);
      f.check(many.get(0), i -> f.x(i / row * row + (i + 5) % row));
      f.check(many.get(1), f::x);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void levelsKeepTheMessage(Backend backend, BfvParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      BfvEvaluator e = f.evaluator;
      int low = parameters.maxLevel() - 1;
      f.check(e.switchToLevel(f.a, low), f::x);
      try (BfvCiphertext switched = e.switchToLevel(f.a, low);
          BfvPlaintext p = f.bfv.encodeModular(f.y)) {
        assertThat(switched.level()).isEqualTo(low);
        assertThat(switched.packedBytes()).isLessThanOrEqualTo(f.a.packedBytes());
        f.check(e.add(switched, f.b), i -> f.x(i).add(f.y(i)));
        f.check(f.key.encryptor().encrypt(p, low), f::y);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void rangesFollowTheIntegersAndWhatCouldWrapIsRefused(Backend backend, BfvParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      BfvEvaluator e = f.evaluator;
      long third = parameters.maxValue() / 3;
      IntegerRange range = IntegerRange.of(-third, third);
      try (BfvCiphertext c = f.key.encryptor().encrypt(new long[] {third, -third}, range);
          BfvCiphertext two = e.add(c, c);
          BfvCiphertext three = e.sum(List.of(c, c, c))) {
        assertThat(two.range()).contains(IntegerRange.of(-2 * third, 2 * third));
        assertThat(f.secret.decryptor().decrypt(three)).startsWith(3 * third, -3 * third, 0);
        refused(ErrorCode.OUT_OF_RANGE, () -> e.sum(List.of(c, c, c, c)));
        refused(ErrorCode.OUT_OF_RANGE, () -> e.add(three, c));
        refused(ErrorCode.OUT_OF_RANGE, () -> e.multiply(c, c));
        refused(ErrorCode.OUT_OF_RANGE, () -> e.multiply(two, 2));
        assertThat(e.add(c, f.a).range()).isEmpty();
        ByteBuffer packed = packed(three);
        try (BfvCiphertext loaded = f.bfv.loadCiphertext(packed)) {
          assertThat(loaded.range()).isEqualTo(three.range());
        }
      }
      refused(ErrorCode.OUT_OF_RANGE, () -> f.bfv.encode(new long[] {3}, IntegerRange.of(0, 2)));
      refused(
          ErrorCode.OUT_OF_RANGE,
          () -> f.bfv.encode(new long[] {3}, IntegerRange.of(0, parameters.maxValue() + 1)));
      try (BfvPlaintext few = f.bfv.encode(new long[] {3}, IntegerRange.of(3, 4))) {
        assertThat(few.range()).contains(IntegerRange.of(0, 4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void packedFormsGiveTheSameBack(Backend backend, BfvParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      for (BfvCiphertext c : List.of(f.a, f.b)) {
        ByteBuffer packed = packed(c);
        try (BfvCiphertext loaded = f.bfv.loadCiphertext(packed)) {
          assertThat(packed.hasRemaining()).isFalse();
          assertThat(loaded.noiseBoundBits()).isEqualTo(c.noiseBoundBits());
          assertThat(loaded.range()).isEmpty();
          assertThat(f.secret.decryptor().decrypt(loaded)).isEqualTo(c == f.a ? f.x : f.y);
        }
      }
      if (!backend.name().equals("clear")) {
        int top = parameters.maxLevel();
        assertThat((long) f.a.packedBytes()).isEqualTo(f.bfv.packedCiphertextBytes(top, false));
        assertThat((long) f.b.packedBytes()).isEqualTo(f.bfv.packedCiphertextBytes(top, true));
        assertThat((long) f.key.packedBytes()).isEqualTo(parameters.publicKeyBytes());
        assertThat((long) f.keys.packedBytesOfEach()).isEqualTo(parameters.switchKeyBytes());
      }
      ByteBuffer whole = packed(f.a);
      refused(
          ErrorCode.CORRUPT,
          () -> f.bfv.loadCiphertext(whole.duplicate().limit(whole.limit() - 1)));
      ByteBuffer keyBytes = ByteBuffer.allocate(f.key.packedBytes());
      f.key.pack(keyBytes);
      try (BfvPublicKey key = f.bfv.loadPublicKey(keyBytes.flip());
          BfvPlaintext p = f.bfv.encodeModular(f.y)) {
        f.check(key.encryptor().encrypt(p), f::y);
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
      try (BfvEvaluationKeys keys = f.bfv.loadEvaluationKeys(packedKeys)) {
        BfvEvaluator e = f.bfv.evaluator(keys);
        f.check(e.swapRows(f.a), i -> f.x((i + f.slots / 2) % f.slots));
        f.check(e.multiply(f.a, f.b), i -> f.x(i).multiply(f.y(i)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void mistakesAreRefusedBeforeTheyRun(Backend backend, BfvParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      BfvEvaluator e = f.evaluator;
      refused(ErrorCode.OUT_OF_RANGE, () -> f.bfv.encodeModular(new long[f.slots + 1]));
      refused(ErrorCode.MISSING_KEY, () -> f.bfv.evaluator().multiply(f.a, f.b));
      refused(ErrorCode.MISSING_KEY, () -> f.bfv.evaluator().rotateRows(f.a, 1));
      refused(ErrorCode.USAGE, () -> e.sum(List.of()));
      refused(ErrorCode.USAGE, () -> e.innerProduct(List.of(f.a), List.of()));
      refused(ErrorCode.DEPTH, () -> e.switchToLevel(f.a, parameters.maxLevel() + 1));
      refused(ErrorCode.USAGE, () -> f.bfv.secretKey(new byte[33]));
      try (BfvCiphertext square = e.squareWithoutRelinearization(f.a)) {
        assertThat(square.degree()).isEqualTo(2);
        refused(ErrorCode.USAGE, () -> e.rotateRows(square, 1));
        f.check(e.relinearize(square), i -> f.x(i).pow(2));
      }
      BfvCiphertext closed = e.add(f.a, f.b);
      closed.close();
      closed.close();
      refused(ErrorCode.CLOSED, () -> e.add(closed, f.a));
      BfvParameters others =
          parameters.equals(TestSets.smallBfv()) ? TestSets.bfv().get(2) : TestSets.smallBfv();
      try (Fixture g = new Fixture(backend, others)) {
        refused(ErrorCode.PARAMETER_MISMATCH, () -> e.add(f.a, g.a));
        refused(ErrorCode.PARAMETER_MISMATCH, () -> f.bfv.evaluator(g.keys));
        refused(ErrorCode.PARAMETER_MISMATCH, () -> g.secret.decryptor().decrypt(f.a));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void squaringRunsUntilTheBudgetIsGoneAndIsRightUntilThen(
      Backend backend, BfvParameters parameters) {
    if (backend.name().equals("clear")) {
      return; // no noise, no budget to run out of
    }
    try (Fixture f = new Fixture(backend, parameters)) {
      long[] expected = f.x.clone();
      BfvCiphertext c = f.evaluator.add(f.a, 0);
      int squarings = 0;
      while (true) {
        try {
          BfvCiphertext next = f.evaluator.square(c);
          c.close();
          c = next;
        } catch (VeilsumException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.NOISE_BUDGET);
          break;
        }
        squarings++;
        for (int i = 0; i < expected.length; i++) {
          expected[i] = BigInteger.valueOf(expected[i]).pow(2).mod(f.t).longValueExact();
        }
        long[] values = f.secret.decryptor().decrypt(c);
        for (int i = 0; i < expected.length; i += 97) {
          assertThat(BigInteger.valueOf(values[i]).mod(f.t).longValueExact())
              .isEqualTo(expected[i]);
        }
        assertThat(c.noiseBudgetBits()).isGreaterThanOrEqualTo(0);
      }
      c.close();
      assertThat(squarings).isGreaterThanOrEqualTo(1);
    }
  }

  static List<Backend> backends() {
    return Backends.all();
  }

  /** One computation with operands and products of both schemes, files in between. */
  @Test
  void bfvAndBgvComputeOnEachOthersCiphertexts() {
    for (BfvParameters parameters : TestSets.bgv()) {
      BfvContext bgv = BfvContext.create(parameters, Backends.byDefault(), IntegerScheme.BGV);
      assertThat(bgv.scheme()).isEqualTo(IntegerScheme.BGV);
      try (Fixture f = new Fixture(Backends.byDefault(), parameters);
          BfvSecretKey secret = bgv.secretKey(TestSets.seed(2));
          BfvEvaluationKeys keys = secret.evaluationKeys(KeyRequirements.relinearization());
          BfvCiphertext a = bgv.loadCiphertext(packed(f.a));
          BfvCiphertext b = bgv.adopt(f.b)) {
        assertThat(f.bfv.scheme()).isEqualTo(IntegerScheme.BFV);
        assertThat(b.noiseBoundBits()).isEqualTo(f.b.noiseBoundBits());
        assertThat(b.packedBytes()).isEqualTo(f.b.packedBytes()); // half: its seed is kept
        assertThat(packed(b)).isEqualTo(packed(f.b));
        assertThat(packed(a)).isEqualTo(packed(f.a));
        try (BfvCiphertext product = bgv.evaluator(keys).multiply(a, b);
            BfvCiphertext back = f.bfv.adopt(product);
            BfvCiphertext loaded = f.bfv.loadCiphertext(packed(product))) {
          assertThat(product.level()).isLessThan(a.level());
          f.check(f.evaluator.add(back, f.a), i -> f.x(i).multiply(f.y(i)).add(f.x(i)));
          f.check(f.evaluator.add(loaded, 0), i -> f.x(i).multiply(f.y(i)));
          refused(ErrorCode.PARAMETER_MISMATCH, () -> f.evaluator.add(product, f.a));
        }
        refused(ErrorCode.UNSUPPORTED, bgv::residues);
        BfvParameters others = TestSets.smallBfv();
        BfvContext other = BfvContext.create(others, Backends.byDefault(), IntegerScheme.BGV);
        refused(ErrorCode.PARAMETER_MISMATCH, () -> other.adopt(f.a));
      }
    }
    Backend seal = Backends.named("seal");
    if (seal.absence().isEmpty()) {
      refused(
          ErrorCode.UNSUPPORTED,
          () -> BfvContext.create(TestSets.smallBfv(), seal, IntegerScheme.BGV));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void coefficientsWorkForEveryPlainModulus(Backend backend) {
    TestSets.assumePresent(backend);
    for (BfvParameters parameters : List.of(TestSets.powerOfTwoBfv(), TestSets.smallBfv())) {
      BfvContext bfv = BfvContext.create(parameters, backend);
      int n = parameters.ringDegree();
      long[] x = {3, -1, 4};
      long[] y = new long[n];
      y[n - 1] = 2; // 2 X^(N-1)
      try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(3));
          BfvEvaluationKeys keys = secret.evaluationKeys(KeyRequirements.relinearization());
          BfvPlaintext px = bfv.encodeCoefficients(x);
          BfvPlaintext py = bfv.encodeCoefficients(y);
          BfvCiphertext a = secret.encryptor().encrypt(px);
          BfvCiphertext b = secret.encryptor().encrypt(py);
          BfvCiphertext product = bfv.evaluator(keys).multiply(a, b);
          BfvCiphertext plain = bfv.evaluator().multiply(a, py)) {
        // (3 - X + 4 X^2) 2 X^(N-1) = 2 - 8 X + 6 X^(N-1) modulo X^N + 1.
        for (BfvCiphertext c : List.of(product, plain)) {
          long[] coefficients = secret.decryptor().decryptCoefficients(c);
          assertThat(coefficients).startsWith(2, -8, 0).endsWith(0, 6);
          assertThat(java.util.Arrays.stream(coefficients).filter(v -> v != 0).count())
              .isEqualTo(3);
        }
      }
      if (!parameters.batches()) {
        refused(ErrorCode.UNSUPPORTED, () -> bfv.encode(x, IntegerRange.of(-5, 5)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void exactResultsAreReleasedWithAMargin(Backend backend, BfvParameters parameters) {
    try (Fixture f = new Fixture(backend, parameters)) {
      assertThat(f.secret.decryptor().decryptForRelease(f.a, 4)).startsWith(f.x[0], f.x[1]);
    }
  }

  @Test
  void rangesAreIntervals() {
    IntegerRange r = IntegerRange.of(-3, 5);
    assertThat(r.plus(IntegerRange.of(1, 2))).isEqualTo(IntegerRange.of(-2, 7));
    assertThat(r.minus(r)).isEqualTo(IntegerRange.of(-8, 8));
    assertThat(r.times(IntegerRange.of(-2, 4))).isEqualTo(IntegerRange.of(-12, 20));
    assertThat(r.squared()).isEqualTo(IntegerRange.of(0, 25));
    assertThat(IntegerRange.of(-5, -2).squared()).isEqualTo(IntegerRange.of(4, 25));
    assertThat(r.times(-1)).isEqualTo(r.negated()).isEqualTo(IntegerRange.of(-5, 3));
    assertThat(IntegerRange.of(3, 4).withZero()).isEqualTo(IntegerRange.of(0, 4));
    refused(ErrorCode.USAGE, () -> IntegerRange.of(1, 0));
  }

  private static ByteBuffer packed(BfvCiphertext c) {
    ByteBuffer out = ByteBuffer.allocate(c.packedBytes());
    c.pack(out);
    assertThat(out.hasRemaining()).isFalse();
    return out.flip();
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
