package dev.veilsum.benchmarks;

import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import dev.veilsum.seal.SealCiphertext;
import dev.veilsum.seal.SealCkks;
import dev.veilsum.seal.SealCompression;
import dev.veilsum.seal.SealFormat;
import dev.veilsum.seal.SealParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reading and writing an uncompressed ciphertext of SEAL beside copying its bytes, all in one run:
 * one call of each in turn, many times over. {@code java -cp benchmarks.jar
 * dev.veilsum.benchmarks.SealObjectCopies [ROUNDS]}
 */
public final class SealObjectCopies {
  private static final int N = 16384;
  private static final int WARM_UP = 200;

  private SealObjectCopies() {}

  private interface Step {
    void run();
  }

  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 400;
    List<Long> primes = NttPrimes.largest(43, N, 9);
    SealParameters parameters =
        SealParameters.of(
            new CkksParameters(
                N,
                primes.subList(0, 8),
                primes.subList(8, 9),
                1,
                0x1p40,
                SecurityLevel.CLASSICAL_128));
    SealCkks seal = SealCkks.of(parameters, 0x1p40);
    try (var secret = seal.context().secretKey(new byte[32]);
        var key = secret.publicKey();
        CkksCiphertext c = key.encryptor().encrypt(new double[] {1}, seal.context().encoding(1))) {
      measure(seal, c, rounds);
    }
  }

  private static void measure(SealCkks seal, CkksCiphertext c, int rounds) {
    SealFormat format = new SealFormat(1, SealCompression.NONE);
    byte[] object = seal.write(c, format);
    byte[] target = new byte[object.length];
    ByteBuffer direct = ByteBuffer.allocateDirect(object.length).put(object).flip();
    ByteBuffer out = ByteBuffer.allocateDirect(object.length);
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put(
        "copy into an array that is there",
        () -> System.arraycopy(object, 0, target, 0, object.length));
    steps.put("copy to a new array", () -> keep(Arrays.copyOf(object, object.length)));
    steps.put("read from a direct buffer", () -> read(seal, direct.duplicate()));
    steps.put("read from an array", () -> read(seal, ByteBuffer.wrap(object)));
    steps.put("write to a direct buffer", () -> seal.write(c, 1, out.clear()));
    steps.put("write to a new array", () -> keep(seal.write(c, format)));
    Map<String, List<Double>> times = new LinkedHashMap<>();
    for (int round = -WARM_UP; round < rounds; round++) {
      for (Map.Entry<String, Step> step : steps.entrySet()) {
        long start = System.nanoTime();
        step.getValue().run();
        double microseconds = (System.nanoTime() - start) / 1e3;
        if (round >= 0) {
          times.computeIfAbsent(step.getKey(), name -> new ArrayList<>()).add(microseconds);
        }
      }
    }
    double copy = median(times.get("copy to a new array"));
    System.out.printf(
        Locale.ROOT, "%d bytes, N = %d, 8 primes; %d rounds%n", object.length, N, rounds);
    System.out.println("| | median, us | best, us | of a copy to a new array |\n|---|---|---|---|");
    times.forEach(
        (name, all) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.2f |%n",
                name,
                median(all),
                all.stream().mapToDouble(t -> t).min().orElseThrow(),
                median(all) / copy));
  }

  private static volatile byte[] kept;

  private static void keep(byte[] bytes) {
    kept = bytes;
  }

  private static void read(SealCkks seal, ByteBuffer object) {
    seal.ciphertext(SealCiphertext.read(object, seal.parameters()), 1).close();
  }

  private static double median(List<Double> all) {
    double[] sorted = all.stream().mapToDouble(t -> t).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
