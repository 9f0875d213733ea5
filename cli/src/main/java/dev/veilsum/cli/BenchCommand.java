package dev.veilsum.cli;

import dev.veilsum.backend.Backends;
import dev.veilsum.nativelib.Core;
import dev.veilsum.nativelib.KernelCounts;
import dev.veilsum.nativelib.KernelFloor;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures operations on this machine, and says where their time goes. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Measure the operations of presets on this machine, on one thread. Results are checked first.",
      "For comparisons with intervals use scripts/bench of the sources."
    })
final class BenchCommand implements Runnable {
  private static final List<String> ALL =
      List.of("ckks-8192", "bfv-8192", "ckks-16384", "bfv-16384", "ckks-32768", "bfv-32768");
  private static final List<String> QUICK = List.of("ckks-8192", "bfv-8192");

  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Option(names = "--quick", description = "The smallest presets alone, in a few seconds.")
  boolean quick;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Measure these parameters (see params list); may be repeated.")
  List<String> presets;

  @Option(
      names = "--profile",
      description =
          "Tell for each operation its number-theoretic transforms, the bytes that kernels move, the"
              + " floor (its transforms and products alone at the limit of a core with AVX-512"
              + " IFMA) and how many times the floor it takes.")
  boolean profile;

  /** What was measured; {@code counts} is null where nothing was counted. */
  private record Row(
      String preset, String operation, double seconds, KernelCounts counts, double floor) {
    double overFloor() {
      return seconds / floor;
    }
  }

  @Override
  public void run() {
    boolean counted = profile && main.settings.backend().name().equals(Backends.DEFAULT);
    KernelFloor floor = counted ? KernelFloor.now() : null;
    List<Row> rows = new ArrayList<>();
    for (String preset : presets != null ? presets : quick ? QUICK : ALL) {
      BenchOperations.forEach(
          preset,
          main.settings.backend(),
          operation -> {
            double seconds = seconds(operation.run());
            KernelCounts counts = counted ? KernelCounts.of(operation.run()) : null;
            rows.add(
                new Row(
                    preset,
                    operation.name(),
                    seconds,
                    counts,
                    counted ? floor.seconds(counts) : Double.NaN));
          });
    }
    if (main.settings.json) {
      printJson(rows, floor);
    } else {
      print(rows, floor);
    }
  }

  /** The median time of one call, over blocks; processor time, which leaves out what others use. */
  private double seconds(Runnable operation) {
    var threads = ManagementFactory.getThreadMXBean();
    long blockNanos = quick ? 2_000_000 : 10_000_000;
    int times = 1;
    // Until the virtual machine has compiled what is called, and a block is long enough.
    for (long spent = 0, taken = 0; spent < 20 * blockNanos || taken < blockNanos / 2; ) {
      times = taken == 0 ? 1 : (int) Math.max(1, Math.min(1_000_000, times * blockNanos / taken));
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < times; i++) {
        operation.run();
      }
      taken = Math.max(1, threads.getCurrentThreadCpuTime() - start);
      spent += taken;
    }
    double[] blocks = new double[9];
    for (int block = 0; block < blocks.length; block++) {
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < times; i++) {
        operation.run();
      }
      blocks[block] = (threads.getCurrentThreadCpuTime() - start) * 1e-9 / times;
    }
    Arrays.sort(blocks);
    return blocks[blocks.length / 2];
  }

  private void print(List<Row> rows, KernelFloor floor) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("path %s, one thread, processor time%n%n", Core.activeIsa());
    TextTable table = new TextTable(floor == null ? "llr" : "llrrrrr");
    if (floor == null) {
      table.line("operation", "preset", "time");
      rows.forEach(row -> table.line(row.operation, row.preset, Text.seconds(row.seconds)));
      table.print(out);
      return;
    }
    table.line("operation", "preset", "time", "NTTs", "moved", "floor", "of floor");
    for (Row row : rows) {
      table.line(
          row.operation,
          row.preset,
          Text.seconds(row.seconds),
          row.counts.transforms(),
          Text.size(row.counts.bytes()),
          row.floor > 0 ? Text.seconds(row.floor) : "",
          row.floor > 0 ? String.format(Locale.ROOT, "%.1f", row.overFloor()) : "");
    }
    table.print(out);
    out.printf(
        "%nNTTs of one residue each; moved: what kernels read and write, each array of a call once;%n"
            + "floor: transforms and products alone, at the limit of AVX-512 IFMA and %.2f GHz.%n",
        floor.hertz() / 1e9);
  }

  private void printJson(List<Row> rows, KernelFloor floor) {
    Json.print(
        spec,
        json -> {
          json.text("path", Core.activeIsa());
          if (floor != null) {
            json.number("hertz", floor.hertz());
          }
          json.objects("operations", rows, BenchCommand::write);
        });
  }

  private static void write(Json object, Row row) throws IOException {
    object
        .text("operation", row.operation)
        .text("preset", row.preset)
        .number("seconds", row.seconds);
    if (row.counts != null) {
      object
          .number("transforms", row.counts.transforms())
          .number("products", row.counts.products())
          .number("bytes_moved", row.counts.bytes())
          .number("floor_seconds", row.floor);
    }
  }
}
