package dev.veilsum.backend;

import dev.veilsum.params.BfvParameters;

/**
 * BFV (ePrint 2012/144; RNS variant ePrint 2018/117, 2021/204) on opaque references; BGV has the
 * same face ({@link Backend#bgv}). With a batching prime t (t = 1 mod 2N) a message is two rows of
 * N/2 integers modulo t: index i is row i / (N/2). With any other t only the coefficient encoding
 * is there.
 */
public interface BfvBackend extends SchemeBackend {
  @Override
  BfvParameters parameters();

  /**
   * Encodes signed integers in slots; the slots after them are 0.
   *
   * @param length at most N
   * @param least the values' range, within [-t/2, t/2)
   * @param greatest its other end, a value that may occur
   * @throws dev.veilsum.VeilsumException {@code OUT_OF_RANGE} for a value outside, with its index;
   *     {@code UNSUPPORTED} where t does not batch
   */
  Reference.Plaintext encode(long[] values, int offset, int length, long least, long greatest);

  /** The same for all of [-t/2, t/2). */
  default Reference.Plaintext encode(long[] values, int offset, int length) {
    return encode(values, offset, length, parameters().minValue(), parameters().maxValue());
  }

  /** Encodes signed integers as coefficients of a polynomial; works for every t. */
  Reference.Plaintext encodeCoefficients(long[] values, int offset, int length);

  /** Encrypts at a level; the maximum level is {@code parameters().maxLevel()}. */
  Reference.Ciphertext encrypt(Reference.PublicKey key, Reference.Plaintext message, int level);

  /** Encrypts with the secret key: less noise, and packed to half the size while it is fresh. */
  Reference.Ciphertext encryptSeeded(
      Reference.SecretKey key, Reference.Plaintext message, int level);

  /** Decrypts the first {@code length} slots, as integers in [-t/2, t/2). */
  void decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length);

  /** Decrypts the first {@code length} coefficients, as integers in [-t/2, t/2). */
  void decryptCoefficients(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length);

  /**
   * The bits that are left: log2 of (q/2t over the noise bound). Below 0 decryption could fail, and
   * no operation returns such a ciphertext. Public: from the bound, not from the noise.
   */
  double noiseBudgetBits(Reference.Ciphertext c);

  /** Adds the same integer to every slot; taken modulo t. */
  Reference.Ciphertext addScalar(Reference.Ciphertext a, long value);

  /** Multiplies every slot by an integer in [-t/2, t/2]; noise grows by its absolute value. */
  Reference.Ciphertext multiplyScalar(Reference.Ciphertext a, long value);

  /** Modulus switching to {@code level}: the message stays, the ciphertext shrinks. */
  Reference.Ciphertext switchToLevel(Reference.Ciphertext a, int level);

  /**
   * The same ciphertext in this scheme's form: one that BFV or BGV of the same engine and
   * parameters made (see {@link Backend#bgv}).
   */
  Reference.Ciphertext adopt(Reference.Ciphertext c);
}
