package dev.veilsum.backend.clear;

/** R_t for any t, as the N coefficients of a polynomial modulo X^N + 1. Products take N^2 steps. */
final class CoefficientVector extends ModularVector {
  CoefficientVector(long t, int n) {
    super(t, n);
  }

  @Override
  long[] constant(long residue) {
    long[] c = new long[n];
    c[0] = residue;
    return c;
  }

  @Override
  public long[] multiply(long[] a, long[] b) {
    long[] c = new long[n];
    for (int i = 0; i < n; i++) {
      if (a[i] == 0) {
        continue;
      }
      for (int j = 0; j < n; j++) {
        long product = t.multiply(a[i], b[j]);
        int k = i + j;
        if (k < n) {
          c[k] = t.add(c[k], product);
        } else {
          c[k - n] = t.add(c[k - n], t.negate(product));
        }
      }
    }
    return c;
  }

  @Override
  public long[] rotate(long[] a, int steps) {
    long g = 1;
    for (int i = Math.floorMod(steps, n / 2); i > 0; i--) {
      g = 3 * g % (2L * n);
    }
    return automorphism(a, g);
  }

  @Override
  public long[] conjugate(long[] a) {
    return automorphism(a, 2L * n - 1);
  }

  /** a(X^g). */
  private long[] automorphism(long[] a, long g) {
    long[] c = new long[n];
    for (int i = 0; i < n; i++) {
      int k = (int) (i * g % (2L * n));
      c[k % n] = k < n ? a[i] : t.negate(a[i]);
    }
    return c;
  }
}
