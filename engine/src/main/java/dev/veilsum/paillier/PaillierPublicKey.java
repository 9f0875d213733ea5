package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.PaillierLibrary;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A Paillier modulus N of 2048, 3072 or 4096 bits: encrypts and computes. Immutable, thread-safe,
 * equal by modulus. Its native memory is freed when it becomes unreachable.
 */
public final class PaillierPublicKey {
  private final NativeHandle handle;
  private final BigInteger modulus;
  private final BigInteger limit;
  private final int modulusBytes;

  PaillierPublicKey(NativeHandle handle) {
    this.handle = handle;
    this.modulusBytes = (int) Guarded.apply(handle, PaillierLibrary::modulusBytes);
    byte[] bytes = new byte[modulusBytes];
    Guarded.run(handle, key -> PaillierLibrary.writeModulus(key, bytes));
    this.modulus = new BigInteger(1, bytes);
    this.limit = modulus.shiftRight(1);
  }

  /**
   * The key of a foreign modulus, checked as far as that can be done without its factors: size,
   * odd, no factor below 2^20, no prime, no perfect power, factors not close to each other. A
   * protocol with an owner who may cheat needs a proof besides.
   *
   * @throws VeilsumException INSECURE_PARAMETERS, saying what is wrong with it
   */
  public static PaillierPublicKey ofModulus(BigInteger modulus) {
    if (modulus.signum() <= 0) {
      throw new VeilsumException(
          ErrorCode.INSECURE_PARAMETERS, "a Paillier modulus is positive; do not use this key");
    }
    byte[] bytes = modulus.toByteArray();
    return new PaillierPublicKey(
        Guarded.own(
            () -> PaillierLibrary.readModulus(bytes, bytes.length),
            PaillierLibrary::releasePublic));
  }

  public BigInteger modulus() {
    return modulus;
  }

  /** 2048, 3072 or 4096. */
  public int bits() {
    return modulus.bitLength();
  }

  /** Bytes of one ciphertext: twice the modulus'. */
  public int ciphertextBytes() {
    return 2 * modulusBytes;
  }

  /** The largest magnitude of a plaintext: (N - 1) / 2. */
  public BigInteger plaintextLimit() {
    return limit;
  }

  /** Encrypts with {@link PaillierRandomness#FULL}. */
  public PaillierEncryptor encryptor() {
    return encryptor(PaillierRandomness.FULL);
  }

  /** Encrypts with randomness of that kind. */
  public PaillierEncryptor encryptor(PaillierRandomness randomness) {
    return PaillierEncryptor.of(this, randomness);
  }

  public PaillierEvaluator evaluator() {
    return new PaillierEvaluator(this, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Reads a ciphertext from outside with what its sender says of it.
   *
   * @throws VeilsumException CORRUPT unless it lies in (0, N^2), is a unit and is blinded;
   *     OUT_OF_RANGE for a bound above the plaintext space
   */
  public PaillierCiphertext ciphertext(byte[] bytes, int exponent, BigInteger bound) {
    if (bound.signum() < 0) {
      throw new VeilsumException(ErrorCode.CORRUPT, "a Paillier ciphertext with a negative bound");
    }
    return new PaillierCiphertext(this, validated(bytes, 1), exponent, withinLimit(bound));
  }

  /**
   * Reads a packed vector from outside: as many ciphertexts as the length needs, one after the
   * other. Errors as in {@link #ciphertext}.
   */
  public PackedVector packedVector(byte[] bytes, PackedLayout layout, int length, long weight) {
    if (length < 0 || weight < 0 || weight > layout.capacity()) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "a packed Paillier vector of length "
              + length
              + " and weight "
              + weight
              + ", capacity "
              + layout.capacity());
    }
    int count = layout.ciphertexts(this, length);
    return new PackedVector(this, layout, length, weight, validated(bytes, count));
  }

  /** Refuses what another key encrypted. */
  void checkSame(PaillierPublicKey other) {
    if (this != other && !equals(other)) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "a Paillier ciphertext belongs to another key; encrypt all inputs under the same one");
    }
  }

  /** Refuses a magnitude that the plaintext space does not hold. */
  BigInteger withinLimit(BigInteger bound) {
    if (bound.compareTo(limit) > 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "the encrypted integer could have "
              + bound.bitLength()
              + " bits and this Paillier key holds "
              + (bits() - 2)
              + "; encrypt with tighter bounds or take a longer key");
    }
    return bound;
  }

  int modulusBytes() {
    return modulusBytes;
  }

  NativeHandle handle() {
    return handle;
  }

  private byte[] validated(byte[] bytes, int count) {
    if (bytes.length != (long) count * ciphertextBytes()) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          bytes.length
              + " bytes where "
              + count
              + " Paillier ciphertexts of "
              + ciphertextBytes()
              + " bytes are expected");
    }
    byte[] copy = bytes.clone();
    Chunks.each(
        count,
        64,
        Runtime.getRuntime().availableProcessors(),
        (first, end) -> {
          byte[] part =
              Arrays.copyOfRange(copy, first * ciphertextBytes(), end * ciphertextBytes());
          Guarded.run(handle, key -> PaillierLibrary.validate(key, part, end - first));
        });
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PaillierPublicKey that && modulus.equals(that.modulus);
  }

  @Override
  public int hashCode() {
    return modulus.hashCode();
  }

  @Override
  public String toString() {
    return "PaillierPublicKey(" + bits() + " bits)";
  }
}
