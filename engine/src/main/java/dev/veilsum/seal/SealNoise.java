package dev.veilsum.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.ResidueExchange;

/**
 * What the one who brings a ciphertext of SEAL knows of its noise, which the object itself does not
 * say. What is too low voids the bounds of everything that is computed from it.
 */
public sealed interface SealNoise {
  /** As SEAL's Encryptor made it, under either key, and not computed with since. */
  SealNoise FRESH = new Fresh();

  /** log2 of the noise bound, or one of {@link ResidueExchange}'s marks. */
  double bits(SealCiphertext c);

  /** See {@link #FRESH}. */
  record Fresh() implements SealNoise {
    @Override
    public double bits(SealCiphertext c) {
      if (c.size() > 2 || c.primes() < c.parameters().dataPrimes()) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            ("it has %d polynomials over %d of %d primes, so it was computed with, and its noise"
                    + " is not that of a fresh ciphertext: state it, %s")
                .formatted(
                    c.size(),
                    c.primes(),
                    c.parameters().dataPrimes(),
                    c.parameters().isCkks()
                        ? "as the largest error of a slot"
                        : "as what SEAL's Decryptor gives as its invariant_noise_budget"));
      }
      return ResidueExchange.SWITCHED_FRESH;
    }
  }

  /**
   * CKKS: no slot is off by more than this.
   *
   * @param error positive
   */
  record LargestError(double error) implements SealNoise {
    public LargestError {
      if (!(error > 0) || Double.isInfinite(error)) {
        throw new VeilsumException(
            ErrorCode.USAGE, "the largest error of a slot is a positive number, not " + error);
      }
    }

    @Override
    public double bits(SealCiphertext c) {
      require(c, true, "the largest error of a slot is of CKKS; of BFV the noise budget is needed");
      return log2(error) + log2(c.scale());
    }
  }

  /**
   * BFV: SEAL's Decryptor gave this invariant_noise_budget. It says that no coefficient of the
   * noise w of c_0 + c_1 s = (Q / t) m + w is above 2^-budget Q / t; in the canonical embedding, in
   * which noise is counted here, that is N times as much.
   *
   * @param budget in bits, at least 0
   */
  record Budget(int budget) implements SealNoise {
    public Budget {
      if (budget < 0) {
        throw new VeilsumException(
            ErrorCode.USAGE, "a noise budget is 0 bits or more, not " + budget);
      }
    }

    @Override
    public double bits(SealCiphertext c) {
      require(
          c, false, "the noise budget is of BFV; of CKKS the largest error of a slot is needed");
      SealParameters p = c.parameters();
      double log = log2(p.ringDegree()) - log2(p.plainModulus()) - budget;
      for (long q : p.primes().subList(0, c.primes())) {
        log += log2(q);
      }
      return log;
    }
  }

  private static void require(SealCiphertext c, boolean ckks, String otherwise) {
    if (c.parameters().isCkks() != ckks) {
      throw new VeilsumException(ErrorCode.USAGE, otherwise);
    }
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
