package dev.veilsum.params;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.TestSets;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Solved parameters do what was asked, by the bounds of a real backend, and no smaller ring does.
 */
class ParameterSolverTest {
  @ParameterizedTest
  @CsvSource({"0, 1000, 1e-3", "1, 1000, 1e-3", "2, 1, 1e-4", "5, 16, 1e-3", "12, 1, 1e-3"})
  void realNumbersKeepTheirPrecision(int depth, long terms, double error) {
    CkksRequest request =
        CkksRequest.of(depth, 1, terms, error).withKeys(KeyRequirements.relinearization());
    Solution<CkksParameters> solution = ParameterSolver.solve(request);
    CkksParameters parameters = solution.parameters();
    assertThat(solution.reason()).contains(Integer.toString(parameters.ringDegree()));
    CkksContext ckks = CkksContext.create(parameters, Backends.byDefault());
    double[] ones = new double[parameters.slots()];
    Arrays.fill(ones, 1);
    try (CkksSecretKey secret = ckks.secretKey(TestSets.seed(1));
        CkksPublicKey key = secret.publicKey();
        CkksEvaluationKeys keys = secret.evaluationKeys(request.keys())) {
      var evaluator = ckks.evaluator(keys);
      CkksCiphertext c = key.encryptor().encrypt(ones, ckks.encoding(1));
      for (int i = 0; i < depth; i++) {
        c = evaluator.multiplyRescale(c, c);
      }
      CkksCiphertext total = evaluator.sum(Collections.nCopies((int) terms, c));
      assertThat(total.errorBound()).isLessThan(error);
      double value = secret.decryptor().decrypt(total)[0];
      assertThat(Math.abs(value - terms)).isLessThan(error);
    }
    smallerRingIsTooSmall(parameters);
  }

  @ParameterizedTest
  @CsvSource({"0, 1000, 127", "0, 1000000, 1000000000", "1, 1000, 1000", "3, 1, 30", "6, 1, 2"})
  void integersKeepTheirNoiseBudget(int depth, long terms, long bound) {
    java.math.BigInteger largest =
        java.math.BigInteger.valueOf(bound)
            .pow(1 << depth)
            .multiply(java.math.BigInteger.valueOf(terms));
    BfvRequest request =
        new BfvRequest(
            depth, largest, terms, KeyRequirements.relinearization(), SecurityLevel.DEFAULT);
    if (largest.bitLength() > 58) {
      assertThatThrownBy(() -> ParameterSolver.solve(request)).isInstanceOf(VeilsumException.class);
      return;
    }
    BfvParameters parameters = ParameterSolver.solve(request).parameters();
    assertThat(parameters.batches()).isTrue();
    BfvContext bfv = BfvContext.create(parameters, Backends.byDefault());
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(1));
        BfvPublicKey key = secret.publicKey();
        BfvEvaluationKeys keys = secret.evaluationKeys(request.keys())) {
      var evaluator = bfv.evaluator(keys);
      BfvCiphertext c =
          key.encryptor().encrypt(new long[] {-bound}, IntegerRange.of(-bound, bound));
      for (int i = 0; i < depth; i++) {
        c = evaluator.square(c);
      }
      // Doubling adds up as many terms as are asked for, in few steps.
      for (long k = 1; 2 * k <= terms; k *= 2) {
        c = evaluator.add(c, c);
      }
      long counted = Long.highestOneBit(terms);
      long expected = (long) Math.pow(-bound, 1 << depth) * counted;
      assertThat(secret.decryptor().decrypt(c)).startsWith(expected, 0);
    }
    smallerRingIsTooSmall(parameters);
  }

  private static void smallerRingIsTooSmall(RlweParameters p) {
    if (p.ringDegree() > 2048) {
      // The same numbers need at most three bits less in a ring of half the degree.
      double chain = p.logQ(p.maxLevel()) - 3.0 * p.modulusChain().size();
      double special = p.logQP() - p.logQ(p.maxLevel());
      assertThat(chain + special / p.specialPrimes().size())
          .isGreaterThan(p.security().maxLogQP(p.ringDegree() / 2));
    }
  }

  @Test
  void whatNoSetCanDoIsRefusedByName() {
    refused(
            ErrorCode.OUT_OF_RANGE,
            () -> ParameterSolver.solve(BfvRequest.dotOf(1_000_000, -1_000_000_000, 1_000_000_000)))
        .hasMessageContaining("1000000000000000000000000")
        .hasMessageContaining("60");
    refused(ErrorCode.DEPTH, () -> ParameterSolver.solve(CkksRequest.of(60, 1, 1, 1e20)))
        .hasMessageContaining("65536")
        .hasMessageContaining("1747");
    refused(ErrorCode.NOISE_BUDGET, () -> ParameterSolver.solve(CkksRequest.of(3, 1, 1, 1e-12)))
        .hasMessageContaining("46 bits");
  }

  @Test
  void securityAndKeysMakeParametersLarger() {
    BfvRequest sums = BfvRequest.sumOf(1000, -128, 127);
    BfvParameters small = ParameterSolver.solve(sums).parameters();
    assertThat(small.specialPrimes()).isEmpty();
    assertThat(small.ringDegree()).isLessThanOrEqualTo(4096);
    BfvParameters strong =
        ParameterSolver.solve(sums.withSecurity(SecurityLevel.CLASSICAL_256)).parameters();
    assertThat(strong.ringDegree()).isGreaterThan(small.ringDegree());
    BfvParameters keyed =
        ParameterSolver.solve(sums.withKeys(KeyRequirements.rotations(1))).parameters();
    assertThat(keyed.specialPrimes()).isNotEmpty();
    assertThat(List.of(keyed.ringDegree(), strong.ringDegree()))
        .allMatch(n -> n >= small.ringDegree());
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
