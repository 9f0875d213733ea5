package dev.veilsum.paillier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.keys.MasterKey;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("exact")
class PaillierTest {
  private static PaillierSecretKey secret;
  private static PaillierPublicKey key;
  private static PaillierEncryptor encryptor;
  private static PaillierEvaluator evaluator;
  private static PaillierDecryptor decryptor;
  private static TextbookPaillier textbook;

  static byte[] countingSeed() {
    byte[] seed = new byte[32];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (byte) i;
    }
    return seed;
  }

  static void assertRefused(ErrorCode code, ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              for (String part : parts) {
                assertThat(e).hasMessageContaining(part);
              }
            });
  }

  @BeforeAll
  static void makeKey() {
    secret = PaillierSecretKey.ofSeed(countingSeed(), 2048);
    key = secret.publicKey();
    encryptor = key.encryptor().withThreads(2);
    evaluator = key.evaluator().withThreads(2);
    decryptor = secret.decryptor().withThreads(2);
    textbook = new TextbookPaillier(key.modulus());
  }

  @AfterAll
  static void closeKey() {
    secret.close();
  }

  private static BigInteger number(PaillierCiphertext c) {
    return new BigInteger(1, c.bytes());
  }

  // The oracle itself, against python-paillier's published answer.
  @Test
  void theOracleGivesTheKnownAnswer() {
    BigInteger c =
        new TextbookPaillier(BigInteger.valueOf(126869))
            .encrypt(BigInteger.valueOf(10100), BigInteger.valueOf(74384));
    assertThat(c).isEqualTo(935906717);
    assertThat(TextbookPaillier.decrypt(BigInteger.valueOf(293), BigInteger.valueOf(433), c))
        .isEqualTo(10100);
  }

  // As in the C++ test: from an independent program.
  @Test
  void keysOfASeedNeverChange() {
    assertThat(key.bits()).isEqualTo(2048);
    assertThat(key.modulus().shiftRight(2048 - 64))
        .isEqualTo(new BigInteger("dd51008d41be4fb8", 16));
    assertThat(key.modulus().mod(BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE)))
        .isEqualTo(new BigInteger("b77c7478ca753d7", 16));
  }

  @Test
  void aMasterKeyHasOneKeyOfEachSize() {
    try (MasterKey master = MasterKey.generate();
        PaillierSecretKey first = PaillierSecretKey.derive(master, 2048);
        PaillierSecretKey again = PaillierSecretKey.derive(master, 2048);
        PaillierSecretKey larger =
            PaillierSecretKey.derive(master, PaillierSecretKey.DEFAULT_BITS)) {
      assertThat(again.publicKey())
          .isEqualTo(first.publicKey())
          .hasSameHashCodeAs(first.publicKey());
      assertThat(larger.publicKey().bits()).isEqualTo(3072);
      assertThat(first.publicKey()).isNotEqualTo(key);
      PaillierCiphertext c = larger.publicKey().encryptor().encrypt(-5);
      assertThat(larger.decryptor().decryptLong(c)).isEqualTo(-5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1024, 2047, 8192})
  void otherSizesAreRefused(int bits) {
    assertRefused(
        ErrorCode.INSECURE_PARAMETERS,
        () -> PaillierSecretKey.ofSeed(countingSeed(), bits),
        "2048, 3072");
  }

  @Test
  void textbookCiphertextsDecrypt() {
    Random random = new Random(1);
    for (int i = 0; i < 5; i++) {
      BigInteger m = new BigInteger(1000, random).subtract(BigInteger.ONE.shiftLeft(999));
      BigInteger r = new BigInteger(2000, random);
      byte[] bytes = textbook.bytes(textbook.encrypt(m, r), key.ciphertextBytes());
      assertThat(decryptor.decryptInteger(key.ciphertext(bytes, 0, key.plaintextLimit())))
          .isEqualTo(m);
    }
  }

  @Test
  void resultsAreTextbookProductsAndPowers() {
    PaillierCiphertext a = encryptor.encrypt(123456789L);
    PaillierCiphertext b = secret.encryptor().encrypt(-42L);
    BigInteger square = textbook.square();
    assertThat(number(evaluator.add(a, b))).isEqualTo(number(a).multiply(number(b)).mod(square));
    assertThat(number(evaluator.subtract(a, b)))
        .isEqualTo(number(a).multiply(number(b).modInverse(square)).mod(square));
    assertThat(number(evaluator.negate(a))).isEqualTo(number(a).modInverse(square));
    assertThat(number(evaluator.multiply(a, -1001)))
        .isEqualTo(number(a).modPow(BigInteger.valueOf(-1001), square));
    assertThat(number(evaluator.addPlain(a, -7)))
        .isEqualTo(
            number(a)
                .multiply(textbook.encrypt(BigInteger.valueOf(-7), BigInteger.ONE))
                .mod(square));
    assertThat(decryptor.decryptLong(evaluator.add(a, b))).isEqualTo(123456747L);
    assertThat(decryptor.decryptLong(evaluator.subtract(a, b))).isEqualTo(123456831L);
    assertThat(decryptor.decryptLong(evaluator.negate(a))).isEqualTo(-123456789L);
    assertThat(decryptor.decryptLong(evaluator.multiply(b, -1001))).isEqualTo(42042L);
    assertThat(decryptor.decryptLong(evaluator.addPlain(b, 2))).isEqualTo(-40L);
    BigInteger large = BigInteger.ONE.shiftLeft(300).negate();
    assertThat(decryptor.decryptInteger(evaluator.addPlain(b, large, 300)))
        .isEqualTo(large.subtract(BigInteger.valueOf(42)));
    assertThat(decryptor.decryptInteger(evaluator.multiply(b, large, 301)))
        .isEqualTo(large.multiply(BigInteger.valueOf(-42)));
  }

  @Test
  void everyEncryptionIsFresh() {
    assertThat(encryptor.encrypt(1).bytes()).isNotEqualTo(encryptor.encrypt(1).bytes());
    PaillierCiphertext c = secret.encryptor().encrypt(1);
    assertThat(c.bytes()).isNotEqualTo(secret.encryptor().encrypt(1).bytes());
    PaillierCiphertext again = evaluator.rerandomize(c);
    assertThat(again.bytes()).isNotEqualTo(c.bytes());
    assertThat(decryptor.decryptLong(again)).isEqualTo(1);
  }

  @Test
  void nothingUnblindedLeaves() {
    PaillierCiphertext c = encryptor.encrypt(9);
    for (PaillierCiphertext zero : List.of(evaluator.subtract(c, c), evaluator.multiply(c, 0))) {
      assertThat(number(zero).mod(key.modulus())).isNotEqualTo(BigInteger.ONE);
      assertThat(decryptor.decryptLong(zero)).isZero();
    }
  }

  @Test
  void longsAndBatchesAreExactAtTheirExtremes() {
    long[] values = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 42, -4711, 1L << 40, 3};
    List<PaillierCiphertext> fresh = encryptor.encryptAll(values);
    assertThat(decryptor.decryptLongs(fresh)).isEqualTo(values);
    long[] owners = decryptor.decryptLongs(secret.encryptor().withThreads(3).encryptAll(values));
    assertThat(owners).isEqualTo(values);
    BigInteger[] doubled = decryptor.decryptIntegers(evaluator.addAll(fresh, fresh));
    BigInteger total = BigInteger.ZERO;
    for (int i = 0; i < values.length; i++) {
      assertThat(doubled[i]).isEqualTo(BigInteger.valueOf(values[i]).shiftLeft(1));
      total = total.add(BigInteger.valueOf(values[i]));
    }
    assertThat(decryptor.decryptInteger(evaluator.sum(fresh))).isEqualTo(total);
    List<PaillierCiphertext> many = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      many.add(fresh.get(i % 9));
    }
    assertThat(decryptor.decryptInteger(evaluator.sum(many)))
        .isEqualTo(
            total
                .multiply(BigInteger.valueOf(16))
                .add(
                    Arrays.stream(values, 0, 6)
                        .mapToObj(BigInteger::valueOf)
                        .reduce(BigInteger.ZERO, BigInteger::add)));
    assertRefused(
        ErrorCode.OUT_OF_RANGE,
        () -> decryptor.decryptLong(evaluator.add(fresh.get(3), fresh.get(1))),
        "64 bits");
    assertThat(encryptor.encryptAll(new long[0])).isEmpty();
    assertRefused(ErrorCode.USAGE, () -> evaluator.sum(List.of()));
  }

  @Test
  void boundsRefuseWhatCouldWrap() {
    int most = key.bits() - 2;
    PaillierCiphertext wide = encryptor.encrypt(BigInteger.ONE.shiftLeft(most - 1), most - 1);
    PaillierCiphertext twice = evaluator.add(wide, wide);
    assertThat(twice.bound()).isEqualTo(BigInteger.ONE.shiftLeft(most));
    assertThat(decryptor.decryptInteger(twice)).isEqualTo(BigInteger.ONE.shiftLeft(most));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> evaluator.add(twice, twice), "2046");
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> evaluator.multiply(wide, 8));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> evaluator.sum(List.of(twice, twice)));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> encryptor.encrypt(BigInteger.ONE, 2047));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> encryptor.encrypt(BigInteger.valueOf(9), 3), "2^3");
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> evaluator.multiply(wide, BigInteger.valueOf(8), 3), "2^3");
  }

  @Test
  void realNumbersAreExactInTheirFormat() {
    FixedPoint fine = new FixedPoint(20, 30);
    FixedPoint coarse = new FixedPoint(10, 4);
    PaillierCiphertext a = encryptor.encrypt(3.140625, fine);
    PaillierCiphertext b = encryptor.encrypt(-1000.0625, coarse);
    assertThat(a.exponent()).isEqualTo(-30);
    assertThat(decryptor.decryptDouble(a)).isEqualTo(3.140625);
    assertThat(decryptor.decryptDouble(evaluator.add(a, b))).isEqualTo(3.140625 - 1000.0625);
    assertThat(decryptor.decryptDouble(evaluator.subtract(b, a))).isEqualTo(-1000.0625 - 3.140625);
    assertThat(decryptor.decryptDouble(evaluator.sum(List.of(a, b, b))))
        .isEqualTo(3.140625 - 2000.125);
    assertThat(decryptor.decryptDouble(evaluator.multiply(b, -2.5, coarse))).isEqualTo(2500.15625);
    assertThat(decryptor.decryptDouble(evaluator.addPlain(b, 0.125, fine))).isEqualTo(-999.9375);
    assertThat(decryptor.decryptDouble(evaluator.add(a, encryptor.encrypt(7))))
        .isEqualTo(10.140625);
    assertThat(decryptor.decryptDouble(encryptor.encrypt(0.1, FixedPoint.DEFAULT)))
        .isEqualTo(Math.rint(0.1 * 0x1p32) * 0x1p-32);
    double[] values = {0.5, -0.25, 1023.9375, -0.0};
    assertThat(decryptor.decryptDoubles(encryptor.encryptAll(values, coarse)))
        .isEqualTo(new double[] {0.5, -0.25, 1023.9375, 0.0});
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused(ErrorCode.BAD_INPUT, () -> encryptor.encrypt(bad, fine));
    }
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> encryptor.encrypt(1024.0, coarse), "2^10");
    assertRefused(ErrorCode.SCALE_MISMATCH, () -> decryptor.decryptLong(a), "2^-30");
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> new FixedPoint(-1, 0));
  }

  @Test
  void keysAndCiphertextsFromOutsideAreChecked() {
    assertThat(PaillierPublicKey.ofModulus(key.modulus())).isEqualTo(key);
    for (BigInteger bad :
        List.of(
            BigInteger.ZERO,
            key.modulus().negate(),
            key.modulus().shiftRight(1024),
            key.modulus().add(BigInteger.ONE),
            BigInteger.ONE.shiftLeft(2047).nextProbablePrime(),
            BigInteger.ONE.shiftLeft(20000))) {
      assertRefused(ErrorCode.INSECURE_PARAMETERS, () -> PaillierPublicKey.ofModulus(bad));
    }
    BigInteger square = textbook.square();
    for (BigInteger bad :
        List.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            key.modulus(),
            key.modulus().add(BigInteger.ONE),
            square,
            square.add(BigInteger.TEN))) {
      byte[] bytes = textbook.bytes(bad, key.ciphertextBytes());
      assertRefused(ErrorCode.CORRUPT, () -> key.ciphertext(bytes, 0, BigInteger.TEN));
    }
    byte[] good = encryptor.encrypt(3).bytes();
    assertRefused(
        ErrorCode.CORRUPT,
        () -> key.ciphertext(Arrays.copyOf(good, good.length - 1), 0, BigInteger.TEN),
        "511 bytes");
    assertRefused(
        ErrorCode.CORRUPT, () -> key.ciphertext(good, 0, BigInteger.ONE.negate()), "negative");
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> key.ciphertext(good, 0, key.modulus()), "could have");
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> key.ciphertext(good, Integer.MAX_VALUE, BigInteger.TEN));
    assertRefused(
        ErrorCode.CORRUPT,
        () -> decryptor.decryptLong(key.ciphertext(good, 0, BigInteger.TWO)),
        "passes the bound");
    assertThat(decryptor.decryptLong(key.ciphertext(good, 0, BigInteger.TEN))).isEqualTo(3);
  }

  @Test
  void keysDoNotMix() {
    byte[] seed = countingSeed();
    seed[5] = 99;
    try (PaillierSecretKey other = PaillierSecretKey.ofSeed(seed, 2048)) {
      PaillierCiphertext foreign = other.publicKey().encryptor().encrypt(1);
      PaillierCiphertext own = encryptor.encrypt(1);
      assertRefused(ErrorCode.KEY_MISMATCH, () -> evaluator.add(own, foreign));
      assertRefused(ErrorCode.KEY_MISMATCH, () -> evaluator.negate(foreign));
      assertRefused(ErrorCode.KEY_MISMATCH, () -> evaluator.multiply(foreign, 3));
      assertRefused(ErrorCode.KEY_MISMATCH, () -> decryptor.decryptLong(foreign));
      assertRefused(ErrorCode.PARAMETER_MISMATCH, () -> evaluator.addAll(List.of(own), List.of()));
    }
  }

  @Test
  void closingTwiceIsHarmlessAndUseAfterCloseIsAnError() {
    PaillierSecretKey mine = PaillierSecretKey.ofSeed(countingSeed(), 2048);
    PaillierDecryptor mineDecrypts = mine.decryptor();
    PaillierEncryptor mineEncrypts = mine.encryptor();
    PaillierCiphertext c = mineEncrypts.encrypt(5);
    assertThat(mineDecrypts.decryptLong(c)).isEqualTo(5);
    mine.close();
    mine.close();
    assertRefused(ErrorCode.CLOSED, () -> mineDecrypts.decryptLong(c));
    assertRefused(ErrorCode.CLOSED, () -> mineEncrypts.encrypt(5));
    // The public half lives on, and so does another key of the seed.
    assertThat(decryptor.decryptLong(mine.publicKey().evaluator().add(c, c))).isEqualTo(10);
  }

  @Test
  void closingWhileOthersComputeIsSafe() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      PaillierSecretKey mine = PaillierSecretKey.ofSeed(countingSeed(), 2048);
      PaillierCiphertext c = mine.encryptor().encrypt(5);
      List<Future<Integer>> runs = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Callable<Integer> run =
            () -> {
              PaillierDecryptor mineDecrypts = mine.decryptor().withThreads(1);
              for (int i = 0; ; i++) {
                try {
                  assertThat(mineDecrypts.decryptLong(c)).isEqualTo(5);
                } catch (VeilsumException e) {
                  assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
                  return i;
                }
              }
            };
        runs.add(pool.submit(run));
      }
      Thread.sleep(100);
      mine.close();
      int decrypted = 0;
      for (Future<Integer> run : runs) {
        decrypted += run.get();
      }
      assertThat(decrypted).isPositive();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void secretsShowNothingAndAreNotSerializable() {
    assertThat(secret).hasToString("PaillierSecretKey").isNotInstanceOf(Serializable.class);
    assertThat(decryptor).hasToString("PaillierDecryptor").isNotInstanceOf(Serializable.class);
    assertThat(encryptor.encrypt(77).toString()).doesNotContain("77");
  }

  @Test
  void ciphertextsAreImmutable() {
    PaillierCiphertext c = encryptor.encrypt(5);
    Arrays.fill(c.bytes(), (byte) 0);
    assertThat(decryptor.decryptLong(c)).isEqualTo(5);
    byte[] bytes = c.bytes();
    PaillierCiphertext read = key.ciphertext(bytes, 0, c.bound());
    Arrays.fill(bytes, (byte) 0);
    assertThat(decryptor.decryptLong(read)).isEqualTo(5);
    evaluator.add(c, c);
    evaluator.rerandomize(c);
    assertThat(decryptor.decryptLong(c)).isEqualTo(5);
  }

  @Test
  void threadsAreBounded() {
    assertRefused(ErrorCode.USAGE, () -> encryptor.withThreads(0));
    assertRefused(ErrorCode.USAGE, () -> evaluator.withThreads(-3));
    assertRefused(ErrorCode.USAGE, () -> decryptor.withThreads(2000));
    List<String> names = java.util.Collections.synchronizedList(new ArrayList<>());
    Chunks.each(
        64,
        1,
        3,
        (first, end) -> {
          names.add(Thread.currentThread().getName() + Thread.currentThread().getId());
          java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        });
    assertThat(names).hasSize(64);
    assertThat(names.stream().distinct().count()).isBetween(1L, 3L);
    assertThatThrownBy(
            () ->
                Chunks.each(
                    10,
                    1,
                    2,
                    (first, end) -> {
                      throw new IllegalArgumentException("chunk " + first);
                    }))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
