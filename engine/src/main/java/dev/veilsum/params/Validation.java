package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The checks that both schemes' parameters pass before they exist. */
final class Validation {
  private static final int MIN_PRIME_BITS = 20;

  private Validation() {}

  /** Throws {@code PARAMETER_MISMATCH} or {@code INSECURE_PARAMETERS}. */
  static void check(RlweParameters p) {
    p.security().maxLogQP(p.ringDegree()); // checks the degree
    if (p.modulusChain().isEmpty() || p.modulusChain().size() > 64) {
      throw mismatch("a modulus chain has 1 to 64 primes, this one " + p.modulusChain().size());
    }
    if (p.specialPrimes().size() > 64) {
      throw mismatch("at most 64 special primes, not " + p.specialPrimes().size());
    }
    if (p.digitPrimes() < 1 || p.digitPrimes() > p.modulusChain().size()) {
      throw mismatch(
          "a digit takes 1 to %d primes of the chain, not %d"
              .formatted(p.modulusChain().size(), p.digitPrimes()));
    }
    List<Long> all = new ArrayList<>(p.modulusChain());
    all.addAll(p.specialPrimes());
    Set<Long> seen = new HashSet<>();
    for (long q : all) {
      checkPrime(q, p.ringDegree());
      if (!seen.add(q)) {
        throw mismatch("the prime " + q + " appears twice");
      }
    }
    p.security().check(p.ringDegree(), p.logQP());
  }

  private static void checkPrime(long q, int ringDegree) {
    int bits = q <= 0 ? 0 : NttPrimes.bitLength(q);
    if (bits < MIN_PRIME_BITS || bits > NttPrimes.MAX_BITS) {
      throw mismatch("the modulus %d has %d bits; 20 to 60 are possible".formatted(q, bits));
    }
    if (q % (2L * ringDegree) != 1) {
      throw mismatch("the modulus %d is not 1 mod %d".formatted(q, 2L * ringDegree));
    }
    if (!NttPrimes.isPrime(q)) {
      throw mismatch("the modulus " + q + " is not prime");
    }
  }

  static VeilsumException mismatch(String message) {
    return new VeilsumException(ErrorCode.PARAMETER_MISMATCH, message);
  }
}
