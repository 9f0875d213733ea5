package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.KeyRequirements;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * p(x) in every slot, at the depth ceil(log2(degree + 1)), about 2 sqrt(degree) products: Paterson
 * and Stockmeyer 1973 in the form of Bossuat et al., ePrint 2020/1203, sections 5.1 and 5.2. A
 * polynomial is split as q X^g + r by powers of two g until its parts are short, and every part is
 * evaluated in exactly the form (level, scale) that the sum or product above it needs, so that
 * scales never drift.
 *
 * @param coefficients c_0 .. c_d, the last one not 0, d at least 1
 */
public record PolynomialEvaluation<S>(List<S> coefficients) implements Circuit {
  public PolynomialEvaluation {
    coefficients = List.copyOf(coefficients);
    if (coefficients.size() < 2) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a polynomial to evaluate has a degree of at least 1");
    }
  }

  public int degree() {
    return coefficients.size() - 1;
  }

  @Override
  public int depth() {
    return ceilLog2(degree() + 1);
  }

  @Override
  public KeyRequirements keys() {
    return degree() > 1 ? KeyRequirements.relinearization() : KeyRequirements.none();
  }

  /** Evaluates it: {@link #depth()} levels below {@code x}, at the scale of {@code x} (CKKS). */
  public <C extends AutoCloseable> C apply(Arithmetic<C, S> arithmetic, C x) {
    if (arithmetic.isZero(coefficients.get(degree()))) {
      throw new VeilsumException(ErrorCode.USAGE, "the leading coefficient is 0: leave it out");
    }
    Form form = arithmetic.formOf(x);
    if (form.level() < depth() && arithmetic.formOfProduct(form, form).level() < form.level()) {
      throw new VeilsumException(
          ErrorCode.DEPTH,
          "a polynomial of degree %d takes %d levels; this ciphertext has %d left"
              .formatted(degree(), depth(), form.level()));
    }
    try (Scope scope = new Scope()) {
      Evaluation<C, S> evaluation = new Evaluation<>(arithmetic, x, scope, babySteps());
      Form target = new Form(form.level() - depth(), form.scale());
      return scope.keep(evaluation.evaluate(coefficients, target, depth()));
    }
  }

  /** Parts shorter than this are evaluated term by term. */
  private int babySteps() {
    return 1 << ((ceilLog2(degree() + 1) + 1) / 2);
  }

  private static int ceilLog2(int n) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(n - 1);
  }

  /** One run: the powers of x so far, and the recursion. */
  private static final class Evaluation<C extends AutoCloseable, S> {
    private final Arithmetic<C, S> arithmetic;
    private final Scope scope;
    private final int babySteps;
    private final Map<Integer, C> powers = new HashMap<>();

    Evaluation(Arithmetic<C, S> arithmetic, C x, Scope scope, int babySteps) {
      this.arithmetic = arithmetic;
      this.scope = scope;
      this.babySteps = babySteps;
      powers.put(1, x);
    }

    /** p(x) in the form {@code target}, which is {@code depth} levels below x. */
    C evaluate(List<S> p, Form target, int depth) {
      int degree = p.size() - 1;
      if (degree < babySteps && ceilLog2(degree) + 1 <= depth) {
        return termByTerm(p, target);
      }
      int g = Integer.highestOneBit(degree);
      List<S> r = trimmed(p.subList(0, g));
      C leading = leading(p.subList(g, p.size()), power(g), target, depth);
      if (r.size() > 1) {
        return scope.add(arithmetic.add(leading, evaluate(r, target, depth)));
      }
      S constant = r.get(0);
      return arithmetic.isZero(constant)
          ? leading
          : scope.add(arithmetic.addConstant(leading, constant));
    }

    /** q(x) x^g: a product, or x^g times a constant. */
    private C leading(List<S> q, C power, Form target, int depth) {
      if (q.size() == 1) {
        return scope.add(arithmetic.combine(List.of(power), q, arithmetic.zero(), target));
      }
      Form factor = arithmetic.formOfFactor(target, arithmetic.formOf(power));
      return scope.add(arithmetic.multiply(evaluate(q, factor, depth - 1), power));
    }

    private C termByTerm(List<S> p, Form target) {
      List<C> terms = new ArrayList<>();
      List<S> coefficients = new ArrayList<>();
      for (int i = 1; i < p.size(); i++) {
        if (!arithmetic.isZero(p.get(i))) {
          terms.add(power(i));
          coefficients.add(p.get(i));
        }
      }
      return scope.add(arithmetic.combine(terms, coefficients, p.get(0), target));
    }

    /** x^i at ceil(log2 i) levels below x. */
    private C power(int i) {
      C known = powers.get(i);
      if (known != null) {
        return known;
      }
      int half = Integer.highestOneBit(i - 1);
      C product = scope.add(arithmetic.multiply(power(half), power(i - half)));
      powers.put(i, product);
      return product;
    }

    private List<S> trimmed(List<S> p) {
      int size = p.size();
      while (size > 1 && arithmetic.isZero(p.get(size - 1))) {
        size--;
      }
      return p.subList(0, size);
    }
  }
}
