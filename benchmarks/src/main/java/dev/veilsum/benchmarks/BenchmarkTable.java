package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backends;
import dev.veilsum.nativelib.Core;
import dev.veilsum.nativelib.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
 * A short run of the benchmarks, as a Markdown table. Both backends where this build has Microsoft
 * SEAL; with {@code --isa} one table for each path: a path is chosen once in a process, by
 * VEILSUM_ISA, so each is a process of its own.
 *
 * <pre>
 * java -cp benchmarks.jar dev.veilsum.benchmarks.BenchmarkTable [--quick] [--isa PATH,...] [PATTERN]...
 * </pre>
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
  public static void main(String[] arguments)
      throws RunnerException, IOException, InterruptedException {
    List<String> given = new ArrayList<>(List.of(arguments));
    int isa = given.indexOf("--isa");
    if (isa >= 0) {
      String paths = isa + 1 < given.size() ? given.remove(isa + 1) : "";
      given.remove(isa);
      runPaths(paths.split(","), given);
      return;
    }
    boolean quick = given.remove("--quick");
    List<String> patterns = given;
    if (patterns.isEmpty()) {
      patterns = quick ? QUICK : List.of("(Kernel|Ckks|Bfv|Bgv|Paillier)Benchmark");
    }
    ChainedOptionsBuilder options = new OptionsBuilder().verbosity(VerboseMode.SILENT);
    patterns.forEach(options::include);
    options.param("backend", backends());
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
    System.out.println(
        "| operation | backend | size | us, least | us, mean |\n|---|---|---|---|---|");
    results.stream()
        .map(BenchmarkTable::row)
        .sorted(Comparator.naturalOrder())
        .forEach(System.out::println);
  }

  /** The core, and Microsoft SEAL where this build has it. */
  private static String[] backends() {
    return Backends.named("seal").absence().isEmpty()
        ? new String[] {"core", "seal"}
        : new String[] {"core"};
  }

  private static void runPaths(String[] paths, List<String> arguments)
      throws IOException, InterruptedException {
    NativeLibrary.core().require();
    for (String path : paths) {
      if (!Arrays.asList("scalar", "avx2", "avx512ifma").contains(path)
          || !Core.supportsIsa(path)) {
        System.err.println("no path " + path + " on this processor");
        System.exit(2);
      }
    }
    for (String path : paths) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  BenchmarkTable.class.getName()));
      command.addAll(arguments);
      ProcessBuilder process = new ProcessBuilder(command).inheritIO();
      process.environment().put("VEILSUM_ISA", path);
      int code = process.start().waitFor();
      if (code != 0) {
        System.exit(code);
      }
      System.out.println();
    }
  }

  private static String row(RunResult result) {
    String name = result.getParams().getBenchmark();
    Result<?> score = result.getPrimaryResult();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | %.2f |",
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1)
            .replace("Benchmark.", " "),
        parameter(result, "backend", "%s"),
        parameter(result, "bits", "%s bits") + parameter(result, "n", "N=%s"),
        score.getStatistics().getMin(),
        score.getScore());
  }

  private static String parameter(RunResult result, String name, String format) {
    return result.getParams().getParamsKeys().contains(name)
        ? String.format(format, result.getParams().getParam(name))
        : "";
  }
}
