package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a round needs, and the solver of its parameters: of all numbers a coefficient m, the one
 * with the fewest bits of modulus a number, at N = 4096 where that has room and else at 8192.
 *
 * @param bits of one client's number, 2 to 32
 * @param weightSum the most that the clients' integer weights add up to; with weights of one, the
 *     number of clients; 1 to 2^30
 * @param maxWeight the largest weight of one client
 * @param noiseBits see {@link GradientParameters#noiseBits}
 * @param ringDegree 4096 or 8192, or 0 for the smaller one that does
 * @param security the level that the modulus has to keep to
 */
public record GradientRequest(
    int bits,
    long weightSum,
    long maxWeight,
    int noiseBits,
    int ringDegree,
    SecurityLevel security) {
  private static final List<Integer> DEGREES = List.of(4096, 8192);
  private static final int MAX_MESSAGE_BITS = 256;
  private static final int MIN_PRIME_BITS = 20;

  /** Any weights, the default security level. */
  public GradientRequest(int bits, long weightSum) {
    this(bits, weightSum, weightSum, 0, 0, SecurityLevel.DEFAULT);
  }

  /** Every client has weight one: noise grows as the square root of their number. */
  public GradientRequest unitWeights() {
    return maxWeight(1);
  }

  /** No client has a larger weight than this. */
  public GradientRequest maxWeight(long largest) {
    return new GradientRequest(bits, weightSum, largest, noiseBits, ringDegree, security);
  }

  /** The whole error is promised to stay below 2^noiseBits. */
  public GradientRequest noiseBits(int promised) {
    return new GradientRequest(bits, weightSum, maxWeight, promised, ringDegree, security);
  }

  /** This ring degree and no other. */
  public GradientRequest ringDegree(int degree) {
    return new GradientRequest(bits, weightSum, maxWeight, noiseBits, degree, security);
  }

  public GradientRequest security(SecurityLevel level) {
    return new GradientRequest(bits, weightSum, maxWeight, noiseBits, ringDegree, level);
  }

  /**
   * The smallest parameters.
   *
   * @throws VeilsumException OUT_OF_RANGE for numbers that no set takes
   */
  public GradientParameters solve() {
    return find()
        .orElseThrow(
            () ->
                outOfRange(
                    ("no parameters for %d bits, weights up to %d and %d bits of noise at %s; take"
                            + " fewer bits or a smaller sum of weights")
                        .formatted(bits, weightSum, noiseBits, security.description())));
  }

  /**
   * The smallest parameters, where there are any.
   *
   * @throws VeilsumException OUT_OF_RANGE for numbers that make no sense
   */
  public Optional<GradientParameters> find() {
    if (bits < 2 || bits > 32) {
      throw outOfRange("numbers of " + bits + " bits; 2 to 32 are possible");
    }
    if (weightSum < 1 || weightSum > 1L << GradientParameters.MAX_WEIGHT_SUM_BITS) {
      throw outOfRange("weights that add up to " + weightSum + "; 1 to 2^30 is possible");
    }
    if (maxWeight < 1 || maxWeight > weightSum) {
      throw outOfRange(
          "a largest weight of %d; 1 to %d, their sum, is possible"
              .formatted(maxWeight, weightSum));
    }
    Stream<Integer> degrees = ringDegree == 0 ? DEGREES.stream() : Stream.of(ringDegree);
    return degrees.flatMap(degree -> best(degree).stream()).findFirst();
  }

  private Optional<GradientParameters> best(int degree) {
    int digitBits = bits + weightSumBits();
    return IntStream.rangeClosed(1, MAX_MESSAGE_BITS / digitBits)
        .boxed()
        .flatMap(m -> of(degree, m).stream())
        .min(Comparator.comparingDouble(GradientParameters::bytesPerNumber));
  }

  /**
   * The parameters with the smallest updates of so many numbers. A chunk is never sent in part, and
   * holds 10,000 to 50,000 numbers in the usual parameters; where an update does not fill one,
   * fewer numbers a coefficient and a smaller modulus send less.
   *
   * @param numbers of an update, at least 1
   * @throws VeilsumException as {@link #solve()}
   */
  public GradientParameters solveFor(long numbers) {
    GradientParameters usual = solve();
    return IntStream.rangeClosed(1, usual.perCoefficient())
        .boxed()
        .flatMap(m -> of(usual.ringDegree(), m).stream())
        .min(
            Comparator.comparingLong((GradientParameters p) -> updateBytes(p, numbers))
                .thenComparingDouble(GradientParameters::bytesPerNumber))
        .orElse(usual);
  }

  private static long updateBytes(GradientParameters p, long numbers) {
    return (numbers + p.chunkNumbers() - 1) / p.chunkNumbers() * p.polynomialBytes();
  }

  /** The set with m numbers a coefficient, where it is secure. */
  private Optional<GradientParameters> of(int degree, int m) {
    BigInteger errors =
        noiseBits > 0
            ? BigInteger.ONE.shiftLeft(noiseBits)
            : BigInteger.valueOf(ErrorTail.bound(1L << weightSumBits(), maxWeight));
    int messageBits = m * (bits + weightSumBits());
    BigInteger needed = GradientParameters.neededModulus(messageBits, errors);
    int most = security.maxLogQP(degree);
    for (int total = Math.max(MIN_PRIME_BITS, needed.bitLength() - 1); total <= most; total++) {
      Optional<List<Long>> primes = primes(total, degree);
      if (primes.isPresent() && product(primes.get()).compareTo(needed) >= 0) {
        return Optional.of(
            new GradientParameters(
                degree, primes.get(), bits, weightSumBits(), maxWeight, m, noiseBits, security));
      }
    }
    return Optional.empty();
  }

  /** As few primes as the fast transforms and 64-bit sums allow, of about equal size. */
  private Optional<List<Long>> primes(int totalBits, int degree) {
    int longest = Math.min(NttPrimes.FAST_BITS, 64 - weightSumBits());
    int count = (totalBits + longest - 1) / longest;
    int size = totalBits / count;
    int longer = totalBits % count;
    if (size < MIN_PRIME_BITS) {
      return Optional.empty();
    }
    List<Long> primes = new ArrayList<>(NttPrimes.largest(size, degree, count - longer));
    if (longer > 0) {
      primes.addAll(NttPrimes.largest(size + 1, degree, longer));
    }
    return Optional.of(primes.stream().sorted().toList());
  }

  /** k: the weights add up to at most 2^k. */
  public int weightSumBits() {
    return 64 - Long.numberOfLeadingZeros(weightSum - 1);
  }

  private static BigInteger product(List<Long> primes) {
    return primes.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
  }

  private static VeilsumException outOfRange(String message) {
    return new VeilsumException(ErrorCode.OUT_OF_RANGE, message);
  }
}
