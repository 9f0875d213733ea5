package dev.veilsum.backend;

import dev.veilsum.params.CkksParameters;

/**
 * CKKS (ePrint 2016/421, 2018/931) on opaque references. A message is a vector of {@code slots}
 * complex numbers, slots a power of two up to N/2; sparse messages (slots below N/2) repeat with
 * period {@code slots}.
 */
public interface CkksBackend extends SchemeBackend {
  @Override
  CkksParameters parameters();

  /**
   * Encodes {@code length} real numbers from {@code offset}; the slots after them are 0.
   *
   * @param bound the declared bound on the absolute value of every slot. It travels with the
   *     ciphertext in the clear, so it is a property of the column, not of these values: the largest
   *     of them must not be given away.
   * @param slots a power of two from {@code length} up to N/2
   * @param level the plaintext's level
   * @param scale the factor of the message, above 1
   * @throws dev.veilsum.VeilsumException {@code OUT_OF_RANGE} for a value that is not finite or
   *     that does not fit the modulus at this scale
   */
  Reference.Plaintext encode(
      double[] values, int offset, int length, int slots, int level, double scale);

  /** Encodes {@code length} complex numbers: real and imaginary parts from {@code offset}. */
  Reference.Plaintext encodeComplex(
      double[] real,
      double[] imaginary,
      int offset,
      int length,
      int slots,
      int level,
      double scale);

  /** The same real number in every slot. */
  Reference.Plaintext encodeConstant(double value, int level, double scale);

  /** Encrypts at the plaintext's level and scale. */
  Reference.Ciphertext encrypt(Reference.PublicKey key, Reference.Plaintext message);

  /** Encrypts with the secret key: less noise, and packed to half the size while it is fresh. */
  Reference.Ciphertext encryptSeeded(Reference.SecretKey key, Reference.Plaintext message);

  int level(Reference.Plaintext p);

  double scale(Reference.Plaintext p);

  double scale(Reference.Ciphertext c);

  /** The period of the message's slots. */
  int slots(Reference.Ciphertext c);

  /** A bound on the absolute value of a slot of the message, updated by evaluation. */
  double messageBound(Reference.Ciphertext c);

  /** Decrypts and decodes the real parts of the first {@code length} slots. */
  void decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, double[] values, int offset, int length);

  /** Decrypts and decodes the first {@code length} slots. */
  void decryptComplex(
      Reference.SecretKey key,
      Reference.Ciphertext c,
      double[] real,
      double[] imaginary,
      int offset,
      int length);

  /**
   * As {@link #decryptComplex}, with an independent Gaussian integer of the standard deviation
   * {@code floodSigma} (in units of the message polynomial's coefficients, at least 1) added to
   * each coefficient before decoding (ePrint 2022/816).
   */
  void decryptFlooded(
      Reference.SecretKey key,
      Reference.Ciphertext c,
      double floodSigma,
      double[] real,
      double[] imaginary,
      int offset,
      int length);

  /** Adds the same real number to every slot; no level, no scale change. */
  Reference.Ciphertext addScalar(Reference.Ciphertext a, double value);

  /**
   * Multiplies every slot by {@code value}, encoded at the scale {@code scalarScale}; the result's
   * scale is the product. A whole number at scale 1 costs neither level nor scale.
   */
  Reference.Ciphertext multiplyScalar(Reference.Ciphertext a, double value, double scalarScale);

  /** {@link #multiplyRelinearize} and {@link #rescale} by one level in one. */
  default Reference.Ciphertext multiplyRelinearizeRescale(
      Reference.Ciphertext a, Reference.Ciphertext b, Reference.EvaluationKeys keys) {
    try (Reference.Ciphertext product = multiplyRelinearize(a, b, keys)) {
      return rescale(product, 1);
    }
  }

  /** Divides by the last {@code levels} primes: level and scale go down with them. */
  Reference.Ciphertext rescale(Reference.Ciphertext a, int levels);

  /** Drops primes to reach {@code level}; scale and message stay. */
  Reference.Ciphertext dropToLevel(Reference.Ciphertext a, int level);
}
