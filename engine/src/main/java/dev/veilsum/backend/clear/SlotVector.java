package dev.veilsum.backend.clear;

/**
 * R_t for a batching prime t, as two rows of N/2 slots: row 0, column c is m(psi^(3^c)), row 1 is
 * m(psi^(-3^c)), psi the smallest primitive 2N-th root of unity.
 */
final class SlotVector extends ModularVector {
  private final long psi;

  SlotVector(long t, int n) {
    super(t, n);
    this.psi = smallestPrimitiveRoot();
  }

  @Override
  long[] constant(long residue) {
    long[] c = new long[n];
    java.util.Arrays.fill(c, residue);
    return c;
  }

  @Override
  public long[] multiply(long[] a, long[] b) {
    long[] c = new long[n];
    for (int i = 0; i < n; i++) {
      c[i] = t.multiply(a[i], b[i]);
    }
    return c;
  }

  @Override
  public long[] rotate(long[] a, int steps) {
    int row = n / 2;
    long[] c = new long[n];
    for (int i = 0; i < row; i++) {
      int from = Math.floorMod(i + steps, row);
      c[i] = a[from];
      c[row + i] = a[row + from];
    }
    return c;
  }

  @Override
  public long[] conjugate(long[] a) {
    int row = n / 2;
    long[] c = new long[n];
    System.arraycopy(a, row, c, 0, row);
    System.arraycopy(a, 0, c, row, row);
    return c;
  }

  /** The slots of a polynomial. */
  long[] fromCoefficients(long[] coefficients) {
    long[] a = new long[n];
    long power = 1;
    for (int i = 0; i < n; i++) {
      a[i] = t.multiply(coefficients[i], power);
      power = t.multiply(power, psi);
    }
    long[] values = transform(a, t.multiply(psi, psi)); // values[k] = m(psi^(2k+1))
    long[] slots = new long[n];
    long exponent = 1;
    for (int c = 0; c < n / 2; c++) {
      slots[c] = values[(int) (exponent >> 1)];
      slots[n / 2 + c] = values[(int) ((2L * n - exponent) >> 1)];
      exponent = 3 * exponent % (2L * n);
    }
    return slots;
  }

  /** The polynomial of these slots. */
  long[] toCoefficients(long[] slots) {
    long[] values = new long[n];
    long exponent = 1;
    for (int c = 0; c < n / 2; c++) {
      values[(int) (exponent >> 1)] = slots[c];
      values[(int) ((2L * n - exponent) >> 1)] = slots[n / 2 + c];
      exponent = 3 * exponent % (2L * n);
    }
    long psiInverse = t.power(psi, t.m - 2);
    long[] a = transform(values, t.multiply(psiInverse, psiInverse));
    long power = t.power(n, t.m - 2);
    for (int i = 0; i < n; i++) {
      a[i] = t.multiply(a[i], power);
      power = t.multiply(power, psiInverse);
    }
    return a;
  }

  /** sum_i a_i omega^(ik), by recursion on even and odd indices (Cooley and Tukey 1965). */
  private long[] transform(long[] a, long omega) {
    if (a.length == 1) {
      return a;
    }
    int half = a.length / 2;
    long[] even = new long[half];
    long[] odd = new long[half];
    for (int i = 0; i < half; i++) {
      even[i] = a[2 * i];
      odd[i] = a[2 * i + 1];
    }
    long square = t.multiply(omega, omega);
    even = transform(even, square);
    odd = transform(odd, square);
    long[] out = new long[a.length];
    long power = 1;
    for (int k = 0; k < half; k++) {
      long twisted = t.multiply(odd[k], power);
      out[k] = t.add(even[k], twisted);
      out[k + half] = t.add(even[k], t.negate(twisted));
      power = t.multiply(power, omega);
    }
    return out;
  }

  private long smallestPrimitiveRoot() {
    long candidate = 2;
    long root = t.power(candidate, (t.m - 1) / (2L * n));
    while (t.power(root, n) != t.m - 1) {
      candidate++;
      root = t.power(candidate, (t.m - 1) / (2L * n));
    }
    long square = t.multiply(root, root);
    long smallest = root;
    long power = root;
    for (int i = 1; i < n; i++) {
      power = t.multiply(power, square);
      smallest = Math.min(smallest, power);
    }
    return smallest;
  }
}
