package dev.veilsum.paillier;

import java.util.Arrays;
import java.util.List;

/** Ciphertexts one after the other, as the native library takes them. */
final class Flat {
  private Flat() {}

  /** The ciphertexts of list[first .. end); KEY_MISMATCH where one belongs to another key. */
  static byte[] of(PaillierPublicKey key, List<PaillierCiphertext> list, int first, int end) {
    int size = key.ciphertextBytes();
    byte[] flat = new byte[(end - first) * size];
    for (int i = first; i < end; i++) {
      PaillierCiphertext ciphertext = list.get(i);
      key.checkSame(ciphertext.key());
      System.arraycopy(ciphertext.value(), 0, flat, (i - first) * size, size);
    }
    return flat;
  }

  /** The {@code index}-th of {@code size} bytes. */
  static byte[] at(byte[] flat, int index, int size) {
    return Arrays.copyOfRange(flat, index * size, (index + 1) * size);
  }
}
