package dev.veilsum.benchmarks;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvDecryptor;
import dev.veilsum.bfv.BfvEncryptor;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.nativelib.BfvCore;
import dev.veilsum.nativelib.RepeatedCore;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.util.List;
import java.util.Random;

/** The operations of BFV on fresh ciphertexts of full slots, through the typed API and without. */
final class BfvOperations implements AutoCloseable {
  /** Values whose squares stay below 2^16 in magnitude, as every preset's t holds them. */
  private static final int MAX = 180;

  private final long[] values;
  private final BfvContext context;
  private final IntegerRange range = IntegerRange.of(-MAX, MAX);
  private final BfvSecretKey secret;
  private final BfvPublicKey publicKey;
  private final BfvEvaluationKeys keys;
  private final BfvEncryptor encryptor;
  private final BfvDecryptor decryptor;
  private final BfvEvaluator evaluator;
  private final BfvPlaintext plain;
  private final BfvCiphertext a;
  private final BfvCiphertext b;
  private final BfvCiphertext product;
  private final Native inside;
  private final Native again;

  BfvOperations(BfvParameters parameters) {
    values = new Random(1).longs(parameters.slots(), -MAX, MAX + 1).toArray();
    context = BfvContext.create(parameters);
    secret = context.secretKey(Seeds.fixed());
    publicKey = secret.publicKey();
    keys = secret.evaluationKeys(KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION));
    encryptor = publicKey.encryptor();
    decryptor = secret.decryptor();
    evaluator = context.evaluator(keys);
    plain = context.encode(values, range);
    a = encryptor.encrypt(plain);
    b = encryptor.encrypt(plain);
    product = evaluator.multiplyWithoutRelinearization(a, b);
    inside = new Native(parameters, values);
    again = new Native(parameters, values);
    verify();
  }

  List<Operation> all() {
    return List.of(
        Operation.of(
            "BFV encode",
            () -> context.encode(values, range).close(),
            inside::encode,
            again::encode),
        Operation.of(
            "BFV encrypt (public key)",
            () -> encryptor.encrypt(plain).close(),
            inside::encrypt,
            again::encrypt),
        Operation.of(
            "BFV decrypt and decode", () -> decryptor.decrypt(a), inside::decrypt, again::decrypt),
        Operation.of("BFV add", () -> evaluator.add(a, b).close(), inside::add, again::add),
        Operation.of(
            "BFV multiply",
            () -> evaluator.multiplyWithoutRelinearization(a, b).close(),
            inside::multiply,
            again::multiply),
        Operation.of(
            "BFV relinearize",
            () -> evaluator.relinearize(product).close(),
            inside::relinearize,
            again::relinearize),
        Operation.of(
            "BFV rotate", () -> evaluator.rotateRows(a, 1).close(), inside::rotate, again::rotate),
        Operation.of(
            "BFV multiply+relinearize",
            () -> evaluator.multiply(a, b).close(),
            inside::multiplyRelinearize,
            again::multiplyRelinearize));
  }

  private void verify() {
    try (BfvCiphertext squares = evaluator.multiply(a, b)) {
      check(decryptor.decrypt(squares), "the typed API");
    }
    check(inside.decryptedSquares(), "the native arm");
    check(again.decryptedSquares(), "the second native arm");
  }

  private void check(long[] found, String where) {
    for (int i = 0; i < values.length; i++) {
      if (found[i] != values[i] * values[i]) {
        throw new AssertionError(
            "slot " + i + " of a product is wrong in " + where + ": " + found[i]);
      }
    }
  }

  @Override
  public void close() {
    again.close();
    inside.close();
    for (BfvCiphertext c : List.of(product, b, a)) {
      c.close();
    }
    plain.close();
    keys.close();
    publicKey.close();
    secret.close();
  }

  /** Operands of its own, and the operations on them within native code. */
  private static final class Native extends NativeObjects {
    private final long[] values;
    private final int level;
    private final long context;
    private final long plain;
    private final long a;
    private final long b;
    private final long product;

    Native(BfvParameters parameters, long[] values) {
      super(parameters);
      this.values = values;
      level = parameters.maxLevel();
      context = own(() -> BfvCore.context(rlwe, parameters.plainModulus()));
      plain = own(() -> BfvCore.encode(context, values, values.length));
      a = own(() -> BfvCore.encrypt(publicKey, plain, level));
      b = own(() -> BfvCore.encrypt(publicKey, plain, level));
      product = own(() -> BfvCore.multiply(a, b));
    }

    long[] decryptedSquares() {
      long squares = own(() -> BfvCore.relinearize(product, keys));
      long[] found = new long[values.length];
      BfvCore.decrypt(context, secret, squares, found, found.length);
      return found;
    }

    long encode(int times) {
      return RepeatedCore.bfvEncode(context, values, values.length, times);
    }

    long encrypt(int times) {
      return RepeatedCore.bfvEncrypt(publicKey, plain, level, times);
    }

    long decrypt(int times) {
      return RepeatedCore.bfvDecrypt(context, secret, a, values.length, times);
    }

    long add(int times) {
      return RepeatedCore.bfvAdd(a, b, times);
    }

    long multiply(int times) {
      return RepeatedCore.bfvMultiply(a, b, times);
    }

    long relinearize(int times) {
      return RepeatedCore.bfvRelinearize(product, keys, times);
    }

    long rotate(int times) {
      return RepeatedCore.bfvRotate(a, 1, keys, times);
    }

    long multiplyRelinearize(int times) {
      return RepeatedCore.bfvMultiplyRelinearize(a, b, keys, times);
    }
  }
}
