package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.PaillierLibrary;
import java.math.BigInteger;

/**
 * How many integers share one ciphertext. A fresh value has {@code valueBits} bits, sign included;
 * a slot has room for {@code capacity} times that magnitude. Every ciphertext carries its weight: 1
 * when fresh, the sum of both under addition, |factor| times under multiplication, one more for
 * plain values. What would pass the capacity is refused, so that no slot ever runs into another.
 *
 * @param valueBits 1 to 61
 * @param capacity 1 or more; slots may have 62 bits
 * @param fractionBits 0 for integers; real numbers are counted in steps of 2^-fractionBits
 */
public record PackedLayout(int valueBits, long capacity, int fractionBits) {
  public PackedLayout {
    if (fractionBits < 0 || fractionBits > 1074) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, fractionBits + " fraction bits; they go from 0 to 1074");
    }
    Guarded.require();
    int bits = valueBits;
    long most = capacity;
    Guarded.number(() -> PaillierLibrary.slotBits(bits, most));
  }

  /** Integers of {@code valueBits} bits, for {@code capacity} additions. */
  public static PackedLayout integers(int valueBits, long capacity) {
    return new PackedLayout(valueBits, capacity, 0);
  }

  /** Bits of a slot: valueBits + floor(log2 capacity) + 1. */
  public int slotBits() {
    return (int) Guarded.number(() -> PaillierLibrary.slotBits(valueBits, capacity));
  }

  /** Values in one ciphertext under a key. */
  public int slots(PaillierPublicKey key) {
    return (key.bits() - 1) / slotBits();
  }

  /** Ciphertexts of a vector of that length. */
  public int ciphertexts(PaillierPublicKey key, int length) {
    int slots = slots(key);
    return length / slots + (length % slots == 0 ? 0 : 1);
  }

  /** round(x * 2^fractionBits), of at most valueBits bits. */
  long[] toIntegers(double[] values) {
    FixedPoint format = new FixedPoint(Math.max(0, valueBits - fractionBits), fractionBits);
    BigInteger bound = BigInteger.ONE.shiftLeft(valueBits - 1);
    long[] integers = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      integers[i] = Integers.within(format.toInteger(values[i]), bound).longValue();
    }
    return integers;
  }

  long sumWeight(long a, long b) {
    return Guarded.number(() -> PaillierLibrary.sumWeight(valueBits, capacity, a, b));
  }

  long productWeight(long weight, long magnitude) {
    return Guarded.number(
        () -> PaillierLibrary.productWeight(valueBits, capacity, weight, magnitude));
  }
}
