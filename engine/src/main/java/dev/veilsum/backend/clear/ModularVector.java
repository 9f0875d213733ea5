package dev.veilsum.backend.clear;

import java.nio.ByteBuffer;

/** What the slot and the coefficient form of R_t have in common. */
abstract class ModularVector implements MessageRing<long[]> {
  final Residues t;
  final int n;

  ModularVector(long t, int n) {
    this.t = new Residues(t);
    this.n = n;
  }

  /** The message whose slots are all this residue: the constant polynomial. */
  abstract long[] constant(long residue);

  @Override
  public long[] add(long[] a, long[] b) {
    long[] c = new long[n];
    for (int i = 0; i < n; i++) {
      c[i] = t.add(a[i], b[i]);
    }
    return c;
  }

  @Override
  public long[] negate(long[] a) {
    long[] c = new long[n];
    for (int i = 0; i < n; i++) {
      c[i] = t.negate(a[i]);
    }
    return c;
  }

  @Override
  public int bytes() {
    return n * Long.BYTES;
  }

  @Override
  public void write(long[] a, ByteBuffer out) {
    for (long v : a) {
      out.putLong(v);
    }
  }

  @Override
  public long[] read(ByteBuffer in) {
    long[] a = new long[n];
    for (int i = 0; i < n; i++) {
      a[i] = in.getLong();
    }
    return a;
  }
}
