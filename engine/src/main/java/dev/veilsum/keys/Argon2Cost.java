package dev.veilsum.keys;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * What one guess of a passphrase costs under Argon2id version 1.3 (RFC 9106).
 *
 * @param memoryKib KiB of memory, from 8 for each lane to 1 GiB
 * @param passes passes over the memory, 1 to 64; memory times passes is at most 16 GiB
 * @param lanes lanes that could run in parallel, 1 to 16
 */
record Argon2Cost(int memoryKib, int passes, int lanes) {
  /** 64 MiB and 3 passes: the second recommended choice of RFC 9106, section 4. */
  static final Argon2Cost DEFAULT = new Argon2Cost(1 << 16, 3, 4);

  private static final int MAX_MEMORY_KIB = 1 << 20;
  private static final long MAX_WORK_KIB = 1L << 24;

  Argon2Cost {
    if (lanes < 1
        || lanes > 16
        || passes < 1
        || passes > 64
        || memoryKib < 8 * lanes
        || memoryKib > MAX_MEMORY_KIB
        || (long) memoryKib * passes > MAX_WORK_KIB) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          String.format(
              "the key file asks for Argon2id with %d KiB, %d passes, %d lanes; accepted are at"
                  + " most 1 GiB, 64 passes, 16 lanes, and 16 GiB in all",
              memoryKib, passes, lanes));
    }
  }

  /** A 32-byte key of the passphrase; the caller wipes both. */
  byte[] deriveKey(byte[] passphrase, byte[] salt) {
    Argon2Parameters parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build();
    byte[] key = new byte[32];
    try {
      Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
      argon2.init(parameters);
      argon2.generateBytes(passphrase, key);
      return key;
    } catch (OutOfMemoryError e) {
      Arrays.fill(key, (byte) 0);
      throw new VeilsumException(
          ErrorCode.OUT_OF_MEMORY,
          "Argon2id needs "
              + (memoryKib >> 10)
              + " MiB for this key file; give Java more memory (-Xmx)",
          e);
    }
  }
}
