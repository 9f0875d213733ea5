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
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.Presets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The approximate maximum stays within the bound that comes with it. */
@Tag("exact")
class ApproximateMaxTest {
  private static final CkksParameters DEEP = Presets.CKKS_32768_DEEP.parameters();

  @ParameterizedTest
  @EnumSource
  void withinItsBoundInTheClear(SignComposite sign) {
    double errorBound = check(new ClearBackend(), DEEP, new ApproximateMax(sign, 2));
    assertThat(errorBound).isCloseTo(sign.error(), within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"1, OF_15_15", "3, OF_7_7", "4, OF_15_15", "4, OF_7_7"})
  void tournamentsInTheClear(int ciphertexts, SignComposite sign) {
    check(new ClearBackend(), DEEP, new ApproximateMax(sign, ciphertexts));
  }

  @Test
  void withinItsBoundWhereEncrypted() {
    double errorBound =
        check(
            Backends.byDefault(),
            Presets.CKKS_16384.parameters(),
            new ApproximateMax(SignComposite.OF_7_7, 2));
    assertThat(errorBound).isLessThan(Math.pow(2, -6.9));
  }

  @ParameterizedTest
  @CsvSource({"OF_15_15, 3, -7.9", "OF_7_15_31, 2, -12"})
  void deepWhereEncrypted(SignComposite sign, int ciphertexts, double log2Error) {
    double errorBound = check(Backends.byDefault(), DEEP, new ApproximateMax(sign, ciphertexts));
    assertThat(errorBound).isLessThan(Math.pow(2, log2Error));
  }

  /** Runs it; returns the bound, which holds in every slot. */
  private static double check(Backend backend, CkksParameters parameters, ApproximateMax circuit) {
    CkksContext ckks = CkksContext.create(parameters, backend);
    double[][] values = values(circuit.ciphertexts(), parameters.slots());
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(41));
        CkksEvaluationKeys keys = secret.evaluationKeys(circuit.keys())) {
      List<CkksCiphertext> terms = new ArrayList<>();
      for (double[] v : values) {
        terms.add(secret.encryptor().encrypt(v, ckks.encoding(1)));
      }
      try (ApproximateMax.Bounded found = circuit.apply(ckks.evaluator(keys), terms)) {
        double[] slots = secret.decryptor().decrypt(found.ciphertext());
        double worst = 0;
        for (int s = 0; s < slots.length; s++) {
          double largest = 0;
          for (double[] v : values) {
            largest = Math.max(largest, v[s]);
          }
          worst = Math.max(worst, Math.abs(slots[s] - largest));
        }
        assertThat(worst).isLessThan(found.errorBound() + 1e-9);
        assertThat(worst).isGreaterThan(circuit.rounds() > 0 ? circuit.sign().error() / 3 : -1);
        assertThat(terms.get(0).level() - found.ciphertext().level()).isEqualTo(circuit.depth());
        if (!backend.name().equals("clear")) { // which has no noise to state
          assertThat(found.ciphertext().errorBound()).isGreaterThan(found.errorBound() * 0.999);
        }
        return found.errorBound();
      } finally {
        terms.forEach(CkksCiphertext::close);
      }
    }
  }

  /** Ends, ties, differences of every size, and random numbers. */
  private static double[][] values(int count, int slots) {
    Random random = new Random(5);
    double[][] values = new double[count][slots];
    for (int s = 0; s < slots; s++) {
      double base = random.nextDouble();
      for (int i = 0; i < count; i++) {
        double difference = i * Math.pow(2, -20 * random.nextDouble());
        values[i][s] =
            switch (s % 4) {
              case 0 -> (s / 4 + i) % 3 / 2.0;
              case 1 -> base;
              case 2 ->
                  Math.min(1, Math.max(0, s % 8 == 2 ? base + difference : base - difference));
              default -> random.nextDouble();
            };
      }
    }
    return values;
  }

  @Test
  void whatDoesNotFitIsRefused() {
    CkksParameters parameters = Presets.CKKS_8192.parameters();
    CkksContext ckks = CkksContext.create(parameters, new ClearBackend());
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(42));
        CkksEvaluationKeys keys =
            secret.evaluationKeys(new ApproximateMax(SignComposite.OF_7_7, 2).keys());
        CkksCiphertext one = secret.encryptor().encrypt(new double[] {1}, ckks.encoding(1));
        CkksCiphertext two = secret.encryptor().encrypt(new double[] {2}, ckks.encoding(2))) {
      refused(ckks, keys, 2, List.of(one, one), ErrorCode.DEPTH, "takes 7 levels (1 rounds of 7)");
      refused(ckks, keys, 5, List.of(one, one, one, one, one), ErrorCode.DEPTH, "takes 21 levels");
      refused(ckks, keys, 2, List.of(one, two), ErrorCode.OUT_OF_RANGE, "values up to 2");
      refused(ckks, keys, 3, List.of(one, one), ErrorCode.USAGE, "3 ciphertexts are declared");
    }
  }

  private static void refused(
      CkksContext ckks,
      CkksEvaluationKeys keys,
      int ciphertexts,
      List<CkksCiphertext> terms,
      ErrorCode code,
      String message) {
    ApproximateMax circuit = new ApproximateMax(SignComposite.OF_7_7, ciphertexts);
    assertThatThrownBy(() -> circuit.apply(ckks.evaluator(keys), terms))
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 8, 15, 16, 31, 40})
  void chebyshevSumsOfEveryDegree(int degree) {
    double[] c = new Random(degree).doubles(degree + 1, -0.5, 0.5).toArray();
    ChebyshevEvaluation p = new ChebyshevEvaluation(java.util.Arrays.stream(c).boxed().toList(), 1);
    CkksParameters parameters = Presets.CKKS_16384.parameters();
    CkksContext ckks = CkksContext.create(parameters, new ClearBackend());
    double[] x = new Random(9).doubles(100, -1, 1).toArray();
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(43));
        CkksEvaluationKeys keys = secret.evaluationKeys(p.keys());
        CkksCiphertext v = secret.encryptor().encrypt(x, ckks.encoding(1));
        CkksCiphertext result = p.apply(ckks.evaluator(keys), v)) {
      double[] slots = secret.decryptor().decrypt(result);
      assertThat(v.level() - result.level()).isEqualTo(p.depth());
      for (int i = 0; i < x.length; i++) {
        double expected = 0;
        for (int n = 0; n <= degree; n++) {
          expected += c[n] * Math.cos(n * Math.acos(x[i]));
        }
        assertThat(slots[i]).isCloseTo(expected, within(1e-9));
      }
    }
  }
}
