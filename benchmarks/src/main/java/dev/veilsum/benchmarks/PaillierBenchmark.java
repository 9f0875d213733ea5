package dev.veilsum.benchmarks;

import dev.veilsum.paillier.PaillierCiphertext;
import dev.veilsum.paillier.PaillierDecryptor;
import dev.veilsum.paillier.PaillierEncryptor;
import dev.veilsum.paillier.PaillierEvaluator;
import dev.veilsum.paillier.PaillierRandomness;
import dev.veilsum.paillier.PaillierSecretKey;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Paillier on one thread, one ciphertext at a time and in lists, of which the time of one number is
 * told; results are checked once.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class PaillierBenchmark {
  private static final long LEFT = -123_456_789_012_345L;
  private static final long RIGHT = 987_654_321L;
  private static final int MANY = 64;

  /** Bits of the modulus. */
  @Param({"2048", "3072"})
  public int bits;

  private PaillierSecretKey secret;
  private PaillierEncryptor encryptor;
  private PaillierEncryptor sooner;
  private PaillierEncryptor owner;
  private PaillierDecryptor decryptor;
  private PaillierEvaluator evaluator;
  private PaillierCiphertext a;
  private PaillierCiphertext b;
  private long[] values;
  private List<PaillierCiphertext> ciphertexts;

  @Setup(Level.Trial)
  public void setUp() {
    secret = PaillierSecretKey.ofSeed(Seeds.fixed(), bits);
    encryptor = secret.publicKey().encryptor().withThreads(1);
    sooner = secret.publicKey().encryptor(PaillierRandomness.SHORT).withThreads(1);
    owner = secret.encryptor().withThreads(1);
    decryptor = secret.decryptor().withThreads(1);
    evaluator = secret.publicKey().evaluator().withThreads(1);
    a = encryptor.encrypt(LEFT);
    b = owner.encrypt(RIGHT);
    long sum = decryptor.decryptLong(evaluator.add(a, b));
    if (sum != LEFT + RIGHT) {
      throw new AssertionError("a sum is wrong: " + sum);
    }
    values = LongStream.range(0, MANY).map(i -> LEFT + i * RIGHT).toArray();
    ciphertexts = sooner.encryptAll(values);
    if (!Arrays.equals(decryptor.decryptLongs(ciphertexts), values)
        || decryptor.decryptLong(evaluator.sum(ciphertexts)) != Arrays.stream(values).sum()) {
      throw new AssertionError("a list is wrong");
    }
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    secret.close();
  }

  @Benchmark
  public PaillierCiphertext encryptPublic() {
    return encryptor.encrypt(LEFT);
  }

  @Benchmark
  public PaillierCiphertext encryptAsOwner() {
    return owner.encrypt(LEFT);
  }

  @Benchmark
  public long decrypt() {
    return decryptor.decryptLong(a);
  }

  @Benchmark
  public PaillierCiphertext add() {
    return evaluator.add(a, b);
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public List<PaillierCiphertext> encryptPublicList() {
    return encryptor.encryptAll(values);
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public List<PaillierCiphertext> encryptPublicListShort() {
    return sooner.encryptAll(values);
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public List<PaillierCiphertext> encryptAsOwnerList() {
    return owner.encryptAll(values);
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public long[] decryptList() {
    return decryptor.decryptLongs(ciphertexts);
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public List<PaillierCiphertext> addList() {
    return evaluator.addAll(ciphertexts, ciphertexts);
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public PaillierCiphertext sumList() {
    return evaluator.sum(ciphertexts);
  }
}
