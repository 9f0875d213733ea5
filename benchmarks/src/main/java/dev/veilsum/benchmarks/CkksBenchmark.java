package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backends;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import dev.veilsum.params.SwitchKey;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** CKKS, one operation a method, on the presets of each ring degree; results are checked once. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class CkksBenchmark {
  @Param({"core"})
  public String backend;

  /** The ring degree: it names the preset. */
  @Param({"8192", "16384", "32768"})
  public int n;

  private CkksBackend ckks;
  private int slots;
  private int level;
  private double scale;
  private double[] values;
  private Reference.SecretKey secret;
  private Reference.PublicKey key;
  private Reference.EvaluationKeys keys;
  private Reference.Plaintext plain;
  private Reference.Ciphertext a;
  private Reference.Ciphertext b;
  private Reference.Ciphertext product;
  private Reference.Ciphertext relinearized;

  @Setup(Level.Trial)
  public void setUp() {
    CkksParameters parameters = (CkksParameters) Presets.named("ckks-" + n).parameters();
    ckks = Backends.named(backend).ckks(parameters);
    slots = parameters.slots();
    level = parameters.maxLevel();
    scale = parameters.scale();
    Random random = new Random(1);
    values = random.doubles(slots, -1, 1).toArray();
    secret = ckks.secretKey(Seeds.fixed());
    key = ckks.publicKey(secret);
    keys =
        ckks.evaluationKeys(secret, KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION));
    plain = encode();
    a = encrypt();
    b = encrypt();
    product = multiply();
    relinearized = relinearize();
    verify();
  }

  private void verify() {
    double[] found = new double[slots];
    try (Reference.Ciphertext c = multiplyRelinearizeRescale()) {
      ckks.decrypt(secret, c, found, 0, slots);
    }
    for (int i = 0; i < slots; i++) {
      if (!(Math.abs(found[i] - values[i] * values[i]) < 1e-4)) {
        throw new AssertionError("slot " + i + " of a product is wrong: " + found[i]);
      }
    }
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    for (Reference r : new Reference[] {relinearized, product, b, a, plain, keys, key, secret}) {
      r.close();
    }
  }

  private Reference.Plaintext encode() {
    return ckks.encode(values, 0, slots, 1.0, slots, level, scale);
  }

  @Benchmark
  public void encodeValues() {
    encode().close();
  }

  private Reference.Ciphertext encrypt() {
    return ckks.encrypt(key, plain);
  }

  @Benchmark
  public void encryptPublic() {
    encrypt().close();
  }

  @Benchmark
  public void encryptSecret() {
    ckks.encryptSeeded(secret, plain).close();
  }

  @Benchmark
  public double decryptAndDecode() {
    double[] found = new double[slots];
    ckks.decrypt(secret, a, found, 0, slots);
    return found[0];
  }

  @Benchmark
  public void add() {
    ckks.add(a, b).close();
  }

  private Reference.Ciphertext multiply() {
    return ckks.multiply(a, b);
  }

  @Benchmark
  public void multiplyOnly() {
    multiply().close();
  }

  private Reference.Ciphertext relinearize() {
    return ckks.relinearize(product, keys);
  }

  @Benchmark
  public void relinearizeOnly() {
    relinearize().close();
  }

  @Benchmark
  public void rescale() {
    ckks.rescale(relinearized, 1).close();
  }

  @Benchmark
  public void rotate() {
    ckks.rotate(a, 1, keys).close();
  }

  private Reference.Ciphertext multiplyRelinearizeRescale() {
    return ckks.multiplyRelinearizeRescale(a, b, keys);
  }

  @Benchmark
  public void multiplyRelinearizeAndRescale() {
    multiplyRelinearizeRescale().close();
  }
}
