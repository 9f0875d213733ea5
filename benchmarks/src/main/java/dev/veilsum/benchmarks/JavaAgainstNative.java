package dev.veilsum.benchmarks;

import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What Java costs: every operation of CKKS and BFV through the typed API, beside the same operation
 * repeated within one native call. Both run in turn, in one process and thread, in quads of blocks
 * (ABBA); what is told is the median of the paired ratios with its bootstrap interval, and as a
 * null the same of native code against itself. Java's code is compiled before anything counts.
 * Times are the thread's own processor time, so that a busy machine disturbs them little.
 *
 * <pre>java -cp benchmarks.jar dev.veilsum.benchmarks.JavaAgainstNative [--quick] [--json FILE]
 *     [--presets ckks-8192,bfv-8192] [--operations encode,decrypt] [--quads 40]</pre>
 *
 * More quads narrow the intervals; operations are named by a part of their names.
 */
public final class JavaAgainstNative {
  private static final List<String> QUICK = List.of("ckks-8192", "bfv-8192");
  private static final List<String> FULL =
      List.of("ckks-8192", "ckks-16384", "ckks-32768", "bfv-8192", "bfv-16384", "bfv-32768");

  private JavaAgainstNative() {}

  /** Prints Markdown; exits with 2 for what it does not understand. */
  public static void main(String[] arguments) throws IOException {
    Effort effort = Effort.FULL;
    List<String> presets = FULL;
    List<String> operations = List.of("");
    Path json = null;
    int quads = 0;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> {
          effort = Effort.QUICK;
          presets = presets == FULL ? QUICK : presets;
        }
        case "--presets" -> presets = Arrays.asList(value(arguments, ++i).split(","));
        case "--operations" -> operations = Arrays.asList(value(arguments, ++i).split(","));
        case "--quads" -> quads = count(value(arguments, ++i));
        case "--json" -> json = Path.of(value(arguments, ++i));
        default -> usage("no option " + arguments[i]);
      }
    }
    effort = quads == 0 ? effort : effort.withQuads(quads);
    System.out.println("Java beside native code. " + Machine.description() + "\n");
    WarmUp.run(WarmUp.CALLS);
    System.out.println(Comparison.HEADER);
    List<Comparison> all = new ArrayList<>();
    for (String preset : presets) {
      compare(
          preset,
          operations,
          effort,
          row -> {
            System.out.println(row.markdown());
            all.add(row);
          });
    }
    System.out.println("\n" + verdict(all));
    if (json != null) {
      Files.writeString(
          json, all.stream().map(Comparison::json).collect(Collectors.joining(",\n", "[", "]\n")));
    }
  }

  /**
   * Operations of one preset, each as soon as it is measured.
   *
   * @param named those whose name contains one of these; the empty text is in every name
   */
  static void compare(String name, List<String> named, Effort effort, Consumer<Comparison> rows) {
    RlweParameters parameters = Presets.named(name).parameters();
    int n = parameters.ringDegree();
    Operation.each(
        parameters,
        named,
        operation -> rows.accept(Comparison.measure(name, n, operation, effort)));
  }

  private static String verdict(List<Comparison> all) {
    return String.format(
        Locale.ROOT,
        "Of the operations of 100 us and more, Java costs under 2%% in %d, 2%% or more in %d; %d"
            + " are open (2%% lies within the interval).",
        all.stream().filter(row -> row.verdict().equals("holds")).count(),
        all.stream().filter(row -> row.verdict().equals("fails")).count(),
        all.stream().filter(row -> row.verdict().equals("open")).count());
  }

  private static String value(String[] arguments, int i) {
    if (i == arguments.length) {
      usage(arguments[i - 1] + " needs a value");
    }
    return arguments[i];
  }

  private static int count(String text) {
    try {
      int count = Integer.parseInt(text);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // refused below, as a number that is not positive
    }
    usage("--quads needs a positive number, not " + text);
    return 0;
  }

  private static void usage(String what) {
    System.err.println(
        what
            + "; there are --quick, --presets NAME,..., --operations PART,..., --quads COUNT and"
            + " --json FILE");
    System.exit(2);
  }
}
