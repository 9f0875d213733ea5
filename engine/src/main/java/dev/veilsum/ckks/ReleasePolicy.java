package dev.veilsum.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * How decrypted approximate values may be handed to others. A CKKS result carries noise that
 * depends on the secret key (Li and Micciancio, ePrint 2020/1533), so it is drowned in Gaussian
 * noise sized by the worst-case bound (Li, Micciancio, Schultz and Sorrell, ePrint 2022/816,
 * section 4).
 *
 * @param statisticalBits s: an adversary's advantage from all released results is at most that of
 *     one who breaks the scheme itself, but for 2^-s; 1 to 64
 * @param releases how many results of this secret key are released in all, each call counted; the
 *     noise grows with its square root
 * @param largestError the error, in units of the values, above which a result is of no use: it is
 *     refused rather than released
 */
public record ReleasePolicy(int statisticalBits, long releases, double largestError) {
  public ReleasePolicy {
    if (statisticalBits < 1 || statisticalBits > 64 || releases < 1 || !(largestError > 0)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "statistical bits %d (1 to 64), releases %d (at least 1), largest error %s (above 0)"
              .formatted(statisticalBits, releases, largestError));
    }
  }

  /** 40 statistical bits, which is what threshold and multi-party protocols commonly take. */
  public static ReleasePolicy of(long releases, double largestError) {
    return new ReleasePolicy(40, releases, largestError);
  }

  /**
   * The standard deviation of the flooding noise on each coefficient: sqrt(12 tau) 2^(s/2) times a
   * bound on the l2 norm of the noise polynomial (ePrint 2022/816, theorem 5 with the Gaussian
   * mechanism). The canonical norm bounds the l2 norm of the coefficients.
   */
  double sigma(double noiseBound) {
    return Math.sqrt(12.0 * releases) * Math.pow(2, statisticalBits / 2.0) * noiseBound;
  }
}
