package dev.veilsum.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.random.RandomStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arithmetic modulo 2^61 - 1 against big integers. */
class PrimeFieldTest {
  private static final BigInteger P = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);

  private static List<Long> residues() {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add((long) i);
      all.add(PrimeField.P - 1 - i);
      all.add(PrimeField.P / 2 - 1 + i);
    }
    for (int bit = 2; bit < 61; bit += 3) {
      all.add(1L << bit);
    }
    new Random(5).longs(60, 0, PrimeField.P).forEach(all::add);
    return all;
  }

  @Test
  void agreesWithBigIntegers() {
    assertThat(P.isProbablePrime(100)).isTrue();
    assertThat(PrimeField.P).isEqualTo(P.longValueExact());
    for (long a : residues()) {
      for (long b : residues()) {
        BigInteger x = BigInteger.valueOf(a);
        BigInteger y = BigInteger.valueOf(b);
        assertThat(PrimeField.add(a, b)).isEqualTo(x.add(y).mod(P).longValue());
        assertThat(PrimeField.subtract(a, b)).isEqualTo(x.subtract(y).mod(P).longValue());
        assertThat(PrimeField.multiply(a, b)).isEqualTo(x.multiply(y).mod(P).longValue());
      }
      if (a != 0) {
        assertThat(PrimeField.invert(a)).isEqualTo(BigInteger.valueOf(a).modInverse(P).longValue());
      }
    }
  }

  @Test
  void signedIntegersGoThere() {
    long most = PrimeField.P / 2;
    for (long value : new long[] {0, 1, -1, 77, -77, most, -most}) {
      long residue = PrimeField.ofSigned(value);
      assertThat(residue).isEqualTo(BigInteger.valueOf(value).mod(P).longValue());
      assertThat(PrimeField.toSigned(residue)).isEqualTo(value);
    }
  }

  @Test
  void uniformResiduesAreUniform() {
    try (RandomStream random = RandomStream.ofSeed(new byte[32])) {
      int n = 1 << 16;
      int[] found = new int[16];
      for (int i = 0; i < n; i++) {
        long residue = PrimeField.uniform(random);
        assertThat(residue).isBetween(0L, PrimeField.P - 1);
        found[(int) (residue >>> 57)]++;
      }
      for (int count : found) {
        assertThat(count).isBetween(4096 - 8 * 62, 4096 + 8 * 62);
      }
    }
  }
}
