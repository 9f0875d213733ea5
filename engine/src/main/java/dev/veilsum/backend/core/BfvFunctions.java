package dev.veilsum.backend.core;

import dev.veilsum.nativelib.BfvCore;
import dev.veilsum.nativelib.BgvCore;

/** Those of BFV, by the core; another engine for the same objects overrides what it computes. */
public class BfvFunctions implements SchemeFunctions {
  @Override
  public int level(long c) {
    return BfvCore.level(c);
  }

  @Override
  public int degree(long c) {
    return BfvCore.degree(c);
  }

  @Override
  public double noiseBits(long c) {
    return BfvCore.log2Noise(c);
  }

  @Override
  public long packedBytes(long c) {
    return BfvCore.packedBytes(c);
  }

  @Override
  public void pack(long c, long out, long bytes) {
    BfvCore.pack(c, out, bytes);
  }

  @Override
  public long load(long context, long in, long bytes, long[] consumed) {
    return BfvCore.load(context, in, bytes, consumed);
  }

  @Override
  public long add(long a, long b) {
    return BfvCore.add(a, b);
  }

  @Override
  public long subtract(long a, long b) {
    return BfvCore.sub(a, b);
  }

  @Override
  public long negate(long a) {
    return BfvCore.negate(a);
  }

  @Override
  public long addPlain(long a, long plaintext) {
    return BfvCore.addPlain(a, plaintext);
  }

  @Override
  public long subtractPlain(long a, long plaintext) {
    return BfvCore.subPlain(a, plaintext);
  }

  @Override
  public long multiplyPlain(long a, long plaintext) {
    return BfvCore.multiplyPlain(a, plaintext);
  }

  @Override
  public long multiply(long a, long b) {
    return BfvCore.multiply(a, b);
  }

  @Override
  public long square(long a) {
    return BfvCore.square(a);
  }

  @Override
  public long relinearize(long a, long keys) {
    return BfvCore.relinearize(a, keys);
  }

  @Override
  public long rotate(long a, long steps, long keys) {
    return BfvCore.rotate(a, steps, keys);
  }

  @Override
  public void rotateMany(long a, long[] steps, int count, long keys, long[] out) {
    BfvCore.rotateMany(a, steps, count, keys, out);
  }

  @Override
  public long conjugate(long a, long keys) {
    return BfvCore.swapRows(a, keys);
  }

  @Override
  public long sum(long[] terms, int count) {
    return BfvCore.sum(terms, count);
  }

  @Override
  public long innerProduct(long[] a, long[] b, int count) {
    return BfvCore.innerProduct(a, b, count);
  }

  @Override
  public long innerProductPlain(long[] a, long[] plaintexts, int count) {
    return BfvCore.innerProductPlain(a, plaintexts, count);
  }

  protected long encrypt(long publicKey, long plaintext, int level) {
    return BfvCore.encrypt(publicKey, plaintext, level);
  }

  protected long encryptSeeded(long secretKey, long plaintext, int level) {
    return BfvCore.encryptSeeded(secretKey, plaintext, level);
  }

  protected double noiseBudgetBits(long c) {
    return BfvCore.noiseBudgetBits(c);
  }

  /** A ciphertext of BFV or BGV as one of these. */
  protected long adopt(long c) {
    return BgvCore.asBfv(c);
  }

  /** The first {@code count} slots, as BfvCore takes them. */
  protected long decrypt(long context, long secretKey, long c, int count) {
    return BfvCore.decrypt(context, secretKey, c, count);
  }

  /** The first {@code count} coefficients, as BfvCore takes them. */
  protected long decryptCoefficients(long context, long secretKey, long c, int count) {
    return BfvCore.decryptCoefficients(context, secretKey, c, count);
  }

  protected long multiplyRelinearize(long a, long b, long keys) {
    return BfvCore.multiplyRelinearize(a, b, keys);
  }

  protected long addScalar(long a, long value) {
    return BfvCore.addScalar(a, value);
  }

  protected long multiplyScalar(long a, long value) {
    return BfvCore.multiplyScalar(a, value);
  }

  protected long switchToLevel(long a, int level) {
    return BfvCore.switchToLevel(a, level);
  }
}
