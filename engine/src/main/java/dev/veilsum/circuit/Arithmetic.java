package dev.veilsum.circuit;

import java.util.List;

/**
 * Slotwise arithmetic, over which circuits are written once: CKKS and BFV, encrypted or in the
 * clear. Every method returns a new value that its receiver closes.
 *
 * @param <C> a vector of slots: a ciphertext, on a real backend or on the cleartext twin
 * @param <S> a constant: {@code Double} or {@code Long}
 */
public interface Arithmetic<C extends AutoCloseable, S> {
  /** The slots of one row: rotations act modulo this number. */
  int columns();

  /** 1 in CKKS; 2 in BFV, whose rows {@link #swapRows} exchanges. */
  int rows();

  C add(C a, C b);

  C subtract(C a, C b);

  C addConstant(C a, S constant);

  C sum(List<C> terms);

  /** The product, ready for the next operation: relinearized, and in CKKS rescaled. */
  C multiply(C a, C b);

  /** sum a_i b_i, ready for the next operation, with one relinearization. */
  C innerProduct(List<C> a, List<C> b);

  C rotate(C a, int steps);

  C swapRows(C a);

  Form formOf(C a);

  /** The form that {@link #multiply} of these two results in. */
  Form formOfProduct(Form a, Form b);

  /** The form of {@code a} for which {@code multiply(a, b)} is exactly in {@code product}. */
  Form formOfFactor(Form product, Form b);

  /**
   * sum coefficients_i terms_i + constant, exactly in {@code target}.
   *
   * @param terms at least one; in CKKS at levels above the target's
   */
  C combine(List<C> terms, List<S> coefficients, S constant, Form target);

  S zero();

  /** Whether a constant is 0 and its term can be left out. */
  boolean isZero(S constant);
}
