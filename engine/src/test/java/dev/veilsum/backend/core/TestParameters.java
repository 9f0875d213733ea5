package dev.veilsum.backend.core;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.util.List;

/** Small and secure parameters: tests of what does not depend on size. */
final class TestParameters {
  private TestParameters() {}

  static BfvParameters bfv() {
    List<Long> primes = NttPrimes.largest(35, 4096, 3);
    return new BfvParameters(
        4096, primes.subList(0, 2), primes.subList(2, 3), 1, 65537, SecurityLevel.DEFAULT);
  }

  static CkksParameters ckks() {
    List<Long> primes = NttPrimes.largest(35, 4096, 3);
    return new CkksParameters(
        4096, primes.subList(0, 2), primes.subList(2, 3), 1, 0x1p30, SecurityLevel.DEFAULT);
  }
}
