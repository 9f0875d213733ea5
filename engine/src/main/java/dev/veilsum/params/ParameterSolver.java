package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;

/**
 * Finds the smallest parameters for a computation: the smallest ring degree at which the modulus
 * that the numbers need is within the security bound, and there the shortest modulus. Where room is
 * left beneath the bound, more special primes make key switching faster and its keys smaller.
 */
public final class ParameterSolver {
  private static final int SMALLEST_DEGREE = 2048;
  private static final int LARGEST_DEGREE = 65536;

  /** Rescaling primes shorter than this are too few, and waste the scale's precision. */
  private static final int MIN_SCALE_BITS = 30;

  private static final int MAX_DIGIT_PRIMES = 4;

  private ParameterSolver() {}

  /**
   * CKKS: the scale holds the precision, a prime of its size each level, and q_0 the largest
   * result.
   *
   * @throws VeilsumException with the numbers, where no parameters do it: {@code NOISE_BUDGET} for
   *     the error, {@code DEPTH} for the modulus chain
   */
  public static Solution<CkksParameters> solve(CkksRequest request) {
    for (int n = SMALLEST_DEGREE; n <= LARGEST_DEGREE; n *= 2) {
      CkksPlan plan = CkksPlan.of(request, n);
      Layout layout = Layout.of(plan.chainBits(), request.keys(), n, request.security());
      if (layout != null) {
        PrimeChain primes = PrimeChain.of(n, layout.chainBits(), layout.specialBits());
        CkksParameters parameters =
            new CkksParameters(
                n,
                primes.modulusChain(),
                primes.specialPrimes(),
                layout.digitPrimes(),
                Math.scalb(1.0, plan.scaleBits()),
                request.security());
        return new Solution<>(parameters, plan.reason(request) + layout.reason(parameters));
      }
    }
    throw unsolvable(CkksPlan.of(request, LARGEST_DEGREE).chainBits(), request.security());
  }

  /**
   * BFV: t is the smallest batching prime that holds the largest value with its sign, the modulus
   * holds the noise.
   *
   * @throws VeilsumException with the numbers, where no parameters do it: {@code OUT_OF_RANGE} for
   *     t, {@code DEPTH} for the modulus chain
   */
  public static Solution<BfvParameters> solve(BfvRequest request) {
    for (int n = SMALLEST_DEGREE; n <= LARGEST_DEGREE; n *= 2) {
      long t = batchingPrime(request.largest(), n);
      int[] chainBits = BfvPlan.chainBits(request, n, t);
      Layout layout = Layout.of(chainBits, request.keys(), n, request.security());
      if (layout != null) {
        PrimeChain primes = PrimeChain.of(n, layout.chainBits(), layout.specialBits());
        BfvParameters parameters =
            new BfvParameters(
                n,
                primes.modulusChain(),
                primes.specialPrimes(),
                layout.digitPrimes(),
                t,
                request.security());
        String reason =
            "t = %d is the smallest batching prime above twice %s. "
                .formatted(t, request.largest());
        return new Solution<>(
            parameters, reason + BfvPlan.reason(request, chainBits) + layout.reason(parameters));
      }
    }
    long t = batchingPrime(request.largest(), LARGEST_DEGREE);
    throw unsolvable(BfvPlan.chainBits(request, LARGEST_DEGREE, t), request.security());
  }

  /** The smallest prime t = 1 mod 2N with (t - 1) / 2 >= largest. */
  private static long batchingPrime(BigInteger largest, int n) {
    BigInteger least = largest.shiftLeft(1).add(BigInteger.ONE);
    if (least.bitLength() <= NttPrimes.MAX_BITS) {
      long step = 2L * n;
      long t = (least.longValueExact() - 1 + step - 1) / step * step + 1;
      while (t < 1L << NttPrimes.MAX_BITS) {
        if (NttPrimes.isPrime(t)) {
          return t;
        }
        t += step;
      }
    }
    throw new VeilsumException(
        ErrorCode.OUT_OF_RANGE,
        ("a largest value of %s takes a plain modulus of %d bits; at most %d are possible: split"
                + " the values into digits, or add up fewer rows at once")
            .formatted(largest, least.bitLength(), NttPrimes.MAX_BITS));
  }

  private static VeilsumException unsolvable(int[] chainBits, SecurityLevel security) {
    return new VeilsumException(
        ErrorCode.DEPTH,
        ("no parameters do this: at ring degree %d the modulus chain alone takes %d bits, and %s "
                + "allows %d with special primes: ask for less depth, precision or range")
            .formatted(
                LARGEST_DEGREE,
                Arrays.stream(chainBits).sum(),
                security.description(),
                security.maxLogQP(LARGEST_DEGREE)));
  }

  /** At least {@code bits} bits in equal primes of at most 46. */
  static int[] split(int bits, int leastPrimes) {
    int count = Math.max(leastPrimes, (bits + NttPrimes.FAST_BITS - 1) / NttPrimes.FAST_BITS);
    int each = Math.max((bits + count - 1) / count, 24);
    return PrimeChain.repeat(count, each);
  }

  static int ceilLog2(double x) {
    return (int) Math.ceil(Math.log(x) / Math.log(2));
  }

  /** Bits of the scale and of the chain that CKKS needs at one ring degree. */
  private record CkksPlan(int scaleBits, int[] chainBits) {
    static CkksPlan of(CkksRequest request, int n) {
      NoiseEstimate noise = new NoiseEstimate(n);
      double bound = Math.max(1, request.bound());
      // The absolute error is at most terms (2 bound)^depth (fresh + depth roundings) / scale.
      double start = noise.fresh();
      for (int i = 0; i < request.depth(); i++) {
        start = NoiseEstimate.sum(start, NoiseEstimate.sum(noise.rounding(), 0));
      }
      double growth = request.depth() * (1 + Math.log(bound) / Math.log(2));
      double needed = start + growth + ceilLog2(request.terms()) - log2(request.error()) + 1;
      int scaleBits = Math.max(MIN_SCALE_BITS, (int) Math.ceil(needed));
      if (request.depth() > 0 && scaleBits > NttPrimes.FAST_BITS) {
        throw new VeilsumException(
            ErrorCode.NOISE_BUDGET,
            ("an error of %s after %d multiplications takes a scale of 2^%d at ring degree %d; a"
                    + " rescaling prime has at most %d bits: allow a larger error, or scale the inputs"
                    + " down")
                .formatted(request.error(), request.depth(), scaleBits, n, NttPrimes.FAST_BITS));
      }
      int resultBits = scaleBits + Math.max(0, ceilLog2(request.terms() * request.bound())) + 2;
      int[] base = split(resultBits, 1);
      int[] chain = Arrays.copyOf(base, base.length + request.depth());
      Arrays.fill(chain, base.length, chain.length, scaleBits);
      return new CkksPlan(scaleBits, chain);
    }

    String reason(CkksRequest request) {
      return String.format(
          Locale.ROOT,
          "An error of %.3g in totals of %d values up to %.3g takes a scale of 2^%d. ",
          request.error(),
          request.terms(),
          request.bound(),
          scaleBits);
    }

    private static double log2(double x) {
      return Math.log(x) / Math.log(2);
    }
  }

  /** Bits of the chain that BFV needs at one ring degree. */
  private static final class BfvPlan {
    static int[] chainBits(BfvRequest request, int n, long t) {
      NoiseEstimate noise = new NoiseEstimate(n);
      double logT = Math.log(t) / Math.log(2);
      double bits = noise.fresh();
      for (int i = 0; i < request.depth(); i++) {
        // t |phase| (|w_a| + |w_b|), and what relinearization adds.
        bits = NoiseEstimate.sum(bits + 1 + logT + noise.rounding(), noise.keySwitch());
      }
      bits = NoiseEstimate.sum(bits, noise.keySwitch()) + ceilLog2(request.terms()) + 1;
      return split((int) Math.ceil(bits + logT + 1), request.depth() > 0 ? 2 : 1);
    }

    static String reason(BfvRequest request, int[] chainBits) {
      return "The noise of %d multiplications in a row and of totals of %d takes a modulus of %d bits. "
          .formatted(request.depth(), request.terms(), Arrays.stream(chainBits).sum());
    }
  }

  /** A chain with its special primes, where both fit beneath the security bound. */
  private record Layout(int[] chainBits, int[] specialBits, int digitPrimes) {
    /** The largest digits that fit; null where none do. */
    static Layout of(int[] chainBits, KeyRequirements keys, int n, SecurityLevel security) {
      int available = security.maxLogQP(n) - Arrays.stream(chainBits).sum();
      if (keys.isEmpty()) {
        return available >= 0 ? new Layout(chainBits, new int[0], 1) : null;
      }
      for (int digit = Math.min(MAX_DIGIT_PRIMES, chainBits.length); digit >= 1; digit--) {
        int[] special = specialFor(chainBits, digit);
        if (Arrays.stream(special).sum() <= available) {
          return new Layout(chainBits, special, digit);
        }
      }
      return null;
    }

    /** As many special primes as a digit has, each as long as the longest chain prime. */
    private static int[] specialFor(int[] chainBits, int digit) {
      int longest = Arrays.stream(chainBits).max().orElseThrow();
      return PrimeChain.repeat(digit, Math.min(NttPrimes.FAST_BITS, longest));
    }

    String reason(RlweParameters p) {
      String keySwitching =
          specialBits.length == 0
              ? "No key is needed, so there is no special prime. "
              : "Key switching takes %d special primes (%d digits). "
                  .formatted(specialBits.length, p.digits());
      return keySwitching
          + String.format(
              Locale.ROOT,
              "%d is the smallest ring degree whose bound, %d bits (%s), holds the %.1f bits in"
                  + " all.",
              p.ringDegree(),
              p.security().maxLogQP(p.ringDegree()),
              p.security().description(),
              p.logQP());
    }
  }
}
