package dev.veilsum.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * How an object is written.
 *
 * @param minorVersion 0 to 5, for SEAL 4.0 to 4.5. SEAL 4.0 to 4.3 read their own version alone;
 *     later ones read all before them. node-seal (5.1, 7.0) is SEAL 4.1
 * @param compression of the whole object
 */
public record SealFormat(int minorVersion, SealCompression compression) {
  static final int MAJOR_VERSION = 4;
  static final int HIGHEST_MINOR = 5;

  /** SEAL 4.1, which every later reader and node-seal take, with Zstandard. */
  public static final SealFormat DEFAULT = new SealFormat(1, SealCompression.ZSTD);

  public SealFormat {
    if (minorVersion < 0 || minorVersion > HIGHEST_MINOR) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "SEAL 4.%d: objects of 4.0 to 4.%d are written".formatted(minorVersion, HIGHEST_MINOR));
    }
    java.util.Objects.requireNonNull(compression);
  }

  public SealFormat withCompression(SealCompression newCompression) {
    return new SealFormat(minorVersion, newCompression);
  }
}
