package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/** 32 bytes that name a parameter set: BLAKE2b-256 (RFC 7693) of its canonical bytes. */
public final class Fingerprint {
  /** The length in bytes. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private Fingerprint(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The fingerprint of canonical bytes. */
  public static Fingerprint of(byte[] canonicalBytes) {
    Blake2bDigest digest = new Blake2bDigest(8 * LENGTH);
    digest.update(canonicalBytes, 0, canonicalBytes.length);
    byte[] out = new byte[LENGTH];
    digest.doFinal(out, 0);
    return new Fingerprint(out);
  }

  /** A fingerprint that was read from a file. */
  public static Fingerprint fromBytes(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, "a fingerprint has 32 bytes, this one " + bytes.length);
    }
    return new Fingerprint(bytes.clone());
  }

  /** A new array at each call. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The first eight bytes in hexadecimal: enough for people to tell sets apart. */
  public String shortHex() {
    return HexFormat.of().formatHex(bytes, 0, 8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fingerprint that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** All 32 bytes in hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
