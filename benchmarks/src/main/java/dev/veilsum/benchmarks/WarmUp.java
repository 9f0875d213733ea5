package dev.veilsum.benchmarks;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.util.List;

/**
 * Calls every operation from Java until the virtual machine has compiled what lies above the native
 * call. On small parameters, where that takes seconds: at N=32768 a block is a handful of calls,
 * and thousands of them would take minutes.
 */
final class WarmUp {
  private static final int N = 4096;

  /** The compiler's own limits are 200 and 5000 calls. */
  static final int CALLS = 6000;

  private WarmUp() {}

  static void run(int calls) {
    List<Long> primes = NttPrimes.largest(35, N, 3);
    List<Long> chain = primes.subList(0, 2);
    List<Long> special = primes.subList(2, 3);
    try (CkksOperations operations =
        new CkksOperations(
            new CkksParameters(N, chain, special, 1, 0x1p33, SecurityLevel.DEFAULT))) {
      operations.all().forEach(operation -> operation.fromJava().nanoseconds(calls));
    }
    try (BfvOperations operations =
        new BfvOperations(new BfvParameters(N, chain, special, 1, 65537, SecurityLevel.DEFAULT))) {
      operations.all().forEach(operation -> operation.fromJava().nanoseconds(calls));
    }
  }
}
