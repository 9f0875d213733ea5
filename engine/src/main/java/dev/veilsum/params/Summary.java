package dev.veilsum.params;

import java.util.List;
import java.util.stream.Collectors;

/** The part of a parameter set's one-line description that the schemes share. */
final class Summary {
  private Summary() {}

  /** For example "N 8192, q 46+46+46 bits, P 46 bits, 184.0 of 214 bits (128 bits, ...)". */
  static String of(RlweParameters p) {
    return "N %d, q %s bits, P %s, %.1f of %d bits (%s)"
        .formatted(
            p.ringDegree(),
            bits(p.modulusChain()),
            p.specialPrimes().isEmpty() ? "none" : bits(p.specialPrimes()) + " bits",
            p.logQP(),
            p.security().maxLogQP(p.ringDegree()),
            p.security().description());
  }

  private static String bits(List<Long> primes) {
    return primes.stream()
        .map(q -> Integer.toString(NttPrimes.bitLength(q)))
        .collect(Collectors.joining("+"));
  }
}
