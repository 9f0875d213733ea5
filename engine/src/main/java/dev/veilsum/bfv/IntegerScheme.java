package dev.veilsum.bfv;

/**
 * Which scheme computes products of exact integers. Parameters, keys, plaintexts and packed
 * ciphertexts are the same for both, and so is every operation but the product of ciphertexts: a
 * packed ciphertext loads into a context of either.
 */
public enum IntegerScheme {
  /** Scale-invariant products (ePrint 2012/144): noise grows by a constant factor a product. */
  BFV,
  /**
   * Products without lifting or scaling, and a switch to a smaller modulus after each (ePrint
   * 2011/277): several times faster, at one level of the chain a product. Take a parameter set that
   * was made for it (the presets {@code bgv-8192} and {@code bgv-16384}): others lose bits of the
   * plain modulus' size at every product.
   */
  BGV
}
