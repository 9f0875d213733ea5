package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.KeyRequirements;
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
    return PatersonStockmeyer.depth(degree());
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
      Form target = new Form(form.level() - depth(), form.scale());
      return scope.keep(
          new PatersonStockmeyer<>(arithmetic, new Powers<>(arithmetic, x, scope), scope, degree())
              .evaluate(coefficients, target));
    }
  }

  /** The powers of x so far. */
  private static final class Powers<C extends AutoCloseable, S>
      implements PatersonStockmeyer.Basis<C, S> {
    private final Arithmetic<C, S> arithmetic;
    private final Scope scope;
    private final Map<Integer, C> powers = new HashMap<>();

    Powers(Arithmetic<C, S> arithmetic, C x, Scope scope) {
      this.arithmetic = arithmetic;
      this.scope = scope;
      powers.put(1, x);
    }

    @Override
    public C element(int i) {
      C known = powers.get(i);
      if (known != null) {
        return known;
      }
      int half = Integer.highestOneBit(i - 1);
      C product = scope.add(arithmetic.multiply(element(half), element(i - half)));
      powers.put(i, product);
      return product;
    }

    @Override
    public PatersonStockmeyer.Division<S> divide(List<S> p, int g) {
      return new PatersonStockmeyer.Division<>(p.subList(g, p.size()), p.subList(0, g));
    }
  }
}
