package dev.veilsum.benchmarks;

import dev.veilsum.benchmarks.MatrixProduct.Way;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The ways of {@link MatrixProduct} beside one another: blocks in turns, forwards and backwards, on
 * the thread's processor time, with the median of paired ratios.
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp benchmarks.jar \
 *     dev.veilsum.benchmarks.MatrixProducts [--n 8192] [--dimensions 64,256] [--rounds 12]</pre>
 */
public final class MatrixProducts {
  private static final int BLOCK = 3;

  private MatrixProducts() {}

  /** Prints a table; throws where a product is wrong. */
  public static void main(String[] arguments) {
    int n = 8192;
    String dimensions = "64,256";
    int rounds = 12;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--n" -> n = Integer.parseInt(value);
        case "--dimensions" -> dimensions = value;
        case "--rounds" -> rounds = Integer.parseInt(value);
        default -> throw new IllegalArgumentException("no option " + arguments[i]);
      }
    }
    System.out.println(Machine.description());
    System.out.println(
        "| matrix | way | ms | of the transform's | keys | diagonals | noise, bits |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (String dimension : dimensions.split(",")) {
      measure(n, Integer.parseInt(dimension), rounds);
    }
    System.out.println(Machine.description());
  }

  static void measure(int n, int dimension, int rounds) {
    try (MatrixProduct product = new MatrixProduct(n, dimension, "core")) {
      Map<Way, double[]> times = times(product, rounds);
      double[] base = times.get(Way.TRANSFORM);
      for (Way way : Way.values()) {
        double[] logarithms = new double[rounds];
        for (int round = 0; round < rounds; round++) {
          logarithms[round] = Math.log(times.get(way)[round] / base[round]);
        }
        System.out.printf(
            Locale.ROOT,
            "| %d x %d, N=%d | %s | %.2f | %s | %s | %.1f |%n",
            dimension,
            dimension,
            n,
            way.description,
            PairedRatio.median(times.get(way)) * 1e-6,
            way == Way.TRANSFORM ? "1" : PairedRatio.ofLogarithms(logarithms),
            product.costs(way),
            product.noiseBoundBits(way));
      }
    }
  }

  /** Nanoseconds a product, for each way and round: a block on the way there and one back. */
  private static Map<Way, double[]> times(MatrixProduct product, int rounds) {
    Way[] ways = Way.values();
    Map<Way, Arm> arms = new EnumMap<>(Way.class);
    Map<Way, double[]> times = new EnumMap<>(Way.class);
    for (Way way : ways) {
      arms.put(way, Arm.ofCalls(() -> product.compute(way).close()));
      times.put(way, new double[rounds]);
      arms.get(way).nanoseconds(BLOCK);
    }
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < 2 * ways.length; turn++) {
        Way way = ways[turn < ways.length ? turn : 2 * ways.length - 1 - turn];
        arms.get(way).nanoseconds(1);
        times.get(way)[round] += (double) arms.get(way).nanoseconds(BLOCK) / (2 * BLOCK);
      }
    }
    return times;
  }
}
