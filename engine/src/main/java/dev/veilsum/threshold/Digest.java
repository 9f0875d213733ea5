package dev.veilsum.threshold;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** 32 bytes of SHA-256 that name something: compared by value, shown in hexadecimal. */
public final class Digest {
  /** The length. */
  public static final int BYTES = 32;

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A digest that was read from a file. */
  static Digest of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a digest of " + bytes.length + " bytes");
    }
    return new Digest(bytes.clone());
  }

  /** SHA-256 of a label and of parts, each after its length, so that no two lists are one. */
  static Digest of(String label, byte[]... parts) {
    Builder all = new Builder(label);
    for (byte[] part : parts) {
      all.add(part);
    }
    return all.finish();
  }

  /** SHA-256 of a label and of parts, one by one. */
  static final class Builder {
    private final MessageDigest sha;

    Builder(String label) {
      try {
        sha = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
      add(("veilsum v1 threshold " + label).getBytes(StandardCharsets.US_ASCII));
    }

    Builder add(byte[] part) {
      return add(ByteBuffer.wrap(part));
    }

    /** Adds what remains of a buffer. */
    Builder add(ByteBuffer part) {
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.remaining()).flip());
      sha.update(part.duplicate());
      return this;
    }

    Builder add(int number) {
      return add(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    Digest finish() {
      return new Digest(sha.digest());
    }
  }

  /** A new array at each call. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
