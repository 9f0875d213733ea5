package dev.veilsum.backend.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend.PackedSwitchKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bindings of BFV against the same operations on integers modulo t. */
@Tag("exact")
class CoreBfvTest {
  private static final BfvParameters PARAMETERS = TestParameters.bfv();
  private static final long T = PARAMETERS.plainModulus();
  private static final int N = PARAMETERS.ringDegree();
  private static final int TOP = PARAMETERS.maxLevel();

  private final BfvBackend bfv = new CoreBackend().bfv(PARAMETERS);
  private final Reference.SecretKey secret = bfv.secretKey(seed(1));
  private final Reference.PublicKey publicKey = bfv.publicKey(secret);
  private final KeyRequirements requirements =
      KeyRequirements.rotations(1, -3).with(SwitchKey.RELINEARIZATION).with(SwitchKey.CONJUGATION);
  private final Reference.EvaluationKeys keys = bfv.evaluationKeys(secret, requirements);

  private final long[] x = values(2);
  private final long[] y = values(3);
  private final Reference.Ciphertext a = encrypt(x);
  private final Reference.Ciphertext b = encrypt(y);

  @Test
  void bothEncryptionsDecrypt() {
    assertThat(decrypt(a)).isEqualTo(x);
    Reference.Ciphertext seeded = bfv.encryptSeeded(secret, bfv.encode(y, 0, N), TOP);
    assertThat(decrypt(seeded)).isEqualTo(y);
    assertThat(bfv.packedBytes(seeded)).isLessThan(bfv.packedBytes(a) * 51 / 100);
    assertThat(bfv.noiseBoundBits(seeded)).isLessThan(bfv.noiseBoundBits(a));
  }

  @Test
  void partsOfArraysAndCoefficients() {
    long[] some = {9, 1, -2, 3, 9};
    Reference.Ciphertext c = bfv.encrypt(publicKey, bfv.encode(some, 1, 3), TOP);
    long[] out = {7, 7, 7, 7, 7, 7};
    bfv.decrypt(secret, c, out, 1, 4);
    assertThat(out).containsExactly(7, 1, -2, 3, 0, 7);

    Reference.Ciphertext d = bfv.encrypt(publicKey, bfv.encodeCoefficients(some, 0, 5), TOP);
    bfv.decryptCoefficients(secret, d, out, 0, 6);
    assertThat(out).containsExactly(9, 1, -2, 3, 9, 0);
    assertThatThrownBy(() -> bfv.encode(some, 3, 3)).hasMessageContaining("3 values from index 3");
  }

  @Test
  void arithmetic() {
    assertThat(decrypt(bfv.add(a, b))).isEqualTo(slotwise((u, v) -> u + v));
    assertThat(decrypt(bfv.subtract(a, b))).isEqualTo(slotwise((u, v) -> u - v));
    assertThat(decrypt(bfv.negate(a))).isEqualTo(slotwise((u, v) -> -u));
    Reference.Plaintext p = bfv.encode(y, 0, N);
    assertThat(decrypt(bfv.addPlain(a, p))).isEqualTo(slotwise((u, v) -> u + v));
    assertThat(decrypt(bfv.subtractPlain(a, p))).isEqualTo(slotwise((u, v) -> u - v));
    assertThat(decrypt(bfv.multiplyPlain(a, p))).isEqualTo(slotwise((u, v) -> u * v));
    assertThat(decrypt(bfv.addScalar(a, -77))).isEqualTo(slotwise((u, v) -> u - 77));
    assertThat(decrypt(bfv.multiplyScalar(a, -77))).isEqualTo(slotwise((u, v) -> u * -77));
    assertThat(decrypt(bfv.sum(List.of(a, b, a)))).isEqualTo(slotwise((u, v) -> 2 * u + v));
    assertThat(decrypt(bfv.innerProductPlain(List.of(a, b), List.of(p, p))))
        .isEqualTo(slotwise((u, v) -> u * v + v * v));
  }

  @Test
  void products() {
    Reference.Ciphertext product = bfv.multiply(a, b);
    assertThat(bfv.degree(product)).isEqualTo(2);
    assertThat(decrypt(product)).isEqualTo(slotwise((u, v) -> u * v));
    Reference.Ciphertext linear = bfv.relinearize(product, keys);
    assertThat(bfv.degree(linear)).isEqualTo(1);
    assertThat(decrypt(linear)).isEqualTo(slotwise((u, v) -> u * v));
    assertThat(decrypt(bfv.square(a))).isEqualTo(slotwise((u, v) -> u * u));
    assertThat(decrypt(bfv.multiplyRelinearize(a, b, keys))).isEqualTo(slotwise((u, v) -> u * v));
    assertThat(decrypt(bfv.multiplyRelinearize(a, a, keys))).isEqualTo(slotwise((u, v) -> u * u));
    assertThat(decrypt(bfv.innerProduct(List.of(a, b), List.of(b, b))))
        .isEqualTo(slotwise((u, v) -> u * v + v * v));
  }

  @Test
  void rotations() {
    assertThat(decrypt(bfv.rotate(a, 1, keys))).isEqualTo(rotated(x, 1));
    List<Reference.Ciphertext> many = bfv.rotateMany(a, new int[] {-3, 0, 1}, keys);
    assertThat(decrypt(many.get(0))).isEqualTo(rotated(x, -3));
    assertThat(decrypt(many.get(1))).isEqualTo(x);
    assertThat(decrypt(many.get(2))).isEqualTo(rotated(x, 1));
    long[] swapped = new long[N];
    System.arraycopy(x, 0, swapped, N / 2, N / 2);
    System.arraycopy(x, N / 2, swapped, 0, N / 2);
    assertThat(decrypt(bfv.conjugate(a, keys))).isEqualTo(swapped);
    assertThatThrownBy(() -> bfv.rotate(a, 5, keys))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING_KEY));
  }

  @Test
  void levels() {
    Reference.Ciphertext low = bfv.switchToLevel(a, 0);
    assertThat(bfv.level(a)).isEqualTo(TOP);
    assertThat(bfv.level(low)).isZero();
    assertThat(decrypt(low)).isEqualTo(x);
    assertThat(bfv.noiseBudgetBits(low)).isPositive().isLessThan(bfv.noiseBudgetBits(a));
    assertThatThrownBy(() -> bfv.switchToLevel(low, TOP))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPTH));
  }

  @Test
  void ciphertextsAndKeysGoThroughBytes() {
    Reference.Ciphertext seeded = bfv.encryptSeeded(secret, bfv.encode(y, 0, N), TOP);
    for (boolean direct : new boolean[] {true, false}) {
      int size = bfv.packedBytes(a) + bfv.packedBytes(seeded) + 20;
      ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
      bytes.position(5);
      bfv.packCiphertext(a, bytes);
      bfv.packCiphertext(seeded, bytes);
      assertThat(bytes.position()).isEqualTo(size - 15);
      bytes.flip().position(5);
      assertThat(decrypt(bfv.loadCiphertext(bytes))).isEqualTo(x);
      assertThat(decrypt(bfv.loadCiphertext(bytes))).isEqualTo(y);
      assertThat(bytes.remaining()).isZero();

      ByteBuffer key = ByteBuffer.allocate(bfv.packedPublicKeyBytes());
      bfv.packPublicKey(publicKey, key);
      Reference.PublicKey loadedKey = bfv.loadPublicKey(key.flip());
      assertThat(decrypt(bfv.encrypt(loadedKey, bfv.encode(x, 0, N), TOP))).isEqualTo(x);

      List<PackedSwitchKey> packed = new ArrayList<>();
      for (SwitchKey which : bfv.contents(keys).keys()) {
        ByteBuffer one = ByteBuffer.allocate(bfv.packedSwitchKeyBytes());
        bfv.packSwitchKey(keys, which, one);
        packed.add(new PackedSwitchKey(which, one.flip().asReadOnlyBuffer()));
      }
      Reference.EvaluationKeys loaded = bfv.loadEvaluationKeys(packed);
      assertThat(bfv.contents(loaded)).isEqualTo(requirements);
      assertThat(decrypt(bfv.rotate(a, -3, loaded))).isEqualTo(rotated(x, -3));
      assertThat(decrypt(bfv.multiplyRelinearize(a, b, loaded)))
          .isEqualTo(slotwise((u, v) -> u * v));
    }
  }

  @Test
  void cutBytesAreRefused() {
    ByteBuffer bytes = ByteBuffer.allocate(bfv.packedBytes(a));
    bfv.packCiphertext(a, bytes);
    for (int length : new int[] {0, 1, 7, 8, 15, 16, 100, bytes.capacity() - 1}) {
      assertThatThrownBy(() -> bfv.loadCiphertext(bytes.duplicate().position(0).limit(length)))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
    assertThatThrownBy(() -> bfv.packCiphertext(a, ByteBuffer.allocate(10)))
        .hasMessageContaining("room for 10 bytes");
  }

  @Test
  void strangersAreRefused() {
    BfvBackend other =
        new CoreBackend()
            .bfv(
                new BfvParameters(
                    N,
                    PARAMETERS.modulusChain(),
                    PARAMETERS.specialPrimes(),
                    1,
                    40961,
                    PARAMETERS.security()));
    assertThatThrownBy(() -> other.negate(a))
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETER_MISMATCH));
    // The same parameters from another instance are the same.
    assertThat(decrypt(new CoreBackend().bfv(TestParameters.bfv()).negate(a)))
        .isEqualTo(slotwise((u, v) -> -u));
  }

  @Test
  void closedReferencesSaySo() {
    Reference.Ciphertext c = bfv.add(a, b);
    assertThat(c.memoryBytes()).isGreaterThanOrEqualTo(2L * (TOP + 1) * N * 8);
    c.close();
    c.close();
    assertThatThrownBy(() -> bfv.add(a, c))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    assertThatThrownBy(() -> bfv.sum(List.of(a, c))).hasMessageContaining("closed");
    assertThatThrownBy(c::memoryBytes).hasMessageContaining("closed");
  }

  private Reference.Ciphertext encrypt(long[] values) {
    return bfv.encrypt(publicKey, bfv.encode(values, 0, values.length), TOP);
  }

  private long[] decrypt(Reference.Ciphertext c) {
    long[] values = new long[N];
    bfv.decrypt(secret, c, values, 0, N);
    return values;
  }

  private long[] slotwise(LongBinaryOperator operation) {
    long[] result = new long[N];
    for (int i = 0; i < N; i++) {
      long r = Math.floorMod(operation.applyAsLong(x[i], y[i]), T);
      result[i] = r > (T - 1) / 2 ? r - T : r;
    }
    return result;
  }

  private static long[] rotated(long[] values, int steps) {
    int row = N / 2;
    long[] result = new long[N];
    Arrays.setAll(result, i -> values[i / row * row + Math.floorMod(i % row + steps, row)]);
    return result;
  }

  private static long[] values(int seed) {
    return new Random(seed).longs(N, -(T / 2), T / 2 + 1).toArray();
  }

  private static byte[] seed(int value) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) value);
    return seed;
  }
}
