package dev.veilsum.keys;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * HKDF with SHA-256 (RFC 5869). Written over the bare hash, so that every array and digest state
 * that saw a key is wiped.
 */
final class HkdfSha256 {
  private static final int HASH_BYTES = 32;
  private static final int BLOCK_BYTES = 64;

  private HkdfSha256() {}

  /** RFC 5869, section 2.2: the pseudorandom key of {@code inputKey} under {@code salt}. */
  static byte[] extract(byte[] salt, byte[] inputKey) {
    return hmac(salt, inputKey);
  }

  /**
   * RFC 5869, section 2.3: {@code length} bytes, at most 255 * 32, of {@code pseudorandomKey} for
   * the purpose {@code label}.
   */
  static byte[] expand(byte[] pseudorandomKey, byte[] label, int length) {
    if (length > 255 * HASH_BYTES) {
      throw new IllegalArgumentException("HKDF gives at most 8160 bytes, not " + length);
    }
    byte[] output = new byte[length];
    byte[] block = new byte[0];
    for (int done = 0, counter = 1; done < length; counter++) {
      byte[] next = hmac(pseudorandomKey, block, label, new byte[] {(byte) counter});
      Arrays.fill(block, (byte) 0);
      block = next;
      int count = Math.min(HASH_BYTES, length - done);
      System.arraycopy(block, 0, output, done, count);
      done += count;
    }
    Arrays.fill(block, (byte) 0);
    return output;
  }

  /** HMAC-SHA256 (RFC 2104) of the concatenated parts. */
  static byte[] hmac(byte[] key, byte[]... parts) {
    byte[] shortKey = key.length > BLOCK_BYTES ? sha256(key) : key.clone();
    byte[] pad = new byte[BLOCK_BYTES];
    byte[] inner = sha256(prepend(xored(pad, shortKey, 0x36), parts));
    byte[] outer = sha256(xored(pad, shortKey, 0x5c), inner);
    Arrays.fill(pad, (byte) 0);
    Arrays.fill(inner, (byte) 0);
    Arrays.fill(shortKey, (byte) 0);
    return outer;
  }

  private static byte[] xored(byte[] pad, byte[] key, int constant) {
    for (int i = 0; i < pad.length; i++) {
      pad[i] = (byte) ((i < key.length ? key[i] : 0) ^ constant);
    }
    return pad;
  }

  private static byte[][] prepend(byte[] first, byte[][] rest) {
    byte[][] all = new byte[rest.length + 1][];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  private static byte[] sha256(byte[]... parts) {
    SHA256Digest digest = new SHA256Digest();
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    byte[] hash = new byte[HASH_BYTES];
    digest.doFinal(hash, 0); // doFinal resets the digest, which clears its message block
    return hash;
  }
}
