package dev.veilsum.paillier;

import dev.veilsum.fuzz.FuzzTarget;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Paillier's ciphertexts, packed vectors and foreign moduli, of one key. */
public final class PaillierFuzz {
  private static final int FRONT = 4 + 8 + 4 + 8;

  /** Made at its first use. */
  private static final class Fixed {
    static final PaillierPublicKey KEY = key();

    private static PaillierPublicKey key() {
      try (PaillierSecretKey secret = PaillierSecretKey.ofSeed(new byte[32], 2048)) {
        return secret.publicKey();
      }
    }

    /** A number below N^2 that is a unit: what a ciphertext looks like. */
    static byte[] number() {
      byte[] bytes = KEY.modulus().pow(2).shiftRight(1).toByteArray();
      byte[] padded = new byte[KEY.ciphertextBytes()];
      int extra = Math.max(0, bytes.length - padded.length);
      int length = bytes.length - extra;
      System.arraycopy(bytes, extra, padded, padded.length - length, length);
      return padded;
    }
  }

  private PaillierFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget(
            "paillierCiphertext",
            input -> Fixed.KEY.ciphertext(input, 0, BigInteger.TEN),
            () -> List.of(Fixed.number())),
        new FuzzTarget("paillierVector", PaillierFuzz::readVector, PaillierFuzz::vectors),
        new FuzzTarget(
            "paillierModulus",
            input -> PaillierPublicKey.ofModulus(new BigInteger(1, input)),
            () -> List.of(Fixed.KEY.modulus().toByteArray())));
  }

  /** Bits of a value, capacity, length and weight, then ciphertexts. */
  private static void readVector(byte[] input) {
    ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(input, Math.max(input.length, FRONT)));
    int valueBits = in.getInt();
    PackedLayout layout = PackedLayout.integers(valueBits, in.getLong());
    int length = in.getInt();
    long weight = in.getLong();
    Fixed.KEY.packedVector(
        Arrays.copyOfRange(in.array(), FRONT, in.capacity()), layout, length, weight);
  }

  private static List<byte[]> vectors() {
    byte[] number = Fixed.number();
    return List.of(
        ByteBuffer.allocate(FRONT + number.length)
            .putInt(16)
            .putLong(1000)
            .putInt(3)
            .putLong(1)
            .put(number)
            .array(),
        ByteBuffer.allocate(FRONT).putInt(16).putLong(1000).array());
  }
}
