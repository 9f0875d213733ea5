package dev.veilsum.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvDecryptor;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksDecryptor;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.ckks.CkksPlaintext;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.params.SecurityLevel;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Objects of SEAL 4.4.3 decrypt to their values, and compute to them with SEAL's keys. */
@Tag("exact")
class SealVectorsTest {
  private static final double BOUND = 8;

  /** The largest errors that SEAL itself shows, as parts of the range; twice as much is allowed. */
  private static final double X = Math.scalb(2.0, -22);

  private static final double SUM = Math.scalb(2.0, -22);
  private static final double PRODUCT = Math.scalb(2.0, -19);
  private static final double ROTATED = Math.scalb(2.0, -17);

  private static void assertNear(double[] actual, String path, double part) {
    double[] expected = Vectors.doubles(path);
    double range = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    }
    assertThat(worst).as(path).isLessThan(part * range);
  }

  private static void assertEqual(long[] signed, String path, long t) {
    long[] expected = Vectors.longs(path);
    long[] actual = Arrays.stream(signed).map(v -> Math.floorMod(v, t)).toArray();
    assertThat(Arrays.copyOf(actual, expected.length)).as(path).isEqualTo(expected);
  }

  @Test
  void parametersHaveSealsNames() {
    for (List<String> pair : List.of(List.of("parms", "ids"), List.of("bparms", "bids"))) {
      SealParameters read =
          SealParameters.read(Vectors.object(Vectors.PAIRS + pair.get(0) + ".bin"));
      byte[] ids = Vectors.bytes(Vectors.PAIRS + pair.get(1) + ".bin");
      int primes = read.primes().size();
      for (int i = 0; 32 * i < ids.length; i++) {
        int count = i == 0 ? primes : i == 1 ? primes - 1 : 1;
        assertThat(read.parmsId(count)).isEqualTo(Arrays.copyOfRange(ids, 32 * i, 32 * i + 32));
      }
    }
  }

  @Test
  void defaultChainsAreOfTheBoundsOf2018() {
    assertThat(Vectors.parameters(Vectors.BFV).toBfv().security())
        .isEqualTo(SecurityLevel.COMPATIBILITY_2018_128);
  }

  @Test
  void ckksDecryptsAndComputes() {
    SealParameters parameters = Vectors.parameters(Vectors.CKKS);
    SealCkks seal = SealCkks.of(parameters, Math.scalb(1.0, 30));
    try (CkksSecretKey secret = seal.secretKey(secretKey(Vectors.CKKS, parameters));
        CkksEvaluationKeys keys = keys(seal, "relin.seal");
        CkksEvaluationKeys seededKeys = keys(seal, "relin-seeded.seal")) {
      CkksDecryptor decryptor = secret.decryptor();
      for (String x : List.of("x", "x-none", "x-zlib", "x-seeded")) {
        assertNear(decryptor.decrypt(ckks(seal, x, BOUND)), Vectors.CKKS + "x.json", 2 * X);
      }
      assertNear(decryptor.decrypt(ckks(seal, "y", BOUND)), Vectors.CKKS + "y.json", 2 * X);
      assertNear(decryptor.decrypt(ckks(seal, "sum", 16)), Vectors.CKKS + "sum.json", 2 * SUM);
      for (String product : List.of("product", "product-size3")) {
        assertNear(
            decryptor.decrypt(ckks(seal, product, 64)), Vectors.CKKS + "product.json", 2 * PRODUCT);
      }
      assertNear(
          decryptor.decrypt(ckks(seal, "rotated1", BOUND)),
          Vectors.CKKS + "rotated1.json",
          2 * ROTATED);

      CkksCiphertext x = ckks(seal, "x", BOUND);
      CkksCiphertext y = ckks(seal, "y", BOUND);
      for (CkksEvaluationKeys some : List.of(keys, seededKeys)) {
        CkksEvaluator evaluator = seal.context().evaluator(some);
        assertNear(decryptor.decrypt(evaluator.add(x, y)), Vectors.CKKS + "sum.json", 2 * SUM);
        assertNear(
            decryptor.decrypt(evaluator.multiplyRescale(x, y)),
            Vectors.CKKS + "product.json",
            2 * PRODUCT);
        assertNear(
            decryptor.decrypt(evaluator.rotate(x, 1)), Vectors.CKKS + "rotated1.json", 2 * ROTATED);
      }
    }
  }

  @Test
  void ckksPlaintextAndPublicKeyEncrypt() {
    SealParameters parameters = Vectors.parameters(Vectors.CKKS);
    SealCkks seal = SealCkks.of(parameters, Math.scalb(1.0, 30));
    ByteBuffer object = Vectors.object(Vectors.CKKS + "public.seal");
    try (CkksSecretKey secret = seal.secretKey(secretKey(Vectors.CKKS, parameters));
        CkksPublicKey key = seal.publicKey(SealCiphertext.readPublicKey(object, parameters));
        SealPlaintext plaintext =
            SealPlaintext.read(Vectors.object(Vectors.CKKS + "x.plain.seal"), parameters);
        CkksPlaintext message = seal.plaintext(plaintext, BOUND);
        CkksCiphertext c = key.encryptor().encrypt(message)) {
      assertNear(secret.decryptor().decrypt(c), Vectors.CKKS + "x.json", 2 * ROTATED);
      try (SealPlaintext out = seal.export(message)) {
        assertThat(out.words()).isEqualTo(plaintext.words());
      }
    }
  }

  @Test
  void bfvDecryptsAndComputes() {
    SealParameters parameters = Vectors.parameters(Vectors.BFV);
    long t = parameters.plainModulus();
    SealBfv seal = SealBfv.of(parameters);
    try (BfvSecretKey secret = seal.secretKey(secretKey(Vectors.BFV, parameters));
        BfvEvaluationKeys keys = keys(seal, "relin.seal");
        BfvEvaluationKeys seededKeys = keys(seal, "relin-seeded.seal")) {
      BfvDecryptor decryptor = secret.decryptor();
      for (String x : List.of("x", "x-none", "x-zlib", "x-seeded")) {
        assertEqual(decryptor.decrypt(bfv(seal, x)), Vectors.BFV + "x.json", t);
      }
      for (String name : List.of("y", "sum", "rotated1")) {
        assertEqual(decryptor.decrypt(bfv(seal, name)), Vectors.BFV + name + ".json", t);
      }
      // At the lowest level a fresh encryption's bound is too much: the caller knows better.
      SealCiphertext lowest =
          SealCiphertext.read(Vectors.object(Vectors.BFV + "product.seal"), parameters);
      assertThat(lowest.level()).isZero();
      assertEqual(decryptor.decrypt(seal.ciphertext(lowest, 14)), Vectors.BFV + "product.json", t);
      assertEqual(decryptor.decrypt(bfv(seal, "product-size3")), Vectors.BFV + "product.json", t);

      // SEAL's default chain has the room for a product only with the noise of SEAL's encryptor.
      BfvCiphertext x = encryptedBySeal(seal, "x");
      BfvCiphertext y = encryptedBySeal(seal, "y");
      for (BfvEvaluationKeys some : List.of(keys, seededKeys)) {
        BfvEvaluator evaluator = seal.context().evaluator(some);
        assertEqual(decryptor.decrypt(evaluator.add(x, y)), Vectors.BFV + "sum.json", t);
        assertEqual(decryptor.decrypt(evaluator.multiply(x, y)), Vectors.BFV + "product.json", t);
        assertEqual(
            decryptor.decrypt(evaluator.rotateRows(x, 1)), Vectors.BFV + "rotated1.json", t);
      }
    }
  }

  @Test
  void bfvPlaintextAndPublicKeyEncrypt() {
    SealParameters parameters = Vectors.parameters(Vectors.BFV);
    SealBfv seal = SealBfv.of(parameters);
    ByteBuffer object = Vectors.object(Vectors.BFV + "public.seal");
    try (BfvSecretKey secret = seal.secretKey(secretKey(Vectors.BFV, parameters));
        BfvPublicKey key = seal.publicKey(SealCiphertext.readPublicKey(object, parameters));
        SealPlaintext plaintext =
            SealPlaintext.read(Vectors.object(Vectors.BFV + "x.plain.seal"), parameters);
        BfvPlaintext message = seal.plaintext(plaintext);
        BfvCiphertext c = key.encryptor().encrypt(message)) {
      assertEqual(secret.decryptor().decrypt(c), Vectors.BFV + "x.json", parameters.plainModulus());
    }
  }

  @Test
  void seedsExpandAsSealExpandsThem() {
    for (List<String> pair :
        List.of(List.of("parms", "ct"), List.of("parms", "pk"), List.of("bparms", "bct"))) {
      SealParameters parameters =
          SealParameters.read(Vectors.object(Vectors.PAIRS + pair.get(0) + ".bin"));
      boolean key = pair.get(1).equals("pk");
      ByteBuffer seeded = Vectors.object(Vectors.PAIRS + pair.get(1) + "_seeded.bin");
      ByteBuffer full = Vectors.object(Vectors.PAIRS + pair.get(1) + "_full.bin");
      SealCiphertext read =
          key
              ? SealCiphertext.readPublicKey(seeded, parameters)
              : SealCiphertext.read(seeded, parameters);
      SealCiphertext expanded =
          parameters.isCkks()
              ? SealCkks.of(parameters, 2).expand(read)
              : SealBfv.of(parameters).expand(read);
      assertThat(read.generator()).contains("Blake2xb");
      SealFormat format = new SealFormat(4, SealCompression.NONE);
      assertThat(expanded.write(format)).isEqualTo(full.array());
      assertThat(read.write(format)).isEqualTo(seeded.array());
    }
  }

  private static SealPlaintext secretKey(String folder, SealParameters parameters) {
    return SealPlaintext.readSecretKey(Vectors.object(folder + "secret.seal"), parameters);
  }

  private static CkksCiphertext ckks(SealCkks seal, String name, double bound) {
    ByteBuffer object = Vectors.object(Vectors.CKKS + name + ".seal");
    return seal.ciphertext(SealCiphertext.read(object, seal.parameters()), bound);
  }

  private static BfvCiphertext encryptedBySeal(SealBfv seal, String name) {
    ByteBuffer object = Vectors.object(Vectors.BFV + name + ".seal");
    return seal.encryptedBySeal(SealCiphertext.read(object, seal.parameters()));
  }

  private static BfvCiphertext bfv(SealBfv seal, String name) {
    ByteBuffer object = Vectors.object(Vectors.BFV + name + ".seal");
    return seal.ciphertext(SealCiphertext.read(object, seal.parameters()));
  }

  private static SealSwitchKeys[] switchKeys(
      String folder, String relinearization, SealParameters parameters) {
    return new SealSwitchKeys[] {
      SealSwitchKeys.read(
          Vectors.object(folder + relinearization),
          parameters,
          SealSwitchKeys.Kind.RELINEARIZATION),
      SealSwitchKeys.read(
          Vectors.object(folder + "galois.seal"), parameters, SealSwitchKeys.Kind.GALOIS)
    };
  }

  private static CkksEvaluationKeys keys(SealCkks seal, String relinearization) {
    return seal.evaluationKeys(switchKeys(Vectors.CKKS, relinearization, seal.parameters()));
  }

  private static BfvEvaluationKeys keys(SealBfv seal, String relinearization) {
    return seal.evaluationKeys(switchKeys(Vectors.BFV, relinearization, seal.parameters()));
  }
}
