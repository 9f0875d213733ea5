package dev.veilsum.circuit;

import java.util.ArrayList;
import java.util.List;

/**
 * The odd polynomial of a degree that is nearest to 1 on [a, b], 0 < a < b, in the largest error:
 * Remez' second algorithm (1934) in the basis of odd Chebyshev polynomials. Of the sign function on
 * [-b, -a] and [a, b] that is the best approximation (Lee et al., ePrint 2020/834, section 3).
 */
final class Remez {
  private static final int GRID = 6000;
  private static final int ROUNDS = 60;

  private Remez() {}

  /**
   * @param degree odd
   */
  static OddChebyshev sign(int degree, double a, double b) {
    int n = (degree + 1) / 2;
    double[] grid = grid(a, b);
    double[] nodes = start(n, a, b);
    OddChebyshev best = null;
    for (int round = 0; round < ROUNDS; round++) {
      best = levelled(nodes, n);
      double[] residuals = new double[grid.length];
      for (int i = 0; i < grid.length; i++) {
        residuals[i] = 1 - best.at(grid[i]);
      }
      int[] extrema = alternation(residuals, n + 1);
      double least = Double.POSITIVE_INFINITY;
      double largest = 0;
      for (int i = 0; i <= n; i++) {
        nodes[i] = grid[extrema[i]];
        least = Math.min(least, Math.abs(residuals[extrema[i]]));
      }
      for (double r : residuals) {
        largest = Math.max(largest, Math.abs(r));
      }
      if (largest - least <= 1e-9 * largest) {
        break;
      }
    }
    return best;
  }

  /** Dense near both ends, where extrema crowd, and geometric towards a. */
  private static double[] grid(double a, double b) {
    return java.util.stream.DoubleStream.concat(
            java.util.stream.IntStream.rangeClosed(0, GRID)
                .mapToDouble(i -> a + (b - a) * (1 - Math.cos(Math.PI * i / GRID)) / 2),
            java.util.stream.IntStream.rangeClosed(0, GRID)
                .mapToDouble(i -> a * Math.pow(b / a, (double) i / GRID)))
        .map(x -> Math.min(b, Math.max(a, x)))
        .sorted()
        .distinct()
        .toArray();
  }

  private static double[] start(int n, double a, double b) {
    double[] nodes = new double[n + 1];
    for (int j = 0; j <= n; j++) {
      double part = (1 - Math.cos(Math.PI * j / n)) / 2;
      nodes[j] = a < 0.3 ? a * Math.pow(b / a, part) : a + (b - a) * part;
    }
    return nodes;
  }

  /** The polynomial whose residuals at the nodes are +e, -e, +e, ... */
  private static OddChebyshev levelled(double[] nodes, int n) {
    double[][] rows = new double[n + 1][n + 2];
    for (int i = 0; i <= n; i++) {
      double x = nodes[i];
      double before = x; // T_{-1}
      double current = x;
      for (int k = 0; k < n; k++) {
        rows[i][k] = current;
        double next = 2 * (2 * x * x - 1) * current - before;
        before = current;
        current = next;
      }
      rows[i][n] = i % 2 == 0 ? 1 : -1;
      rows[i][n + 1] = 1;
    }
    double[] solution = solve(rows);
    double[] c = new double[n];
    System.arraycopy(solution, 0, c, 0, n);
    return new OddChebyshev(c);
  }

  /** Gauss' elimination with partial pivots; the last column is the right-hand side. */
  private static double[] solve(double[][] rows) {
    int n = rows.length;
    for (int p = 0; p < n; p++) {
      int pivot = p;
      for (int i = p + 1; i < n; i++) {
        pivot = Math.abs(rows[i][p]) > Math.abs(rows[pivot][p]) ? i : pivot;
      }
      double[] row = rows[pivot];
      rows[pivot] = rows[p];
      rows[p] = row;
      for (int i = p + 1; i < n; i++) {
        double factor = rows[i][p] / row[p];
        for (int j = p; j <= n; j++) {
          rows[i][j] -= factor * row[j];
        }
      }
    }
    double[] x = new double[n];
    for (int p = n - 1; p >= 0; p--) {
      double sum = rows[p][n];
      for (int j = p + 1; j < n; j++) {
        sum -= rows[p][j] * x[j];
      }
      x[p] = sum / rows[p][p];
    }
    return x;
  }

  /** The places of consecutive extrema of alternating sign; of more than needed, the largest. */
  private static int[] alternation(double[] residuals, int count) {
    List<Integer> extrema = new ArrayList<>();
    int from = 0;
    while (from < residuals.length) {
      int best = from;
      int to = from;
      while (to < residuals.length && (residuals[to] < 0) == (residuals[from] < 0)) {
        best = Math.abs(residuals[to]) > Math.abs(residuals[best]) ? to : best;
        to++;
      }
      extrema.add(best);
      from = to;
    }
    if (extrema.size() < count) {
      throw new ArithmeticException(
          "%d alternations of %d: the interval is too hard for doubles"
              .formatted(extrema.size(), count));
    }
    int start = 0;
    double widest = -1;
    for (int s = 0; s + count <= extrema.size(); s++) {
      double least = Double.POSITIVE_INFINITY;
      for (int i = s; i < s + count; i++) {
        least = Math.min(least, Math.abs(residuals[extrema.get(i)]));
      }
      if (least > widest) {
        widest = least;
        start = s;
      }
    }
    return extrema.subList(start, start + count).stream().mapToInt(Integer::intValue).toArray();
  }
}
