package dev.veilsum.backend;

import java.nio.ByteBuffer;

/**
 * Polynomials as plain little-endian 64-bit residues, residue-major, from the buffer's position to
 * its limit. A seed of Microsoft SEAL stands for the last polynomial, which then is not among them.
 *
 * @param words in the form of the object: NTT for CKKS and keys, coefficients for BFV ciphertexts
 * @param generator 0 for none, 1 Blake2xb, 2 SHAKE-256
 * @param seed 64 bytes; whatever they are where the generator is 0
 */
public record Residues(ByteBuffer words, int generator, byte[] seed) {
  private static final byte[] NO_SEED = new byte[64];

  /** All polynomials. */
  public static Residues full(ByteBuffer words) {
    return new Residues(words, 0, NO_SEED);
  }
}
