package dev.veilsum.params;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParametersTest {
  /** What files name must never change: each preset's fingerprint covers all of its numbers. */
  private static final Map<String, String> FINGERPRINTS =
      Map.ofEntries(
          Map.entry(
              "table-real", "9af7bdc1509e99ef54aac00fcc7779bd4c2e96a5aa2db40868667741b6bba4ad"),
          Map.entry(
              "table-integer", "2040ab5f445510e2448272fd8f7251773badfedc2b14070d2e01c67a5f7d12c8"),
          Map.entry(
              "table-integer-deep",
              "3576c1ff3b430e77bb4a63da44c2abc80397b0f3e2dd780948c2c71621c2a986"),
          Map.entry(
              "ckks-8192", "b2b26376e2506bc3da3b90a663c88fd3b79634db619b884367e7eaac11a47173"),
          Map.entry(
              "ckks-16384", "e5476e5f096fe94ff110e76f51b2d415dcf66ef173f14e4b717122e9b03f6347"),
          Map.entry(
              "ckks-32768", "234378cb3428ddb846e94c41ed1718b067fe524382d7e94ff8fa452e8443a40b"),
          Map.entry(
              "ckks-32768-deep",
              "eff26bba62ed8fd61a6a7249f4bd82a684eb914c91b7fbf526ea26d91294f53d"),
          Map.entry("bfv-8192", "5916998377d6366f9e1499fda9882614504ca9a21231a60c6205913a1d5edf03"),
          Map.entry(
              "bfv-16384", "0fe1ddd758b811f887c145f3815f9f856ebda993da39e4a24f9639ac33d12350"),
          Map.entry(
              "bfv-32768", "5660d38b067008dcf3c6e8d98cdf76f494008e0d0bcb7b3c5265ba0a0710e0aa"),
          Map.entry("bgv-8192", "988a475b873ef2d8847e6894ddd456de3d8444b9371e8846e2eaed3a59dc8e32"),
          Map.entry(
              "bgv-16384", "7afed632c423ad56da9ff1c7a4ca05cdfeb19481b310dd3be95d08bfd9faa474"));

  static List<Preset<? extends RlweParameters>> presets() {
    return Presets.all();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void presetsNeverChange(Preset<? extends RlweParameters> preset) {
    assertThat(preset.parameters().fingerprint().toString())
        .isEqualTo(FINGERPRINTS.get(preset.name()));
    assertThat(Presets.named(preset.name())).isSameAs(preset);
  }

  @Test
  void presetPrimesAreThese() {
    assertThat(Presets.TABLE_REAL.parameters().modulusChain())
        .containsExactly(70368743587841L, 70368743489537L, 70368743374849L);
    assertThat(Presets.TABLE_REAL.parameters().specialPrimes()).containsExactly(70368743669761L);
    assertThat(Presets.TABLE_INTEGER.parameters().plainModulus()).isEqualTo(18014398508400641L);
    assertThat(Presets.BFV_8192.parameters().modulusChain())
        .containsExactly(4398046150657L, 4398045708289L, 4398045511681L, 4398045380609L);
  }

  @ParameterizedTest
  @MethodSource("presets")
  void presetsAreOfFastPrimesAndLargeEnoughSpecialPrimes(Preset<? extends RlweParameters> preset) {
    RlweParameters p = preset.parameters();
    assertThat(p.security()).isEqualTo(SecurityLevel.CLASSICAL_128);
    assertThat(p.logQP()).isLessThanOrEqualTo(p.security().maxLogQP(p.ringDegree()));
    assertThat(p.modulusChain()).allMatch(q -> NttPrimes.bitLength(q) <= NttPrimes.FAST_BITS);
    if (preset.name().startsWith("bgv")) {
      return; // keySwitchingForBgvStaysBelowTheNoiseOfProducts
    }
    // A digit above P would add key-switching noise of more than the rounding of the division by P.
    double logP = NttPrimes.log2OfProduct(p.specialPrimes());
    for (int i = 0; i < p.modulusChain().size(); i += p.digitPrimes()) {
      List<Long> digit =
          p.modulusChain().subList(i, Math.min(i + p.digitPrimes(), p.modulusChain().size()));
      assertThat(NttPrimes.log2OfProduct(digit)).isLessThan(logP);
    }
  }

  /**
   * kappa = -1 / (q_0 .. q_l) mod t, centred: what a product at level l multiplies the noise by.
   */
  private static List<Long> kappas(BfvParameters p) {
    BigInteger t = BigInteger.valueOf(p.plainModulus());
    BigInteger product = BigInteger.valueOf(p.modulusChain().get(0));
    List<Long> kappas = new ArrayList<>();
    for (long q : p.modulusChain().subList(1, p.maxLevel() + 1)) {
      product = product.multiply(BigInteger.valueOf(q));
      long kappa = product.negate().modInverse(t).longValueExact();
      kappas.add(kappa > p.plainModulus() / 2 ? kappa - p.plainModulus() : kappa);
    }
    return kappas;
  }

  @Test
  void chainsForBgvHaveSmallKappas() {
    assertThat(kappas(Presets.BGV_8192.parameters())).containsExactly(1L, 1L, -2L, 1L);
    assertThat(kappas(Presets.BGV_16384.parameters())).containsExactly(1L, -2L, 1L, 3L, 1L, 3L, 1L);
    assertThat(Presets.BGV_8192.parameters().modulusChain())
        .containsExactly(70368743669761L, 126450892801L, 15032614913L, 11811438593L, 536879300609L);
    assertThat(Presets.BGV_8192.parameters().specialPrimes()).containsExactly(16760833L);
  }

  /** Relinearization adds less noise than the product that it follows has: t N^2 and more. */
  @Test
  void keySwitchingForBgvStaysBelowTheNoiseOfProducts() {
    for (Preset<BfvParameters> preset : List.of(Presets.BGV_8192, Presets.BGV_16384)) {
      BfvParameters p = preset.parameters();
      NoiseEstimate noise = new NoiseEstimate(p.ringDegree());
      double logP = NttPrimes.log2OfProduct(p.specialPrimes());
      double logT = Math.log(p.plainModulus()) / Math.log(2);
      for (int i = 0; i < p.modulusChain().size(); i += p.digitPrimes()) {
        int end = Math.min(i + p.digitPrimes(), p.modulusChain().size());
        double digit = NttPrimes.log2OfProduct(p.modulusChain().subList(i, end));
        assertThat(noise.keySwitch() + Math.max(digit - logP, 0))
            .isLessThan(logT + 2 * noise.rounding() - 4);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void canonicalBytesRoundTrip(Preset<? extends RlweParameters> preset) {
    byte[] bytes = preset.parameters().canonicalBytes();
    RlweParameters read = RlweParameters.fromCanonicalBytes(bytes);
    assertThat(read).isEqualTo(preset.parameters()).hasSameHashCodeAs(preset.parameters());
    assertThat(read.fingerprint()).isEqualTo(preset.parameters().fingerprint());
    assertThat(Fingerprint.fromBytes(read.fingerprint().bytes())).isEqualTo(read.fingerprint());
  }

  @Test
  void canonicalBytesOfEveryLengthCutAndEveryByteFlippedAreRefusedOrDifferent() {
    BfvParameters original = Presets.BFV_8192.parameters();
    byte[] bytes = original.canonicalBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      refused(() -> RlweParameters.fromCanonicalBytes(cut));
    }
    refused(() -> RlweParameters.fromCanonicalBytes(Arrays.copyOf(bytes, bytes.length + 1)));
    for (int i = 0; i < bytes.length; i++) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= 0x10;
      try {
        assertThat(RlweParameters.fromCanonicalBytes(flipped)).isNotEqualTo(original);
      } catch (VeilsumException e) {
        assertThat(e.code())
            .isIn(ErrorCode.CORRUPT, ErrorCode.PARAMETER_MISMATCH, ErrorCode.INSECURE_PARAMETERS);
      }
    }
  }

  @Test
  void oneSchemeIsNotReadAsTheOther() {
    refused(() -> CkksParameters.fromCanonicalBytes(Presets.BFV_8192.parameters().canonicalBytes()))
        .hasMessageContaining("BFV");
    refused(() -> BfvParameters.fromCanonicalBytes(Presets.CKKS_8192.parameters().canonicalBytes()))
        .hasMessageContaining("CKKS");
  }

  @ParameterizedTest
  @EnumSource(SecurityLevel.class)
  void theSecurityTableIsTheBound(SecurityLevel level) {
    for (int n = 1024; n <= 131072; n *= 2) {
      int bound = level.maxLogQP(n);
      int degree = n;
      level.check(n, bound);
      assertThatThrownBy(() -> level.check(degree, bound + 0.01))
          .isInstanceOfSatisfying(
              VeilsumException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INSECURE_PARAMETERS))
          .hasMessageContaining(Integer.toString(bound))
          .hasMessageContaining(Integer.toString(degree));
    }
    assertThat(SecurityLevel.ofCode(level.code())).isEqualTo(level);
    assertThat(SecurityLevel.ofId(level.id())).isEqualTo(level);
  }

  @Test
  void theDefaultSetOfSealNeedsTheCompatibilityLevel() {
    // 43 + 43 + 44 + 44 bits and a special prime of 44: 218 bits.
    PrimeChain primes = PrimeChain.of(8192, new int[] {43, 43, 44, 44}, new int[] {44});
    assertThatThrownBy(() -> bfv(primes, 65537, SecurityLevel.CLASSICAL_128))
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INSECURE_PARAMETERS))
        .hasMessageContaining("218.00")
        .hasMessageContaining("214");
    BfvParameters compatible = bfv(primes, 65537, SecurityLevel.COMPATIBILITY_2018_128);
    assertThat(compatible.logQP()).isBetween(217.9, 218.0);
    assertThat(compatible).isNotEqualTo(Presets.BFV_8192.parameters());
  }

  @Test
  void numbersThatMakeNoSchemeAreRefused() {
    List<Long> q = NttPrimes.largest(30, 4096, 2);
    mismatch(() -> ckks(3000, q, 1 << 20)).hasMessageContaining("3000");
    mismatch(() -> ckks(4096, List.of(), 1 << 20)).hasMessageContaining("chain");
    mismatch(() -> ckks(4096, List.of(q.get(0), q.get(0)), 1 << 20)).hasMessageContaining("twice");
    mismatch(() -> ckks(4096, List.of(q.get(0) + 8192), 1 << 20)).hasMessageContaining("prime");
    mismatch(() -> ckks(4096, List.of(1000003L * 1), 2)).hasMessageContaining("1 mod 8192");
    mismatch(() -> ckks(4096, List.of(-5L), 2)).hasMessageContaining("bits");
    mismatch(() -> ckks(4096, q, Double.NaN)).hasMessageContaining("scale");
    mismatch(() -> ckks(4096, q, 0x1p60)).hasMessageContaining("scale");
    mismatch(() -> bfv(PrimeChain.of(8192, new int[] {40}, new int[] {}), 1, SecurityLevel.DEFAULT))
        .hasMessageContaining("plain modulus");
    long prime = NttPrimes.largest(40, 8192, 1).get(0);
    PrimeChain same = PrimeChain.of(8192, new int[] {40}, new int[] {});
    mismatch(() -> bfv(same, prime, SecurityLevel.DEFAULT)).hasMessageContaining("shares");
  }

  @Test
  void primesAreThoseOfBigInteger() {
    for (int bits : new int[] {20, 31, 40, 46, 60}) {
      List<Long> primes = NttPrimes.largest(bits, 4096, 3);
      long expected = (1L << bits) - 8191;
      for (long prime : primes) {
        while (!BigInteger.valueOf(expected).isProbablePrime(100)) {
          expected -= 8192;
        }
        assertThat(prime).isEqualTo(expected);
        expected -= 8192;
      }
    }
    for (long n = 0; n < 3000; n++) {
      assertThat(NttPrimes.isPrime(n)).isEqualTo(BigInteger.valueOf(n).isProbablePrime(50));
    }
    assertThat(NttPrimes.isPrime(3215031751L)).isFalse(); // strong pseudoprime to 2, 3, 5, 7
    assertThat(NttPrimes.isPrime(3825123056546413051L)).isFalse(); // to 2 .. 23
  }

  @Test
  void keySizesAreKnownBeforehand() {
    CkksParameters p = Presets.CKKS_8192.parameters();
    long residues = (2 * 46 + 3 * 40) * 8192 / 8;
    assertThat(p.switchKeyBytes()).isEqualTo(8 + 32 + 4 * residues);
    KeyRequirements keys =
        KeyRequirements.relinearization().union(KeyRequirements.rotations(0, 1, 2, 1));
    assertThat(keys.keys())
        .containsExactly(SwitchKey.RELINEARIZATION, SwitchKey.rotation(1), SwitchKey.rotation(2));
    assertThat(keys.packedBytes(p)).isEqualTo(3 * p.switchKeyBytes());
  }

  private static CkksParameters ckks(int n, List<Long> q, double scale) {
    return new CkksParameters(n, q, List.of(), 1, scale, SecurityLevel.DEFAULT);
  }

  private static BfvParameters bfv(PrimeChain primes, long t, SecurityLevel security) {
    return new BfvParameters(8192, primes.modulusChain(), primes.specialPrimes(), 1, t, security);
  }

  private static AbstractThrowableAssert<?, ?> mismatch(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETER_MISMATCH));
  }

  private static AbstractThrowableAssert<?, ?> refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }
}
