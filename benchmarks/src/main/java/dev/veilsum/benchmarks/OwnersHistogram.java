package dev.veilsum.benchmarks;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A histogram of 8192 buckets over many owners, each of whom sends one ciphertext of a one-hot
 * vector: loading and adding, streamed. A few hundred owners' bytes are read again and again, for
 * all of them would take gigabytes.
 *
 * <pre>java -cp benchmarks.jar dev.veilsum.benchmarks.OwnersHistogram [--owners 100000]</pre>
 */
public final class OwnersHistogram {
  private static final int DISTINCT = 200;

  private OwnersHistogram() {}

  /** Prints what it finds; exits with 1 where a bucket is wrong. */
  public static void main(String[] arguments) {
    int owners = arguments.length == 2 ? Integer.parseInt(arguments[1]) : 100_000;
    System.out.println(Machine.description());
    if (!measure(owners)) {
      System.exit(1);
    }
  }

  /** N = 8192, t of 20 bits: counts up to 393,216, in two primes of 36 bits, without any key. */
  private static BfvParameters parameters() {
    return new BfvParameters(
        8192, NttPrimes.largest(36, 8192, 2), List.of(), 1, 786_433, SecurityLevel.DEFAULT);
  }

  /** Adds up, checks every bucket and prints; returns whether all were right. */
  static boolean measure(int owners) {
    BfvContext bfv = BfvContext.create(parameters());
    int buckets = bfv.parameters().slots();
    Random random = new Random(1);
    List<ByteBuffer> sent = new ArrayList<>();
    int[] chosen = new int[DISTINCT];
    try (BfvSecretKey secret = bfv.secretKey(Seeds.fixed());
        BfvPublicKey key = secret.publicKey()) {
      for (int i = 0; i < DISTINCT; i++) {
        chosen[i] = (int) Math.min(buckets - 1.0, Math.abs(random.nextGaussian()) * 1000);
        long[] oneHot = new long[buckets];
        oneHot[chosen[i]] = 1;
        try (BfvCiphertext c = key.encryptor().encrypt(oneHot, IntegerRange.BITS)) {
          ByteBuffer bytes = ByteBuffer.allocate(c.packedBytes());
          c.pack(bytes);
          sent.add(bytes.flip());
        }
      }
      add(bfv, sent, 2000).close(); // warm
      BfvCiphertext[] total = new BfvCiphertext[1];
      ProcessorTime time = ProcessorTime.of(() -> total[0] = add(bfv, sent, owners));
      long[] expected = new long[buckets];
      for (int i = 0; i < owners; i++) {
        expected[chosen[i % DISTINCT]]++;
      }
      try (BfvCiphertext sum = total[0]) {
        boolean right = Arrays.equals(secret.decryptor().decrypt(sum), expected);
        System.out.printf(
            "%d buckets, %d owners: %s, %.1f us an owner of %d bytes, %.1f bits of budget left, %s%n",
            buckets,
            owners,
            time,
            time.processor() / owners * 1e6,
            sent.get(0).capacity(),
            sum.noiseBudgetBits(),
            right ? "every bucket right" : "BUCKETS WRONG");
        return right;
      }
    }
  }

  private static BfvCiphertext add(BfvContext bfv, List<ByteBuffer> sent, int owners) {
    BfvEvaluator evaluator = bfv.evaluator();
    BfvCiphertext sum = bfv.loadCiphertext(sent.get(0).duplicate());
    for (int i = 1; i < owners; i++) {
      BfvCiphertext before = sum;
      try (before;
          BfvCiphertext c = bfv.loadCiphertext(sent.get(i % sent.size()).duplicate())) {
        sum = evaluator.add(before, c);
      }
    }
    return sum;
  }
}
