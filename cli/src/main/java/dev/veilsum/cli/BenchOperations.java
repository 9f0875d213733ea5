package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/**
 * The operations of one preset on fresh ciphertexts of full slots, under a fresh key. Products,
 * sums and rotations are decrypted and held against the clear before any is timed.
 */
final class BenchOperations {
  /** Values whose squares stay below 2^16 in magnitude, as every preset's t holds them. */
  private static final int MAX = 180;

  private static final KeyRequirements KEYS =
      KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION);

  /**
   * One of them.
   *
   * @param name the field's name of it
   * @param run does it once and closes what it gives
   */
  record Operation(String name, Runnable run) {}

  private BenchOperations() {}

  /** Hands over each operation; keys and operands live while they are used. */
  static void forEach(String preset, Backend backend, Consumer<Operation> use) {
    RlweParameters parameters = Presets.named(preset).parameters();
    if (parameters instanceof CkksParameters ckks) {
      ofCkks(CkksContext.create(ckks, backend), use);
    } else {
      ofBfv(BfvContext.create((BfvParameters) parameters, backend), use);
    }
  }

  private static void ofCkks(CkksContext context, Consumer<Operation> use) {
    int slots = context.parameters().slots();
    double[] values = new SplittableRandom().doubles(slots, -1, 1).toArray();
    double[] found = new double[slots];
    var encoding = context.encoding(1);
    try (MasterKey master = MasterKey.generate();
        var secret =
            master.withSeed(
                "bench", context.parameters().fingerprint().bytes(), context::secretKey);
        var publicKey = secret.publicKey();
        var keys = secret.evaluationKeys(KEYS);
        var plain = context.encode(values, encoding);
        var a = publicKey.encryptor().encrypt(plain);
        var b = publicKey.encryptor().encrypt(plain)) {
      var encryptor = publicKey.encryptor();
      var decryptor = secret.decryptor();
      var evaluator = context.evaluator(keys);
      BiCheck<CkksCiphertext, IntToDoubleFunction> check =
          (name, result, expected) -> {
            try (result) {
              decryptor.decrypt(result, found, 0, slots);
            }
            for (int i = 0; i < slots; i++) {
              require(Math.abs(found[i] - expected.applyAsDouble(i)) < 1e-4, name, i);
            }
          };
      check.of("CKKS add", evaluator.add(a, b), i -> 2 * values[i]);
      check.of("CKKS rotate", evaluator.rotate(a, 1), i -> values[(i + 1) % slots]);
      check.of("CKKS multiply", evaluator.multiplyRescale(a, b), i -> values[i] * values[i]);
      use.accept(new Operation("CKKS encode", () -> context.encode(values, encoding).close()));
      use.accept(
          new Operation("CKKS encrypt (public key)", () -> encryptor.encrypt(plain).close()));
      use.accept(
          new Operation("CKKS decrypt and decode", () -> decryptor.decrypt(a, found, 0, slots)));
      use.accept(new Operation("CKKS add", () -> evaluator.add(a, b).close()));
      use.accept(
          new Operation(
              "CKKS multiply", () -> evaluator.multiplyWithoutRelinearization(a, b).close()));
      use.accept(
          new Operation(
              "CKKS multiply+relinearize+rescale", () -> evaluator.multiplyRescale(a, b).close()));
      use.accept(new Operation("CKKS rotate", () -> evaluator.rotate(a, 1).close()));
    }
  }

  private static void ofBfv(BfvContext context, Consumer<Operation> use) {
    int slots = context.parameters().slots();
    int row = slots / 2;
    long[] values = new SplittableRandom().longs(slots, -MAX, MAX + 1).toArray();
    long[] found = new long[slots];
    IntegerRange range = IntegerRange.of(-MAX, MAX);
    try (MasterKey master = MasterKey.generate();
        var secret =
            master.withSeed(
                "bench", context.parameters().fingerprint().bytes(), context::secretKey);
        var publicKey = secret.publicKey();
        var keys = secret.evaluationKeys(KEYS);
        var plain = context.encode(values, range);
        var a = publicKey.encryptor().encrypt(plain);
        var b = publicKey.encryptor().encrypt(plain)) {
      var encryptor = publicKey.encryptor();
      var decryptor = secret.decryptor();
      var evaluator = context.evaluator(keys);
      BiCheck<BfvCiphertext, IntToLongFunction> check =
          (name, result, expected) -> {
            try (result) {
              decryptor.decrypt(result, found, 0, slots);
            }
            for (int i = 0; i < slots; i++) {
              require(found[i] == expected.applyAsLong(i), name, i);
            }
          };
      check.of("BFV add", evaluator.add(a, b), i -> 2 * values[i]);
      check.of(
          "BFV rotate", evaluator.rotateRows(a, 1), i -> values[i / row * row + (i + 1) % row]);
      check.of("BFV multiply", evaluator.multiply(a, b), i -> values[i] * values[i]);
      use.accept(new Operation("BFV encode", () -> context.encode(values, range).close()));
      use.accept(new Operation("BFV encrypt (public key)", () -> encryptor.encrypt(plain).close()));
      use.accept(
          new Operation("BFV decrypt and decode", () -> decryptor.decrypt(a, found, 0, slots)));
      use.accept(new Operation("BFV add", () -> evaluator.add(a, b).close()));
      use.accept(
          new Operation(
              "BFV multiply", () -> evaluator.multiplyWithoutRelinearization(a, b).close()));
      use.accept(new Operation("BFV multiply+relinearize", () -> evaluator.multiply(a, b).close()));
      use.accept(new Operation("BFV rotate", () -> evaluator.rotateRows(a, 1).close()));
    }
  }

  /** Decrypts a result, closes it, and holds it against the clear. */
  private interface BiCheck<C, F> {
    void of(String name, C result, F expected);
  }

  private static void require(boolean right, String name, int slot) {
    if (!right) {
      throw new VeilsumException(
          ErrorCode.INTERNAL, name + " is wrong in slot " + slot + ", so nothing was measured");
    }
  }
}
