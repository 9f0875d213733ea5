package dev.veilsum.backend.core;

import dev.veilsum.nativelib.BgvCore;

/** Those of BGV, by the core: BFV's contexts, plaintexts and keys, ciphertexts in Eval form. */
final class BgvFunctions extends BfvFunctions {
  @Override
  public int level(long c) {
    return BgvCore.level(c);
  }

  @Override
  public int degree(long c) {
    return BgvCore.degree(c);
  }

  @Override
  public double noiseBits(long c) {
    return BgvCore.log2Noise(c);
  }

  @Override
  public long packedBytes(long c) {
    return BgvCore.packedBytes(c);
  }

  @Override
  public void pack(long c, long out, long bytes) {
    BgvCore.pack(c, out, bytes);
  }

  @Override
  public long load(long context, long in, long bytes, long[] consumed) {
    return BgvCore.load(context, in, bytes, consumed);
  }

  @Override
  public long add(long a, long b) {
    return BgvCore.add(a, b);
  }

  @Override
  public long subtract(long a, long b) {
    return BgvCore.sub(a, b);
  }

  @Override
  public long negate(long a) {
    return BgvCore.negate(a);
  }

  @Override
  public long addPlain(long a, long plaintext) {
    return BgvCore.addPlain(a, plaintext);
  }

  @Override
  public long subtractPlain(long a, long plaintext) {
    return BgvCore.subPlain(a, plaintext);
  }

  @Override
  public long multiplyPlain(long a, long plaintext) {
    return BgvCore.multiplyPlain(a, plaintext);
  }

  @Override
  public long multiply(long a, long b) {
    return BgvCore.multiply(a, b);
  }

  @Override
  public long square(long a) {
    return BgvCore.square(a);
  }

  @Override
  public long relinearize(long a, long keys) {
    return BgvCore.relinearize(a, keys);
  }

  @Override
  public long rotate(long a, long steps, long keys) {
    return BgvCore.rotate(a, steps, keys);
  }

  @Override
  public void rotateMany(long a, long[] steps, int count, long keys, long[] out) {
    BgvCore.rotateMany(a, steps, count, keys, out);
  }

  @Override
  public long conjugate(long a, long keys) {
    return BgvCore.swapRows(a, keys);
  }

  @Override
  public long sum(long[] terms, int count) {
    return BgvCore.sum(terms, count);
  }

  @Override
  public long innerProduct(long[] a, long[] b, int count) {
    return BgvCore.innerProduct(a, b, count);
  }

  @Override
  public long innerProductPlain(long[] a, long[] plaintexts, int count) {
    return BgvCore.innerProductPlain(a, plaintexts, count);
  }

  @Override
  protected long encrypt(long publicKey, long plaintext, int level) {
    return BgvCore.encrypt(publicKey, plaintext, level);
  }

  @Override
  protected long encryptSeeded(long secretKey, long plaintext, int level) {
    return BgvCore.encryptSeeded(secretKey, plaintext, level);
  }

  @Override
  protected double noiseBudgetBits(long c) {
    return BgvCore.noiseBudgetBits(c);
  }

  @Override
  protected long adopt(long c) {
    return BgvCore.asBgv(c);
  }

  @Override
  protected long decrypt(long context, long secretKey, long c, int count) {
    return BgvCore.decrypt(context, secretKey, c, count);
  }

  @Override
  protected long decryptCoefficients(long context, long secretKey, long c, int count) {
    return BgvCore.decryptCoefficients(context, secretKey, c, count);
  }

  @Override
  protected long multiplyRelinearize(long a, long b, long keys) {
    return BgvCore.multiplyRelinearize(a, b, keys);
  }

  @Override
  protected long addScalar(long a, long value) {
    return BgvCore.addScalar(a, value);
  }

  @Override
  protected long multiplyScalar(long a, long value) {
    return BgvCore.multiplyScalar(a, value);
  }

  @Override
  protected long switchToLevel(long a, int level) {
    return BgvCore.switchToLevel(a, level);
  }
}
