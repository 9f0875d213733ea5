package dev.veilsum.backend;

import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The way in and out for other libraries' formats: objects as plain residues (see {@link
 * Residues}). Everything is checked on its way in, and {@code CORRUPT} says what is wrong: sizes,
 * residues that are not below their prime, transparent ciphertexts, secrets that are not ternary.
 *
 * <p>Buffers are read and written from their position to their limit, which must be exactly the
 * object's size.
 */
public interface ResidueExchange {
  /** The noise bound of a fresh encryption with a public key. */
  double FRESH = Double.NaN;

  /**
   * That of an encryption made over one prime more and divided by it, as Microsoft SEAL's Encryptor
   * does: little more than the rounding.
   */
  double SWITCHED_FRESH = Double.NEGATIVE_INFINITY;

  /**
   * The public numbers of a ciphertext that came without them.
   *
   * @param scale CKKS: the scale; ignored for BFV
   * @param noiseBits log2 of the noise bound, or {@link #FRESH} or {@link #SWITCHED_FRESH}
   * @param messageBound CKKS: a bound on the absolute value of every slot; ignored for BFV
   */
  record Numbers(double scale, double noiseBits, double messageBound) {}

  /** One key-switching key: for each digit the two polynomials over all primes. */
  record SwitchKeyDigits(SwitchKey which, List<Residues> digits) {}

  /** A ciphertext of {@code parts} polynomials, 2 or 3. */
  Reference.Ciphertext ciphertext(int level, int parts, Residues residues, Numbers numbers);

  void write(Reference.Ciphertext c, ByteBuffer out);

  /** CKKS: NTT form at a level; BFV: N coefficients modulo t (level, scale and bound ignored). */
  Reference.Plaintext plaintext(int level, ByteBuffer words, double scale, double messageBound);

  void write(Reference.Plaintext plaintext, ByteBuffer out);

  /** A ternary secret over all primes, in NTT form. */
  Reference.SecretKey secretKey(ByteBuffer words);

  void write(Reference.SecretKey key, ByteBuffer out);

  /** An encryption of zero over all primes. */
  Reference.PublicKey publicKey(Residues residues);

  /** A fresh public key over all primes: the first polynomial, of a seed for the second. */
  void writePublicKey(Reference.SecretKey secret, int generator, byte[] seed, ByteBuffer out);

  /**
   * A fresh encryption under the secret key whose second polynomial is the seed's, in the
   * ciphertext's form: its first polynomial.
   *
   * @param level for BFV; a CKKS plaintext has its own
   */
  void encryptOfSeed(
      Reference.SecretKey secret,
      Reference.Plaintext message,
      int level,
      int generator,
      byte[] seed,
      ByteBuffer out);

  /** Evaluation keys, pulled one at a time. */
  Reference.EvaluationKeys evaluationKeys(Iterable<SwitchKeyDigits> keys);

  /** Both polynomials of one digit of a key. */
  void writeDigit(Reference.EvaluationKeys keys, SwitchKey which, int digit, ByteBuffer out);

  /** The polynomial that a seed stands for, over the first primes of chain and special primes. */
  void expandSeed(int primes, int generator, byte[] seed, ByteBuffer out);
}
