package dev.veilsum.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.TestSets;
import dev.veilsum.backend.clear.ClearBackend;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEncoding;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.Presets;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every circuit on every backend, against plain arithmetic; it holds exactly the keys it reports.
 */
@Tag("exact")
class CircuitTest {
  private static final CkksParameters REAL = Presets.CKKS_8192.parameters();
  private static final BfvParameters INTEGER = Presets.TABLE_INTEGER.parameters();

  static List<Backend> backends() {
    return Backends.all();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void statisticsOfRealColumns(Backend backend) {
    TestSets.assumePresent(backend);
    int count = 2 * REAL.slots() - 100; // the second vector is not full
    double[] v = new Random(1).doubles(count, -1, 1).toArray();
    double[] w = new Random(2).doubles(count, -1, 1).toArray();
    double sum = Arrays.stream(v).sum();
    double dot = IntStream.range(0, count).mapToDouble(i -> v[i] * w[i]).sum();
    double squares = Arrays.stream(v).map(x -> x * x).sum();
    double mean = sum / count;
    double variance = squares / count - mean * mean;

    Sum total = Sum.of(REAL);
    check(backend, total, sum, 1e-3, (a, columns) -> total.apply(a, columns.get(0)), v);
    InnerProduct product = InnerProduct.of(REAL);
    check(
        backend,
        product,
        dot,
        1e-2,
        (a, columns) -> product.apply(a, columns.get(0), columns.get(1)),
        v,
        w);
    Mean average = Mean.of(REAL, count);
    check(backend, average, mean, 1e-6, (a, columns) -> average.apply(a, columns.get(0)), v);
    Variance population = Variance.ofPopulation(REAL, count);
    check(
        backend,
        population,
        variance,
        1e-6,
        (a, columns) -> population.apply(a, columns.get(0)),
        v);
    Variance sample = Variance.ofSample(REAL, count);
    check(
        backend,
        sample,
        variance * count / (count - 1),
        1e-6,
        (a, columns) -> sample.apply(a, columns.get(0)),
        v);
  }

  /** Runs a circuit with exactly the keys it reports; every slot must be the expected number. */
  private static void check(
      Backend backend,
      Circuit circuit,
      double expected,
      double tolerance,
      BiFunction<CkksArithmetic, List<List<CkksCiphertext>>, CkksCiphertext> run,
      double[]... columns) {
    CkksContext ckks = CkksContext.create(REAL, backend);
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(4));
        CkksEvaluationKeys keys = secret.evaluationKeys(circuit.keys())) {
      List<List<CkksCiphertext>> encrypted = new ArrayList<>();
      for (double[] column : columns) {
        List<CkksCiphertext> chunks = new ArrayList<>();
        for (int i = 0; i < column.length; i += REAL.slots()) {
          double[] chunk = Arrays.copyOfRange(column, i, Math.min(i + REAL.slots(), column.length));
          chunks.add(secret.encryptor().encrypt(chunk, ckks.encoding(1)));
        }
        encrypted.add(chunks);
      }
      try (CkksCiphertext result = run.apply(new CkksArithmetic(ckks.evaluator(keys)), encrypted)) {
        double[] slots = secret.decryptor().decrypt(result);
        for (double slot : slots) {
          assertThat(slot).isCloseTo(expected, within(tolerance));
        }
        assertThat(REAL.maxLevel() - result.level()).isEqualTo(circuit.depth());
      }
      encrypted.forEach(column -> column.forEach(CkksCiphertext::close));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void totalsOfIntegerColumnsAreExact(Backend backend) {
    TestSets.assumePresent(backend);
    BfvContext bfv = BfvContext.create(INTEGER, backend);
    int n = INTEGER.slots();
    IntegerRange range = IntegerRange.of(-1000, 1_000_000);
    long[] v = new Random(3).longs(n, -1000, 1_000_001).toArray();
    long[] w = new Random(4).longs(n - 7, -1000, 1_000_001).toArray();
    Sum total = Sum.of(INTEGER);
    InnerProduct product = InnerProduct.of(INTEGER);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(5));
        BfvEvaluationKeys keys = secret.evaluationKeys(total.keys().union(product.keys()));
        BfvCiphertext a = secret.encryptor().encrypt(v, range);
        BfvCiphertext b = secret.encryptor().encrypt(w, range)) {
      BfvArithmetic arithmetic = new BfvArithmetic(bfv.evaluator(keys));
      long sum = Arrays.stream(v).sum() + Arrays.stream(w).sum();
      long dot = IntStream.range(0, w.length).mapToLong(i -> v[i] * w[i]).sum();
      try (BfvCiphertext s = total.apply(arithmetic, List.of(a, b));
          BfvCiphertext d = product.apply(arithmetic, List.of(a), List.of(b))) {
        assertThat(secret.decryptor().decrypt(s)).containsOnly(sum);
        assertThat(secret.decryptor().decrypt(d)).containsOnly(dot);
        assertThat(s.range()).contains(range.times(2L * n));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void polynomialsOfRealNumbers(Backend backend) {
    TestSets.assumePresent(backend);
    // Degree 7 takes the 3 levels of ckks-8192; a sparse one, and one that is a power.
    checkPolynomial(backend, REAL, List.of(0.5, -1.0, 0.25, 0.75, -0.5, 0.125, 0.3, -0.2));
    checkPolynomial(backend, REAL, List.of(0.0, 0.9, 0.0, -0.4, 0.0, 0.3));
    checkPolynomial(backend, REAL, List.of(0.0, 0.0, 0.0, 0.0, 1.0));
    checkPolynomial(backend, REAL, List.of(0.1, 2.0));
    checkPolynomial(backend, REAL, List.of(0.0, 0.0, 1.0));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aPolynomialOfDegree63TakesSixLevels(Backend backend) {
    TestSets.assumePresent(backend);
    Random random = new Random(63);
    List<Double> coefficients = random.doubles(64, -0.1, 0.1).boxed().toList();
    checkPolynomial(
        backend, TestSets.fitting(backend, Presets.CKKS_16384.parameters()), coefficients);
  }

  private static void checkPolynomial(
      Backend backend, CkksParameters parameters, List<Double> coefficients) {
    PolynomialEvaluation<Double> p = new PolynomialEvaluation<>(coefficients);
    CkksContext ckks = CkksContext.create(parameters, backend);
    double[] x = new Random(9).doubles(parameters.slots(), -1, 1).toArray();
    CkksEncoding encoding = ckks.encoding(1);
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(6));
        CkksEvaluationKeys keys = secret.evaluationKeys(p.keys());
        CkksCiphertext c = secret.encryptor().encrypt(x, encoding);
        CkksCiphertext result = p.apply(new CkksArithmetic(ckks.evaluator(keys)), c)) {
      assertThat(c.level() - result.level()).isEqualTo(p.depth());
      assertThat(result.scale() / c.scale()).isCloseTo(1, within(0x1p-40));
      double[] values = secret.decryptor().decrypt(result);
      for (int i = 0; i < x.length; i++) {
        double expected = 0;
        for (int k = coefficients.size() - 1; k >= 0; k--) {
          expected = expected * x[i] + coefficients.get(k);
        }
        assertThat(values[i]).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void polynomialsModuloT(Backend backend) {
    TestSets.assumePresent(backend);
    BfvParameters parameters = Presets.BFV_8192.parameters();
    BfvContext bfv = BfvContext.create(parameters, backend);
    List<Long> coefficients = List.of(7L, -3L, 0L, 5L, 1L, 0L, 2L);
    PolynomialEvaluation<Long> p = new PolynomialEvaluation<>(coefficients);
    BigInteger t = BigInteger.valueOf(parameters.plainModulus());
    long[] x = new Random(8).longs(parameters.slots(), -32768, 32769).toArray();
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(7));
        BfvEvaluationKeys keys = secret.evaluationKeys(p.keys());
        var plain = bfv.encodeModular(x);
        BfvCiphertext c = secret.encryptor().encrypt(plain);
        BfvCiphertext result = p.apply(new BfvArithmetic(bfv.evaluator(keys)), c)) {
      long[] values = secret.decryptor().decrypt(result);
      for (int i = 0; i < x.length; i++) {
        BigInteger expected = BigInteger.ZERO;
        for (int k = coefficients.size() - 1; k >= 0; k--) {
          expected =
              expected
                  .multiply(BigInteger.valueOf(x[i]))
                  .add(BigInteger.valueOf(coefficients.get(k)));
        }
        assertThat(BigInteger.valueOf(values[i]).mod(t)).isEqualTo(expected.mod(t));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 100, 127})
  void everyDegreeTakesTheLeastDepth(int degree) {
    List<Double> coefficients = new Random(degree).doubles(degree + 1, 0.01, 0.02).boxed().toList();
    PolynomialEvaluation<Double> p = new PolynomialEvaluation<>(coefficients);
    assertThat(p.depth()).isEqualTo((int) Math.ceil(Math.log(degree + 1) / Math.log(2)));
    checkPolynomial(new ClearBackend(), Presets.CKKS_16384.parameters(), coefficients);
  }

  @Test
  void tooFewLevelsAreRefusedWithTheNumbers() {
    CkksContext ckks = CkksContext.create(REAL, new ClearBackend());
    PolynomialEvaluation<Double> p =
        new PolynomialEvaluation<>(new Random(1).doubles(9).boxed().toList());
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(6));
        CkksEvaluationKeys keys = secret.evaluationKeys(p.keys());
        CkksCiphertext c = secret.encryptor().encrypt(new double[] {1}, ckks.encoding(1))) {
      assertThatThrownBy(() -> p.apply(new CkksArithmetic(ckks.evaluator(keys)), c))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPTH))
          .hasMessageContaining("takes 4 levels")
          .hasMessageContaining("3 left");
    }
  }
}
