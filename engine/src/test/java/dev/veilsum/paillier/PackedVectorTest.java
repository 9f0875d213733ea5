package dev.veilsum.paillier;

import static dev.veilsum.paillier.PaillierTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedVectorTest {
  private static PaillierSecretKey secret;
  private static PaillierPublicKey key;
  private static PaillierEncryptor encryptor;
  private static PaillierEvaluator evaluator;
  private static PaillierDecryptor decryptor;

  @BeforeAll
  static void makeKey() {
    secret = PaillierSecretKey.ofSeed(PaillierTest.countingSeed(), 2048);
    key = secret.publicKey();
    encryptor = secret.encryptor().withThreads(2);
    evaluator = key.evaluator().withThreads(2);
    decryptor = secret.decryptor().withThreads(2);
  }

  @AfterAll
  static void closeKey() {
    secret.close();
  }

  private static long[] random(int length, int bits, long seed) {
    Random random = new Random(seed);
    return random.longs(length).map(x -> x >> (64 - bits)).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 96, 97, 98, 1000})
  void vectorsOfEveryLengthAreExact(int length) {
    PackedLayout layout = PackedLayout.integers(20, 1);
    assertThat(layout.slotBits()).isEqualTo(21);
    assertThat(layout.slots(key)).isEqualTo(97);
    long[] values = random(length, 20, length);
    PackedVector vector = encryptor.encrypt(values, layout);
    assertThat(vector.bytes()).hasSize((length + 96) / 97 * 512);
    assertThat(decryptor.decryptLongs(vector)).isEqualTo(values);
    PackedVector read = key.packedVector(vector.bytes(), layout, length, 1);
    assertThat(decryptor.decryptLongs(read)).isEqualTo(values);
  }

  @Test
  void aggregatesAreExactUpToTheCapacity() {
    int clients = 10;
    PackedLayout layout = PackedLayout.integers(8, clients);
    long[] expected = new long[700];
    PackedVector sum = null;
    for (int i = 0; i < clients; i++) {
      long[] values = i == 3 ? new long[700] : random(700, 8, i);
      if (i == 3) {
        Arrays.fill(values, -128);
      }
      PackedVector update = (i % 5 == 0 ? key.encryptor() : encryptor).encrypt(values, layout);
      sum = sum == null ? update : evaluator.add(sum, update);
      Arrays.setAll(expected, j -> expected[j] + values[j]);
    }
    assertThat(sum.weight()).isEqualTo(clients);
    assertThat(decryptor.decryptLongs(sum)).isEqualTo(expected);
    PackedVector full = sum;
    PackedVector one = encryptor.encrypt(new long[700], layout);
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> evaluator.add(full, one), "10 and 1", "capacity 10");
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> evaluator.subtract(full, one));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> evaluator.addPlain(full, new long[700]));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> evaluator.multiply(full, 2), "times 2");
  }

  @Test
  void everyOperationWorksSlotBySlot() {
    PackedLayout layout = PackedLayout.integers(16, 1000);
    long[] x = random(200, 16, 1);
    long[] y = random(200, 16, 2);
    PackedVector a = encryptor.encrypt(x, layout);
    PackedVector b = encryptor.encrypt(y, layout);
    PackedVector weighted =
        evaluator.subtract(evaluator.multiply(a, -300), evaluator.multiply(b, 7));
    PackedVector shifted = evaluator.addPlain(evaluator.negate(weighted), y);
    assertThat(shifted.weight()).isEqualTo(308);
    long[] expected = new long[200];
    Arrays.setAll(expected, i -> 300 * x[i] + 7 * y[i] + y[i]);
    assertThat(decryptor.decryptLongs(shifted)).isEqualTo(expected);
    PackedVector again = evaluator.rerandomize(shifted);
    assertThat(again.bytes()).isNotEqualTo(shifted.bytes());
    assertThat(decryptor.decryptLongs(again)).isEqualTo(expected);
    assertThat(decryptor.decryptLongs(evaluator.multiply(a, 0))).containsOnly(0).hasSize(200);
  }

  @Test
  void realNumbersPack() {
    PackedLayout layout = new PackedLayout(24, 4, 16);
    double[] values = {1.5, -127.99998474121094, 0.0000152587890625, -128};
    PackedVector a = encryptor.encrypt(values, layout);
    assertThat(decryptor.decryptDoubles(a)).isEqualTo(values);
    assertThat(decryptor.decryptDoubles(evaluator.add(a, evaluator.add(a, a))))
        .isEqualTo(Arrays.stream(values).map(x -> 3 * x).toArray());
    assertRefused(ErrorCode.SCALE_MISMATCH, () -> decryptor.decryptLongs(a));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> encryptor.encrypt(new double[] {128.0}, layout));
    assertRefused(ErrorCode.BAD_INPUT, () -> encryptor.encrypt(new double[] {Double.NaN}, layout));
    assertRefused(ErrorCode.USAGE, () -> encryptor.encrypt(new long[] {1}, layout));
  }

  @Test
  void badLayoutsValuesAndBytesAreRefused() {
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> PackedLayout.integers(0, 1));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> PackedLayout.integers(8, 0));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> PackedLayout.integers(40, 1L << 40), "62");
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> new PackedLayout(8, 1, -1));
    PackedLayout layout = PackedLayout.integers(8, 3);
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> encryptor.encrypt(new long[] {1, 128}, layout), "8 bits");
    PackedVector a = encryptor.encrypt(new long[] {1, 2}, layout);
    assertRefused(
        ErrorCode.PARAMETER_MISMATCH,
        () -> evaluator.add(a, encryptor.encrypt(new long[] {1}, layout)),
        "length 2");
    assertRefused(
        ErrorCode.PARAMETER_MISMATCH,
        () -> evaluator.add(a, encryptor.encrypt(new long[] {1, 2}, PackedLayout.integers(8, 4))));
    assertRefused(ErrorCode.PARAMETER_MISMATCH, () -> evaluator.addPlain(a, new long[3]));
    assertRefused(
        ErrorCode.CORRUPT, () -> key.packedVector(Arrays.copyOf(a.bytes(), 500), layout, 2, 1));
    assertRefused(ErrorCode.CORRUPT, () -> key.packedVector(a.bytes(), layout, -1, 1));
    assertRefused(ErrorCode.CORRUPT, () -> key.packedVector(a.bytes(), layout, 2, 4), "weight 4");
    byte[] zeros = new byte[512];
    assertRefused(ErrorCode.CORRUPT, () -> key.packedVector(zeros, layout, 2, 1));
    // A vector whose sender understated its weight: 3 * 127 passes the bound of weight 1.
    PackedVector large = evaluator.multiply(encryptor.encrypt(new long[] {127, 0}, layout), 3);
    assertRefused(
        ErrorCode.CORRUPT,
        () -> decryptor.decryptLongs(key.packedVector(large.bytes(), layout, 2, 1)),
        "bound");
  }
}
