package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backends;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
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

/**
 * CKKS, one operation a method, on the parameters of each ring degree ({@link Sets}); results are
 * checked once. {@code -p backend=core,seal} measures both engines where the build has Microsoft
 * SEAL; VEILSUM_ISA chooses the core's path, and {@link BenchmarkTable} runs several.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class CkksBenchmark {
  /** Of sums and inner products. */
  private static final int TERMS = 8;

  private static final int[] STEPS = {1, 2, 4, 8};

  @Param({"core"})
  public String backend;

  /** The ring degree. */
  @Param({"4096", "8192", "16384", "32768"})
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
  private List<Reference.Ciphertext> terms;
  private List<Reference.Ciphertext> factors;
  private List<Reference.Plaintext> plainFactors;
  private ByteBuffer packed;

  @Setup(Level.Trial)
  public void setUp() {
    CkksParameters parameters = Sets.ckks(n, backend);
    ckks = Backends.named(backend).ckks(parameters);
    slots = parameters.slots();
    level = parameters.maxLevel();
    scale = parameters.scale();
    Random random = new Random(1);
    values = random.doubles(slots, -1, 1).toArray();
    secret = ckks.secretKey(Seeds.fixed());
    key = ckks.publicKey(secret);
    keys =
        ckks.evaluationKeys(
            secret,
            KeyRequirements.rotations(1, 2, 4, 8)
                .with(SwitchKey.RELINEARIZATION)
                .with(SwitchKey.CONJUGATION));
    plain = encode();
    a = encrypt();
    b = encrypt();
    product = multiply();
    relinearized = relinearize();
    terms = Collections.nCopies(TERMS, a);
    factors = Collections.nCopies(TERMS, b);
    plainFactors = Collections.nCopies(TERMS, plain);
    packed = ByteBuffer.allocateDirect(ckks.packedBytes(a));
    verify();
  }

  private void verify() {
    check("a product", multiplyRelinearizeRescale(), i -> values[i] * values[i]);
    check("a sum", ckks.sum(terms), i -> TERMS * values[i]);
    check("a rotation", ckks.rotate(a, 1, keys), i -> values[(i + 1) % slots]);
    check("a conjugation", ckks.conjugate(a, keys), i -> values[i]);
  }

  private void check(String what, Reference.Ciphertext result, IntToDoubleFunction expected) {
    double[] found = new double[slots];
    try (result) {
      ckks.decrypt(secret, result, found, 0, slots);
    }
    for (int i = 0; i < slots; i++) {
      if (!(Math.abs(found[i] - expected.applyAsDouble(i)) < 1e-3)) {
        throw new AssertionError("slot " + i + " of " + what + " is wrong: " + found[i]);
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

  @Benchmark
  public void encodeConstant() {
    ckks.encodeConstant(0.5, 1, level, scale).close();
  }

  @Benchmark
  public void subtract() {
    ckks.subtract(a, b).close();
  }

  @Benchmark
  public void negate() {
    ckks.negate(a).close();
  }

  @Benchmark
  public void addPlain() {
    ckks.addPlain(a, plain).close();
  }

  @Benchmark
  public void addScalar() {
    ckks.addScalar(a, 0.25).close();
  }

  @Benchmark
  public void multiplyPlain() {
    ckks.multiplyPlain(a, plain).close();
  }

  @Benchmark
  public void multiplyScalar() {
    ckks.multiplyScalar(a, 0.25, scale).close();
  }

  @Benchmark
  public void square() {
    ckks.square(a).close();
  }

  @Benchmark
  public void sumOf8() {
    ckks.sum(terms).close();
  }

  @Benchmark
  public void innerProductOf8() {
    ckks.innerProduct(terms, factors).close();
  }

  @Benchmark
  public void innerProductWithPlain8() {
    ckks.innerProductPlain(terms, plainFactors).close();
  }

  @Benchmark
  public void dropToLevel() {
    ckks.dropToLevel(a, level - 1).close();
  }

  @Benchmark
  public void conjugate() {
    ckks.conjugate(a, keys).close();
  }

  @Benchmark
  public void rotateBy4Steps() {
    ckks.rotateMany(a, STEPS, keys).forEach(Reference::close);
  }

  @Benchmark
  public void pack() {
    ckks.packCiphertext(a, packed.clear());
  }

  @Benchmark
  public void packAndLoad() {
    ckks.packCiphertext(a, packed.clear());
    ckks.loadCiphertext(packed.flip()).close();
  }

  @Benchmark
  public void generateSecretKey() {
    ckks.secretKey(Seeds.fixed()).close();
  }

  @Benchmark
  public void generatePublicKey() {
    ckks.publicKey(secret).close();
  }

  @Benchmark
  public void generateRelinearizationKey() {
    ckks.evaluationKeys(secret, KeyRequirements.relinearization()).close();
  }
}
