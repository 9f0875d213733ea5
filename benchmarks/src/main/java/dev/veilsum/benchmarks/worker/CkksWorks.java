package dev.veilsum.benchmarks.worker;

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
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** CKKS on fresh ciphertexts of full slots. */
final class CkksWorks implements Works {
  private static final double TOLERANCE = 1e-4;

  private final double[] values;
  private final double[] found;
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

  CkksWorks(CkksParameters parameters) {
    values = new Random(1).doubles(parameters.slots(), -1, 1).toArray();
    found = new double[values.length];
    context = CkksContext.create(parameters);
    encoding = context.encoding(1.0);
    secret = context.secretKey(Works.seed());
    publicKey = secret.publicKey();
    keys = secret.evaluationKeys(KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION));
    encryptor = publicKey.encryptor();
    decryptor = secret.decryptor();
    evaluator = context.evaluator(keys);
    plain = context.encode(values, encoding);
    a = encryptor.encrypt(plain);
    b = encryptor.encrypt(plain);
    verify();
  }

  private void verify() {
    int slots = values.length;
    check("encrypt", encryptor.encrypt(plain), i -> values[i]);
    check("add", evaluator.add(a, b), i -> 2 * values[i]);
    check("rotate", evaluator.rotate(a, 1), i -> values[(i + 1) % slots]);
    check("multiply", evaluator.multiplyRescale(a, b), i -> values[i] * values[i]);
  }

  private void check(String what, CkksCiphertext result, IntToDoubleFunction expected) {
    try (result) {
      decryptor.decrypt(result, found, 0, found.length);
    }
    for (int i = 0; i < found.length; i++) {
      Works.check(Math.abs(found[i] - expected.applyAsDouble(i)) < TOLERANCE, what + ", slot " + i);
    }
  }

  @Override
  public List<Work> all() {
    return List.of(
        new Work("CKKS encode", () -> context.encode(values, encoding).close()),
        new Work("CKKS encrypt (public key)", () -> encryptor.encrypt(plain).close()),
        new Work("CKKS decrypt and decode", () -> decryptor.decrypt(a, found, 0, found.length)),
        new Work("CKKS add", () -> evaluator.add(a, b).close()),
        new Work("CKKS rotate", () -> evaluator.rotate(a, 1).close()),
        new Work(
            "CKKS multiply+relinearize+rescale", () -> evaluator.multiplyRescale(a, b).close()));
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
