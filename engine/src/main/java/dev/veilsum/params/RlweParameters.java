package dev.veilsum.params;

import java.util.List;

/** What CKKS and BFV parameters share: the ring, the modulus chain and the key switching. */
public sealed interface RlweParameters permits CkksParameters, BfvParameters {
  /** The degree N of X^N + 1, a power of two from 1024 to 131072. */
  int ringDegree();

  /**
   * The primes q_0 .. q_L; a fresh ciphertext has all of them, and they are dropped from the end.
   */
  List<Long> modulusChain();

  /** The special primes of hybrid key switching (ePrint 2019/688, section 3); may be empty. */
  List<Long> specialPrimes();

  /** How many chain primes make one digit of key switching. */
  int digitPrimes();

  /** The security level that these parameters were checked against. */
  SecurityLevel security();

  /** BLAKE2b-256 of {@link #canonicalBytes()}: equal exactly where the parameters are. */
  Fingerprint fingerprint();

  /** The canonical bytes (docs/formats.md): a new array at each call. */
  byte[] canonicalBytes();

  /** The scheme's name in files: "ckks" or "bfv". */
  String scheme();

  /** The parameters of canonical bytes; {@code CORRUPT} where they are none. */
  static RlweParameters fromCanonicalBytes(byte[] bytes) {
    return CanonicalForm.read(bytes);
  }

  /** The level L of a fresh ciphertext: the chain's length less one. */
  default int maxLevel() {
    return modulusChain().size() - 1;
  }

  /** log2 of the product of the modulus chain and of the special primes. */
  default double logQP() {
    return NttPrimes.log2OfProduct(modulusChain()) + NttPrimes.log2OfProduct(specialPrimes());
  }

  /** log2 of the product of q_0 .. q_level. */
  default double logQ(int level) {
    return NttPrimes.log2OfProduct(modulusChain().subList(0, level + 1));
  }

  /** The key-switching digits of a fresh ciphertext: ceil((L + 1) / digitPrimes). */
  default int digits() {
    return (modulusChain().size() + digitPrimes() - 1) / digitPrimes();
  }

  default boolean canKeySwitch() {
    return !specialPrimes().isEmpty();
  }

  /**
   * Bytes of one key-switching key in a file: a header of 8 bytes, a 32-byte seed, and N packed
   * residues for each prime and digit.
   */
  default long switchKeyBytes() {
    long residues = packedBytes(modulusChain()) + packedBytes(specialPrimes());
    return 8 + 32 + digits() * residues;
  }

  /** Bytes of the public key in a file: header, seed, and N packed residues a chain prime. */
  default long publicKeyBytes() {
    return 8 + 32 + packedBytes(modulusChain());
  }

  /**
   * Bytes of a ciphertext of degree 1 in a file: a header of 8 bytes, its public numbers (scale and
   * two bounds in CKKS, one bound in BFV, 8 bytes each), a seed where it has one, packed residues.
   *
   * @param seeded encrypted with the secret key and not yet computed with: half is a 32-byte seed
   */
  default long ciphertextBytes(int level, boolean seeded) {
    long half = packedBytes(modulusChain().subList(0, level + 1));
    int header = 8 + (this instanceof CkksParameters ? 24 : 8);
    return header + (seeded ? 32 + half : 2 * half);
  }

  private long packedBytes(List<Long> primes) {
    long bytes = 0;
    for (long q : primes) {
      bytes += ((long) ringDegree() * NttPrimes.bitLength(q) + 7) / 8;
    }
    return bytes;
  }
}
