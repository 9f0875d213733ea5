package dev.veilsum.bfv;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Computes on ciphertexts without the secret key, exactly. Thread-safe; arguments are never
 * changed. Every operation checks before it runs, and refuses with the numbers:
 *
 * <ul>
 *   <li>{@code OUT_OF_RANGE}: the integers could wrap modulo t
 *   <li>{@code NOISE_BUDGET}: the noise would pass what can be decrypted
 *   <li>{@code MISSING_KEY}: the evaluator has no such key
 *   <li>{@code PARAMETER_MISMATCH}: the operands are of different parameters
 * </ul>
 *
 * Operands at different levels meet at the lower one. A result has a range where all operands have.
 */
public final class BfvEvaluator {
  private final BfvContext context;
  private final BfvEvaluationKeys keys;

  BfvEvaluator(BfvContext context, BfvEvaluationKeys keys) {
    this.context = context;
    this.keys = keys;
    if (keys != null) {
      keys.in(context);
    }
  }

  public BfvContext context() {
    return context;
  }

  // Sums.

  public BfvCiphertext add(BfvCiphertext a, BfvCiphertext b) {
    IntegerRange range = range("add", rangeOf(a), rangeOf(b), IntegerRange::plus);
    return context.typed(backend().add(a.in(context), b.in(context)), range);
  }

  public BfvCiphertext add(BfvCiphertext a, BfvPlaintext b) {
    IntegerRange range = range("add", rangeOf(a), rangeOf(b), IntegerRange::plus);
    return context.typed(backend().addPlain(a.in(context), b.in(context)), range);
  }

  /** Adds an integer to every slot. */
  public BfvCiphertext add(BfvCiphertext a, long b) {
    IntegerRange range = range("add", rangeOf(a), r -> r.plus(IntegerRange.of(b, b)));
    return context.typed(backend().addScalar(a.in(context), b), range);
  }

  public BfvCiphertext subtract(BfvCiphertext a, BfvCiphertext b) {
    IntegerRange range = range("subtract", rangeOf(a), rangeOf(b), IntegerRange::minus);
    return context.typed(backend().subtract(a.in(context), b.in(context)), range);
  }

  public BfvCiphertext subtract(BfvCiphertext a, BfvPlaintext b) {
    IntegerRange range = range("subtract", rangeOf(a), rangeOf(b), IntegerRange::minus);
    return context.typed(backend().subtractPlain(a.in(context), b.in(context)), range);
  }

  public BfvCiphertext negate(BfvCiphertext a) {
    IntegerRange range = range("negate", rangeOf(a), IntegerRange::negated);
    return context.typed(backend().negate(a.in(context)), range);
  }

  /** The sum of one or more ciphertexts, in one pass. */
  public BfvCiphertext sum(List<BfvCiphertext> terms) {
    requireSome(terms.size(), terms.size());
    IntegerRange range = rangeOf(terms.get(0));
    for (BfvCiphertext term : terms.subList(1, terms.size())) {
      range = range("sum", range, rangeOf(term), IntegerRange::plus);
    }
    return context.typed(backend().sum(references(terms)), range);
  }

  // Products.

  /** The product, of degree 2: needs no key. */
  public BfvCiphertext multiplyWithoutRelinearization(BfvCiphertext a, BfvCiphertext b) {
    return context.typed(backend().multiply(a.in(context), b.in(context)), productRange(a, b));
  }

  /** The product, relinearized to degree 1. */
  public BfvCiphertext multiply(BfvCiphertext a, BfvCiphertext b) {
    return context.typed(
        backend().multiplyRelinearize(a.in(context), b.in(context), keys()), productRange(a, b));
  }

  /** The square, of degree 2. */
  public BfvCiphertext squareWithoutRelinearization(BfvCiphertext a) {
    return context.typed(backend().square(a.in(context)), productRange(a, a));
  }

  /** The square, relinearized to degree 1. */
  public BfvCiphertext square(BfvCiphertext a) {
    return multiply(a, a);
  }

  public BfvCiphertext multiply(BfvCiphertext a, BfvPlaintext b) {
    IntegerRange range = range("multiply", rangeOf(a), rangeOf(b), IntegerRange::times);
    return context.typed(backend().multiplyPlain(a.in(context), b.in(context)), range);
  }

  /** Multiplies every slot by an integer; noise grows by its absolute value. */
  public BfvCiphertext multiply(BfvCiphertext a, long b) {
    IntegerRange range = range("multiply", rangeOf(a), r -> r.times(b));
    return context.typed(backend().multiplyScalar(a.in(context), b), range);
  }

  /** Degree 2 to degree 1. */
  public BfvCiphertext relinearize(BfvCiphertext a) {
    return context.typed(backend().relinearize(a.in(context), keys()), rangeOf(a));
  }

  /** sum a_i b_i, of degree 2: one relinearization is left to do, or none where it is decrypted. */
  public BfvCiphertext innerProduct(List<BfvCiphertext> a, List<BfvCiphertext> b) {
    requireSome(a.size(), b.size());
    IntegerRange range = productRange(a.get(0), b.get(0));
    for (int i = 1; i < a.size(); i++) {
      range = range("inner product", range, productRange(a.get(i), b.get(i)), IntegerRange::plus);
    }
    return context.typed(backend().innerProduct(references(a), references(b)), range);
  }

  /** sum a_i b_i with plaintexts. */
  public BfvCiphertext innerProductPlain(List<BfvCiphertext> a, List<BfvPlaintext> b) {
    requireSome(a.size(), b.size());
    IntegerRange range = IntegerRange.of(0, 0);
    for (int i = 0; i < a.size(); i++) {
      IntegerRange term =
          range("multiply", rangeOf(a.get(i)), rangeOf(b.get(i)), IntegerRange::times);
      range = range("inner product", range, term, IntegerRange::plus);
    }
    List<Reference.Plaintext> plain = b.stream().map(p -> p.in(context)).toList();
    return context.typed(backend().innerProductPlain(references(a), plain), range);
  }

  /**
   * The same integers for arithmetic modulo t: the range is given up, so nothing is refused for its
   * size. For circuits whose results are known to be small though their intermediate ranges are
   * not.
   */
  public BfvCiphertext modular(BfvCiphertext a) {
    return context.typed(backend().sum(List.of(a.in(context))), null);
  }

  // Levels.

  /** Modulus switching to a lower level: the message stays, the ciphertext shrinks. */
  public BfvCiphertext switchToLevel(BfvCiphertext a, int level) {
    return context.typed(backend().switchToLevel(a.in(context), level), rangeOf(a));
  }

  // Slots.

  /** Rotates both rows to the left: column i becomes what column i + steps was. */
  public BfvCiphertext rotateRows(BfvCiphertext a, int steps) {
    return context.typed(backend().rotate(a.in(context), steps, keys()), rangeOf(a));
  }

  /** Many rotations of one ciphertext, which cost less together. */
  public List<BfvCiphertext> rotateRowsMany(BfvCiphertext a, int... steps) {
    return backend().rotateMany(a.in(context), steps, keys()).stream()
        .map(c -> context.typed(c, rangeOf(a)))
        .toList();
  }

  /** Swaps the two rows. */
  public BfvCiphertext swapRows(BfvCiphertext a) {
    return context.typed(backend().conjugate(a.in(context), keys()), rangeOf(a));
  }

  private BfvBackend backend() {
    return context.backend();
  }

  private IntegerRange productRange(BfvCiphertext a, BfvCiphertext b) {
    return a == b
        ? range("square", rangeOf(a), IntegerRange::squared)
        : range("multiply", rangeOf(a), rangeOf(b), IntegerRange::times);
  }

  private IntegerRange range(String operation, IntegerRange a, UnaryOperator<IntegerRange> f) {
    return a == null ? null : f.apply(a).requireWithin(context.parameters(), operation);
  }

  private IntegerRange range(
      String operation, IntegerRange a, IntegerRange b, BinaryOperator<IntegerRange> f) {
    return a == null || b == null
        ? null
        : f.apply(a, b).requireWithin(context.parameters(), operation);
  }

  private static IntegerRange rangeOf(BfvCiphertext c) {
    return c.range().orElse(null);
  }

  private static IntegerRange rangeOf(BfvPlaintext p) {
    return p.range().orElse(null);
  }

  private static void requireSome(int left, int right) {
    if (left == 0 || left != right) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "lists of %d and %d: they have the same length, at least 1".formatted(left, right));
    }
  }

  private List<Reference.Ciphertext> references(List<BfvCiphertext> all) {
    return all.stream().map(c -> c.in(context)).toList();
  }

  private Reference.EvaluationKeys keys() {
    if (keys == null) {
      throw new VeilsumException(
          ErrorCode.MISSING_KEY,
          "this evaluator has no keys, so it cannot relinearize or rotate: make it with"
              + " evaluator(keys)");
    }
    return keys.in(context);
  }
}
