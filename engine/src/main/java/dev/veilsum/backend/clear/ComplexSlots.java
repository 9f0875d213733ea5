package dev.veilsum.backend.clear;

import java.nio.ByteBuffer;

/** Vectors of {@code slots} complex numbers as doubles: real parts, then imaginary parts. */
record ComplexSlots(int slots) implements MessageRing<double[]> {
  @Override
  public double[] add(double[] a, double[] b) {
    double[] c = new double[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = a[i] + b[i];
    }
    return c;
  }

  @Override
  public double[] negate(double[] a) {
    return scale(a, -1);
  }

  double[] scale(double[] a, double factor) {
    double[] c = new double[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = a[i] * factor;
    }
    return c;
  }

  @Override
  public double[] multiply(double[] a, double[] b) {
    double[] c = new double[a.length];
    for (int i = 0; i < slots; i++) {
      int j = slots + i;
      c[i] = a[i] * b[i] - a[j] * b[j];
      c[j] = a[i] * b[j] + a[j] * b[i];
    }
    return c;
  }

  @Override
  public double[] rotate(double[] a, int steps) {
    double[] c = new double[a.length];
    for (int i = 0; i < slots; i++) {
      int from = Math.floorMod(i + steps, slots);
      c[i] = a[from];
      c[slots + i] = a[slots + from];
    }
    return c;
  }

  @Override
  public double[] conjugate(double[] a) {
    double[] c = a.clone();
    for (int i = slots; i < c.length; i++) {
      c[i] = -c[i];
    }
    return c;
  }

  @Override
  public int bytes() {
    return 2 * slots * Double.BYTES;
  }

  @Override
  public void write(double[] a, ByteBuffer out) {
    for (double v : a) {
      out.putDouble(v);
    }
  }

  @Override
  public double[] read(ByteBuffer in) {
    double[] a = new double[2 * slots];
    for (int i = 0; i < a.length; i++) {
      a[i] = in.getDouble();
    }
    return a;
  }
}
