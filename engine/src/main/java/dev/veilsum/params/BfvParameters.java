package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.List;
import java.util.Objects;

/** Immutable parameters of BFV. Equal exactly where their fingerprints are. */
public final class BfvParameters implements RlweParameters {
  private final int ringDegree;
  private final List<Long> modulusChain;
  private final List<Long> specialPrimes;
  private final int digitPrimes;
  private final long plainModulus;
  private final SecurityLevel security;
  private final Fingerprint fingerprint;

  /**
   * @param plainModulus t, from 2 to 2^60 - 1, prime to the chain; a prime that is 1 mod 2N batches
   * @throws VeilsumException {@code PARAMETER_MISMATCH} for numbers that make no scheme, {@code
   *     INSECURE_PARAMETERS} for moduli above the security level's bound
   */
  public BfvParameters(
      int ringDegree,
      List<Long> modulusChain,
      List<Long> specialPrimes,
      int digitPrimes,
      long plainModulus,
      SecurityLevel security) {
    this.ringDegree = ringDegree;
    this.modulusChain = List.copyOf(modulusChain);
    this.specialPrimes = List.copyOf(specialPrimes);
    this.digitPrimes = digitPrimes;
    this.plainModulus = plainModulus;
    this.security = Objects.requireNonNull(security);
    Validation.check(this);
    if (plainModulus < 2 || plainModulus >= 1L << NttPrimes.MAX_BITS) {
      throw Validation.mismatch("the plain modulus " + plainModulus + " is not from 2 to 2^60 - 1");
    }
    for (long q : this.modulusChain) {
      if (plainModulus % q == 0) {
        throw Validation.mismatch(
            "the plain modulus %d shares the prime %d with the chain".formatted(plainModulus, q));
      }
    }
    this.fingerprint = Fingerprint.of(canonicalBytes());
  }

  /** Reads canonical bytes; {@code CORRUPT} where they are not those of BFV parameters. */
  public static BfvParameters fromCanonicalBytes(byte[] bytes) {
    if (CanonicalForm.read(bytes) instanceof BfvParameters bfv) {
      return bfv;
    }
    throw new VeilsumException(ErrorCode.CORRUPT, "these are parameters of CKKS, not of BFV");
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

  /** t: messages are integers modulo t. */
  public long plainModulus() {
    return plainModulus;
  }

  /** The largest integer of the signed range [-floor(t/2), floor((t-1)/2)]. */
  public long maxValue() {
    return (plainModulus - 1) / 2;
  }

  /** The smallest integer of the signed range. */
  public long minValue() {
    return -(plainModulus / 2);
  }

  /** Whether t is a prime that is 1 mod 2N, so that a ciphertext holds N integers in slots. */
  public boolean batches() {
    return plainModulus % (2L * ringDegree) == 1 && NttPrimes.isPrime(plainModulus);
  }

  /** N integers in two rows of N/2, where t batches. */
  public int slots() {
    return ringDegree;
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
    return CanonicalForm.write(this, CanonicalForm.BFV, plainModulus);
  }

  @Override
  public String scheme() {
    return "bfv";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BfvParameters that && fingerprint.equals(that.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "BFV %s, t %d".formatted(Summary.of(this), plainModulus);
  }
}
