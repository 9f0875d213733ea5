package dev.veilsum.paillier;

/**
 * Which random N-th residues hide plaintexts under a public key. Ciphertexts of all kinds are of
 * one form: they add to each other and decrypt alike.
 *
 * <p>All but {@link #TEXTBOOK} are powers h^x of a fixed h, drawn at random for each key object (h
 * = -r^2N; Damgard, Jurik and Nielsen, "A generalization of Paillier's public-key system with
 * applications to electronic voting", 2010). They need a table in native memory, made when a key
 * object has encrypted more than 16 numbers (until then its randomness is {@link #TEXTBOOK}).
 * Without AVX-512 IFMA there is no table, and {@link #FULL} is {@link #TEXTBOOK}.
 */
public enum PaillierRandomness {
  /** r^N, r uniform modulo N: every encryption of a number is equally likely. */
  TEXTBOOK,

  /**
   * x uniform in [0, N), the default. Secure under the same assumption as {@link #TEXTBOOK},
   * decisional composite residuosity: h^x is within 2^-1000 of uniform in the group that h
   * generates, and nobody can tell h from a number under whose powers every plaintext is hidden
   * perfectly. The table: 14 MB for 2048 bits, 32 MB for 3072, 57 MB for 4096.
   */
  FULL,

  /**
   * x of half the bits of N, twice as fast; half the table. An assumption more: that such a power
   * cannot be told from one with a full exponent (Goldreich and Rosen, "On the security of modular
   * exponentiation with application to the construction of pseudorandom generators", 2003, prove
   * that from the hardness of factoring for suitable keys).
   */
  HALF,

  /**
   * x of 448 bits, of 512 for keys longer than 2048: four to eight times as fast as {@link #FULL};
   * a table of 3 to 7 MB. An assumption more: that such a power cannot be told from one with a full
   * exponent. The best attacks known, on discrete logarithms of bounded size, take more than 2^224
   * steps; there is no proof from factoring.
   */
  SHORT;

  /** The number by which the native library knows it. */
  int number() {
    return ordinal();
  }
}
