package dev.veilsum.benchmarks;

import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How batches scale: an {@link OrderedPool} of one thread beside one of a thread for each
 * processor, with the same work a thread, block by block in turns (ABBA). The rate is what a batch
 * gains, by the wall clock, and needs processors that do nothing else. The processor time of a
 * call, on many threads against on one, is what threads cost each other by caches and locks; it
 * holds on a busy machine too.
 *
 * <pre>java -cp benchmarks.jar dev.veilsum.benchmarks.ThreadScaling [--threads 2]
 *     [--presets ckks-8192,bfv-8192] [--operations add,rotate] [--quads 15]</pre>
 */
public final class ThreadScaling {
  private static final int CHUNKS = 8; // for each thread of a pool

  private ThreadScaling() {}

  /**
   * One operation on one thread and on many.
   *
   * @param rate calls a second on all threads over those on one
   * @param processor the processor time of a call on all threads over that on one
   */
  record Row(String operation, int n, int threads, PairedRatio rate, PairedRatio processor) {
    static final String HEADER =
        "| operation | N | threads | rate, of one thread's | processor time of a call |\n"
            + "|---|---|---|---|---|";

    String markdown() {
      return String.format(
          Locale.ROOT, "| %s | %d | %d | %s | %s |", operation, n, threads, rate, processor);
    }
  }

  /** Prints Markdown. */
  public static void main(String[] arguments) {
    int threads = Runtime.getRuntime().availableProcessors();
    int quads = Effort.FULL.quads();
    List<String> presets = List.of("ckks-8192", "bfv-8192");
    List<String> operations = List.of("encrypt", "add", "rotate", "multiply+relinearize");
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value");
      }
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--threads" -> threads = Integer.parseInt(value);
        case "--quads" -> quads = Integer.parseInt(value);
        case "--presets" -> presets = Arrays.asList(value.split(","));
        case "--operations" -> operations = Arrays.asList(value.split(","));
        default -> throw new IllegalArgumentException("no option " + arguments[i]);
      }
    }
    System.out.println("Threads. " + Machine.description() + "\n");
    WarmUp.run(WarmUp.CALLS);
    System.out.println(Row.HEADER);
    Effort effort = Effort.QUICK.withQuads(quads);
    for (String preset : presets) {
      compare(preset, operations, threads, effort, row -> System.out.println(row.markdown()));
    }
  }

  /**
   * Operations of one preset, each as soon as it is measured.
   *
   * @param named those whose name contains one of these
   */
  static void compare(
      String name, List<String> named, int threads, Effort effort, Consumer<Row> rows) {
    RlweParameters parameters = Presets.named(name).parameters();
    try (OrderedPool one = new OrderedPool(1);
        OrderedPool all = new OrderedPool(threads)) {
      Operation.each(
          parameters,
          named,
          operation -> rows.accept(measure(operation, parameters.ringDegree(), one, all, effort)));
    }
  }

  private static Row measure(
      Operation operation, int n, OrderedPool one, OrderedPool all, Effort effort) {
    int times = effort.warmUp(operation.fromJava());
    block(operation, all, times);
    double[] rates = new double[effort.quads()];
    double[] processors = new double[effort.quads()];
    for (int quad = 0; quad < effort.quads(); quad++) {
      OrderedPool outer = quad % 2 == 0 ? one : all;
      OrderedPool inner = quad % 2 == 0 ? all : one;
      ProcessorTime first = block(operation, outer, times);
      ProcessorTime second = block(operation, inner, times);
      ProcessorTime third = block(operation, inner, times);
      ProcessorTime last = block(operation, outer, times);
      double sign = outer == one ? 1 : -1;
      rates[quad] =
          sign * Math.log(first.wall() * last.wall() / (second.wall() * third.wall())) / 2;
      processors[quad] =
          sign
              * Math.log(
                  second.processor() * third.processor() / (first.processor() * last.processor()))
              / 2;
    }
    return new Row(
        operation.name(),
        n,
        all.threads(),
        PairedRatio.ofLogarithms(rates),
        PairedRatio.ofLogarithms(processors));
  }

  /** Seconds of a call, in all and of its thread's processor time. */
  private static ProcessorTime block(Operation operation, OrderedPool pool, int times) {
    int chunks = CHUNKS * pool.threads();
    long[] nanoseconds = {0};
    long start = System.nanoTime();
    pool.map(
        IntStream.range(0, chunks).iterator(),
        chunk -> operation.fromJava().nanoseconds(times),
        spent -> nanoseconds[0] += spent);
    double calls = (double) chunks * times;
    return new ProcessorTime(
        (System.nanoTime() - start) * 1e-9 / calls, nanoseconds[0] * 1e-9 / calls);
  }
}
