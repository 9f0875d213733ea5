package dev.veilsum.circuit;

import java.util.ArrayList;
import java.util.List;

/**
 * A composite f_k o ... o f_1 of odd minimax polynomials near the sign function (Lee et al., ePrint
 * 2020/834), designed for evaluation with errors: stage i may give a value up to its margin from
 * f_i, and the next one is made for that.
 *
 * <p>With stage i nearest to 1 on [l_i, u_i] within e_i, f_i is scaled by 1 / (1 + e_i) to stay
 * below 1, and is at least b_i = (1 - e_i) / (1 + e_i) there; so the next interval is [b_i -
 * margin, 1 + margin]. The last stage is left as it is.
 */
record SignDesign(List<Stage> stages) {
  /** Inputs may be so much beyond 1. */
  static final double INPUT_MARGIN = 0x1p-5;

  /** What rounding in doubles may add to the bounds, generously. */
  private static final double ROUNDING = 1e-10;

  private static final int GRID = 200_000;

  /**
   * @param f scaled, but for the last stage
   * @param lower where its interval begins
   * @param upper where it ends
   * @param floor what f is at least on it
   * @param error of the last stage: |1 - f| there; of others what f is at most below 1
   * @param margin how much a value may differ from f
   */
  record Stage(
      OddChebyshev f, double lower, double upper, double floor, double error, double margin) {}

  /**
   * What the noise of a stage stays below at N = 32768 and scale 2^40: that of degree 15 is largest
   * at the first stage, whose coefficients are.
   */
  private static double marginOf(int[] degrees, int stage) {
    if (degrees[stage] <= 7) {
      return 0x1p-16;
    }
    return stage == 0 ? 0x1p-12 : 0x1p-13;
  }

  static SignDesign of(int[] degrees, double threshold) {
    List<Stage> stages = new ArrayList<>();
    double lower = threshold;
    double upper = 1 + INPUT_MARGIN;
    for (int i = 0; i < degrees.length; i++) {
      OddChebyshev f = Remez.sign(degrees[i], lower, upper);
      double error = errorOn(f, lower, upper);
      if (i == degrees.length - 1) {
        stages.add(new Stage(f, lower, upper, 1 - error, error, 0));
      } else {
        OddChebyshev scaled = f.times(1 / (1 + error));
        double floor = (1 - error) / (1 + error) - ROUNDING;
        double margin = marginOf(degrees, i);
        stages.add(new Stage(scaled, lower, upper, floor, 1 - floor, margin));
        lower = floor - margin - ROUNDING;
        upper = 1 + margin;
      }
    }
    return new SignDesign(stages);
  }

  /**
   * What is stored, its bounds proved anew; throws where a stage is not made for the one before.
   */
  static SignDesign stored(SignComposite composite) {
    List<Stage> stages = new ArrayList<>();
    double floor = Double.POSITIVE_INFINITY;
    double margin = INPUT_MARGIN;
    for (SignComposite.Stage s : composite.stages()) {
      OddChebyshev f = new OddChebyshev(s.odd());
      boolean last = stages.size() == composite.stages().size() - 1;
      if (s.lower() > floor - margin) {
        throw new ArithmeticException(
            "a stage begins at %s, after %s".formatted(s.lower(), floor - margin));
      }
      double upper = 1 + margin;
      double error = errorOn(f, s.lower(), upper);
      if (!last && largestOn(f, s.lower(), upper) > 1 + 2 * ROUNDING) {
        throw new ArithmeticException("a stage passes 1");
      }
      floor = 1 - error;
      margin = s.margin();
      stages.add(new Stage(f, s.lower(), upper, floor, error, margin));
    }
    return new SignDesign(stages);
  }

  /** The design of these degrees with the least error of max. */
  static SignDesign best(int... degrees) {
    double low = 1;
    double high = 18;
    // Golden section over -log2 of the threshold; what cannot be computed counts as bad.
    double ratio = (Math.sqrt(5) - 1) / 2;
    for (int i = 0; i < 40; i++) {
      double left = high - ratio * (high - low);
      double right = low + ratio * (high - low);
      if (errorAt(degrees, left) < errorAt(degrees, right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return of(degrees, Math.pow(2, -(low + high) / 2));
  }

  static double errorAt(int[] degrees, double bits) {
    try {
      return of(degrees, Math.pow(2, -bits)).maxError();
    } catch (ArithmeticException e) {
      return bits; // above every error, and less the larger the threshold
    }
  }

  /** On the same grid, what f is at most. */
  private static double largestOn(OddChebyshev f, double lower, double upper) {
    double largest = f.at(upper);
    double from = Math.acos(Math.min(1, lower));
    for (int i = 0; i <= GRID; i++) {
      largest = Math.max(largest, f.at(Math.cos(from * i / GRID)));
    }
    double step = from / GRID;
    return largest + step * step / 8 * f.curvature();
  }

  /**
   * A bound on |1 - f| over [lower, upper]: between two points of a grid in u, x = cos u, f differs
   * from the line through them by at most h^2 / 8 times its curvature. Beyond 1 the cosine is
   * hyperbolic and the curvature grows by cosh(d h), which the factor covers.
   */
  static double errorOn(OddChebyshev f, double lower, double upper) {
    double largest = 0;
    double from = Math.acos(Math.min(1, lower));
    double step = from / GRID;
    for (int i = 0; i <= GRID; i++) {
      largest = Math.max(largest, Math.abs(1 - f.at(Math.cos(i * step))));
    }
    double slack = step * step / 8 * f.curvature();
    if (upper > 1) {
      double beyond = Math.log(upper + Math.sqrt(upper * upper - 1)); // acosh
      double small = beyond / 2000;
      for (int i = 0; i <= 2000; i++) {
        largest = Math.max(largest, Math.abs(1 - f.at(Math.cosh(i * small))));
      }
      double growth = Math.cosh((2 * f.c().length - 1) * beyond);
      slack = Math.max(slack, small * small / 8 * f.curvature() * growth);
    }
    return largest + slack + ROUNDING;
  }

  /**
   * A bound on min(|x|, 1) |1 - p(x)| / 2 over |x| <= upper, p the composite with every stage off
   * by its margin at most: for |x| <= 1 the error of max(a, b) = (a + b) / 2 + (a - b) / 2 p(a -
   * b).
   */
  double maxError() {
    Stage first = stages.get(0);
    Stage last = stages.get(stages.size() - 1);
    double outer = last.error() / 2;
    double inner = 0;
    // p ascends up to the threshold, so that a cell is bounded by its ends.
    double step = first.lower() / GRID;
    for (int i = 0; i < GRID; i++) {
      double least = leastAt(i * step);
      inner = Math.max(inner, (i + 1) * step * Math.max(1 - least, last.error()) / 2);
    }
    return Math.max(outer, inner) + ROUNDING;
  }

  /**
   * What the composite is at least at 0 <= x <= threshold: every stage ascends up to its interval.
   */
  private double leastAt(double x) {
    double y = x;
    for (Stage stage : stages) {
      y = Math.min(stage.f().at(Math.min(y, stage.lower())), stage.floor()) - stage.margin();
    }
    return y;
  }

  /** Whether every stage ascends on [0, lower], by its slope on a grid and its curvature. */
  boolean ascends() {
    for (Stage stage : stages) {
      int points = 3_000_000;
      double step = stage.lower() / points;
      // |f''| <= sum |c_n| n^2 (n^2 - 1) / 3 on [-1, 1].
      double second = 0;
      for (int k = 0; k < stage.f().c().length; k++) {
        double n = 2 * k + 1;
        second += Math.abs(stage.f().c()[k]) * n * n * (n * n - 1) / 3;
      }
      for (int i = 0; i < points; i++) {
        double slope = (stage.f().at((i + 1) * step) - stage.f().at(i * step)) / step;
        if (slope <= second * step) {
          return false;
        }
      }
    }
    return true;
  }
}
