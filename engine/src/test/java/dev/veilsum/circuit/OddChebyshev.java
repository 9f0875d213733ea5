package dev.veilsum.circuit;

/**
 * f(x) = sum_k c_k T_{2k+1}(x), an odd polynomial of degree 2n - 1, with what is needed to bound it
 * between the points of a grid.
 */
record OddChebyshev(double[] c) {
  /** x may lie a little outside of [-1, 1]. */
  double at(double x) {
    // T_{n+2} = 2 T_2 T_n - T_{n-2}, by Clenshaw's recurrence over odd n, T_{-1} = T_1.
    double twice = 2 * (2 * x * x - 1);
    double next = 0;
    double after = 0;
    for (int k = c.length - 1; k >= 1; k--) {
      double current = c[k] + twice * next - after;
      after = next;
      next = current;
    }
    return x * (c[0] + (twice - 1) * next - after);
  }

  /** A bound on |d^2 f(cos u) / du^2| for real u. */
  double curvature() {
    double sum = 0;
    for (int k = 0; k < c.length; k++) {
      sum += Math.abs(c[k]) * (2 * k + 1) * (2 * k + 1);
    }
    return sum;
  }

  OddChebyshev times(double factor) {
    double[] scaled = c.clone();
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] *= factor;
    }
    return new OddChebyshev(scaled);
  }
}
