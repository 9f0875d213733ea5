package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
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
 * Exact integers, one operation a method, on the parameters of each ring degree ({@link Sets});
 * results are checked once. As for {@link CkksBenchmark}, {@code -p backend=core,seal}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public abstract class IntegerBenchmark {
  /** Of sums and inner products. */
  private static final int TERMS = 8;

  private static final int[] STEPS = {1, 2, 4, 8};

  @Param({"core"})
  public String backend;

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
  private List<Reference.Ciphertext> terms;
  private List<Reference.Ciphertext> factors;
  private List<Reference.Plaintext> plainFactors;
  private ByteBuffer packed;

  @Setup(Level.Trial)
  public void setUp() {
    BfvParameters parameters = Sets.bfv(degree(), backend);
    bfv = engine(Backends.named(backend), parameters);
    slots = parameters.slots();
    level = parameters.maxLevel();
    values = new Random(1).longs(slots, parameters.minValue(), parameters.maxValue()).toArray();
    secret = bfv.secretKey(Seeds.fixed());
    key = bfv.publicKey(secret);
    keys =
        bfv.evaluationKeys(
            secret,
            KeyRequirements.rotations(1, 2, 4, 8)
                .with(SwitchKey.RELINEARIZATION)
                .with(SwitchKey.CONJUGATION));
    plain = bfv.encode(values, 0, slots);
    a = encrypt();
    b = encrypt();
    product = multiply();
    terms = Collections.nCopies(TERMS, a);
    factors = Collections.nCopies(TERMS, b);
    plainFactors = Collections.nCopies(TERMS, plain);
    packed = ByteBuffer.allocateDirect(bfv.packedBytes(a));
    verify(parameters.plainModulus());
  }

  abstract int degree();

  abstract BfvBackend engine(Backend engine, BfvParameters parameters);

  private void verify(long t) {
    int row = slots / 2;
    check("a product", t, multiplyRelinearize(), i -> values[i] * values[i]);
    check("a sum", t, bfv.sum(terms), i -> TERMS * values[i]);
    check("a rotation", t, rotated(), i -> values[i / row * row + (i + 1) % row]);
    check("a swap of rows", t, bfv.conjugate(a, keys), i -> values[(i + row) % slots]);
  }

  private void check(String what, long t, Reference.Ciphertext result, IntToLongFunction expected) {
    long[] found = new long[slots];
    try (result) {
      bfv.decrypt(secret, result, found, 0, slots);
    }
    for (int i = 0; i < slots; i++) {
      if (Math.floorMod(found[i], t) != Math.floorMod(expected.applyAsLong(i), t)) {
        throw new AssertionError("slot " + i + " of " + what + " is wrong: " + found[i]);
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

  private Reference.Ciphertext rotated() {
    return bfv.rotate(a, 1, keys);
  }

  @Benchmark
  public void rotate() {
    rotated().close();
  }

  private Reference.Ciphertext multiplyRelinearize() {
    return bfv.multiplyRelinearize(a, b, keys);
  }

  @Benchmark
  public void multiplyAndRelinearize() {
    multiplyRelinearize().close();
  }

  @Benchmark
  public void subtract() {
    bfv.subtract(a, b).close();
  }

  @Benchmark
  public void negate() {
    bfv.negate(a).close();
  }

  @Benchmark
  public void addPlain() {
    bfv.addPlain(a, plain).close();
  }

  @Benchmark
  public void addScalar() {
    bfv.addScalar(a, 3).close();
  }

  @Benchmark
  public void multiplyPlain() {
    bfv.multiplyPlain(a, plain).close();
  }

  @Benchmark
  public void multiplyScalar() {
    bfv.multiplyScalar(a, 3).close();
  }

  @Benchmark
  public void square() {
    bfv.square(a).close();
  }

  @Benchmark
  public void sumOf8() {
    bfv.sum(terms).close();
  }

  @Benchmark
  public void innerProductOf8() {
    bfv.innerProduct(terms, factors).close();
  }

  @Benchmark
  public void innerProductWithPlain8() {
    bfv.innerProductPlain(terms, plainFactors).close();
  }

  @Benchmark
  public void switchToLevel() {
    bfv.switchToLevel(a, level - 1).close();
  }

  @Benchmark
  public void swapRows() {
    bfv.conjugate(a, keys).close();
  }

  @Benchmark
  public void rotateBy4Steps() {
    bfv.rotateMany(a, STEPS, keys).forEach(Reference::close);
  }

  @Benchmark
  public void pack() {
    bfv.packCiphertext(a, packed.clear());
  }

  @Benchmark
  public void packAndLoad() {
    bfv.packCiphertext(a, packed.clear());
    bfv.loadCiphertext(packed.flip()).close();
  }

  @Benchmark
  public void generateSecretKey() {
    bfv.secretKey(Seeds.fixed()).close();
  }

  @Benchmark
  public void generatePublicKey() {
    bfv.publicKey(secret).close();
  }

  @Benchmark
  public void generateRelinearizationKey() {
    bfv.evaluationKeys(secret, KeyRequirements.relinearization()).close();
  }
}
