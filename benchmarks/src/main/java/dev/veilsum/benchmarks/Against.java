package dev.veilsum.benchmarks;

import dev.veilsum.benchmarks.worker.Worker;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * Two revisions, operation by operation: {@code scripts/bench --against REV} builds the other one
 * and starts this. Each side is a process of its own that runs the same {@link Worker} on its
 * revision's jars; blocks alternate as ABBA and BAAB. A second process of this revision is the
 * null: what it differs by is the machine, and where the processes happen to lie in memory, for
 * which every round starts new ones.
 *
 * <p>With {@code --node} the other side is node-seal instead, by a worker in JavaScript.
 *
 * <pre>
 * Against --there JAR|--node FILE [--name REV] [--quick] [--groups G,...] [--rounds R] [--quads Q] [--json FILE]
 * </pre>
 */
public final class Against {
  private static final List<String> FULL =
      List.of(
          "ckks-8192",
          "bfv-8192",
          "ckks-16384",
          "bfv-16384",
          "ckks-32768",
          "bfv-32768",
          "paillier-2048");
  private static final List<String> NODE =
      List.of("ckks-8192", "bfv-8192", "ckks-16384", "bfv-16384");
  private static final List<String> QUICK = List.of("ckks-8192", "bfv-8192", "paillier-2048");

  /**
   * How long to measure.
   *
   * @param rounds of new processes
   * @param quads in each round
   * @param blockNanos the least time of a block
   * @param warmMillis for each operation in each process
   */
  record Plan(int rounds, int quads, long blockNanos, int warmMillis) {
    static final Plan QUICK = new Plan(3, 4, 5_000_000, 100);
    static final Plan FULL = new Plan(3, 7, 10_000_000, 300);
  }

  private final List<String> here;
  private final List<String> there;
  private final Plan plan;

  /** The programs of two workers, without their groups. */
  Against(List<String> here, List<String> there, Plan plan) {
    this.here = here;
    this.there = there;
    this.plan = plan;
  }

  /** Prints Markdown; exits with 2 for what it does not understand, 1 where a result is wrong. */
  public static void main(String[] arguments) throws IOException {
    Plan plan = Plan.FULL;
    List<String> groups = null;
    String there = null;
    String node = null;
    String name = "the other revision";
    Path json = null;
    int rounds = 0;
    int quads = 0;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> plan = Plan.QUICK;
        case "--there" -> there = value(arguments, ++i);
        case "--node" -> node = value(arguments, ++i);
        case "--name" -> name = value(arguments, ++i);
        case "--groups" -> groups = Arrays.asList(value(arguments, ++i).split(","));
        case "--rounds" -> rounds = Integer.parseInt(value(arguments, ++i));
        case "--quads" -> quads = Integer.parseInt(value(arguments, ++i));
        case "--json" -> json = Path.of(value(arguments, ++i));
        default -> usage("no option " + arguments[i]);
      }
    }
    if ((there == null) == (node == null)) {
      usage("the other side is --there, another revision's benchmarks.jar, or --node");
    }
    if (groups == null) {
      groups = node != null ? NODE : plan == Plan.QUICK ? QUICK : FULL;
    }
    plan =
        new Plan(
            rounds > 0 ? rounds : plan.rounds,
            quads > 0 ? quads : plan.quads,
            plan.blockNanos,
            plan.warmMillis);
    String here = System.getProperty("java.class.path");
    Path workers = Files.createTempDirectory("veilsum-worker");
    List<RevisionRow> rows = new ArrayList<>();
    try {
      List<String> other = List.of("node", String.valueOf(node));
      if (node == null) {
        extractWorker(Path.of(here.split(File.pathSeparator)[0]), workers);
        other = WorkerProcess.onClassPath(workers + File.pathSeparator + there);
      }
      System.out.println("This revision beside " + name + ". " + Machine.description() + "\n");
      System.out.println(RevisionRow.HEADER);
      Against against = new Against(WorkerProcess.onClassPath(here), other, plan);
      for (String group : groups) {
        against.compare(
            group,
            row -> {
              System.out.println(row.markdown());
              rows.add(row);
            });
      }
    } catch (IllegalStateException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    } finally {
      delete(workers);
    }
    System.out.println("\n" + RevisionRow.EXPLANATION);
    if (json != null) {
      Files.writeString(
          json,
          rows.stream().map(RevisionRow::json).collect(Collectors.joining(",\n", "[", "]\n")));
    }
  }

  /** All operations that both sides have; says where the other lacks the group. */
  void compare(String group, Consumer<RevisionRow> rows) throws IOException {
    List<Measured> measured = new ArrayList<>();
    for (int round = 0; round < plan.rounds; round++) {
      try (WorkerProcess a = WorkerProcess.start(here, group).orElse(null);
          WorkerProcess b = WorkerProcess.start(there, group).orElse(null);
          WorkerProcess same = WorkerProcess.start(here, group).orElse(null)) {
        if (a == null || b == null || same == null) {
          System.err.println("bench: no " + group + " in one of the revisions");
          return;
        }
        for (int i = 0; i < a.operations().size(); i++) {
          String name = a.operations().get(i);
          int other = b.operations().indexOf(name);
          if (other < 0) {
            continue;
          }
          OptionalLong ofA = a.warm(i, plan.warmMillis);
          OptionalLong ofB = b.warm(other, plan.warmMillis);
          OptionalLong ofSame = same.warm(i, plan.warmMillis);
          if (ofA.isEmpty() || ofB.isEmpty() || ofSame.isEmpty()) {
            continue;
          }
          long call = Math.min(ofA.getAsLong(), ofB.getAsLong());
          int times = (int) Math.max(1, plan.blockNanos / call);
          Measured m =
              measured.stream()
                  .filter(x -> x.name.equals(name))
                  .findFirst()
                  .orElseGet(
                      () -> {
                        Measured x = new Measured(name);
                        measured.add(x);
                        return x;
                      });
          m.round(a, i, b, other, same, times, plan.quads);
        }
      }
    }
    measured.forEach(m -> rows.accept(m.row(group)));
  }

  /** The blocks of one operation, round by round. */
  private static final class Measured {
    private final String name;
    private final List<double[]> ratios = new ArrayList<>();
    private final List<double[]> nulls = new ArrayList<>();
    private final List<Double> hereNanos = new ArrayList<>();
    private final List<Double> thereNanos = new ArrayList<>();

    Measured(String name) {
      this.name = name;
    }

    void round(
        WorkerProcess a,
        int i,
        WorkerProcess b,
        int other,
        WorkerProcess same,
        int times,
        int quads)
        throws IOException {
      double[] logs = new double[quads];
      double[] nullLogs = new double[quads];
      for (int quad = 0; quad < quads; quad++) {
        long[] pair = quad(a, i, b, other, times, quad % 2 == 0);
        logs[quad] = logRatio(pair);
        hereNanos.add((pair[0] + pair[1]) / (2.0 * times));
        thereNanos.add((pair[2] + pair[3]) / (2.0 * times));
        nullLogs[quad] = logRatio(quad(a, i, same, i, times, quad % 2 == 0));
      }
      ratios.add(logs);
      nulls.add(nullLogs);
    }

    /** Two blocks of a and of b, in the order abba or baab. */
    private static long[] quad(
        WorkerProcess a, int i, WorkerProcess b, int other, int times, boolean aFirst)
        throws IOException {
      long[] of = new long[4];
      if (aFirst) {
        of[0] = a.time(i, times);
        of[2] = b.time(other, times);
        of[3] = b.time(other, times);
        of[1] = a.time(i, times);
      } else {
        of[2] = b.time(other, times);
        of[0] = a.time(i, times);
        of[1] = a.time(i, times);
        of[3] = b.time(other, times);
      }
      return of;
    }

    private static double logRatio(long[] quad) {
      return (Math.log(quad[0]) + Math.log(quad[1]) - Math.log(quad[2]) - Math.log(quad[3])) / 2;
    }

    RevisionRow row(String group) {
      return new RevisionRow(
          name,
          group,
          PairedRatio.median(hereNanos.stream().mapToDouble(x -> x).toArray()),
          PairedRatio.median(thereNanos.stream().mapToDouble(x -> x).toArray()),
          PairedRatio.ofRounds(ratios),
          PairedRatio.ofRounds(nulls));
    }
  }

  /**
   * The classes of the worker, without this revision's engine: what the other side adds its own to.
   */
  private static void extractWorker(Path jar, Path to) throws IOException {
    String folder = Worker.class.getPackageName().replace('.', '/') + "/";
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(e -> e.getName().startsWith(folder)).toList()) {
        if (!entry.isDirectory()) {
          Path target = to.resolve(entry.getName());
          Files.createDirectories(target.getParent());
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, target);
          }
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path path : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  private static String value(String[] arguments, int i) {
    if (i == arguments.length) {
      usage(arguments[i - 1] + " needs a value");
    }
    return arguments[i];
  }

  private static void usage(String what) {
    System.err.println(
        String.format(
            Locale.ROOT,
            "%s; there are --there JAR, --node FILE, --name REV, --quick, --groups GROUP,..., --rounds COUNT,"
                + " --quads COUNT and --json FILE",
            what));
    System.exit(2);
  }
}
