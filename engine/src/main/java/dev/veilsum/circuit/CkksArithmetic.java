package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.params.CkksParameters;
import java.util.ArrayList;
import java.util.List;

/**
 * CKKS, its scales kept exactly: constants are encoded at the scale that brings a result to the
 * form that is asked for (Bossuat et al., ePrint 2020/1203, section 5.2).
 */
public final class CkksArithmetic implements Arithmetic<CkksCiphertext, Double> {
  private final CkksEvaluator evaluator;
  private final CkksParameters parameters;

  /** Over an evaluator that holds the circuit's {@link Circuit#keys()}. */
  public CkksArithmetic(CkksEvaluator evaluator) {
    this.evaluator = evaluator;
    this.parameters = evaluator.context().parameters();
  }

  @Override
  public int columns() {
    return parameters.slots();
  }

  @Override
  public int rows() {
    return 1;
  }

  @Override
  public CkksCiphertext add(CkksCiphertext a, CkksCiphertext b) {
    return evaluator.add(a, b);
  }

  @Override
  public CkksCiphertext subtract(CkksCiphertext a, CkksCiphertext b) {
    return evaluator.subtract(a, b);
  }

  @Override
  public CkksCiphertext addConstant(CkksCiphertext a, Double constant) {
    return evaluator.add(a, constant);
  }

  @Override
  public CkksCiphertext sum(List<CkksCiphertext> terms) {
    return evaluator.sum(terms);
  }

  @Override
  public CkksCiphertext multiply(CkksCiphertext a, CkksCiphertext b) {
    return evaluator.multiplyRescale(a, b);
  }

  @Override
  public CkksCiphertext innerProduct(List<CkksCiphertext> a, List<CkksCiphertext> b) {
    try (CkksCiphertext tensor = evaluator.innerProduct(a, b)) {
      return evaluator.relinearizeRescale(tensor);
    }
  }

  @Override
  public CkksCiphertext rotate(CkksCiphertext a, int steps) {
    return evaluator.rotate(a, steps);
  }

  @Override
  public CkksCiphertext swapRows(CkksCiphertext a) {
    throw new VeilsumException(
        ErrorCode.UNSUPPORTED,
        "CKKS has one row of slots: there is nothing to swap; rotate instead");
  }

  @Override
  public Form formOf(CkksCiphertext a) {
    return new Form(a.level(), a.scale());
  }

  @Override
  public Form formOfProduct(Form a, Form b) {
    int level = Math.min(a.level(), b.level());
    return new Form(level - 1, a.scale() * b.scale() / prime(level));
  }

  @Override
  public Form formOfFactor(Form product, Form b) {
    int level = product.level() + 1;
    return new Form(level, product.scale() * prime(level) / b.scale());
  }

  @Override
  public CkksCiphertext combine(
      List<CkksCiphertext> terms, List<Double> coefficients, Double constant, Form target) {
    int level = target.level() + 1;
    double scale = target.scale() * prime(level);
    try (Scope scope = new Scope()) {
      List<CkksCiphertext> products = new ArrayList<>();
      for (int i = 0; i < terms.size(); i++) {
        CkksCiphertext term = scope.add(evaluator.dropToLevel(terms.get(i), level));
        products.add(
            scope.add(evaluator.multiply(term, coefficients.get(i), scale / term.scale())));
      }
      CkksCiphertext sum = scope.add(evaluator.sum(products));
      CkksCiphertext result = scope.add(evaluator.rescale(sum));
      return constant == 0 ? scope.keep(result) : evaluator.add(result, constant);
    }
  }

  @Override
  public Double zero() {
    return 0.0;
  }

  @Override
  public boolean isZero(Double constant) {
    return constant == 0;
  }

  private double prime(int level) {
    return parameters.modulusChain().get(Math.max(level, 0));
  }
}
