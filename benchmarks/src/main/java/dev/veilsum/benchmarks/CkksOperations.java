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
import dev.veilsum.nativelib.RepeatedCore;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.util.List;
import java.util.Random;

/** The operations of CKKS on fresh ciphertexts of full slots, through the typed API and without. */
final class CkksOperations implements AutoCloseable {
  private static final double TOLERANCE = 1e-3;

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
  private final Behind behind = new Behind();

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
    verify();
  }

  List<Operation> all() {
    int level = encoding.level();
    double scale = encoding.scale();
    double bound = encoding.bound();
    double[] found = new double[values.length];
    long contextAt = behind.context(context);
    long secretAt = behind.object(secret);
    long publicKeyAt = behind.object(publicKey);
    long keysAt = behind.object(keys);
    long plainAt = behind.object(plain);
    long aAt = behind.object(a);
    long bAt = behind.object(b);
    long productAt = behind.object(product);
    long relinearizedAt = behind.object(relinearized);
    return List.of(
        Operation.of(
            "CKKS encode",
            () -> context.encode(values, encoding).close(),
            times ->
                RepeatedCore.ckksEncode(
                    contextAt, values, values.length, bound, level, scale, times)),
        Operation.of(
            "CKKS encrypt (public key)",
            () -> encryptor.encrypt(plain).close(),
            times -> RepeatedCore.ckksEncrypt(publicKeyAt, plainAt, times)),
        Operation.of(
            "CKKS decrypt and decode",
            () -> decryptor.decrypt(a, found, 0, found.length),
            times -> RepeatedCore.ckksDecrypt(secretAt, aAt, values.length, times)),
        Operation.of(
            "CKKS add",
            () -> evaluator.add(a, b).close(),
            times -> RepeatedCore.ckksAdd(aAt, bAt, times)),
        Operation.of(
            "CKKS multiply",
            () -> evaluator.multiplyWithoutRelinearization(a, b).close(),
            times -> RepeatedCore.ckksMultiply(aAt, bAt, times)),
        Operation.of(
            "CKKS relinearize",
            () -> evaluator.relinearize(product).close(),
            times -> RepeatedCore.ckksRelinearize(productAt, keysAt, times)),
        Operation.of(
            "CKKS rescale",
            () -> evaluator.rescale(relinearized).close(),
            times -> RepeatedCore.ckksRescale(relinearizedAt, times)),
        Operation.of(
            "CKKS rotate",
            () -> evaluator.rotate(a, 1).close(),
            times -> RepeatedCore.ckksRotate(aAt, 1, keysAt, times)),
        Operation.of(
            "CKKS multiply+relinearize+rescale",
            () -> evaluator.multiplyRescale(a, b).close(),
            times -> RepeatedCore.ckksMultiplyRelinearizeRescale(aAt, bAt, keysAt, times)));
  }

  private void verify() {
    try (CkksCiphertext squares = evaluator.multiplyRescale(a, b)) {
      double[] found = decryptor.decrypt(squares);
      for (int i = 0; i < values.length; i++) {
        if (!(Math.abs(found[i] - values[i] * values[i]) < TOLERANCE)) {
          throw new AssertionError("slot " + i + " of a product is wrong: " + found[i]);
        }
      }
    }
  }

  @Override
  public void close() {
    behind.close();
    for (CkksCiphertext c : List.of(relinearized, product, b, a)) {
      c.close();
    }
    plain.close();
    keys.close();
    publicKey.close();
    secret.close();
  }
}
