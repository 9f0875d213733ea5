package dev.veilsum.benchmarks;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SecurityLevel;
import java.util.List;

/**
 * The parameters of each ring degree: the presets {@code ckks-N} and {@code bfv-N}, and for N=4096,
 * which has none, two primes of the chain and a special one, 106 bits in all.
 */
final class Sets {
  private static final int SMALLEST = 4096;
  private static final String CORE = "core";

  private Sets() {}

  /** Those that a backend can run: Microsoft SEAL switches keys with one special prime. */
  static CkksParameters ckks(int n, String backend) {
    CkksParameters set = ckks(n);
    return backend.equals(CORE)
        ? set
        : new CkksParameters(
            n, set.modulusChain(), one(set), 1, set.scale(), SecurityLevel.DEFAULT);
  }

  static BfvParameters bfv(int n, String backend) {
    BfvParameters set = bfv(n);
    return backend.equals(CORE)
        ? set
        : new BfvParameters(
            n, set.modulusChain(), one(set), 1, set.plainModulus(), SecurityLevel.DEFAULT);
  }

  private static List<Long> one(RlweParameters set) {
    return set.specialPrimes().subList(0, 1);
  }

  static CkksParameters ckks(int n) {
    return n == SMALLEST
        ? new CkksParameters(n, chain(), special(), 1, 0x1p32, SecurityLevel.DEFAULT)
        : (CkksParameters) Presets.named("ckks-" + n).parameters();
  }

  static BfvParameters bfv(int n) {
    return n == SMALLEST
        ? new BfvParameters(n, chain(), special(), 1, 65537, SecurityLevel.DEFAULT)
        : (BfvParameters) Presets.named("bfv-" + n).parameters();
  }

  private static List<Long> chain() {
    return List.of(
        NttPrimes.largest(36, SMALLEST, 2).get(1), NttPrimes.largest(34, SMALLEST, 1).get(0));
  }

  private static List<Long> special() {
    return NttPrimes.largest(36, SMALLEST, 1);
  }
}
