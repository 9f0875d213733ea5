package dev.veilsum.circuit;

import dev.veilsum.params.KeyRequirements;

/** What must be known of a computation before parameters and keys are made for it. */
public interface Circuit {
  /**
   * The levels it consumes in CKKS, each one rescale; in BFV, where products with constants cost no
   * level, the products of ciphertexts in a row are at most as many.
   */
  int depth();

  /** The key-switching keys it needs, and no more. */
  KeyRequirements keys();
}
