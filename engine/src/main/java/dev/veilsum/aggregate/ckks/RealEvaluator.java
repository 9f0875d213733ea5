package dev.veilsum.aggregate.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.circuit.CkksArithmetic;
import dev.veilsum.circuit.Scope;
import dev.veilsum.circuit.SlotSum;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.CkksParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an aggregator computes on encrypted updates without the secret key. Thread-safe; arguments
 * are never changed, and results are the caller's to close. Each result states a bound on its
 * error, from the bounds on noise that ciphertexts carry.
 */
public final class RealEvaluator {
  private final CkksEvaluator evaluator;
  private final OrderedPool pool;

  RealEvaluator(CkksEvaluator evaluator, OrderedPool pool) {
    this.evaluator = evaluator;
    this.pool = pool;
  }

  /**
   * sum w_i v_i / sum w_i, one level down.
   *
   * @param updates at least one, all of one length and bound, as encryptors make them
   * @param weights as many, public, finite and above 0
   * @throws VeilsumException {@code BAD_INPUT} for updates that differ, {@code OUT_OF_RANGE} for
   *     weights
   */
  public EncryptedVector weightedMean(List<EncryptedVector> updates, double[] weights) {
    double[] shares = shares(weights, updates.size());
    EncryptedVector first = updates.get(0);
    updates.forEach(update -> requireAlike(first, update));
    List<CkksCiphertext> chunks = new ArrayList<>();
    try {
      pool.map(
          IntStream.range(0, first.chunks().size()).iterator(),
          k -> combination(updates.stream().map(u -> u.chunks().get(k)).toList(), shares),
          chunks::add);
      return EncryptedVector.of(first.length(), chunks);
    } catch (RuntimeException e) {
      chunks.forEach(CkksCiphertext::close);
      throw e;
    }
  }

  /** The sum of the numbers' squares. */
  public EncryptedNumber squaredNorm(EncryptedVector v) {
    return innerProduct(v, v);
  }

  /**
   * sum a_j b_j: of updates, of means, or of one and the other. The products of all chunks are
   * added before they are relinearized, once, and before the slots are summed.
   *
   * @throws VeilsumException {@code BAD_INPUT} for vectors of different lengths; {@code DEPTH}
   *     where no level is left
   */
  public EncryptedNumber innerProduct(EncryptedVector a, EncryptedVector b) {
    if (a.length() != b.length()) {
      throw different(a.length() + " and " + b.length() + " numbers");
    }
    try (Scope scope = new Scope()) {
      CkksCiphertext tensor = scope.add(evaluator.innerProduct(a.chunks(), b.chunks()));
      CkksCiphertext products = scope.add(evaluator.relinearizeRescale(tensor));
      CkksCiphertext low = scope.add(evaluator.dropToLevel(products, levelOfTotal(products)));
      SlotSum slotSum = SlotSum.of(evaluator.context().parameters());
      return new EncryptedNumber(slotSum.apply(new CkksArithmetic(evaluator), low));
    }
  }

  /**
   * sum coefficients_i terms_i at the terms' scale: coefficients are encoded at the scale of the
   * prime that the rescale divides by.
   */
  private CkksCiphertext combination(List<CkksCiphertext> terms, double[] coefficients) {
    CkksParameters parameters = evaluator.context().parameters();
    double prime = parameters.modulusChain().get(terms.get(0).level());
    try (Scope scope = new Scope()) {
      CkksCiphertext sum = scope.add(evaluator.multiply(terms.get(0), coefficients[0], prime));
      for (int i = 1; i < coefficients.length; i++) {
        CkksCiphertext product =
            scope.add(evaluator.multiply(terms.get(i), coefficients[i], prime));
        CkksCiphertext next = scope.add(evaluator.add(sum, product));
        scope.end(product);
        scope.end(sum);
        sum = next;
      }
      return evaluator.rescale(sum);
    }
  }

  /** The lowest level that holds the total of all slots, with two bits to spare. */
  private int levelOfTotal(CkksCiphertext c) {
    CkksParameters parameters = evaluator.context().parameters();
    double total = c.scale() * c.messageBound() * parameters.slots();
    double bits = Math.log(total) / Math.log(2) + 3;
    int level = 0;
    while (level < c.level() && parameters.logQ(level) < bits) {
      level++;
    }
    return level;
  }

  private static double[] shares(double[] weights, int updates) {
    if (updates == 0 || weights.length != updates) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "%d updates and %d weights".formatted(updates, weights.length));
    }
    double sum = Arrays.stream(weights).sum();
    for (double weight : weights) {
      if (!(weight > 0) || Double.isInfinite(sum)) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE, "a weight of " + weight + "; weights are finite and above 0");
      }
    }
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  private static void requireAlike(EncryptedVector a, EncryptedVector b) {
    if (a.length() != b.length()) {
      throw different(a.length() + " and " + b.length() + " numbers");
    }
    CkksCiphertext x = a.chunks().get(0);
    CkksCiphertext y = b.chunks().get(0);
    if (x.level() != y.level() || x.scale() != y.scale()) {
      throw different(
          "level %d and %d, bounds %s and %s; all clients agree on one bound"
              .formatted(x.level(), y.level(), a.bound(), b.bound()));
    }
  }

  private static VeilsumException different(String how) {
    return new VeilsumException(ErrorCode.BAD_INPUT, "vectors that differ: " + how);
  }
}
