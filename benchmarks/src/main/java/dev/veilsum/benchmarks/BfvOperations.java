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
  private final Behind behind = new Behind();

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
    verify();
  }

  List<Operation> all() {
    int level = context.parameters().maxLevel();
    long[] found = new long[values.length];
    long contextAt = behind.context(context);
    long secretAt = behind.object(secret);
    long publicKeyAt = behind.object(publicKey);
    long keysAt = behind.object(keys);
    long plainAt = behind.object(plain);
    long aAt = behind.object(a);
    long bAt = behind.object(b);
    long productAt = behind.object(product);
    return List.of(
        Operation.of(
            "BFV encode",
            () -> context.encode(values, range).close(),
            times -> RepeatedCore.bfvEncode(contextAt, values, values.length, times)),
        Operation.of(
            "BFV encrypt (public key)",
            () -> encryptor.encrypt(plain).close(),
            times -> RepeatedCore.bfvEncrypt(publicKeyAt, plainAt, level, times)),
        Operation.of(
            "BFV decrypt and decode",
            () -> decryptor.decrypt(a, found, 0, found.length),
            times -> RepeatedCore.bfvDecrypt(contextAt, secretAt, aAt, values.length, times)),
        Operation.of(
            "BFV add",
            () -> evaluator.add(a, b).close(),
            times -> RepeatedCore.bfvAdd(aAt, bAt, times)),
        Operation.of(
            "BFV multiply",
            () -> evaluator.multiplyWithoutRelinearization(a, b).close(),
            times -> RepeatedCore.bfvMultiply(aAt, bAt, times)),
        Operation.of(
            "BFV relinearize",
            () -> evaluator.relinearize(product).close(),
            times -> RepeatedCore.bfvRelinearize(productAt, keysAt, times)),
        Operation.of(
            "BFV rotate",
            () -> evaluator.rotateRows(a, 1).close(),
            times -> RepeatedCore.bfvRotate(aAt, 1, keysAt, times)),
        Operation.of(
            "BFV multiply+relinearize",
            () -> evaluator.multiply(a, b).close(),
            times -> RepeatedCore.bfvMultiplyRelinearize(aAt, bAt, keysAt, times)));
  }

  private void verify() {
    try (BfvCiphertext squares = evaluator.multiply(a, b)) {
      long[] found = decryptor.decrypt(squares);
      for (int i = 0; i < values.length; i++) {
        if (found[i] != values[i] * values[i]) {
          throw new AssertionError("slot " + i + " of a product is wrong: " + found[i]);
        }
      }
    }
  }

  @Override
  public void close() {
    behind.close();
    for (BfvCiphertext c : List.of(product, b, a)) {
      c.close();
    }
    plain.close();
    keys.close();
    publicKey.close();
    secret.close();
  }
}
