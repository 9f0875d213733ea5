package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.params.KeyRequirements;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * sum_i c_i T_i(x) in every slot, T_i the Chebyshev polynomials, at the depth ceil(log2(degree +
 * 1)). On [-1, 1] the T_i stay within 1 and coefficients are small, so that noise grows with the
 * polynomial and not with its powers: what approximations of a high degree take. T_{m+n} = 2 T_m
 * T_n - T_{m-n}.
 *
 * @param coefficients c_0 .. c_d, the last one not 0, d at least 1
 * @param bound on |x| in every slot, at least 1: beyond 1 the T_i grow fast
 */
public record ChebyshevEvaluation(List<Double> coefficients, double bound) implements Circuit {
  public ChebyshevEvaluation {
    coefficients = List.copyOf(coefficients);
    if (coefficients.size() < 2 || coefficients.get(coefficients.size() - 1) == 0) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a polynomial to evaluate has a degree of at least 1");
    }
    if (!(bound >= 1 && bound <= 2)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a bound of %s: inputs lie in [-1, 1] or little beyond".formatted(bound));
    }
  }

  public int degree() {
    return coefficients.size() - 1;
  }

  @Override
  public int depth() {
    return PatersonStockmeyer.depth(degree());
  }

  @Override
  public KeyRequirements keys() {
    return degree() > 1 ? KeyRequirements.relinearization() : KeyRequirements.none();
  }

  /** Evaluates it: {@link #depth()} levels below {@code x}, at the scale of {@code x}. */
  public CkksCiphertext apply(CkksEvaluator evaluator, CkksCiphertext x) {
    return apply(evaluator, x, new Form(x.level() - depth(), x.scale()));
  }

  /** Evaluates it at another scale. */
  CkksCiphertext apply(CkksEvaluator evaluator, CkksCiphertext x, Form target) {
    if (x.level() < depth()) {
      throw new VeilsumException(
          ErrorCode.DEPTH,
          "a polynomial of degree %d takes %d levels; this ciphertext has %d left"
              .formatted(degree(), depth(), x.level()));
    }
    CkksArithmetic arithmetic = new CkksArithmetic(evaluator);
    try (Scope scope = new Scope()) {
      Chebyshev basis = new Chebyshev(arithmetic, evaluator, x, scope, bound);
      return scope.keep(
          new PatersonStockmeyer<>(arithmetic, basis, scope, degree())
              .evaluate(coefficients, target));
    }
  }

  /** The polynomials of x so far. */
  private static final class Chebyshev implements PatersonStockmeyer.Basis<CkksCiphertext, Double> {
    private final CkksArithmetic arithmetic;
    private final CkksEvaluator evaluator;
    private final Scope scope;
    private final double bound;
    private final Map<Integer, CkksCiphertext> elements = new HashMap<>();

    Chebyshev(
        CkksArithmetic arithmetic,
        CkksEvaluator evaluator,
        CkksCiphertext x,
        Scope scope,
        double bound) {
      this.arithmetic = arithmetic;
      this.evaluator = evaluator;
      this.scope = scope;
      this.bound = bound;
      elements.put(1, x);
    }

    /** 2 T_half T_{i-half} - T_{2 half - i}, known to be at most T_i(bound). */
    @Override
    public CkksCiphertext element(int i) {
      CkksCiphertext known = elements.get(i);
      if (known != null) {
        return known;
      }
      int half = Integer.highestOneBit(i - 1);
      CkksCiphertext product = scope.add(arithmetic.multiply(element(half), element(i - half)));
      CkksCiphertext twice = scope.add(arithmetic.add(product, product));
      CkksCiphertext loose = scope.add(minus(twice, 2 * half - i));
      double acosh = Math.log(bound + Math.sqrt(bound * bound - 1));
      double largest = Math.cosh(i * acosh) * (1 + 0x1p-40);
      CkksCiphertext element =
          scope.add(evaluator.withBounds(loose, loose.noiseBoundBits(), largest));
      scope.end(product);
      scope.end(twice);
      scope.end(loose);
      elements.put(i, element);
      return element;
    }

    private CkksCiphertext minus(CkksCiphertext a, int j) {
      if (j == 0) {
        return arithmetic.addConstant(a, -1.0);
      }
      Form form = arithmetic.formOf(a);
      CkksCiphertext lower =
          scope.add(arithmetic.combine(List.of(element(j)), List.of(1.0), 0.0, form));
      return arithmetic.subtract(a, lower);
    }

    /** T_{g+k} = 2 T_k T_g - T_{g-k}. */
    @Override
    public PatersonStockmeyer.Division<Double> divide(List<Double> p, int g) {
      List<Double> quotient = new ArrayList<>();
      List<Double> remainder = new ArrayList<>(p.subList(0, g));
      quotient.add(p.get(g));
      for (int k = 1; g + k < p.size(); k++) {
        quotient.add(2 * p.get(g + k));
        remainder.set(g - k, remainder.get(g - k) - p.get(g + k));
      }
      return new PatersonStockmeyer.Division<>(quotient, Collections.unmodifiableList(remainder));
    }
  }
}
