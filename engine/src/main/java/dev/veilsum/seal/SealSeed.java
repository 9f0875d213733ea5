package dev.veilsum.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.security.SecureRandom;

/** What a seeded object holds instead of its second polynomial: a generator and 64 bytes. */
record SealSeed(int generator, byte[] bytes) {
  static final int BLAKE2XB = 1;
  static final int SHAKE256 = 2;
  static final int LENGTH = 64;

  /** The size of its frame: header, generator, seed. */
  static final int FRAME = SealInput.HEADER + 1 + LENGTH;

  private static final SecureRandom RANDOM = new SecureRandom();

  SealSeed {
    if (generator != BLAKE2XB && generator != SHAKE256) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "a seed of generator %d; there are 1 (Blake2xb) and 2 (SHAKE-256)".formatted(generator));
    }
  }

  String generatorName() {
    return generator == BLAKE2XB ? "Blake2xb" : "SHAKE-256";
  }

  /** A fresh seed of SEAL's default generator. */
  static SealSeed fresh() {
    byte[] bytes = new byte[LENGTH];
    RANDOM.nextBytes(bytes);
    return new SealSeed(BLAKE2XB, bytes);
  }
}
