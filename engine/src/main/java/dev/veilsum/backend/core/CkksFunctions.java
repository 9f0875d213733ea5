package dev.veilsum.backend.core;

import dev.veilsum.nativelib.CkksCore;

/** Those of CKKS, by the core; another engine for the same objects overrides what it computes. */
public class CkksFunctions implements SchemeFunctions {
  @Override
  public int level(long c) {
    return CkksCore.level(c);
  }

  @Override
  public int degree(long c) {
    return CkksCore.degree(c);
  }

  @Override
  public double noiseBits(long c) {
    return Math.log(CkksCore.noise(c)) / Math.log(2);
  }

  @Override
  public long packedBytes(long c) {
    return CkksCore.packedBytes(c);
  }

  @Override
  public void pack(long c, long out, long bytes) {
    CkksCore.pack(c, out, bytes);
  }

  @Override
  public long load(long context, long in, long bytes, long[] consumed) {
    return CkksCore.load(context, in, bytes, consumed);
  }

  @Override
  public long add(long a, long b) {
    return CkksCore.add(a, b);
  }

  @Override
  public long subtract(long a, long b) {
    return CkksCore.sub(a, b);
  }

  @Override
  public long negate(long a) {
    return CkksCore.negate(a);
  }

  @Override
  public long addPlain(long a, long plaintext) {
    return CkksCore.addPlain(a, plaintext);
  }

  @Override
  public long subtractPlain(long a, long plaintext) {
    return CkksCore.subPlain(a, plaintext);
  }

  @Override
  public long multiplyPlain(long a, long plaintext) {
    return CkksCore.multiplyPlain(a, plaintext);
  }

  @Override
  public long multiply(long a, long b) {
    return CkksCore.multiply(a, b);
  }

  @Override
  public long square(long a) {
    return CkksCore.square(a);
  }

  @Override
  public long relinearize(long a, long keys) {
    return CkksCore.relinearize(a, keys);
  }

  @Override
  public long rotate(long a, long steps, long keys) {
    return CkksCore.rotate(a, steps, keys);
  }

  @Override
  public void rotateMany(long a, long[] steps, int count, long keys, long[] out) {
    CkksCore.rotateMany(a, steps, count, keys, out);
  }

  @Override
  public long conjugate(long a, long keys) {
    return CkksCore.conjugate(a, keys);
  }

  @Override
  public long sum(long[] terms, int count) {
    return CkksCore.sum(terms, count);
  }

  @Override
  public long innerProduct(long[] a, long[] b, int count) {
    return CkksCore.innerProduct(a, b, count);
  }

  @Override
  public long innerProductPlain(long[] a, long[] plaintexts, int count) {
    return CkksCore.innerProductPlain(a, plaintexts, count);
  }

  /** The first {@code count} slots, as CkksCore takes them. */
  protected long decrypt(long secretKey, long c, int count) {
    return CkksCore.decrypt(secretKey, c, count);
  }

  protected long addScalar(long a, double value) {
    return CkksCore.addScalar(a, value);
  }

  protected long multiplyScalar(long a, double value, double scale) {
    return CkksCore.multiplyScalar(a, value, scale);
  }

  protected long multiplyInteger(long a, long factor) {
    return CkksCore.multiplyInteger(a, factor);
  }

  protected long rescale(long a, int levels) {
    return CkksCore.rescale(a, levels);
  }

  protected long dropTo(long a, int level) {
    return CkksCore.dropTo(a, level);
  }
}
