package dev.veilsum.benchmarks;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A short run of the benchmarks, as a Markdown table.
 *
 * <pre>java -cp benchmarks.jar dev.veilsum.benchmarks.BenchmarkTable [--quick] [PATTERN]...</pre>
 */
public final class BenchmarkTable {
  private static final List<String> QUICK =
      List.of(
          "KernelBenchmark.ntt",
          "CkksBenchmark.(encodeValues|encryptPublic|decryptAndDecode|add|rotate)$",
          "CkksBenchmark.multiplyRelinearizeAndRescale",
          "BfvBenchmark.(encryptPublic|decryptAndDecode|multiplyAndRelinearize|rotate)$",
          "PaillierBenchmark.(encryptPublic|decrypt|add)$");

  private BenchmarkTable() {}

  /** Prints Markdown: microseconds for each operation, the least and the mean of all iterations. */
  public static void main(String[] arguments) throws RunnerException {
    List<String> given = List.of(arguments);
    boolean quick = given.contains("--quick");
    List<String> patterns = given.stream().filter(a -> !a.equals("--quick")).toList();
    if (patterns.isEmpty()) {
      patterns = quick ? QUICK : List.of("(Kernel|Ckks|Bfv|Paillier)Benchmark");
    }
    ChainedOptionsBuilder options = new OptionsBuilder().verbosity(VerboseMode.SILENT);
    patterns.forEach(options::include);
    if (quick) {
      options
          .param("n", "8192")
          .warmupIterations(1)
          .warmupTime(TimeValue.milliseconds(200))
          .measurementIterations(3)
          .measurementTime(TimeValue.milliseconds(200));
    }
    options.shouldFailOnError(true).jvmArgsAppend("-Djmh.ignoreLock=true");
    Collection<RunResult> results = new Runner(options.build()).run();
    System.out.println("One thread. " + Machine.description() + "\n");
    System.out.println("| operation | size | us, least | us, mean |\n|---|---|---|---|");
    results.stream()
        .map(BenchmarkTable::row)
        .sorted(Comparator.naturalOrder())
        .forEach(System.out::println);
  }

  private static String row(RunResult result) {
    String name = result.getParams().getBenchmark();
    String size =
        result.getParams().getParamsKeys().contains("bits")
            ? result.getParams().getParam("bits") + " bits"
            : result.getParams().getParamsKeys().contains("n")
                ? "N=" + result.getParams().getParam("n")
                : "";
    Result<?> score = result.getPrimaryResult();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.2f | %.2f |",
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1)
            .replace("Benchmark.", " "),
        size,
        score.getStatistics().getMin(),
        score.getScore());
  }
}
