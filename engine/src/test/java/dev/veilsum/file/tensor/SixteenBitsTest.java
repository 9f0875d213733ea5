package dev.veilsum.file.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Both types of 16 bits, every pattern, against exact arithmetic and against NumPy. */
class SixteenBitsTest {
  private enum Type {
    FLOAT16(5),
    BFLOAT16(8);

    final int exponentBits;
    final int fractionBits;
    final int infinity;

    Type(int exponentBits) {
      this.exponentBits = exponentBits;
      this.fractionBits = 15 - exponentBits;
      this.infinity = ((1 << exponentBits) - 1) << fractionBits;
    }

    float read(int bits) {
      return this == FLOAT16
          ? SixteenBits.fromFloat16((short) bits)
          : SixteenBits.fromBfloat16((short) bits);
    }

    int write(double value) {
      return 0xffff
          & (this == FLOAT16 ? SixteenBits.toFloat16(value) : SixteenBits.toBfloat16(value));
    }

    /** The magnitude of a finite pattern by the definition of the formats. */
    BigDecimal exact(int bits) {
      int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
      int fraction = bits & (1 << fractionBits) - 1;
      int significand = exponent == 0 ? fraction : fraction | 1 << fractionBits;
      int scale = Math.max(exponent, 1) - (1 << (exponentBits - 1)) + 1 - fractionBits;
      BigDecimal power =
          scale >= 0
              ? BigDecimal.valueOf(2).pow(scale)
              : BigDecimal.ONE.divide(BigDecimal.valueOf(2).pow(-scale));
      return power.multiply(BigDecimal.valueOf(significand));
    }
  }

  @Test
  void everyPatternIsReadExactlyAndWrittenBack() {
    for (Type type : Type.values()) {
      for (int bits = 0; bits < 1 << 16; bits++) {
        float value = type.read(bits);
        int magnitude = bits & 0x7fff;
        if (magnitude > type.infinity) {
          assertThat(value).isNaN();
          assertThat(type.write(value) & 0x7fff).isGreaterThan(type.infinity);
          continue;
        }
        boolean negative = bits >= 0x8000;
        if (Float.floatToRawIntBits(value) < 0 != negative || type.write(value) != bits) {
          assertThat(type.write(value)).as("%s %x as %s", type, bits, value).isEqualTo(bits);
        }
        if (magnitude == type.infinity) {
          assertThat(Math.abs(value)).isInfinite();
        } else if (new BigDecimal(Math.abs(value)).compareTo(type.exact(magnitude)) != 0) {
          assertThat(new BigDecimal(Math.abs(value))).isEqualByComparingTo(type.exact(magnitude));
        }
      }
    }
  }

  @Test
  void roundsToNearestTiesToEven() {
    DoubleUnaryOperator down = x -> Math.nextAfter(x, Double.NEGATIVE_INFINITY);
    for (Type type : Type.values()) {
      for (int bits = 0; bits < type.infinity; bits++) {
        double low = type.read(bits);
        // The next after the largest number is what it would be with one exponent more.
        double high =
            bits + 1 < type.infinity ? type.read(bits + 1) : 2 * low - type.read(bits - 1);
        double middle = low + (high - low) / 2; // exact in double
        int even = (bits & 1) == 0 ? bits : bits + 1;
        int[] found = {
          type.write(down.applyAsDouble(middle)),
          type.write(middle),
          type.write(Math.nextUp(middle)),
          type.write(-middle)
        };
        int[] expected = {bits, even, bits + 1, even | 0x8000};
        if (!java.util.Arrays.equals(found, expected)) {
          assertThat(found).as("%s %x", type, bits).isEqualTo(expected);
        }
      }
      assertThat(type.write(Double.MAX_VALUE)).isEqualTo(type.infinity);
      assertThat(type.write(Double.NEGATIVE_INFINITY)).isEqualTo(type.infinity | 0x8000);
      assertThat(type.write(Double.MIN_VALUE)).isZero();
      assertThat(type.write(-Double.MIN_NORMAL)).isEqualTo(0x8000);
    }
  }

  @Test
  void nearestOfRandomNumbers() {
    Random random = new Random(3);
    for (Type type : Type.values()) {
      for (int i = 0; i < 20_000; i++) {
        double value = type.read(random.nextInt(type.infinity)) * (1 + random.nextDouble() / 100);
        int bits = type.write(value);
        if (bits >= type.infinity) {
          continue;
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal error = type.exact(bits).subtract(exact).abs();
        assertThat(error).isLessThanOrEqualTo(type.exact(bits + 1).subtract(exact).abs());
        if (bits > 0) {
          assertThat(error).isLessThanOrEqualTo(type.exact(bits - 1).subtract(exact).abs());
        }
      }
    }
  }

  @Test
  void asNumPy() throws IOException {
    for (Type type : Type.values()) {
      String[] digests = TensorFixtures.sixteenBits(type.name());
      ByteBuffer floats = ByteBuffer.allocate(4 << 16).order(ByteOrder.LITTLE_ENDIAN);
      for (int bits = 0; bits < 1 << 16; bits++) {
        float value = type.read(bits);
        floats.putInt(Float.isNaN(value) ? 0x7fc00000 : Float.floatToRawIntBits(value));
      }
      assertThat(sha256(floats)).isEqualTo(digests[1]);
      ByteBuffer rounded =
          ByteBuffer.allocate(6 * (type.infinity - 1)).order(ByteOrder.LITTLE_ENDIAN);
      for (int bits = 0; bits < type.infinity - 1; bits++) {
        double low = type.read(bits);
        double high = type.read(bits + 1);
        double middle = low + (high - low) / 2;
        boolean wide = type == Type.FLOAT16;
        double below = wide ? Math.nextAfter(middle, low) : Math.nextAfter((float) middle, low);
        double above = wide ? Math.nextAfter(middle, high) : Math.nextAfter((float) middle, high);
        rounded.putShort((short) type.write(below));
        rounded.putShort((short) type.write(middle));
        rounded.putShort((short) type.write(above));
      }
      assertThat(sha256(rounded)).isEqualTo(digests[2]);
    }
  }

  private static String sha256(ByteBuffer bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
