package dev.veilsum.seal;

/** How the body of an object's outermost frame is compressed; nested frames never are. */
public enum SealCompression {
  NONE,
  /** One zlib stream (RFC 1950). */
  ZLIB,
  /** One Zstandard frame (RFC 8878): SEAL's own default. */
  ZSTD;

  /** For example "zstd". */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The number in the frame's header. */
  byte code() {
    return (byte) ordinal();
  }
}
