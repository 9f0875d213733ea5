package dev.veilsum.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A linear transform of rotations, products with plaintexts and sums, for backends that have no
 * other: each step is an operation of its own, with the noise of its own.
 */
final class ComposedTransform implements Reference.LinearTransform {
  private final BabyGiantPlan plan;

  /** The products of each giant step. */
  private final SortedMap<Integer, Products> products = new TreeMap<>();

  /** Encoded diagonals, and the indices of their baby steps in the plan's. */
  private record Products(List<Integer> babies, List<Reference.Plaintext> diagonals) {}

  private ComposedTransform(BabyGiantPlan plan) {
    this.plan = plan;
  }

  static ComposedTransform encode(
      CkksBackend ckks, Diagonals diagonals, BabyGiantPlan plan, int level, double scale) {
    ComposedTransform result = new ComposedTransform(plan);
    List<Integer> babies = new ArrayList<>();
    for (int baby : plan.babies()) {
      babies.add(baby);
    }
    try {
      for (int k : plan.diagonals()) {
        Products of =
            result.products.computeIfAbsent(
                plan.giant(k), g -> new Products(new ArrayList<>(), new ArrayList<>()));
        of.babies.add(babies.indexOf(plan.baby(k)));
        of.diagonals.add(encode(ckks, diagonals, k, plan.giant(k), level, scale));
      }
      return result;
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  /** Diagonal k turned to the right, as its giant step turns the sum to the left. */
  private static Reference.Plaintext encode(
      CkksBackend ckks, Diagonals diagonals, int k, int giant, int level, double scale) {
    int d = diagonals.dimension();
    double[] real = turned(diagonals.real(k), giant);
    double[] imaginary = turned(diagonals.imaginary(k), giant);
    double bound = 0;
    for (int i = 0; i < d; i++) {
      bound = Math.max(bound, Math.hypot(real[i], imaginary[i]));
    }
    return ckks.encodeComplex(real, imaginary, 0, d, Math.nextUp(bound), d, level, scale);
  }

  private static double[] turned(double[] values, int steps) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[(i + steps) % values.length] = values[i];
    }
    return result;
  }

  @Override
  public BabyGiantPlan plan() {
    return plan;
  }

  /** M v by the operations of the backend. */
  Reference.Ciphertext apply(
      CkksBackend ckks, Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    try (References all = new References()) {
      List<Reference.Ciphertext> babies = all.add(ckks.rotateMany(a, plan.babies(), keys));
      List<Reference.Ciphertext> sums = new ArrayList<>();
      products.forEach(
          (giant, of) -> {
            Reference.Ciphertext sum =
                all.add(
                    ckks.innerProductPlain(
                        of.babies.stream().map(babies::get).toList(), of.diagonals));
            sums.add(giant == 0 ? sum : all.add(ckks.rotate(sum, giant, keys)));
          });
      return ckks.sum(sums);
    }
  }

  /** Intermediate results, closed together. */
  private static final class References implements AutoCloseable {
    private final List<Reference> all = new ArrayList<>();

    <R extends Reference> R add(R reference) {
      all.add(reference);
      return reference;
    }

    <R extends Reference> List<R> add(List<R> references) {
      all.addAll(references);
      return references;
    }

    @Override
    public void close() {
      all.forEach(Reference::close);
    }
  }

  @Override
  public long memoryBytes() {
    return products.values().stream()
        .flatMap(of -> of.diagonals.stream())
        .mapToLong(Reference::memoryBytes)
        .sum();
  }

  @Override
  public void close() {
    products.values().forEach(of -> of.diagonals.forEach(Reference::close));
  }
}
