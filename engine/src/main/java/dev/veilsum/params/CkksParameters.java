package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.List;
import java.util.Objects;

/**
 * Immutable parameters of CKKS. Equal exactly where their fingerprints are.
 *
 * <p>The prime q_0 stays to the end: what is decrypted at level 0 must be below q_0 / 2 times its
 * scale's inverse. The others are near the scale, so that a rescale brings a product back to it.
 */
public final class CkksParameters implements RlweParameters {
  private final int ringDegree;
  private final List<Long> modulusChain;
  private final List<Long> specialPrimes;
  private final int digitPrimes;
  private final double scale;
  private final SecurityLevel security;
  private final Fingerprint fingerprint;

  /**
   * @param scale the scale at which values are encoded where nothing else is said; above 1
   * @throws VeilsumException {@code PARAMETER_MISMATCH} for numbers that make no scheme, {@code
   *     INSECURE_PARAMETERS} for moduli above the security level's bound
   */
  public CkksParameters(
      int ringDegree,
      List<Long> modulusChain,
      List<Long> specialPrimes,
      int digitPrimes,
      double scale,
      SecurityLevel security) {
    this.ringDegree = ringDegree;
    this.modulusChain = List.copyOf(modulusChain);
    this.specialPrimes = List.copyOf(specialPrimes);
    this.digitPrimes = digitPrimes;
    this.scale = scale;
    this.security = Objects.requireNonNull(security);
    Validation.check(this);
    double log = Math.log(scale) / Math.log(2);
    if (!(log > 0) || log >= logQ(maxLevel())) {
      throw Validation.mismatch(
          "a scale of %s does not fit a modulus of %.1f bits".formatted(scale, logQ(maxLevel())));
    }
    this.fingerprint = Fingerprint.of(canonicalBytes());
  }

  /** Reads canonical bytes; {@code CORRUPT} where they are not those of CKKS parameters. */
  public static CkksParameters fromCanonicalBytes(byte[] bytes) {
    if (CanonicalForm.read(bytes) instanceof CkksParameters ckks) {
      return ckks;
    }
    throw new VeilsumException(ErrorCode.CORRUPT, "these are parameters of BFV, not of CKKS");
  }

  @Override
  public int ringDegree() {
    return ringDegree;
  }

  @Override
  public List<Long> modulusChain() {
    return modulusChain;
  }

  @Override
  public List<Long> specialPrimes() {
    return specialPrimes;
  }

  @Override
  public int digitPrimes() {
    return digitPrimes;
  }

  /** The scale at which values are encoded where nothing else is said. */
  public double scale() {
    return scale;
  }

  /** N / 2: the complex numbers that a ciphertext holds. */
  public int slots() {
    return ringDegree / 2;
  }

  @Override
  public SecurityLevel security() {
    return security;
  }

  @Override
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  @Override
  public byte[] canonicalBytes() {
    return CanonicalForm.write(this, CanonicalForm.CKKS, Double.doubleToLongBits(scale));
  }

  @Override
  public String scheme() {
    return "ckks";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CkksParameters that && fingerprint.equals(that.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "CKKS %s, scale 2^%.2f".formatted(Summary.of(this), Math.log(scale) / Math.log(2));
  }
}
