package dev.veilsum.benchmarks;

import dev.veilsum.nativelib.KernelCounts;
import dev.veilsum.nativelib.KernelFloor;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.nativelib.ResidueCore;
import dev.veilsum.params.NttPrimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Draws what operations take against the ring degree, as {@code scripts/bench --plots FOLDER} does:
 * an SVG for each, with the floor of its transforms and products, and peers where FOLDER/peers.csv
 * has them (operation, N, peer, how many times as long as ours it takes: measured side by side, so
 * that only the ratio is taken over). Writes the times to FOLDER/times.csv.
 *
 * <pre>Plots FOLDER [--quick]</pre>
 */
public final class Plots {
  private static final List<Integer> DEGREES = List.of(4096, 8192, 16384, 32768);

  /** What is drawn, by operation; the file's name. */
  private static final Map<String, String> DRAWN = new LinkedHashMap<>();

  static {
    DRAWN.put("forward NTT", "ntt");
    DRAWN.put("CKKS multiply+relinearize+rescale", "ckks-multiply");
    DRAWN.put("CKKS rotate", "ckks-rotate");
    DRAWN.put("CKKS encrypt (public key)", "ckks-encrypt");
    DRAWN.put("BFV multiply+relinearize", "bfv-multiply");
    DRAWN.put("CKKS add", "ckks-add");
  }

  /** Times of one operation and their floors, in nanoseconds by ring degree. */
  private record Times(TreeMap<Integer, Double> measured, TreeMap<Integer, Double> floor) {
    Times() {
      this(new TreeMap<>(), new TreeMap<>());
    }
  }

  private Plots() {}

  public static void main(String[] arguments) throws IOException {
    List<String> given = new ArrayList<>(List.of(arguments));
    boolean quick = given.remove("--quick");
    if (given.size() != 1) {
      System.err.println("usage: Plots FOLDER [--quick]");
      System.exit(2);
    }
    Path folder = Path.of(given.get(0));
    Files.createDirectories(folder);
    draw(folder, quick ? Effort.QUICK : Effort.FULL, DEGREES);
  }

  static void draw(Path folder, Effort effort, List<Integer> degrees) throws IOException {
    NativeLibrary.core().require();
    KernelFloor floor = KernelFloor.now();
    Map<String, Times> times = new LinkedHashMap<>();
    DRAWN.keySet().forEach(name -> times.put(name, new Times()));
    for (int n : degrees) {
      measureTransform(n, effort, floor, times);
      try (CkksOperations ckks = new CkksOperations(Sets.ckks(n))) {
        ckks.all().forEach(operation -> measure(n, operation, effort, floor, times));
      }
      try (BfvOperations bfv = new BfvOperations(Sets.bfv(n))) {
        bfv.all().forEach(operation -> measure(n, operation, effort, floor, times));
      }
    }
    Map<String, Map<String, TreeMap<Integer, Double>>> peers = peers(folder.resolve("peers.csv"));
    StringBuilder csv = new StringBuilder("operation,n,us,floor_us\n");
    times.forEach(
        (name, of) -> {
          of.measured()
              .forEach(
                  (n, nanos) ->
                      csv.append(
                          String.format(
                              Locale.ROOT,
                              "%s,%d,%.3f,%.3f\n",
                              name,
                              n,
                              nanos / 1000,
                              of.floor().get(n) / 1000)));
          write(
              folder.resolve(DRAWN.get(name) + ".svg"),
              plot(name, of, peers.getOrDefault(name, Map.of())).svg());
        });
    write(folder.resolve("times.csv"), csv.toString());
    System.out.println("Drawn in " + folder + ". " + Machine.description());
  }

  private static Plot plot(
      String name, Times of, Map<String, TreeMap<Integer, Double>> ratiosByPeer) {
    List<Plot.Series> series = new ArrayList<>();
    series.add(new Plot.Series("Veilsum", of.measured(), false));
    ratiosByPeer.forEach(
        (peer, ratios) -> {
          TreeMap<Integer, Double> nanos = new TreeMap<>();
          ratios.forEach(
              (n, ratio) -> {
                if (of.measured().containsKey(n)) {
                  nanos.put(n, of.measured().get(n) * ratio);
                }
              });
          if (!nanos.isEmpty()) {
            series.add(new Plot.Series(peer, nanos, false));
          }
        });
    if (of.floor().values().stream().allMatch(nanos -> nanos > 0)) {
      series.add(new Plot.Series("floor", of.floor(), true));
    }
    return new Plot(name, series);
  }

  private static void measure(
      int n, Operation operation, Effort effort, KernelFloor floor, Map<String, Times> times) {
    Times of = times.get(operation.name());
    if (of != null) {
      add(of, n, operation.inNative(), effort, floor);
    }
  }

  /** One residue of a 46-bit prime. */
  private static void measureTransform(
      int n, Effort effort, KernelFloor floor, Map<String, Times> times) {
    long q = NttPrimes.largest(46, n, 1).get(0);
    try (NativeHandle residue = NativeHandle.own(() -> ResidueCore.residue(n, q))) {
      long address = residue.enter();
      try {
        ResidueCore.set(address, new Random(1).longs(n, 0, q).toArray());
        Arm forward = Arm.ofCalls(() -> ResidueCore.nttForward(address));
        add(times.get("forward NTT"), n, forward, effort, floor);
      } finally {
        residue.leave();
      }
    }
  }

  private static void add(Times of, int n, Arm arm, Effort effort, KernelFloor floor) {
    int calls = effort.warmUp(arm);
    double[] blocks = new double[effort.quads()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = (double) arm.nanoseconds(calls) / calls;
    }
    of.measured().put(n, PairedRatio.median(blocks));
    of.floor().put(n, 1e9 * floor.seconds(KernelCounts.of(() -> arm.nanoseconds(1))));
  }

  /** Ratios by operation, peer and ring degree; none where there is no file. */
  private static Map<String, Map<String, TreeMap<Integer, Double>>> peers(Path file)
      throws IOException {
    Map<String, Map<String, TreeMap<Integer, Double>>> all = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
        String[] cells = line.split(",");
        all.computeIfAbsent(cells[0], key -> new LinkedHashMap<>())
            .computeIfAbsent(cells[2], key -> new TreeMap<>())
            .put(Integer.parseInt(cells[1]), Double.parseDouble(cells[3]));
      }
    }
    return all;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
