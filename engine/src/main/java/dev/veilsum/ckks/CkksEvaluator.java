package dev.veilsum.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import java.util.List;

/**
 * Computes on ciphertexts without the secret key. Thread-safe; arguments are never changed. Every
 * operation checks before it runs, and refuses with the numbers:
 *
 * <ul>
 *   <li>{@code SCALE_MISMATCH}: the scales of what is added differ
 *   <li>{@code DEPTH}: no level is left to rescale to
 *   <li>{@code NOISE_BUDGET}: message or noise would pass the modulus
 *   <li>{@code MISSING_KEY}: the evaluator has no such key
 *   <li>{@code PARAMETER_MISMATCH}: the operands are of different parameters
 * </ul>
 *
 * Operands at different levels meet at the lower one.
 */
public final class CkksEvaluator {
  private final CkksContext context;
  private final CkksEvaluationKeys keys;

  CkksEvaluator(CkksContext context, CkksEvaluationKeys keys) {
    this.context = context;
    this.keys = keys;
    if (keys != null) {
      keys.in(context);
    }
  }

  public CkksContext context() {
    return context;
  }

  // Sums.

  public CkksCiphertext add(CkksCiphertext a, CkksCiphertext b) {
    return typed(backend().add(a.in(context), b.in(context)));
  }

  public CkksCiphertext add(CkksCiphertext a, CkksPlaintext b) {
    return typed(backend().addPlain(a.in(context), b.in(context)));
  }

  /** Adds a number to every slot. */
  public CkksCiphertext add(CkksCiphertext a, double b) {
    return typed(backend().addScalar(a.in(context), b));
  }

  public CkksCiphertext subtract(CkksCiphertext a, CkksCiphertext b) {
    return typed(backend().subtract(a.in(context), b.in(context)));
  }

  public CkksCiphertext subtract(CkksCiphertext a, CkksPlaintext b) {
    return typed(backend().subtractPlain(a.in(context), b.in(context)));
  }

  public CkksCiphertext negate(CkksCiphertext a) {
    return typed(backend().negate(a.in(context)));
  }

  /** The sum of one or more ciphertexts, in one pass. */
  public CkksCiphertext sum(List<CkksCiphertext> terms) {
    return typed(backend().sum(references(terms)));
  }

  // Products: scales multiply, and rescale brings them down.

  /** The product, of degree 2: needs no key. */
  public CkksCiphertext multiplyWithoutRelinearization(CkksCiphertext a, CkksCiphertext b) {
    return typed(backend().multiply(a.in(context), b.in(context)));
  }

  /** The product, relinearized to degree 1. */
  public CkksCiphertext multiply(CkksCiphertext a, CkksCiphertext b) {
    return typed(backend().multiplyRelinearize(a.in(context), b.in(context), keys()));
  }

  /** The product, relinearized and rescaled by one level. */
  public CkksCiphertext multiplyRescale(CkksCiphertext a, CkksCiphertext b) {
    return typed(backend().multiplyRelinearizeRescale(a.in(context), b.in(context), keys()));
  }

  /** The square, of degree 2. */
  public CkksCiphertext squareWithoutRelinearization(CkksCiphertext a) {
    return typed(backend().square(a.in(context)));
  }

  /** The square, relinearized to degree 1. */
  public CkksCiphertext square(CkksCiphertext a) {
    return multiply(a, a);
  }

  public CkksCiphertext multiply(CkksCiphertext a, CkksPlaintext b) {
    return typed(backend().multiplyPlain(a.in(context), b.in(context)));
  }

  /**
   * Multiplies every slot by a number that is encoded at {@code scalarScale}; the scale grows by
   * it. A whole number at scale 1 costs neither scale nor level.
   */
  public CkksCiphertext multiply(CkksCiphertext a, double b, double scalarScale) {
    return typed(backend().multiplyScalar(a.in(context), b, scalarScale));
  }

  /** Degree 2 to degree 1. */
  public CkksCiphertext relinearize(CkksCiphertext a) {
    return typed(backend().relinearize(a.in(context), keys()));
  }

  /** Degree 2 to degree 1, and one rescale. */
  public CkksCiphertext relinearizeRescale(CkksCiphertext a) {
    return typed(backend().relinearizeRescale(a.in(context), keys()));
  }

  /** sum a_i b_i, of degree 2: one relinearization is left to do, or none where it is decrypted. */
  public CkksCiphertext innerProduct(List<CkksCiphertext> a, List<CkksCiphertext> b) {
    return typed(backend().innerProduct(references(a), references(b)));
  }

  /** sum a_i b_i with plaintexts. */
  public CkksCiphertext innerProductPlain(List<CkksCiphertext> a, List<CkksPlaintext> b) {
    List<Reference.Plaintext> plain = b.stream().map(p -> p.in(context)).toList();
    return typed(backend().innerProductPlain(references(a), plain));
  }

  // Levels.

  /** Divides by the last prime: one level less, and the scale is divided by that prime. */
  public CkksCiphertext rescale(CkksCiphertext a) {
    return rescale(a, 1);
  }

  /** Divides by the last {@code levels} primes. */
  public CkksCiphertext rescale(CkksCiphertext a, int levels) {
    return typed(backend().rescale(a.in(context), levels));
  }

  /** The same message with fewer primes; the scale stays. */
  public CkksCiphertext dropToLevel(CkksCiphertext a, int level) {
    return typed(backend().dropToLevel(a.in(context), level));
  }

  /**
   * Brings a ciphertext to exactly this scale at a lower level, at the price of one rescale: this
   * is how operands of different depths meet.
   */
  public CkksCiphertext adjust(CkksCiphertext a, int level, double scale) {
    return typed(backend().adjust(a.in(context), level, scale));
  }

  // Bounds.

  /**
   * The same ciphertext with bounds that the caller has proved and the evaluator cannot know: that
   * T_8(x) is at most 1, say, or that a circuit counts its input's noise as part of the message and
   * bears it. Everything that follows believes them: errors, refusals, and the noise that {@code
   * decryptForRelease} adds, so a wrong one is a leak.
   *
   * @param noiseBoundBits log2 of the bound on the noise, as {@link CkksCiphertext#noiseBoundBits}
   * @param messageBound on the absolute value of every slot of the message
   */
  public CkksCiphertext withBounds(CkksCiphertext a, double noiseBoundBits, double messageBound) {
    return typed(backend().withBounds(a.in(context), noiseBoundBits, messageBound));
  }

  // Slots.

  /** Rotates the slots to the left: slot i becomes what slot i + steps was. */
  public CkksCiphertext rotate(CkksCiphertext a, int steps) {
    return typed(backend().rotate(a.in(context), steps, keys()));
  }

  /** Many rotations of one ciphertext, which cost less together. */
  public List<CkksCiphertext> rotateMany(CkksCiphertext a, int... steps) {
    return backend().rotateMany(a.in(context), steps, keys()).stream().map(this::typed).toList();
  }

  /** The complex conjugate of every slot. */
  public CkksCiphertext conjugate(CkksCiphertext a) {
    return typed(backend().conjugate(a.in(context), keys()));
  }

  /**
   * A public matrix times the vector in the slots, which repeat with the matrix's dimension as
   * period. The scale is multiplied by the transform's: rescale it. Takes the keys {@link
   * CkksLinearTransform#keys}; {@code MISSING_KEY} where one is not here. On the core the rotations
   * are hoisted twice (Bossuat, Mouchet, Troncoso-Pastoriza, Hubaux, ePrint 2020/1203, algorithm
   * 6): many times faster than rotations and products, and with less noise.
   */
  public CkksCiphertext apply(CkksLinearTransform transform, CkksCiphertext a) {
    return typed(backend().apply(transform.in(context), a.in(context), keys()));
  }

  /** {@link #apply} and one rescale. */
  public CkksCiphertext applyRescale(CkksLinearTransform transform, CkksCiphertext a) {
    return typed(backend().applyRescale(transform.in(context), a.in(context), keys()));
  }

  private CkksBackend backend() {
    return context.backend();
  }

  private CkksCiphertext typed(Reference.Ciphertext reference) {
    return new CkksCiphertext(context, reference);
  }

  private List<Reference.Ciphertext> references(List<CkksCiphertext> all) {
    return all.stream().map(c -> c.in(context)).toList();
  }

  private Reference.EvaluationKeys keys() {
    if (keys == null) {
      throw new VeilsumException(
          ErrorCode.MISSING_KEY,
          "this evaluator has no keys, so it cannot relinearize, rotate or conjugate: make it with"
              + " evaluator(keys)");
    }
    return keys.in(context);
  }
}
