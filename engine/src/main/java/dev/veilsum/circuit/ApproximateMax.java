package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.circuit.SignComposite.Stage;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.params.KeyRequirements;
import java.util.ArrayList;
import java.util.List;

/**
 * The larger of two real numbers of [0, 1] in every slot, approximately, and by a tournament that
 * of many ciphertexts: max(a, b) = b + (a - b) (1 + p(a - b)) / 2 with a composite p near the sign
 * function (Lee et al., ePrint 2020/834). The error is bounded, and the bound comes with the
 * result:
 *
 * <ul>
 *   <li>Noise of the inputs, and what earlier rounds are off, moves a and b, and the maximum by no
 *       more; it is counted as part of them.
 *   <li>Noise of a stage is counted as part of its value, which the next stage is made for, up to a
 *       margin that is checked.
 *   <li>Then comes the error of the composite, and the noise of the last product.
 * </ul>
 *
 * @param sign the composite, which decides over error and depth
 * @param ciphertexts how many the tournament begins with, at least 1
 */
public record ApproximateMax(SignComposite sign, int ciphertexts) implements Circuit {
  public ApproximateMax {
    if (ciphertexts < 1) {
      throw new VeilsumException(
          ErrorCode.USAGE, "the largest of %d ciphertexts".formatted(ciphertexts));
    }
  }

  /**
   * A ciphertext of values that are known but for an error.
   *
   * @param errorBound on the absolute difference of any slot from the exact maximum, noise included
   */
  public record Bounded(CkksCiphertext ciphertext, double errorBound) implements AutoCloseable {
    /** Values that were encrypted: their error is their noise. */
    public static Bounded of(CkksCiphertext c) {
      return new Bounded(c, c.errorBound());
    }

    @Override
    public void close() {
      ciphertext.close();
    }
  }

  /** Rounds of the tournament: ceil(log2(ciphertexts)). */
  public int rounds() {
    return Integer.SIZE - Integer.numberOfLeadingZeros(ciphertexts - 1);
  }

  @Override
  public int depth() {
    return rounds() * (sign.depth() + 1);
  }

  @Override
  public KeyRequirements keys() {
    return KeyRequirements.relinearization();
  }

  /**
   * The largest in every slot, over ciphertexts of values in [0, 1].
   *
   * @param terms {@link #ciphertexts} of them, at least {@link #depth} levels each, the bound on
   *     whose messages is at most 1; the caller closes them
   * @throws VeilsumException {@code DEPTH} where levels are missing, {@code OUT_OF_RANGE} where
   *     values may pass 1, {@code NOISE_BUDGET} where noise passes what the composite bears
   */
  public Bounded apply(CkksEvaluator evaluator, List<CkksCiphertext> terms) {
    require(terms);
    try (Scope scope = new Scope()) {
      List<Bounded> round = new ArrayList<>();
      terms.forEach(c -> round.add(Bounded.of(c)));
      if (round.size() == 1) {
        CkksCiphertext only = terms.get(0);
        return new Bounded(
            evaluator.withBounds(only, only.noiseBoundBits(), only.messageBound()),
            only.errorBound());
      }
      List<Bounded> left = round;
      while (left.size() > 1) {
        List<Bounded> next = new ArrayList<>();
        for (int i = 0; i + 1 < left.size(); i += 2) {
          next.add(scope.add(larger(evaluator, left.get(i), left.get(i + 1))));
        }
        if (left.size() % 2 == 1) {
          next.add(left.get(left.size() - 1));
        }
        left = next;
      }
      return scope.keep(left.get(0));
    }
  }

  private void require(List<CkksCiphertext> terms) {
    if (terms.size() != ciphertexts) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d ciphertexts are declared and %d given".formatted(ciphertexts, terms.size()));
    }
    for (CkksCiphertext c : terms) {
      if (!(c.messageBound() <= 1)) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE,
            "values up to %.6g: the maximum is taken of values in [0, 1]"
                .formatted(c.messageBound()));
      }
    }
    for (CkksCiphertext c : terms) {
      if (c.level() < depth()) {
        throw new VeilsumException(
            ErrorCode.DEPTH,
            ("the largest of %d ciphertexts within %.3g takes %d levels (%d rounds of %d); a"
                    + " ciphertext has %d left: take a coarser composite, fewer ciphertexts, or let"
                    + " the key holder finish")
                .formatted(
                    ciphertexts,
                    rounds() * sign.error(),
                    depth(),
                    rounds(),
                    sign.depth() + 1,
                    c.level()));
      }
    }
  }

  /** b + (a - b) q(a - b), q = (1 + p) / 2. */
  private Bounded larger(CkksEvaluator evaluator, Bounded left, Bounded right) {
    double known = Math.max(left.errorBound(), right.errorBound());
    double beyond = left.errorBound() + right.errorBound();
    requireNoise("the inputs", beyond, SignComposite.INPUT_MARGIN);
    CkksArithmetic arithmetic = new CkksArithmetic(evaluator);
    try (Scope scope = new Scope()) {
      CkksCiphertext a = scope.add(exact(evaluator, left.ciphertext(), 1 + left.errorBound()));
      CkksCiphertext b = scope.add(exact(evaluator, right.ciphertext(), 1 + right.errorBound()));
      CkksCiphertext difference = scope.add(arithmetic.subtract(a, b));
      CkksCiphertext d = scope.add(exact(evaluator, difference, 1 + beyond));

      Form sum = new Form(d.level() - sign.depth() - 1, b.scale());
      CkksCiphertext atProduct = scope.add(evaluator.dropToLevel(d, sum.level() + 1));
      Form factor = arithmetic.formOfFactor(sum, arithmetic.formOf(atProduct));
      CkksCiphertext q = scope.add(half(evaluator, scope, d, factor));
      CkksCiphertext step = scope.add(arithmetic.multiply(atProduct, q));
      CkksCiphertext low = scope.add(evaluator.dropToLevel(b, sum.level()));
      CkksCiphertext larger = scope.add(evaluator.add(low, step));

      double approximation = sign.error() * (1 + beyond);
      double error = known + approximation + larger.errorBound();
      // Off the exact composite by as much as both are off the maximum: what flooding must hide.
      double noise = log2((error + approximation) * larger.scale());
      return new Bounded(evaluator.withBounds(larger, noise, 1 + error), error);
    }
  }

  /** (1 + p(d)) / 2, in this form. */
  private CkksCiphertext half(CkksEvaluator evaluator, Scope scope, CkksCiphertext d, Form form) {
    CkksCiphertext y = d;
    double bound = 1 + SignComposite.INPUT_MARGIN;
    for (int i = 0; i + 1 < sign.stages().size(); i++) {
      Stage stage = sign.stages().get(i);
      ChebyshevEvaluation f = new ChebyshevEvaluation(stage.coefficients(1, 0), bound);
      CkksCiphertext value = scope.add(f.apply(evaluator, y));
      requireNoise("polynomial " + (i + 1), value.errorBound(), stage.margin());
      bound = 1 + stage.margin();
      y = scope.add(exact(evaluator, value, bound));
      scope.end(value);
    }
    Stage last = sign.stages().get(sign.stages().size() - 1);
    ChebyshevEvaluation f = new ChebyshevEvaluation(last.coefficients(0.5, 0.5), bound);
    CkksCiphertext q = scope.add(f.apply(evaluator, y, form));
    // |p| is at most 1 and the last error, which is at most twice that of max.
    return evaluator.withBounds(q, q.noiseBoundBits(), 1 + sign.error());
  }

  /** The noise counted as part of the message, which stays below this. */
  private static CkksCiphertext exact(CkksEvaluator evaluator, CkksCiphertext c, double bound) {
    return evaluator.withBounds(c, 0, bound);
  }

  private static void requireNoise(String where, double noise, double margin) {
    if (!(noise <= margin)) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          ("the error of %s may be %.3g and this composite bears %.3g: encode at a larger scale, or"
                  + " take a coarser composite")
              .formatted(where, noise, margin));
    }
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
