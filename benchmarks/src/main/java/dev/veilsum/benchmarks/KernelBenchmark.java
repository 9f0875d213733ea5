package dev.veilsum.benchmarks;

import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.nativelib.ResidueCore;
import dev.veilsum.params.NttPrimes;
import java.math.BigInteger;
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

/**
 * The kernels on one residue of a 46-bit prime: the transform both ways, sum and product. Set
 * VEILSUM_ISA to measure another path than the best one. A product of polynomials is checked once.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class KernelBenchmark {
  @Param({"4096", "8192", "16384", "32768"})
  public int n;

  private NativeHandle first;
  private NativeHandle second;
  private long a;
  private long b;

  @Setup(Level.Trial)
  public void setUp() {
    NativeLibrary.core().require();
    long q = NttPrimes.largest(46, n, 1).get(0);
    first = NativeHandle.own(() -> ResidueCore.residue(n, q));
    second = NativeHandle.own(() -> ResidueCore.residue(n, q));
    a = first.enter();
    b = second.enter();
    long[] x = new Random(1).longs(n, 0, q).toArray();
    long[] y = new Random(2).longs(n, 0, q).toArray();
    ResidueCore.set(a, x);
    ResidueCore.set(b, y);
    verify(x, y, q);
  }

  /** The product modulo X^n + 1 and q through the transform, against its definition. */
  private void verify(long[] x, long[] y, long q) {
    ResidueCore.nttForward(a);
    ResidueCore.nttForward(b);
    ResidueCore.multiply(a, b);
    ResidueCore.nttInverse(a);
    long[] product = new long[n];
    ResidueCore.get(a, product);
    for (int k : new int[] {0, 1, n / 2, n - 1}) {
      BigInteger sum = BigInteger.ZERO;
      for (int i = 0; i < n; i++) {
        BigInteger term = BigInteger.valueOf(x[i]).multiply(BigInteger.valueOf(y[(k - i + n) % n]));
        sum = i <= k ? sum.add(term) : sum.subtract(term);
      }
      long expected = sum.mod(BigInteger.valueOf(q)).longValueExact();
      if (product[k] != expected) {
        throw new AssertionError(
            "coefficient " + k + " of a product is " + product[k] + ", not " + expected);
      }
    }
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    for (NativeHandle handle : new NativeHandle[] {first, second}) {
      handle.leave();
      handle.close();
    }
  }

  @Benchmark
  public void nttForward() {
    ResidueCore.nttForward(a);
  }

  @Benchmark
  public void nttInverse() {
    ResidueCore.nttInverse(a);
  }

  @Benchmark
  public void addResidues() {
    ResidueCore.add(a, b);
  }

  @Benchmark
  public void multiplyResidues() {
    ResidueCore.multiply(a, b);
  }
}
