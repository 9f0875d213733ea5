package dev.veilsum.benchmarks;

import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksDecryptor;
import dev.veilsum.ckks.CkksEncoding;
import dev.veilsum.ckks.CkksEncryptor;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.ckks.CkksPlaintext;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.nativelib.CkksCore;
import dev.veilsum.nativelib.RepeatedCore;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.util.List;
import java.util.Random;

/** The operations of CKKS on fresh ciphertexts of full slots, through the typed API and without. */
final class CkksOperations implements AutoCloseable {
  private static final double TOLERANCE = 1e-4;

  private final double[] values;
  private final CkksContext context;
  private final CkksEncoding encoding;
  private final CkksSecretKey secret;
  private final CkksPublicKey publicKey;
  private final CkksEvaluationKeys keys;
  private final CkksEncryptor encryptor;
  private final CkksDecryptor decryptor;
  private final CkksEvaluator evaluator;
  private final CkksPlaintext plain;
  private final CkksCiphertext a;
  private final CkksCiphertext b;
  private final CkksCiphertext product;
  private final CkksCiphertext relinearized;
  private final Native inside;
  private final Native again;

  CkksOperations(CkksParameters parameters) {
    values = new Random(1).doubles(parameters.slots(), -1, 1).toArray();
    context = CkksContext.create(parameters);
    encoding = context.encoding(1.0);
    secret = context.secretKey(Seeds.fixed());
    publicKey = secret.publicKey();
    keys = secret.evaluationKeys(KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION));
    encryptor = publicKey.encryptor();
    decryptor = secret.decryptor();
    evaluator = context.evaluator(keys);
    plain = context.encode(values, encoding);
    a = encryptor.encrypt(plain);
    b = encryptor.encrypt(plain);
    product = evaluator.multiplyWithoutRelinearization(a, b);
    relinearized = evaluator.relinearize(product);
    inside = new Native(parameters, values);
    again = new Native(parameters, values);
    verify();
  }

  List<Operation> all() {
    return List.of(
        Operation.of(
            "CKKS encode",
            () -> context.encode(values, encoding).close(),
            inside::encode,
            again::encode),
        Operation.of(
            "CKKS encrypt (public key)",
            () -> encryptor.encrypt(plain).close(),
            inside::encrypt,
            again::encrypt),
        Operation.of(
            "CKKS decrypt and decode", () -> decryptor.decrypt(a), inside::decrypt, again::decrypt),
        Operation.of("CKKS add", () -> evaluator.add(a, b).close(), inside::add, again::add),
        Operation.of(
            "CKKS multiply",
            () -> evaluator.multiplyWithoutRelinearization(a, b).close(),
            inside::multiply,
            again::multiply),
        Operation.of(
            "CKKS relinearize",
            () -> evaluator.relinearize(product).close(),
            inside::relinearize,
            again::relinearize),
        Operation.of(
            "CKKS rescale",
            () -> evaluator.rescale(relinearized).close(),
            inside::rescale,
            again::rescale),
        Operation.of(
            "CKKS rotate", () -> evaluator.rotate(a, 1).close(), inside::rotate, again::rotate),
        Operation.of(
            "CKKS multiply+relinearize+rescale",
            () -> evaluator.multiplyRescale(a, b).close(),
            inside::multiplyRelinearizeRescale,
            again::multiplyRelinearizeRescale));
  }

  private void verify() {
    try (CkksCiphertext squares = evaluator.multiplyRescale(a, b)) {
      check(decryptor.decrypt(squares), "the typed API");
    }
    check(inside.decryptedSquares(), "the native arm");
    check(again.decryptedSquares(), "the second native arm");
  }

  private void check(double[] found, String where) {
    for (int i = 0; i < values.length; i++) {
      if (!(Math.abs(found[i] - values[i] * values[i]) < TOLERANCE)) {
        throw new AssertionError(
            "slot " + i + " of a product is wrong in " + where + ": " + found[i]);
      }
    }
  }

  @Override
  public void close() {
    again.close();
    inside.close();
    for (CkksCiphertext c : List.of(relinearized, product, b, a)) {
      c.close();
    }
    plain.close();
    keys.close();
    publicKey.close();
    secret.close();
  }

  /** Operands of its own, and the operations on them within native code. */
  private static final class Native extends NativeObjects {
    private static final double BOUND = 1.0;

    private final double[] values;
    private final int level;
    private final double scale;
    private final long context;
    private final long plain;
    private final long a;
    private final long b;
    private final long product;
    private final long relinearized;

    Native(CkksParameters parameters, double[] values) {
      super(parameters);
      this.values = values;
      level = parameters.maxLevel();
      scale = parameters.scale();
      context = own(() -> CkksCore.context(rlwe));
      int count = values.length;
      plain = own(() -> CkksCore.encode(context, values, count, BOUND, count, level, scale));
      a = own(() -> CkksCore.encrypt(publicKey, plain));
      b = own(() -> CkksCore.encrypt(publicKey, plain));
      product = own(() -> CkksCore.multiply(a, b));
      relinearized = own(() -> CkksCore.relinearize(product, keys));
    }

    double[] decryptedSquares() {
      long squares = own(() -> CkksCore.rescale(relinearized, 1));
      double[] found = new double[values.length];
      CkksCore.decrypt(secret, squares, found, found.length);
      return found;
    }

    long encode(int times) {
      return RepeatedCore.ckksEncode(context, values, values.length, BOUND, level, scale, times);
    }

    long encrypt(int times) {
      return RepeatedCore.ckksEncrypt(publicKey, plain, times);
    }

    long decrypt(int times) {
      return RepeatedCore.ckksDecrypt(secret, a, values.length, times);
    }

    long add(int times) {
      return RepeatedCore.ckksAdd(a, b, times);
    }

    long multiply(int times) {
      return RepeatedCore.ckksMultiply(a, b, times);
    }

    long relinearize(int times) {
      return RepeatedCore.ckksRelinearize(product, keys, times);
    }

    long rescale(int times) {
      return RepeatedCore.ckksRescale(relinearized, times);
    }

    long rotate(int times) {
      return RepeatedCore.ckksRotate(a, 1, keys, times);
    }

    long multiplyRelinearizeRescale(int times) {
      return RepeatedCore.ckksMultiplyRelinearizeRescale(a, b, keys, times);
    }
  }
}
