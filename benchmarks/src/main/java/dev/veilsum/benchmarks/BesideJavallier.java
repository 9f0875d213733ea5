package dev.veilsum.benchmarks;

import com.n1analytics.paillier.EncryptedNumber;
import com.n1analytics.paillier.PaillierContext;
import com.n1analytics.paillier.PaillierPrivateKey;
import dev.veilsum.paillier.PaillierCiphertext;
import dev.veilsum.paillier.PaillierDecryptor;
import dev.veilsum.paillier.PaillierEncryptor;
import dev.veilsum.paillier.PaillierEvaluator;
import dev.veilsum.paillier.PaillierSecretKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Paillier beside javallier (N1 Analytics, from Maven Central; it calls GMP through JNA), in turns
 * in one process and one thread; results of both are checked first. Times are of one number, also
 * where Veilsum takes a list of them.
 *
 * <pre>java -cp benchmarks.jar dev.veilsum.benchmarks.BesideJavallier [--quick] [BITS]...</pre>
 */
public final class BesideJavallier {
  private static final int LIST = 64;

  // Of javallier's numbers as many are in a block as of Veilsum's, which takes much longer.
  private static final Effort QUICK = new Effort(5, 200_000, 30_000_000);
  private static final Effort FULL = new Effort(15, 1_000_000, 100_000_000);

  private final int bits;
  private final long[] values = new Random(1).longs(LIST, -1L << 40, 1L << 40).toArray();
  private final PaillierSecretKey secret;
  private final PaillierEncryptor encryptor;
  private final PaillierEncryptor owner;
  private final PaillierDecryptor decryptor;
  private final PaillierEvaluator evaluator;
  private final List<PaillierCiphertext> ours;
  private final PaillierPrivateKey theirKey;
  private final PaillierContext context;
  private final EncryptedNumber[] theirs = new EncryptedNumber[2];

  BesideJavallier(int bits) {
    this.bits = bits;
    secret = PaillierSecretKey.ofSeed(Seeds.fixed(), bits);
    encryptor = secret.publicKey().encryptor().withThreads(1);
    owner = secret.encryptor().withThreads(1);
    decryptor = secret.decryptor().withThreads(1);
    evaluator = secret.publicKey().evaluator().withThreads(1);
    ours = encryptor.encryptAll(values);
    theirKey = PaillierPrivateKey.create(bits);
    context = theirKey.getPublicKey().createSignedContext();
    for (int i = 0; i < theirs.length; i++) {
      theirs[i] = context.encrypt(values[i]).getSafeEncryptedNumber();
    }
    verify();
  }

  private void verify() {
    long sum = values[0] + values[1];
    check(theirKey.decrypt(theirs[0]).decodeLong() == values[0], "javallier's decryption");
    check(theirKey.decrypt(theirs[0].add(theirs[1])).decodeLong() == sum, "javallier's sum");
    check(Arrays.equals(decryptor.decryptLongs(ours), values), "decryption of a list");
    check(Arrays.equals(decryptor.decryptLongs(owner.encryptAll(values)), values), "encryption");
    check(decryptor.decryptLong(encryptor.encrypt(values[0])) == values[0], "decryption");
    check(decryptor.decryptLong(evaluator.add(ours.get(0), ours.get(1))) == sum, "a sum");
    check(decryptor.decryptLongs(evaluator.addAll(ours, ours))[1] == 2 * values[1], "sums");
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new AssertionError(what + " is wrong");
    }
  }

  /** Javallier's arm first: the ratio is how many times as long it takes. */
  List<Operation> all() {
    // A number that leaves is blinded; javallier blinds when its ciphertext is asked for.
    Arm encrypt = Arm.ofCalls(() -> context.encrypt(values[0]).calculateCiphertext());
    Arm decrypt = Arm.ofCalls(() -> theirKey.decrypt(theirs[0]).decodeLong());
    Arm add = Arm.ofCalls(() -> theirs[0].add(theirs[1]));
    return List.of(
        new Operation("encrypt", encrypt, each(this::encryptOneByOne)),
        new Operation("encrypt, list", encrypt, each(() -> encryptor.encryptAll(values))),
        new Operation(
            "encrypt, list, with the secret key", encrypt, each(() -> owner.encryptAll(values))),
        new Operation("decrypt", decrypt, Arm.ofCalls(() -> decryptor.decryptLong(ours.get(0)))),
        new Operation("decrypt, list", decrypt, each(() -> decryptor.decryptLongs(ours))),
        new Operation("add", add, Arm.ofCalls(() -> evaluator.add(ours.get(0), ours.get(1)))),
        new Operation("add, lists", add, each(() -> evaluator.addAll(ours, ours))));
  }

  /** As many as are prepared at once, and a multiple: one call takes much longer than the next. */
  private void encryptOneByOne() {
    for (long value : values) {
      encryptor.encrypt(value);
    }
  }

  /** One number's share of a list. */
  private static Arm each(Runnable list) {
    Arm whole = Arm.ofCalls(list);
    return times -> Math.max(1, whole.nanoseconds(times) / LIST);
  }

  private Comparison measure(Operation operation, Effort effort) {
    return Comparison.measure("paillier-" + bits, bits, operation, effort);
  }

  /** Prints Markdown; exits with 2 for what it does not understand. */
  public static void main(String[] arguments) {
    List<String> given = new ArrayList<>(List.of(arguments));
    boolean quick = given.remove("--quick");
    if (given.stream().anyMatch(bits -> !bits.matches("2048|3072|4096"))) {
      System.err.println("usage: BesideJavallier [--quick] [2048|3072|4096]...");
      System.exit(2);
    }
    List<String> sizes = given.isEmpty() ? List.of("2048", "3072") : given;
    System.out.println("Beside javallier 0.6.0. " + Machine.description() + "\n");
    System.out.println(
        "| for one number | bits | javallier, us | Veilsum, us | javallier / Veilsum | Veilsum /"
            + " Veilsum |\n|---|---|---|---|---|---|");
    for (String size : sizes) {
      BesideJavallier beside = new BesideJavallier(Integer.parseInt(size));
      for (Operation operation : beside.all()) {
        Comparison row = beside.measure(operation, quick ? QUICK : FULL);
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %.1f | %.1f | %s | %s |%n",
            operation.name(),
            size,
            row.javaNanos() / 1000,
            row.nativeNanos() / 1000,
            row.ratio(),
            row.same());
      }
      beside.secret.close();
    }
  }
}
