package dev.veilsum.circuit;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvEvaluator;
import java.util.ArrayList;
import java.util.List;

/** BFV: exact, without scales; levels are left as they are. */
public final class BfvArithmetic implements Arithmetic<BfvCiphertext, Long> {
  private final BfvEvaluator evaluator;

  /** Over an evaluator that holds the circuit's {@link Circuit#keys()}. */
  public BfvArithmetic(BfvEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  @Override
  public int columns() {
    return evaluator.context().parameters().ringDegree() / 2;
  }

  @Override
  public int rows() {
    return 2;
  }

  @Override
  public BfvCiphertext add(BfvCiphertext a, BfvCiphertext b) {
    return evaluator.add(a, b);
  }

  @Override
  public BfvCiphertext subtract(BfvCiphertext a, BfvCiphertext b) {
    return evaluator.subtract(a, b);
  }

  @Override
  public BfvCiphertext addConstant(BfvCiphertext a, Long constant) {
    return evaluator.add(a, constant);
  }

  @Override
  public BfvCiphertext sum(List<BfvCiphertext> terms) {
    return evaluator.sum(terms);
  }

  @Override
  public BfvCiphertext multiply(BfvCiphertext a, BfvCiphertext b) {
    return evaluator.multiply(a, b);
  }

  @Override
  public BfvCiphertext innerProduct(List<BfvCiphertext> a, List<BfvCiphertext> b) {
    try (BfvCiphertext tensor = evaluator.innerProduct(a, b)) {
      return evaluator.relinearize(tensor);
    }
  }

  @Override
  public BfvCiphertext rotate(BfvCiphertext a, int steps) {
    return evaluator.rotateRows(a, steps);
  }

  @Override
  public BfvCiphertext swapRows(BfvCiphertext a) {
    return evaluator.swapRows(a);
  }

  @Override
  public Form formOf(BfvCiphertext a) {
    return new Form(a.level(), 1);
  }

  @Override
  public Form formOfProduct(Form a, Form b) {
    return new Form(Math.min(a.level(), b.level()), 1);
  }

  @Override
  public Form formOfFactor(Form product, Form b) {
    return product;
  }

  @Override
  public BfvCiphertext combine(
      List<BfvCiphertext> terms, List<Long> coefficients, Long constant, Form target) {
    try (Scope scope = new Scope()) {
      List<BfvCiphertext> products = new ArrayList<>();
      for (int i = 0; i < terms.size(); i++) {
        products.add(scope.add(evaluator.multiply(terms.get(i), coefficients.get(i))));
      }
      BfvCiphertext sum = scope.add(evaluator.sum(products));
      return constant == 0 ? scope.keep(sum) : evaluator.add(sum, constant);
    }
  }

  @Override
  public Long zero() {
    return 0L;
  }

  @Override
  public boolean isZero(Long constant) {
    return constant == 0;
  }
}
