package dev.veilsum.paillier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.nativelib.Core;
import dev.veilsum.nativelib.PaillierLibrary;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("exact")
class PaillierRandomnessTest {
  private static PaillierSecretKey secret;
  private static PaillierPublicKey key;

  @BeforeAll
  static void makeKey() {
    secret = PaillierSecretKey.ofSeed(PaillierTest.countingSeed(), 2048);
    key = secret.publicKey();
  }

  @AfterAll
  static void closeKey() {
    secret.close();
  }

  private static boolean lanes() {
    return "avx512ifma".equals(Core.activeIsa());
  }

  private static void assertDistinct(List<PaillierCiphertext> ciphertexts) {
    Set<BigInteger> numbers = new HashSet<>();
    for (PaillierCiphertext c : ciphertexts) {
      assertThat(numbers.add(new BigInteger(1, c.bytes()))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(PaillierRandomness.class)
  void everyKindEncryptsBatchesOfAnyLength(PaillierRandomness kind) {
    PaillierEncryptor encryptor = key.encryptor(kind).withThreads(2);
    List<PaillierCiphertext> all = new ArrayList<>();
    for (int count : lanes() ? new int[] {1, 19, 7, 33} : new int[] {1, 2}) {
      long[] values = LongStream.range(0, count).map(i -> i * i * 1_000_003 - 77).toArray();
      List<PaillierCiphertext> ciphertexts = encryptor.encryptAll(values);
      assertThat(secret.decryptor().withThreads(2).decryptLongs(ciphertexts)).isEqualTo(values);
      all.addAll(ciphertexts);
    }
    assertDistinct(all);
    // Kinds mix.
    PaillierCiphertext sum = key.evaluator().add(all.get(1), key.encryptor().encrypt(-5));
    assertThat(secret.decryptor().decryptLong(sum)).isEqualTo(-77 - 5);
  }

  @Test
  void whatIsPreparedIsUsedOnceAndForgotten() {
    PaillierPublicKey fresh = PaillierPublicKey.ofModulus(key.modulus());
    for (PaillierEncryptor encryptor :
        List.of(fresh.encryptor(PaillierRandomness.SHORT), secret.encryptor())) {
      encryptor.forget();
      assertThat(encryptor.prepared()).isZero();
      encryptor.prepare(20);
      int ready = encryptor.prepared();
      assertThat(ready).isEqualTo(lanes() ? 24 : 0);
      List<PaillierCiphertext> ciphertexts = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ciphertexts.add(encryptor.encrypt(i));
      }
      assertThat(encryptor.prepared()).isEqualTo(lanes() ? ready - 3 : 0);
      assertDistinct(ciphertexts);
      assertThat(secret.decryptor().decryptLongs(ciphertexts)).containsExactly(0, 1, 2);
      encryptor.forget();
      assertThat(encryptor.prepared()).isZero();
      PaillierTest.assertRefused(ErrorCode.OUT_OF_RANGE, () -> encryptor.prepare(65537), "65536");
      PaillierTest.assertRefused(ErrorCode.USAGE, () -> encryptor.prepare(-1));
    }
  }

  // To the byte: in the C++ test. Here other tests' keys may be freed at any time.
  @Test
  void keysAndTablesAreCounted() {
    assertThat(PaillierLibrary.allocatedBytes()).isGreaterThan(key.ciphertextBytes());
  }

  @Test
  void aClosedKeyPreparesNothing() {
    PaillierSecretKey closed = PaillierSecretKey.ofSeed(PaillierTest.countingSeed(), 2048);
    PaillierEncryptor encryptor = closed.encryptor();
    closed.close();
    PaillierTest.assertRefused(ErrorCode.CLOSED, () -> encryptor.prepare(1));
    PaillierTest.assertRefused(ErrorCode.CLOSED, encryptor::prepared);
    PaillierTest.assertRefused(ErrorCode.CLOSED, encryptor::forget);
  }

  @Test
  void longListsAreAddedAndSummed() {
    long[] values = LongStream.range(0, 150).map(i -> i * 999_983 - 12_345).toArray();
    List<PaillierCiphertext> terms = secret.encryptor().encryptAll(values);
    PaillierEvaluator evaluator = key.evaluator().withThreads(2);
    long[] doubled = Arrays.stream(values).map(v -> 2 * v).toArray();
    assertThat(secret.decryptor().decryptLongs(evaluator.addAll(terms, terms))).isEqualTo(doubled);
    PaillierCiphertext sum = evaluator.sum(terms);
    assertThat(secret.decryptor().decryptLong(sum)).isEqualTo(Arrays.stream(values).sum());
    // The same number as one by one: sums are products modulo N^2.
    BigInteger square = key.modulus().pow(2);
    BigInteger product = BigInteger.ONE;
    for (PaillierCiphertext term : terms) {
      product = product.multiply(new BigInteger(1, term.bytes())).mod(square);
    }
    assertThat(new BigInteger(1, sum.bytes())).isEqualTo(product);
  }

  @Test
  void chunksFillTheLanes() {
    assertThat(Chunks.size(1, 2, 8, 64)).isEqualTo(8);
    assertThat(Chunks.size(0, 2, 8, 64)).isEqualTo(8);
    assertThat(Chunks.size(17, 2, 8, 64)).isEqualTo(16);
    assertThat(Chunks.size(Integer.MAX_VALUE, 1, 4, 64)).isEqualTo(64);
  }
}
