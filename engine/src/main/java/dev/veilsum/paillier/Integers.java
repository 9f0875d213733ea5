package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Integers as the native library takes them: two's complement, big-endian, of fixed length. */
final class Integers {
  /** The bound of a long: 2^63. */
  static final BigInteger LONG_BOUND = BigInteger.ONE.shiftLeft(63);

  private Integers() {}

  /** Writes the {@code index}-th number of {@code size} bytes. */
  static void put(BigInteger value, ByteBuffer out, int index, int size) {
    byte[] bytes = value.toByteArray();
    try {
      if (bytes.length > size) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE,
            "an integer of "
                + value.bitLength()
                + " bits is longer than this Paillier key holds; take a longer key");
      }
      byte sign = (byte) (value.signum() < 0 ? -1 : 0);
      int start = index * size;
      int body = start + size - bytes.length;
      for (int i = start; i < body; i++) {
        out.put(i, sign);
      }
      out.put(body, bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Reads the {@code index}-th number of {@code size} bytes. */
  static BigInteger get(ByteBuffer in, int index, int size) {
    byte[] bytes = new byte[size];
    try {
      in.get(index * size, bytes);
      return new BigInteger(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** 2^magnitudeBits, for 0 to 4096. */
  static BigInteger bound(int magnitudeBits) {
    if (magnitudeBits < 0 || magnitudeBits > 4096) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a Paillier integer of " + magnitudeBits + " bits; keys hold at most 4094");
    }
    return BigInteger.ONE.shiftLeft(magnitudeBits);
  }

  /** Refuses a value that its declared bound does not cover. */
  static BigInteger within(BigInteger value, BigInteger bound) {
    if (value.abs().compareTo(bound) > 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "an integer's magnitude is above 2^"
              + (bound.bitLength() - 1)
              + ", which was declared; declare more bits");
    }
    return value;
  }
}
