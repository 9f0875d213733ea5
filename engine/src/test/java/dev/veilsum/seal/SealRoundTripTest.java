package dev.veilsum.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksPlaintext;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every object is read as it was written, in every version and compression. */
class SealRoundTripTest {
  private static final KeyRequirements KEYS =
      KeyRequirements.rotations(1, -2).with(SwitchKey.RELINEARIZATION).with(SwitchKey.CONJUGATION);

  static Stream<SealFormat> formats() {
    List<SealFormat> all = new ArrayList<>();
    for (int minor = 0; minor <= 5; minor++) {
      for (SealCompression compression : SealCompression.values()) {
        all.add(new SealFormat(minor, compression));
      }
    }
    return all.stream();
  }

  /** Reads what was written, writes it again, and compares the bytes. */
  private static <T> T again(
      byte[] written, SealFormat format, Function<ByteBuffer, T> read, Function<T, byte[]> write) {
    assertThat(written[3]).isEqualTo((byte) 4);
    assertThat(written[4]).isEqualTo((byte) format.minorVersion());
    assertThat(written[5]).isEqualTo((byte) format.compression().ordinal());
    T object = read.apply(ByteBuffer.wrap(written));
    assertThat(write.apply(object)).isEqualTo(written);
    return object;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void objectsAreReadAsTheyWereWritten(SealFormat format) {
    for (String folder : List.of(Vectors.BFV, Vectors.CKKS)) {
      SealParameters parameters =
          again(
              Vectors.parameters(folder).write(format),
              format,
              SealParameters::read,
              p -> p.write(format));
      assertThat(parameters).isEqualTo(Vectors.parameters(folder));
      boolean few = format.minorVersion() != SealFormat.DEFAULT.minorVersion();
      List<String> names = List.of("x-seeded", "product", "x", "product-size3");
      for (String name : few ? names.subList(0, 2) : names) {
        Function<ByteBuffer, SealCiphertext> read = b -> SealCiphertext.read(b, parameters);
        SealCiphertext c = read.apply(Vectors.object(folder + name + ".seal"));
        assertThat(again(c.write(format), format, read, x -> x.write(format)).words())
            .isEqualTo(c.words());
      }
      if (few) {
        continue;
      }
      Function<ByteBuffer, SealCiphertext> key = b -> SealCiphertext.readPublicKey(b, parameters);
      again(
          key.apply(Vectors.object(folder + "public.seal")).write(format),
          format,
          key,
          x -> x.write(format));
      Function<ByteBuffer, SealPlaintext> plaintext = b -> SealPlaintext.read(b, parameters);
      again(
          plaintext.apply(Vectors.object(folder + "x.plain.seal")).write(format),
          format,
          plaintext,
          x -> x.write(format));
      Function<ByteBuffer, SealPlaintext> secret = b -> SealPlaintext.readSecretKey(b, parameters);
      again(
          secret.apply(Vectors.object(folder + "secret.seal")).write(format),
          format,
          secret,
          x -> x.write(format));
      Function<ByteBuffer, SealSwitchKeys> relin =
          b -> SealSwitchKeys.read(b, parameters, SealSwitchKeys.Kind.RELINEARIZATION);
      again(
          relin.apply(Vectors.object(folder + "relin-seeded.seal")).write(format),
          format,
          relin,
          x -> x.write(format));
    }
  }

  @Test
  void galoisKeysAreWrittenAsTheyWereRead() {
    SealParameters parameters = Vectors.parameters(Vectors.CKKS);
    Function<ByteBuffer, SealSwitchKeys> read =
        b -> SealSwitchKeys.read(b, parameters, SealSwitchKeys.Kind.GALOIS);
    SealSwitchKeys keys = read.apply(Vectors.object(Vectors.CKKS + "galois.seal"));
    assertThat(keys.filledSlots()).isNotEmpty();
    for (SealCompression compression : SealCompression.values()) {
      SealFormat format = SealFormat.DEFAULT.withCompression(compression);
      again(keys.write(format), format, read, x -> x.write(format));
    }
  }

  @Test
  void slotsAndKeysAreEachOthersInverse() {
    SealParameters parameters = Vectors.parameters(Vectors.CKKS);
    int n = parameters.ringDegree();
    SealSwitchKeys keys =
        new SealSwitchKeys(parameters, SealSwitchKeys.Kind.GALOIS, n, new java.util.TreeMap<>());
    for (int steps : new int[] {1, -1, 2, -2, 5, n / 4, 1 - n / 4, 777}) {
      SwitchKey rotation = SwitchKey.rotation(steps);
      assertThat(keys.keyOf(SealSwitchKeys.slotOf(rotation, n))).isEqualTo(rotation);
    }
    assertThat(SealSwitchKeys.slotOf(SwitchKey.rotation(1), n)).isEqualTo(1);
    assertThat(SealSwitchKeys.slotOf(SwitchKey.CONJUGATION, n)).isEqualTo(n - 1);
    assertThat(keys.keyOf(n - 1)).isEqualTo(SwitchKey.CONJUGATION);
    // -3 mod 2N: a rotation and the conjugation in one.
    assertThatThrownBy(() -> keys.keyOf((2 * n - 3 - 1) / 2))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
  }

  /** Ours to SEAL's bytes and back, with other contexts: as two processes would. */
  @Test
  void ckksGoesOutAndComesBack() {
    List<Long> primes = NttPrimes.largest(60, 8192, 3); // the longest that SEAL has
    CkksParameters ours =
        new CkksParameters(
            8192,
            primes.subList(0, 2),
            primes.subList(2, 3),
            1,
            Math.scalb(1.0, 40),
            SecurityLevel.DEFAULT);
    CkksContext context = CkksContext.create(ours);
    SealCkks out = SealCkks.of(context);
    SealCkks in =
        SealCkks.of(
            SealParameters.read(ByteBuffer.wrap(out.parameters().write(SealFormat.DEFAULT))),
            Math.scalb(1.0, 40));
    SealParameters parameters = in.parameters();
    assertThat(parameters.toCkks(Math.scalb(1.0, 40))).isEqualTo(ours);
    double[] values = new Random(5).doubles(4096, -1, 1).toArray();
    SealFormat format = SealFormat.DEFAULT;
    try (CkksSecretKey secret = context.secretKey(seed());
        CkksEvaluationKeys keys = secret.evaluationKeys(KEYS);
        CkksPlaintext plaintext = context.encode(values, context.encoding(1));
        CkksCiphertext c = secret.encryptor().encrypt(plaintext);
        CkksSecretKey secretIn =
            in.secretKey(
                SealPlaintext.readSecretKey(
                    ByteBuffer.wrap(out.export(secret).write(format)), parameters));
        CkksPublicKey publicIn =
            in.publicKey(
                SealCiphertext.readPublicKey(
                    ByteBuffer.wrap(out.publicKey(secret).write(format)), parameters));
        CkksPlaintext plaintextIn =
            in.plaintext(
                SealPlaintext.read(
                    ByteBuffer.wrap(out.export(plaintext).write(format)), parameters),
                1);
        CkksCiphertext cIn =
            in.ciphertext(
                SealCiphertext.read(ByteBuffer.wrap(out.export(c).write(format)), parameters), 1);
        CkksEvaluationKeys keysIn =
            in.evaluationKeys(
                SealSwitchKeys.read(
                    ByteBuffer.wrap(
                        out.export(keys, SealSwitchKeys.Kind.RELINEARIZATION).write(format)),
                    parameters,
                    SealSwitchKeys.Kind.RELINEARIZATION),
                SealSwitchKeys.read(
                    ByteBuffer.wrap(out.export(keys, SealSwitchKeys.Kind.GALOIS).write(format)),
                    parameters,
                    SealSwitchKeys.Kind.GALOIS));
        CkksCiphertext fresh = publicIn.encryptor().encrypt(plaintextIn);
        CkksCiphertext rotated = in.context().evaluator(keysIn).rotate(fresh, 1);
        CkksCiphertext square = in.context().evaluator(keysIn).square(cIn)) {
      SealCiphertext seeded =
          SealCiphertext.read(
              ByteBuffer.wrap(out.encryptSeeded(secret, plaintext).write(format)), parameters);
      assertThat(seeded.isSeeded()).isTrue();
      try (CkksCiphertext half = in.encryptedBySeal(seeded, 1)) {
        assertThat(secretIn.decryptor().decrypt(half)).containsExactly(values, within(1e-7));
      }
      assertThat(keysIn.contents()).isEqualTo(keys.contents());
      assertThat(secretIn.decryptor().decrypt(cIn)).containsExactly(values, within(1e-7));
      assertThat(secretIn.decryptor().decrypt(fresh)).containsExactly(values, within(1e-6));
      double[] turned = new double[values.length];
      double[] squares = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        turned[i] = values[(i + 1) % values.length];
        squares[i] = values[i] * values[i];
      }
      assertThat(secretIn.decryptor().decrypt(rotated)).containsExactly(turned, within(1e-6));
      assertThat(secretIn.decryptor().decrypt(square)).containsExactly(squares, within(1e-6));
    }
  }

  @Test
  void bfvGoesOutAndComesBack() {
    SealBfv seal = SealBfv.of(Vectors.parameters(Vectors.BFV));
    BfvContext context = seal.context();
    SealParameters parameters = seal.parameters();
    SealFormat format = SealFormat.DEFAULT;
    long[] values = new Random(6).longs(4096, -500000, 500000).toArray();
    try (BfvSecretKey secret = context.secretKey(seed());
        BfvEvaluationKeys keys = secret.evaluationKeys(KEYS);
        BfvPlaintext plaintext = context.encodeModular(values);
        BfvCiphertext c = secret.encryptor().encrypt(plaintext);
        BfvSecretKey secretIn =
            seal.secretKey(
                SealPlaintext.readSecretKey(
                    ByteBuffer.wrap(seal.export(secret).write(format)), parameters));
        BfvPublicKey publicIn =
            seal.publicKey(
                SealCiphertext.readPublicKey(
                    ByteBuffer.wrap(seal.publicKey(secret).write(format)), parameters));
        BfvPlaintext plaintextIn =
            seal.plaintext(
                SealPlaintext.read(
                    ByteBuffer.wrap(seal.export(plaintext).write(format)), parameters));
        BfvCiphertext cIn =
            seal.ciphertext(
                SealCiphertext.read(ByteBuffer.wrap(seal.export(c).write(format)), parameters));
        BfvEvaluationKeys keysIn =
            seal.evaluationKeys(
                SealSwitchKeys.read(
                    ByteBuffer.wrap(seal.export(keys, SealSwitchKeys.Kind.GALOIS).write(format)),
                    parameters,
                    SealSwitchKeys.Kind.GALOIS));
        BfvCiphertext fresh = publicIn.encryptor().encrypt(plaintextIn);
        BfvCiphertext swapped = context.evaluator(keysIn).swapRows(fresh)) {
      SealCiphertext seeded =
          SealCiphertext.read(
              ByteBuffer.wrap(seal.encryptSeeded(secret, plaintext).write(format)), parameters);
      assertThat(seeded.isSeeded()).isTrue();
      try (BfvCiphertext half = seal.encryptedBySeal(seeded)) {
        assertThat(secretIn.decryptor().decrypt(half)).isEqualTo(values);
      }
      assertThat(secretIn.decryptor().decrypt(cIn)).isEqualTo(values);
      assertThat(secretIn.decryptor().decrypt(fresh)).isEqualTo(values);
      long[] rows = new long[values.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = values[i ^ rows.length / 2];
      }
      assertThat(secretIn.decryptor().decrypt(swapped)).isEqualTo(rows);
    }
  }

  /** What an uncompressed object's words are read from is the buffer itself, not a copy. */
  @Test
  void uncompressedCiphertextsAreViews() {
    SealParameters parameters = Vectors.parameters(Vectors.CKKS);
    ByteBuffer object = Vectors.object(Vectors.CKKS + "x-none.seal");
    SealCiphertext c = SealCiphertext.read(object, parameters);
    object.put(object.capacity() - 1, (byte) 7);
    ByteBuffer words = c.words();
    assertThat(words.get(words.limit() - 1)).isEqualTo((byte) 7);
  }

  private static byte[] seed() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 9);
    return seed;
  }

  /** Straight to where the object is to be: the same bytes as by way of an object. */
  @ParameterizedTest
  @EnumSource(SealCompression.class)
  void ciphertextsLeaveWithoutACopy(SealCompression compression) {
    SealFormat format = new SealFormat(3, compression);
    SealCkks ckks = SealCkks.of(Vectors.parameters(Vectors.CKKS), 0x1p30);
    SealBfv bfv = SealBfv.of(Vectors.parameters(Vectors.BFV));
    try (CkksCiphertext x =
            ckks.ciphertext(
                SealCiphertext.read(
                    Vectors.object(Vectors.CKKS + "product-size3.seal"), ckks.parameters()),
                64);
        BfvCiphertext y =
            bfv.ciphertext(
                SealCiphertext.read(Vectors.object(Vectors.BFV + "x.seal"), bfv.parameters()))) {
      assertThat(ckks.write(x, format)).isEqualTo(ckks.export(x).write(format));
      assertThat(bfv.write(y, format)).isEqualTo(bfv.export(y).write(format));
      if (format.compression() == SealCompression.NONE) {
        ByteBuffer direct = ByteBuffer.allocateDirect((int) ckks.bytes(x) + 9).position(9);
        ckks.write(x, format.minorVersion(), direct);
        assertThat(direct.hasRemaining()).isFalse();
        assertThat(direct.position(9)).isEqualTo(ByteBuffer.wrap(ckks.write(x, format)));
        ByteBuffer small = ByteBuffer.allocate((int) bfv.bytes(y) - 1);
        assertThatThrownBy(() -> bfv.write(y, format.minorVersion(), small))
            .isInstanceOf(VeilsumException.class)
            .hasMessageContaining("for an object of");
      }
    }
  }
}
