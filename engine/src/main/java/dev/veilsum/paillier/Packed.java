package dev.veilsum.paillier;

import dev.veilsum.nativelib.PaillierLibrary;
import dev.veilsum.nativelib.SecretBytes;

/** Vectors to plaintexts and back. */
final class Packed {
  private Packed() {}

  /** The plaintexts of values[from .. to), which start a plaintext. */
  static SecretBytes pack(
      PaillierPublicKey key, PackedLayout layout, long[] values, int from, int to) {
    int length = to - from;
    SecretBytes plaintexts =
        SecretBytes.ofSize(layout.ciphertexts(key, length) * key.modulusBytes());
    try (SecretBytes words = SecretBytes.ofSize(Long.BYTES * length)) {
      words.longs().put(0, values, from, length);
      Guarded.run(
          key.handle(),
          address ->
              PaillierLibrary.pack(
                  address,
                  layout.valueBits(),
                  layout.capacity(),
                  words.longs(),
                  length,
                  plaintexts.bytes()));
      return plaintexts;
    } catch (RuntimeException | Error e) {
      plaintexts.close();
      throw e;
    }
  }

  /** Reads plaintexts into values[from .. to). */
  static void unpack(
      PaillierPublicKey key,
      PackedLayout layout,
      SecretBytes plaintexts,
      long[] values,
      int from,
      int to) {
    int length = to - from;
    try (SecretBytes words = SecretBytes.ofSize(Long.BYTES * length)) {
      Guarded.run(
          key.handle(),
          address ->
              PaillierLibrary.unpack(
                  address,
                  layout.valueBits(),
                  layout.capacity(),
                  plaintexts.bytes(),
                  words.longs(),
                  length));
      words.longs().get(0, values, from, length);
    }
  }
}
