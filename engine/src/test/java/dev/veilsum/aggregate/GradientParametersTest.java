package dev.veilsum.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientParametersTest {
  private static GradientParameters unit(int bits, long clients) {
    return new GradientRequest(bits, clients).unitWeights().solve();
  }

  @Test
  void uploadsAreAsSmallAsTheyShouldBe() {
    assertThat(unit(8, 1 << 10).bytesPerNumber()).isLessThanOrEqualTo(2.6);
    assertThat(unit(16, 1 << 10).bytesPerNumber()).isLessThanOrEqualTo(3.8);
    assertThat(GradientParameters.solve(8, 1 << 10, SecurityLevel.DEFAULT).bytesPerNumber())
        .isLessThanOrEqualTo(2.7);
    // Two polynomials of a public key with 40 bits of flooding over its own noise.
    GradientParameters pair =
        new GradientRequest(8, 1 << 10).noiseBits(60).ringDegree(8192).solve();
    assertThat(2 * pair.bytesPerNumber()).isLessThanOrEqualTo(7.5);
  }

  @Test
  void smallUpdatesTakeLess() {
    for (int bits : new int[] {2, 8, 16, 32}) {
      GradientRequest request = new GradientRequest(bits, 8000).maxWeight(1455);
      GradientParameters usual = request.solve();
      for (long numbers : new long[] {1, 4096, 7850, 12_289, usual.chunkNumbers() + 1}) {
        GradientParameters p = request.solveFor(numbers);
        assertThat(bytes(p, numbers)).isLessThanOrEqualTo(bytes(usual, numbers));
        assertThat(p.modulus().shiftRight(p.messageBits() + 1)).isGreaterThan(p.errorBound());
        assertThat(p.logQ()).isLessThanOrEqualTo(p.security().maxLogQP(p.ringDegree()));
      }
      assertThat(request.solveFor(1).perCoefficient()).isEqualTo(1);
      assertThat(request.solveFor(25_000_000).bytesPerNumber()).isEqualTo(usual.bytesPerNumber());
    }
    // 31,400 bytes as floats.
    assertThat(bytes(new GradientRequest(8, 8000).maxWeight(1455).solveFor(7850), 7850))
        .isLessThan(31_400);
  }

  private static long bytes(GradientParameters p, long numbers) {
    return (numbers + p.chunkNumbers() - 1) / p.chunkNumbers() * p.polynomialBytes();
  }

  /** The tail by big integers and an exact sum: P(|sum w e| > bound) < 2^-80 for unit weights. */
  @Test
  void theTailBoundHolds() {
    // The sum of c errors is the difference of two binomials of 21 c bits: a binomial of 42 c bits,
    // shifted by 21 c. Tail probability = 2 sum_{i > 21 c + bound} C(42 c, i) / 2^(42 c).
    for (int clients : new int[] {1, 3, 10, 64, 300}) {
      long bound = ErrorTail.bound(clients, 1);
      int n = 42 * clients;
      BigInteger term = BigInteger.ONE; // C(n, n)
      BigInteger tail = BigInteger.ZERO;
      for (int i = n; i > 21L * clients + bound; i--) {
        tail = tail.add(term);
        term = term.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(n - i + 1L));
      }
      assertThat(tail.shiftLeft(1 + ErrorTail.FAILURE_BITS).bitLength())
          .as("%d clients, bound %d", clients, bound)
          .isLessThanOrEqualTo(n);
    }
    assertThat(ErrorTail.bound(1 << 10, 1 << 10)).isEqualTo(21 << 10);
    assertThat(ErrorTail.isCertain(1 << 10, 1 << 10)).isTrue();
    assertThat(ErrorTail.isCertain(1 << 10, 1)).isFalse();
  }

  /** The same for weights: the distribution of sum w e by convolution, in units of 2^-(42 c). */
  @Test
  void theTailBoundHoldsForWeights() {
    int[][] cohorts = {
      {4, 4, 4, 4, 4, 4, 4, 4}, {8, 7, 5, 3, 1, 1, 1, 1, 1, 4}, {1, 2, 3, 4, 5, 6}
    };
    for (int[] weights : cohorts) {
      int sum = Arrays.stream(weights).sum();
      BigInteger[] counts = {BigInteger.ONE};
      for (int weight : weights) {
        counts = plusError(counts, weight);
      }
      // Twice the weights there are: the bound knows sum and maximum alone, not the squares.
      for (int declared : new int[] {sum, 2 * sum}) {
        long bound = ErrorTail.bound(declared, Arrays.stream(weights).max().orElseThrow());
        BigInteger tail = BigInteger.ZERO;
        for (int i = 0; i < counts.length; i++) {
          if (Math.abs(i - 21 * sum) > bound) {
            tail = tail.add(counts[i]);
          }
        }
        assertThat(tail.shiftLeft(ErrorTail.FAILURE_BITS).bitLength())
            .as("weights %s, bound %d", Arrays.toString(weights), bound)
            .isLessThanOrEqualTo(42 * weights.length);
        assertThat(bound).isLessThan(21L * declared);
      }
    }
  }

  /** Adds weight times (a binomial of 42 bits) to a distribution. */
  private static BigInteger[] plusError(BigInteger[] counts, int weight) {
    BigInteger[] result = new BigInteger[counts.length + 42 * weight];
    Arrays.fill(result, BigInteger.ZERO);
    BigInteger binomial = BigInteger.ONE;
    for (int k = 0; k <= 42; k++) {
      for (int i = 0; i < counts.length; i++) {
        result[i + k * weight] = result[i + k * weight].add(counts[i].multiply(binomial));
      }
      binomial = binomial.multiply(BigInteger.valueOf(42 - k)).divide(BigInteger.valueOf(k + 1L));
    }
    return result;
  }

  @Test
  void everyRequestWithinTheLimitsHasRoom() {
    for (int bits : new int[] {2, 4, 8, 16, 24, 32}) {
      for (int log : new int[] {0, 1, 4, 10, 16, 20, 28, 30}) {
        for (long maxWeight : new long[] {1, 1L << log}) {
          GradientParameters p = new GradientRequest(bits, 1L << log).maxWeight(maxWeight).solve();
          BigInteger room = p.modulus().shiftRight(p.messageBits() + 1);
          assertThat(room).isGreaterThan(p.errorBound());
          assertThat(p.logQ()).isLessThanOrEqualTo(p.security().maxLogQP(p.ringDegree()));
          // No sum of residues times weights passes 64 bits.
          assertThat(NttPrimes.bitLength(Collections.max(p.primes())))
              .isLessThanOrEqualTo(64 - log);
          assertThat(GradientParameters.fromCanonicalBytes(p.canonicalBytes())).isEqualTo(p);
        }
      }
    }
  }

  @Test
  void otherSecurityLevelsGiveOtherSets() {
    GradientParameters p = GradientParameters.solve(8, 16, SecurityLevel.CLASSICAL_192);
    assertThat(p.logQ()).isLessThanOrEqualTo(73);
    assertThat(p.ringDegree()).isEqualTo(4096);
    assertThat(p).isNotEqualTo(GradientParameters.solve(8, 16, SecurityLevel.DEFAULT));
    assertThat(GradientParameters.solve(32, 1 << 20, SecurityLevel.CLASSICAL_256).ringDegree())
        .isEqualTo(8192);
  }

  @Test
  void refusesWhatMakesNoScheme() {
    GradientParameters good = unit(8, 1 << 10);
    code(ErrorCode.OUT_OF_RANGE, () -> new GradientRequest(1, 8).solve());
    code(ErrorCode.OUT_OF_RANGE, () -> new GradientRequest(33, 8).solve());
    code(ErrorCode.OUT_OF_RANGE, () -> new GradientRequest(8, 0).solve());
    code(ErrorCode.OUT_OF_RANGE, () -> new GradientRequest(8, (1L << 30) + 1).solve());
    code(ErrorCode.OUT_OF_RANGE, () -> new GradientRequest(8, 8).maxWeight(9).solve());
    code(
        ErrorCode.OUT_OF_RANGE,
        () -> new GradientRequest(8, 8).noiseBits(128).ringDegree(4096).solve());
    code(ErrorCode.NOISE_BUDGET, () -> with(good, good.primes(), 6));
    List<Long> reversed = new ArrayList<>(good.primes());
    Collections.reverse(reversed);
    code(ErrorCode.PARAMETER_MISMATCH, () -> with(good, reversed, 5));
    List<Long> longer = new ArrayList<>(good.primes());
    longer.add(NttPrimes.largest(40, 4096, 1).get(0));
    code(ErrorCode.INSECURE_PARAMETERS, () -> with(good, longer, 5));
    code(ErrorCode.PARAMETER_MISMATCH, () -> with(good, List.of(good.primes().get(0) + 2), 1));
    byte[] bytes = good.canonicalBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      code(ErrorCode.CORRUPT, () -> GradientParameters.fromCanonicalBytes(cut));
    }
  }

  private static GradientParameters with(GradientParameters p, List<Long> primes, int m) {
    return new GradientParameters(
        p.ringDegree(), primes, p.bits(), p.weightSumBits(), p.maxWeight(), m, 0, p.security());
  }

  static void code(ErrorCode expected, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(expected));
  }
}
