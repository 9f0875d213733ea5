package dev.veilsum.benchmarks.worker;

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
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;

/** BFV on fresh ciphertexts of full slots. */
final class BfvWorks implements Works {
  /** Values whose squares stay below 2^16 in magnitude, as every preset's t holds them. */
  private static final int MAX = 180;

  private final long[] values;
  private final long[] found;
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

  BfvWorks(BfvParameters parameters) {
    values = new Random(1).longs(parameters.slots(), -MAX, MAX + 1).toArray();
    found = new long[values.length];
    context = BfvContext.create(parameters);
    secret = context.secretKey(Works.seed());
    publicKey = secret.publicKey();
    keys = secret.evaluationKeys(KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION));
    encryptor = publicKey.encryptor();
    decryptor = secret.decryptor();
    evaluator = context.evaluator(keys);
    plain = context.encode(values, range);
    a = encryptor.encrypt(plain);
    b = encryptor.encrypt(plain);
    verify();
  }

  private void verify() {
    int row = values.length / 2;
    check("encrypt", encryptor.encrypt(plain), i -> values[i]);
    check("add", evaluator.add(a, b), i -> 2 * values[i]);
    check("rotate", evaluator.rotateRows(a, 1), i -> values[i / row * row + (i + 1) % row]);
    check("multiply", evaluator.multiply(a, b), i -> values[i] * values[i]);
  }

  private void check(String what, BfvCiphertext result, IntToLongFunction expected) {
    try (result) {
      decryptor.decrypt(result, found, 0, found.length);
    }
    for (int i = 0; i < found.length; i++) {
      Works.check(found[i] == expected.applyAsLong(i), what + ", slot " + i);
    }
  }

  @Override
  public List<Work> all() {
    return List.of(
        new Work("BFV encode", () -> context.encode(values, range).close()),
        new Work("BFV encrypt (public key)", () -> encryptor.encrypt(plain).close()),
        new Work("BFV decrypt and decode", () -> decryptor.decrypt(a, found, 0, found.length)),
        new Work("BFV add", () -> evaluator.add(a, b).close()),
        new Work("BFV rotate", () -> evaluator.rotateRows(a, 1).close()),
        new Work("BFV multiply+relinearize", () -> evaluator.multiply(a, b).close()));
  }

  @Override
  public void close() {
    b.close();
    a.close();
    plain.close();
    keys.close();
    publicKey.close();
    secret.close();
  }
}
