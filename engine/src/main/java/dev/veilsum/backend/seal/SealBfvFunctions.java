package dev.veilsum.backend.seal;

import dev.veilsum.backend.core.BfvFunctions;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.seal.SealBfv;
import dev.veilsum.nativelib.seal.SealEngine;

/** BFV, evaluated and decrypted by SEAL. */
final class SealBfvFunctions extends BfvFunctions {
  private final NativeHandle engine;

  /** Over the core's context of the parameters. */
  SealBfvFunctions(NativeHandle context) {
    this.engine = NativeHandle.own(() -> context.apply(SealEngine::bfvEngine));
  }

  @Override
  public long add(long a, long b) {
    return engine.apply(e -> SealBfv.add(e, a, b));
  }

  @Override
  public long subtract(long a, long b) {
    return engine.apply(e -> SealBfv.sub(e, a, b));
  }

  @Override
  public long negate(long a) {
    return engine.apply(e -> SealBfv.negate(e, a));
  }

  @Override
  public long addPlain(long a, long plaintext) {
    return engine.apply(e -> SealBfv.addPlain(e, a, plaintext));
  }

  @Override
  public long subtractPlain(long a, long plaintext) {
    return engine.apply(e -> SealBfv.subPlain(e, a, plaintext));
  }

  @Override
  public long multiplyPlain(long a, long plaintext) {
    return engine.apply(e -> SealBfv.multiplyPlain(e, a, plaintext));
  }

  @Override
  public long multiply(long a, long b) {
    return engine.apply(e -> SealBfv.multiply(e, a, b));
  }

  @Override
  public long relinearize(long a, long keys) {
    return engine.apply(e -> SealBfv.relinearize(e, a, keys));
  }

  @Override
  public long rotate(long a, long steps, long keys) {
    return engine.apply(e -> SealBfv.rotate(e, a, steps, keys));
  }

  @Override
  public void rotateMany(long a, long[] steps, int count, long keys, long[] out) {
    engine.apply(
        e -> {
          SealBfv.rotateMany(e, a, steps, count, keys, out);
          return 0;
        });
  }

  @Override
  public long sum(long[] terms, int count) {
    return engine.apply(e -> SealBfv.sum(e, terms, count));
  }

  @Override
  public long innerProduct(long[] a, long[] b, int count) {
    return engine.apply(e -> SealBfv.innerProduct(e, a, b, count));
  }

  @Override
  public long innerProductPlain(long[] a, long[] plaintexts, int count) {
    return engine.apply(e -> SealBfv.innerProductPlain(e, a, plaintexts, count));
  }

  @Override
  public long square(long a) {
    return multiply(a, a);
  }

  @Override
  public long conjugate(long a, long keys) {
    return engine.apply(e -> SealBfv.swapRows(e, a, keys));
  }

  @Override
  protected long multiplyRelinearize(long a, long b, long keys) {
    return engine.apply(e -> SealBfv.multiplyRelinearize(e, a, b, keys));
  }

  @Override
  protected long addScalar(long a, long value) {
    return engine.apply(e -> SealBfv.addScalar(e, a, value));
  }

  @Override
  protected long multiplyScalar(long a, long value) {
    return engine.apply(e -> SealBfv.multiplyScalar(e, a, value));
  }

  @Override
  protected long switchToLevel(long a, int level) {
    return engine.apply(e -> SealBfv.switchToLevel(e, a, level));
  }

  @Override
  protected long decrypt(long context, long secretKey, long c, int count) {
    return engine.apply(e -> SealBfv.decrypt(e, context, secretKey, c, count));
  }

  @Override
  protected long decryptCoefficients(long context, long secretKey, long c, int count) {
    return engine.apply(e -> SealBfv.decryptCoefficients(e, context, secretKey, c, count));
  }
}
