package dev.veilsum.keys;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/** From what a person types to the bytes that Argon2id takes. */
final class Passphrase {
  private Passphrase() {}

  /**
   * UTF-8 of the passphrase in normal form NFC, since keyboards and systems compose accents
   * differently; the caller wipes it. A passphrase beyond ASCII passes through a String on the way,
   * which Java cannot wipe.
   */
  static byte[] utf8(char[] passphrase) {
    CharBuffer chars = CharBuffer.wrap(passphrase);
    if (!chars.chars().allMatch(c -> c < 0x80)) {
      chars = CharBuffer.wrap(Normalizer.normalize(chars, Normalizer.Form.NFC));
    }
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(chars);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Arrays.fill(encoded.array(), (byte) 0);
    return bytes;
  }
}
