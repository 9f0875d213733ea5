package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.paillier.PaillierSecretKey;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * One scheme, checked on random numbers: with fresh keys x y + rotated(x) - y is computed under
 * encryption and in the clear.
 *
 * @param name the scheme
 * @param work what is done; gives a remark, or throws where the two differ
 */
record SchemeCheck(String name, Supplier<String> work) {
  private static final int PAILLIER_BITS = 2048;

  static List<SchemeCheck> all(Backend backend) {
    return List.of(
        new SchemeCheck("ckks", () -> ckks(backend)),
        new SchemeCheck("bfv", () -> bfv(backend)),
        new SchemeCheck("paillier", SchemeCheck::paillier));
  }

  String run() {
    return work.get();
  }

  private static String ckks(Backend backend) {
    CkksContext context = CkksContext.create(Presets.CKKS_8192.parameters(), backend);
    int slots = context.parameters().slots();
    SplittableRandom random = new SplittableRandom();
    double[] x = random.doubles(slots, -1, 1).toArray();
    double[] y = random.doubles(slots, -1, 1).toArray();
    double[] found = new double[slots];
    double bound;
    try (MasterKey master = MasterKey.generate();
        var secret =
            master.withSeed(
                "selftest", context.parameters().fingerprint().bytes(), context::secretKey);
        var publicKey = secret.publicKey();
        var keys = secret.evaluationKeys(KeyRequirements.relinearization().union(rotation()));
        var encryptedX = publicKey.encryptor().encrypt(x, context.encoding(1));
        var encryptedY = publicKey.encryptor().encrypt(y, context.encoding(1))) {
      CkksEvaluator evaluator = context.evaluator(keys);
      try (var product = evaluator.multiplyRescale(encryptedX, encryptedY);
          var rotated = evaluator.rotate(encryptedX, 1);
          var difference = evaluator.subtract(rotated, encryptedY);
          var adjusted = evaluator.adjust(difference, product.level(), product.scale());
          var result = evaluator.add(product, adjusted)) {
        bound = secret.decryptor().decrypt(result, found, 0, slots);
      }
    }
    double worst = 0;
    for (int i = 0; i < slots; i++) {
      double truth = x[i] * y[i] + x[(i + 1) % slots] - y[i];
      worst = Math.max(worst, Math.abs(found[i] - truth));
    }
    require(worst <= bound, "an error of " + worst + " is above its bound " + bound);
    return "%d numbers, error %.1e of at most %s".formatted(slots, worst, Text.bound(bound));
  }

  private static String bfv(Backend backend) {
    BfvContext context = BfvContext.create(Presets.BFV_8192.parameters(), backend);
    int slots = context.parameters().slots();
    SplittableRandom random = new SplittableRandom();
    long[] x = random.longs(slots, -100, 101).toArray();
    long[] y = random.longs(slots, -100, 101).toArray();
    IntegerRange range = IntegerRange.of(-100, 100);
    long[] found;
    try (MasterKey master = MasterKey.generate();
        var secret =
            master.withSeed(
                "selftest", context.parameters().fingerprint().bytes(), context::secretKey);
        var publicKey = secret.publicKey();
        var keys = secret.evaluationKeys(KeyRequirements.relinearization().union(rotation()));
        var encryptedX = publicKey.encryptor().encrypt(x, range);
        var encryptedY = publicKey.encryptor().encrypt(y, range)) {
      BfvEvaluator evaluator = context.evaluator(keys);
      try (var product = evaluator.multiply(encryptedX, encryptedY);
          var rotated = evaluator.rotateRows(encryptedX, 1);
          var difference = evaluator.subtract(rotated, encryptedY);
          var result = evaluator.add(product, difference)) {
        found = secret.decryptor().decrypt(result);
      }
    }
    int row = slots / 2;
    for (int i = 0; i < slots; i++) {
      long truth = x[i] * y[i] + x[i / row * row + (i + 1) % row] - y[i];
      require(found[i] == truth, "slot " + i + " is " + found[i] + " and should be " + truth);
    }
    return slots + " integers, exact";
  }

  private static String paillier() {
    SplittableRandom random = new SplittableRandom();
    long x = random.nextLong(-1L << 40, 1L << 40);
    long y = random.nextLong(-1L << 40, 1L << 40);
    BigInteger found;
    try (MasterKey master = MasterKey.generate();
        PaillierSecretKey secret = PaillierSecretKey.derive(master, PAILLIER_BITS)) {
      var encryptor = secret.publicKey().encryptor();
      var evaluator = secret.publicKey().evaluator();
      var scaled = evaluator.multiply(encryptor.encrypt(x), -12345);
      var result = evaluator.rerandomize(evaluator.add(scaled, encryptor.encrypt(y)));
      found = secret.decryptor().decryptInteger(result);
    }
    BigInteger truth =
        BigInteger.valueOf(x).multiply(BigInteger.valueOf(-12345)).add(BigInteger.valueOf(y));
    require(found.equals(truth), found + " should be " + truth);
    return PAILLIER_BITS + " bits, exact";
  }

  private static KeyRequirements rotation() {
    return KeyRequirements.rotations(1);
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new VeilsumException(
          ErrorCode.INTERNAL, otherwise + "; do not use this build on this machine");
    }
  }
}
