package dev.veilsum.backend;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What CKKS and BFV have in common, on opaque references. No argument is ever changed: an operation
 * returns a new reference, which the caller closes. Every operation checks before it runs and
 * throws {@code dev.veilsum.VeilsumException} with the numbers: {@code PARAMETER_MISMATCH} for a
 * reference of other parameters or another backend, {@code SCALE_MISMATCH}, {@code DEPTH}, {@code
 * NOISE_BUDGET}, {@code MISSING_KEY}, {@code CLOSED}.
 *
 * <p>Byte buffers are direct or on the heap, read and written from their position, which moves past
 * what was used.
 */
public interface SchemeBackend {
  RlweParameters parameters();

  // Keys.

  /** The secret key of a 32-byte seed: the same seed gives the same key. The array is not kept. */
  Reference.SecretKey secretKey(byte[] seed);

  /** A fresh public key of a secret key. */
  Reference.PublicKey publicKey(Reference.SecretKey secret);

  /** Fresh key-switching keys, exactly those required. */
  Reference.EvaluationKeys evaluationKeys(Reference.SecretKey secret, KeyRequirements requirements);

  /** Which keys it holds. */
  KeyRequirements contents(Reference.EvaluationKeys keys);

  /** Bytes that {@link #packPublicKey} writes; known before the key is made. */
  int packedPublicKeyBytes();

  void packPublicKey(Reference.PublicKey key, ByteBuffer out);

  /** Throws {@code CORRUPT} for what is no public key of these parameters. */
  Reference.PublicKey loadPublicKey(ByteBuffer in);

  /** Bytes that {@link #packSwitchKey} writes, the same for every key of these parameters. */
  int packedSwitchKeyBytes();

  /** Writes one of the keys, seeded. */
  void packSwitchKey(Reference.EvaluationKeys keys, SwitchKey which, ByteBuffer out);

  /**
   * Loads packed keys, pulling them from the iterable one at a time, so that a file is streamed.
   * Throws {@code CORRUPT} for what is no switching key of these parameters.
   */
  Reference.EvaluationKeys loadEvaluationKeys(Iterable<PackedSwitchKey> keys);

  /** One packed key-switching key and its name. */
  record PackedSwitchKey(SwitchKey which, ByteBuffer bytes) {}

  // Ciphertexts at rest.

  /** Bytes that {@link #packCiphertext} writes for this ciphertext. */
  int packedBytes(Reference.Ciphertext c);

  /**
   * Writes residues at their modulus' bits, with what is needed to load it: level, scale, noise
   * bound, and the seed instead of the second polynomial where it is fresh from a secret key.
   */
  void packCiphertext(Reference.Ciphertext c, ByteBuffer out);

  /** Throws {@code CORRUPT} for what is no ciphertext of these parameters. */
  Reference.Ciphertext loadCiphertext(ByteBuffer in);

  /**
   * Residues in and out, for other libraries' formats.
   *
   * @throws VeilsumException {@code UNSUPPORTED} where this backend keeps none
   */
  default ResidueExchange residues() {
    throw new VeilsumException(
        ErrorCode.UNSUPPORTED,
        "this backend keeps no residues, so it exchanges no objects with other libraries; use the"
            + " backend \"core\"");
  }

  // What a ciphertext says of itself.

  /** Level l: the residues q_0 .. q_l are there. */
  int level(Reference.Ciphertext c);

  /** Polynomials less one: 1 when fresh, 2 after a multiplication that was not relinearized. */
  int degree(Reference.Ciphertext c);

  /**
   * log2 of a high-probability bound (failure below 2^-64) on the noise polynomial in the canonical
   * embedding, in units of the ciphertext's integers (for CKKS: of the message times the scale; for
   * BFV: of w in c_0 + c_1 s = (Q / t) m + w mod Q). Public: needs no key.
   */
  double noiseBoundBits(Reference.Ciphertext c);

  // Evaluation.

  /** Operands at different levels meet at the lower one. */
  Reference.Ciphertext add(Reference.Ciphertext a, Reference.Ciphertext b);

  Reference.Ciphertext subtract(Reference.Ciphertext a, Reference.Ciphertext b);

  Reference.Ciphertext negate(Reference.Ciphertext a);

  Reference.Ciphertext addPlain(Reference.Ciphertext a, Reference.Plaintext b);

  Reference.Ciphertext subtractPlain(Reference.Ciphertext a, Reference.Plaintext b);

  Reference.Ciphertext multiplyPlain(Reference.Ciphertext a, Reference.Plaintext b);

  /** The tensor product, of degree 2; both operands have degree 1. */
  Reference.Ciphertext multiply(Reference.Ciphertext a, Reference.Ciphertext b);

  Reference.Ciphertext square(Reference.Ciphertext a);

  /** Degree 2 to degree 1. */
  Reference.Ciphertext relinearize(Reference.Ciphertext a, Reference.EvaluationKeys keys);

  /** {@link #multiply} and {@link #relinearize} in one: what most products want. */
  default Reference.Ciphertext multiplyRelinearize(
      Reference.Ciphertext a, Reference.Ciphertext b, Reference.EvaluationKeys keys) {
    try (Reference.Ciphertext product = a == b ? square(a) : multiply(a, b)) {
      return relinearize(product, keys);
    }
  }

  /**
   * Rotates all slots (CKKS) or both rows (BFV) by {@code steps} to the left, of any sign. Without
   * the key of exactly this rotation it may be composed of rotations by powers of two.
   */
  Reference.Ciphertext rotate(Reference.Ciphertext a, int steps, Reference.EvaluationKeys keys);

  /** Many rotations of one ciphertext, decomposed once (ePrint 2018/244, section 5). */
  List<Reference.Ciphertext> rotateMany(
      Reference.Ciphertext a, int[] steps, Reference.EvaluationKeys keys);

  /** Complex conjugation (CKKS) or the swap of the two rows (BFV). */
  Reference.Ciphertext conjugate(Reference.Ciphertext a, Reference.EvaluationKeys keys);

  /** The sum of one or more ciphertexts, in one pass. */
  Reference.Ciphertext sum(List<? extends Reference.Ciphertext> terms);

  /**
   * sum a_i b_i of ciphertexts, of degree 2: tensors are summed, so one relinearization is left.
   */
  Reference.Ciphertext innerProduct(
      List<? extends Reference.Ciphertext> a, List<? extends Reference.Ciphertext> b);

  /** sum a_i b_i with plaintexts. */
  Reference.Ciphertext innerProductPlain(
      List<? extends Reference.Ciphertext> a, List<? extends Reference.Plaintext> b);
}
