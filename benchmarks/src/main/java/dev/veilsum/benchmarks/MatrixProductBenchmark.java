package dev.veilsum.benchmarks;

import dev.veilsum.benchmarks.MatrixProduct.Way;
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
 * CKKS: a dense matrix times an encrypted vector, in the ways of {@link MatrixProduct}. Apart from
 * {@link CkksBenchmark} for its keys: 255 of them at dimension 256, 2.6 MB each at N=8192.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class MatrixProductBenchmark {
  @Param({"core"})
  public String backend;

  /** The ring degree. */
  @Param({"8192"})
  public int n;

  /** Rows and columns. */
  @Param({"64", "256"})
  public int dimension;

  private MatrixProduct product;

  @Setup(Level.Trial)
  public void setUp() {
    product = new MatrixProduct(n, dimension, backend);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    product.close();
  }

  @Benchmark
  public void linearTransform() {
    product.compute(Way.TRANSFORM).close();
  }

  @Benchmark
  public void composedSteps() {
    product.compute(Way.STEPS).close();
  }

  @Benchmark
  public void rotationsAndProducts() {
    product.compute(Way.ROTATIONS).close();
  }
}
