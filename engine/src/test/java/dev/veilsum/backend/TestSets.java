package dev.veilsum.backend;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.Presets;
import dev.veilsum.params.SecurityLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.provider.Arguments;

/** The table of backends and parameter sets that every contract test runs over. */
public final class TestSets {
  private TestSets() {}

  /** N = 4096, two chain primes: the smallest that multiplies and rescales. */
  public static CkksParameters smallCkks() {
    List<Long> p = NttPrimes.largest(36, 4096, 2);
    List<Long> q = NttPrimes.largest(34, 4096, 1);
    return new CkksParameters(
        4096,
        List.of(p.get(1), q.get(0)),
        List.of(p.get(0)),
        1,
        Math.scalb(1.0, 30),
        SecurityLevel.DEFAULT);
  }

  /** N = 4096 and a batching t of 16 bits. */
  public static BfvParameters smallBfv() {
    return bfv4096(NttPrimes.largest(16, 4096, 1).get(0));
  }

  /** N = 4096 and a power of two as t: coefficients only. */
  public static BfvParameters powerOfTwoBfv() {
    return bfv4096(1 << 16);
  }

  private static BfvParameters bfv4096(long t) {
    List<Long> primes = NttPrimes.largest(35, 4096, 3);
    return new BfvParameters(
        4096,
        List.of(primes.get(1), primes.get(2)),
        List.of(primes.get(0)),
        1,
        t,
        SecurityLevel.DEFAULT);
  }

  public static List<CkksParameters> ckks() {
    return List.of(
        smallCkks(),
        Presets.TABLE_REAL.parameters(),
        Presets.CKKS_8192.parameters(),
        Presets.CKKS_16384.parameters());
  }

  public static List<BfvParameters> bfv() {
    return List.of(
        smallBfv(),
        Presets.TABLE_INTEGER.parameters(),
        Presets.BFV_8192.parameters(),
        Presets.BFV_16384.parameters());
  }

  /**
   * Sets for BGV: the presets, one whose kappas are anything (a chain of BFV with room for that).
   */
  public static List<BfvParameters> bgv() {
    List<Long> primes = NttPrimes.largest(46, 8192, 4);
    BfvParameters anyKappa =
        new BfvParameters(
            8192,
            primes.subList(1, 4),
            primes.subList(0, 1),
            1,
            NttPrimes.largest(17, 8192, 1).get(0),
            SecurityLevel.DEFAULT);
    return List.of(anyKappa, Presets.BGV_8192.parameters(), Presets.BGV_16384.parameters());
  }

  /** The core with BGV in the place of BFV. */
  public static Backend coreBgv() {
    return CORE_BGV;
  }

  private static final Backend CORE_BGV =
      new Backend() {
        private final Backend core = Backends.byDefault();

        @Override
        public String name() {
          return "core-bgv";
        }

        @Override
        public String description() {
          return core.description();
        }

        @Override
        public CkksBackend ckks(CkksParameters parameters) {
          return core.ckks(parameters);
        }

        @Override
        public BfvBackend bfv(BfvParameters parameters) {
          return core.bgv(parameters);
        }

        @Override
        public String toString() {
          return name();
        }
      };

  /** Every backend with every CKKS set. */
  public static List<Arguments> ckksOnBackends() {
    List<Arguments> all = new ArrayList<>();
    for (Backend backend : Backends.all()) {
      ckks().forEach(p -> all.add(Arguments.of(backend, fitting(backend, p))));
    }
    return all;
  }

  /** Every backend with every batching BFV set, and BGV with its own. */
  public static List<Arguments> bfvOnBackends() {
    List<Arguments> all = new ArrayList<>();
    for (Backend backend : Backends.all()) {
      bfv().forEach(p -> all.add(Arguments.of(backend, fitting(backend, p))));
    }
    bgv().forEach(p -> all.add(Arguments.of(coreBgv(), p)));
    return all;
  }

  /** Skips the test, with the reason, where this build lacks the backend. */
  public static void assumePresent(Backend backend) {
    backend
        .absence()
        .ifPresent(reason -> Assumptions.abort("backend " + backend.name() + ": " + reason));
  }

  /** The set itself, or, for SEAL, with one special prime and digits of one prime. */
  public static CkksParameters fitting(Backend backend, CkksParameters p) {
    return !backend.name().equals("seal") || p.digitPrimes() == 1
        ? p
        : new CkksParameters(
            p.ringDegree(),
            p.modulusChain(),
            p.specialPrimes().subList(0, 1),
            1,
            p.scale(),
            p.security());
  }

  /** As for CKKS. */
  public static BfvParameters fitting(Backend backend, BfvParameters p) {
    return !backend.name().equals("seal") || p.digitPrimes() == 1
        ? p
        : new BfvParameters(
            p.ringDegree(),
            p.modulusChain(),
            p.specialPrimes().subList(0, 1),
            1,
            p.plainModulus(),
            p.security());
  }

  /** A seed for tests; never the same as a real one. */
  public static byte[] seed(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return seed;
  }
}
