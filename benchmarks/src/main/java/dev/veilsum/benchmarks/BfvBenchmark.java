package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.params.BfvParameters;
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

/** BFV, one operation a method, on the presets of each ring degree; results are checked once. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class BfvBenchmark {
  @Param({"core"})
  public String backend;

  /** The ring degree: it names the preset. */
  @Param({"8192", "16384", "32768"})
  public int n;

  private BfvBackend bfv;
  private int slots;
  private int level;
  private long[] values;
  private Reference.SecretKey secret;
  private Reference.PublicKey key;
  private Reference.EvaluationKeys keys;
  private Reference.Plaintext plain;
  private Reference.Ciphertext a;
  private Reference.Ciphertext b;
  private Reference.Ciphertext product;

  @Setup(Level.Trial)
  public void setUp() {
    BfvParameters parameters = (BfvParameters) Presets.named("bfv-" + n).parameters();
    bfv = Backends.named(backend).bfv(parameters);
    slots = parameters.slots();
    level = parameters.maxLevel();
    values = new Random(1).longs(slots, parameters.minValue(), parameters.maxValue()).toArray();
    secret = bfv.secretKey(Seeds.fixed());
    key = bfv.publicKey(secret);
    keys = bfv.evaluationKeys(secret, KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION));
    plain = bfv.encode(values, 0, slots);
    a = encrypt();
    b = encrypt();
    product = multiply();
    verify(parameters.plainModulus());
  }

  private void verify(long t) {
    long[] found = new long[slots];
    try (Reference.Ciphertext c = multiplyRelinearize()) {
      bfv.decrypt(secret, c, found, 0, slots);
    }
    for (int i = 0; i < slots; i++) {
      if (Math.floorMod(found[i] - Math.floorMod(values[i] * values[i], t), t) != 0) {
        throw new AssertionError("slot " + i + " of a product is wrong: " + found[i]);
      }
    }
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    for (Reference r : new Reference[] {product, b, a, plain, keys, key, secret}) {
      r.close();
    }
  }

  @Benchmark
  public void encodeValues() {
    bfv.encode(values, 0, slots).close();
  }

  private Reference.Ciphertext encrypt() {
    return bfv.encrypt(key, plain, level);
  }

  @Benchmark
  public void encryptPublic() {
    encrypt().close();
  }

  @Benchmark
  public void encryptSecret() {
    bfv.encryptSeeded(secret, plain, level).close();
  }

  @Benchmark
  public long decryptAndDecode() {
    long[] found = new long[slots];
    bfv.decrypt(secret, a, found, 0, slots);
    return found[0];
  }

  @Benchmark
  public void add() {
    bfv.add(a, b).close();
  }

  private Reference.Ciphertext multiply() {
    return bfv.multiply(a, b);
  }

  @Benchmark
  public void multiplyOnly() {
    multiply().close();
  }

  @Benchmark
  public void relinearizeOnly() {
    bfv.relinearize(product, keys).close();
  }

  @Benchmark
  public void rotate() {
    bfv.rotate(a, 1, keys).close();
  }

  private Reference.Ciphertext multiplyRelinearize() {
    return bfv.multiplyRelinearize(a, b, keys);
  }

  @Benchmark
  public void multiplyAndRelinearize() {
    multiplyRelinearize().close();
  }
}
