package dev.veilsum.cli.federated;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Multinomial logistic regression: a digit's probabilities are the softmax of ten linear functions
 * of its pixels. The parameters of class c are at c * 785: 784 weights, and a bias. Strict
 * arithmetic in a fixed order, so that the same seeds give the same model on every machine.
 */
final class SoftmaxModel {
  static final int CLASSES = 10;
  private static final int STRIDE = Digit.PIXELS + 1;
  static final int PARAMETERS = CLASSES * STRIDE;

  private final double[] parameters;

  SoftmaxModel() {
    this(new double[PARAMETERS]);
  }

  private SoftmaxModel(double[] parameters) {
    this.parameters = parameters;
  }

  double[] parameters() {
    return parameters.clone();
  }

  /** A step: every parameter plus {@code factor} times its change. */
  SoftmaxModel plus(double[] change, double factor) {
    double[] sum = parameters.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * change[i];
    }
    return new SoftmaxModel(sum);
  }

  /**
   * What a client's training changes: passes of stochastic gradient descent over its digits, in
   * batches of 32.
   */
  double[] trainedChange(List<Digit> digits, int passes, double rate, long seed) {
    SoftmaxModel trained = new SoftmaxModel(parameters.clone());
    List<Digit> order = new ArrayList<>(digits);
    Random random = new Random(seed);
    for (int pass = 0; pass < passes; pass++) {
      Collections.shuffle(order, random);
      for (int from = 0; from < order.size(); from += 32) {
        List<Digit> batch = order.subList(from, Math.min(order.size(), from + 32));
        trained.descend(batch, rate / batch.size());
      }
    }
    double[] change = trained.parameters;
    for (int i = 0; i < change.length; i++) {
      change[i] -= parameters[i];
    }
    return change;
  }

  private void descend(List<Digit> batch, double rate) {
    List<double[]> residuals = batch.stream().map(this::residual).toList();
    for (int k = 0; k < batch.size(); k++) {
      addOuter(parameters, batch.get(k), residuals.get(k), -rate);
    }
  }

  /** The sum of the digits' gradients, each clipped to an L2 norm before. */
  double[] clippedGradients(List<Digit> digits, double norm) {
    double[] sum = new double[PARAMETERS];
    for (Digit digit : digits) {
      double[] residual = residual(digit);
      // The gradient is the outer product of residual and (pixels, 1).
      double squared = squaredNorm(residual) * (squaredNorm(digit.values()) + 1);
      addOuter(sum, digit, residual, Math.min(1, norm / Math.sqrt(squared)));
    }
    return sum;
  }

  private static double squaredNorm(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x * x;
    }
    return sum;
  }

  /** How many of the digits it tells right, as a share. */
  double accuracy(List<Digit> digits) {
    int right = 0;
    for (Digit digit : digits) {
      double[] scores = scores(digit);
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = scores[c] > scores[best] ? c : best;
      }
      right += best == digit.label() ? 1 : 0;
    }
    return (double) right / digits.size();
  }

  private double[] scores(Digit digit) {
    double[] scores = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      int row = c * STRIDE;
      double score = parameters[row + Digit.PIXELS];
      for (int k = 0; k < digit.places().length; k++) {
        score += parameters[row + digit.places()[k]] * digit.values()[k];
      }
      scores[c] = score;
    }
    return scores;
  }

  /** Probabilities less the truth: the derivative of the loss by the scores. */
  private double[] residual(Digit digit) {
    double[] p = scores(digit);
    double most = Double.NEGATIVE_INFINITY;
    for (double score : p) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      p[c] = StrictMath.exp(p[c] - most);
      sum += p[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      p[c] = p[c] / sum - (c == digit.label() ? 1 : 0);
    }
    return p;
  }

  private static void addOuter(double[] into, Digit digit, double[] residual, double factor) {
    for (int c = 0; c < CLASSES; c++) {
      int row = c * STRIDE;
      double f = factor * residual[c];
      for (int k = 0; k < digit.places().length; k++) {
        into[row + digit.places()[k]] += f * digit.values()[k];
      }
      into[row + Digit.PIXELS] += f;
    }
  }
}
