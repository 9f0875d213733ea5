package dev.veilsum.circuit;

import java.util.ArrayList;
import java.util.List;

/**
 * The recursion of a polynomial's evaluation (Paterson and Stockmeyer 1973, in the form of Bossuat
 * et al., ePrint 2020/1203, sections 5.1 and 5.2), over the powers of x or another basis that
 * multiplies like them. A polynomial is split as q b_g + r by powers of two g until its parts are
 * short, and every part is evaluated in exactly the form that the sum or product above it needs.
 */
final class PatersonStockmeyer<C extends AutoCloseable, S> {
  /** b_0 = 1, b_1 = x, b_2, ... */
  interface Basis<C, S> {
    /** b_i for i of at least 1, ceil(log2 i) levels below x. */
    C element(int i);

    /** p = quotient b_g + remainder, the remainder below degree g <= degree of p < 2 g. */
    Division<S> divide(List<S> p, int g);
  }

  /** Coefficients in the basis, ascending. */
  record Division<S>(List<S> quotient, List<S> remainder) {}

  private final Arithmetic<C, S> arithmetic;
  private final Basis<C, S> basis;
  private final Scope scope;
  private final int degree;

  /** Parts shorter than this are evaluated term by term. */
  private final int babySteps;

  PatersonStockmeyer(Arithmetic<C, S> arithmetic, Basis<C, S> basis, Scope scope, int degree) {
    this.arithmetic = arithmetic;
    this.basis = basis;
    this.scope = scope;
    this.degree = degree;
    this.babySteps = 1 << ((depth(degree) + 1) / 2);
  }

  /** The least depth at which a polynomial of this degree can be evaluated. */
  static int depth(int degree) {
    return ceilLog2(degree + 1);
  }

  /** p in the form {@code target}, which is {@code depth(degree)} levels below x. */
  C evaluate(List<S> p, Form target) {
    return evaluate(p, target, depth(degree));
  }

  private C evaluate(List<S> p, Form target, int depth) {
    int high = p.size() - 1;
    if (high < babySteps && ceilLog2(high) + 1 <= depth) {
      return termByTerm(p, target);
    }
    int g = Integer.highestOneBit(high);
    Division<S> parts = basis.divide(p, g);
    List<S> r = trimmed(parts.remainder());
    C leading = leading(parts.quotient(), basis.element(g), target, depth);
    if (r.size() > 1) {
      return scope.add(arithmetic.add(leading, evaluate(r, target, depth)));
    }
    S constant = r.get(0);
    return arithmetic.isZero(constant)
        ? leading
        : scope.add(arithmetic.addConstant(leading, constant));
  }

  /** q b_g: a product, or b_g times a constant. */
  private C leading(List<S> q, C element, Form target, int depth) {
    if (q.size() == 1) {
      return scope.add(arithmetic.combine(List.of(element), q, arithmetic.zero(), target));
    }
    Form factor = arithmetic.formOfFactor(target, arithmetic.formOf(element));
    return scope.add(arithmetic.multiply(evaluate(q, factor, depth - 1), element));
  }

  private C termByTerm(List<S> p, Form target) {
    List<C> terms = new ArrayList<>();
    List<S> coefficients = new ArrayList<>();
    for (int i = 1; i < p.size(); i++) {
      if (!arithmetic.isZero(p.get(i))) {
        terms.add(basis.element(i));
        coefficients.add(p.get(i));
      }
    }
    return scope.add(arithmetic.combine(terms, coefficients, p.get(0), target));
  }

  private List<S> trimmed(List<S> p) {
    int size = p.size();
    while (size > 1 && arithmetic.isZero(p.get(size - 1))) {
      size--;
    }
    return p.subList(0, size);
  }

  private static int ceilLog2(int n) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(n - 1);
  }
}
