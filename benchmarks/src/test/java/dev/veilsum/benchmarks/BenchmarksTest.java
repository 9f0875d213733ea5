package dev.veilsum.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.nativelib.NativeLibrary;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {
  private static final List<Class<?>> CLASSES =
      Stream.of(
              CallBenchmark.class,
              KernelBenchmark.class,
              CkksBenchmark.class,
              MatrixProductBenchmark.class,
              BfvBenchmark.class,
              BgvBenchmark.class,
              PaillierBenchmark.class)
          .filter(type -> type != PaillierBenchmark.class || NativeLibrary.paillier().isAvailable())
          .collect(Collectors.toUnmodifiableList());

  /** Each one's set-up checks its results and throws where they are wrong. */
  @Test
  void everyBenchmarkRunsOnce() throws RunnerException {
    System.setProperty("jmh.ignoreLock", "true");
    List<Class<?>> smallest = CLASSES.stream().filter(type -> type != BgvBenchmark.class).toList();
    Set<String> ran = new HashSet<>(run("4096", smallest));
    ran.addAll(run("8192", List.of(BgvBenchmark.class)));
    assertThat(ran).containsExactlyInAnyOrderElementsOf(declared());
  }

  /** The names of those that ran. */
  private static List<String> run(String n, List<Class<?>> types) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .mode(Mode.SingleShotTime)
            .warmupIterations(0)
            .measurementIterations(1)
            .forks(0)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .param("n", n)
            .param("bits", "2048")
            .param("dimension", "16");
    types.forEach(type -> options.include(type.getName() + "\\."));
    Collection<RunResult> results = new Runner(options.build()).run();
    assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
    return results.stream().map(result -> result.getParams().getBenchmark()).toList();
  }

  /** Every slot is checked; a short last layer among them. */
  @Test
  void queriesAreRight() {
    for (SortedMaximum.Layout layout : SortedMaximum.Layout.values()) {
      assertThat(new SortedMaximum(layout, IntegerScheme.BGV, 20 * 8192 - 7).measure(1)).isZero();
    }
    assertThat(OwnersHistogram.measure(300)).isTrue();
    MatrixProducts.measure(4096, 8, 1);
  }

  private static List<String> declared() {
    return CLASSES.stream()
        .flatMap(
            type ->
                Arrays.stream(type.getMethods())
                    .filter(method -> method.isAnnotationPresent(Benchmark.class))
                    .map(method -> type.getName() + "." + method.getName()))
        .toList();
  }
}
