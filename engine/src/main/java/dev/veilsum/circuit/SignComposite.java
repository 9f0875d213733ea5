package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.List;

/**
 * Composites of odd minimax polynomials near the sign function (Lee et al., ePrint 2020/834), for
 * max(a, b) = (a + b) / 2 + (a - b) / 2 sign(a - b) on [0, 1]. The coefficients come from Remez'
 * algorithm, each threshold is the one with the least error of max, and a test makes them again and
 * proves the bounds below.
 */
public enum SignComposite {
  /** Degrees 7, 7: 7 levels with the last product. */
  OF_7_7(SignCoefficients.OF_7_7, SignCoefficients.ERROR_7_7),
  /** Degrees 15, 15: 9 levels. */
  OF_15_15(SignCoefficients.OF_15_15, SignCoefficients.ERROR_15_15),
  /** Degrees 7, 15, 31: 13 levels. */
  OF_7_15_31(SignCoefficients.OF_7_15_31, SignCoefficients.ERROR_7_15_31),
  /** Degrees 7, 7, 15, 31: 16 levels. */
  OF_7_7_15_31(SignCoefficients.OF_7_7_15_31, SignCoefficients.ERROR_7_7_15_31),
  /** Degrees 7, 7, 7, 15, 31: 19 levels. */
  OF_7_7_7_15_31(SignCoefficients.OF_7_7_7_15_31, SignCoefficients.ERROR_7_7_7_15_31);

  /** Inputs of the first stage may be so much beyond 1: earlier errors are in them. */
  public static final double INPUT_MARGIN = 0x1p-5;

  /**
   * One polynomial, sum_k c_k T_{2k+1}: its values stay within 1 but for the last one's.
   *
   * @param odd c_0, c_1, ...
   * @param lower where its interval begins: above it lie what the stage before gives, errors
   *     included, for every input above the threshold
   * @param margin by which its value may be off when it is computed, for the bounds to hold; 0 for
   *     the last stage, whose error comes on top
   */
  record Stage(double[] odd, double lower, double margin) {
    int degree() {
      return 2 * odd.length - 1;
    }

    /** All coefficients c_0 .. c_degree, of factor f + constant. */
    List<Double> coefficients(double factor, double constant) {
      Double[] all = new Double[degree() + 1];
      Arrays.fill(all, 0.0);
      for (int k = 0; k < odd.length; k++) {
        all[2 * k + 1] = factor * odd[k];
      }
      all[0] = constant;
      return List.of(all);
    }
  }

  private final List<Stage> stages;
  private final double error;

  SignComposite(List<Stage> stages, double error) {
    this.stages = stages;
    this.error = error;
  }

  /** The least deep one whose error of max is at most this; {@code OUT_OF_RANGE} where none is. */
  public static SignComposite within(double error) {
    return Arrays.stream(values())
        .filter(composite -> composite.error <= error)
        .findFirst()
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.OUT_OF_RANGE,
                    "no composite has an error of max of %.3g or less; the least is %.3g"
                        .formatted(error, OF_7_7_7_15_31.error)));
  }

  /** The degrees of its polynomials, the first one applied first. */
  public List<Integer> degrees() {
    return stages.stream().map(Stage::degree).toList();
  }

  /**
   * A proven bound on |1 - p(x)| / 2 times the smaller of |x| and 1, for |x| up to 1 and the {@link
   * #INPUT_MARGIN}, every stage within its margin: the error of max.
   */
  public double error() {
    return error;
  }

  /** Levels that the composite takes, the product with a - b not among them. */
  public int depth() {
    return stages.stream().mapToInt(s -> PatersonStockmeyer.depth(s.degree())).sum();
  }

  List<Stage> stages() {
    return stages;
  }
}
