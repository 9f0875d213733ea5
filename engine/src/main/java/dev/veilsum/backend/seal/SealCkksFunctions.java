package dev.veilsum.backend.seal;

import dev.veilsum.backend.core.CkksFunctions;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.seal.SealCkks;
import dev.veilsum.nativelib.seal.SealEngine;

/** CKKS, evaluated and decrypted by SEAL. */
final class SealCkksFunctions extends CkksFunctions {
  private final NativeHandle engine;

  /** Over the core's context of the parameters. */
  SealCkksFunctions(NativeHandle context) {
    this.engine = NativeHandle.own(() -> context.apply(SealEngine::ckksEngine));
  }

  @Override
  public long add(long a, long b) {
    return engine.apply(e -> SealCkks.add(e, a, b));
  }

  @Override
  public long subtract(long a, long b) {
    return engine.apply(e -> SealCkks.sub(e, a, b));
  }

  @Override
  public long negate(long a) {
    return engine.apply(e -> SealCkks.negate(e, a));
  }

  @Override
  public long addPlain(long a, long plaintext) {
    return engine.apply(e -> SealCkks.addPlain(e, a, plaintext));
  }

  @Override
  public long subtractPlain(long a, long plaintext) {
    return engine.apply(e -> SealCkks.subPlain(e, a, plaintext));
  }

  @Override
  public long multiplyPlain(long a, long plaintext) {
    return engine.apply(e -> SealCkks.multiplyPlain(e, a, plaintext));
  }

  @Override
  public long multiply(long a, long b) {
    return engine.apply(e -> SealCkks.multiply(e, a, b));
  }

  @Override
  public long relinearize(long a, long keys) {
    return engine.apply(e -> SealCkks.relinearize(e, a, keys));
  }

  @Override
  public long rotate(long a, long steps, long keys) {
    return engine.apply(e -> SealCkks.rotate(e, a, steps, keys));
  }

  @Override
  public void rotateMany(long a, long[] steps, int count, long keys, long[] out) {
    engine.apply(
        e -> {
          SealCkks.rotateMany(e, a, steps, count, keys, out);
          return 0;
        });
  }

  @Override
  public long sum(long[] terms, int count) {
    return engine.apply(e -> SealCkks.sum(e, terms, count));
  }

  @Override
  public long innerProduct(long[] a, long[] b, int count) {
    return engine.apply(e -> SealCkks.innerProduct(e, a, b, count));
  }

  @Override
  public long innerProductPlain(long[] a, long[] plaintexts, int count) {
    return engine.apply(e -> SealCkks.innerProductPlain(e, a, plaintexts, count));
  }

  @Override
  public long square(long a) {
    return multiply(a, a);
  }

  @Override
  public long conjugate(long a, long keys) {
    return engine.apply(e -> SealCkks.conjugate(e, a, keys));
  }

  @Override
  protected long addScalar(long a, double value) {
    return engine.apply(e -> SealCkks.addScalar(e, a, value));
  }

  @Override
  protected long multiplyScalar(long a, double value, double scale) {
    return engine.apply(e -> SealCkks.multiplyScalar(e, a, value, scale));
  }

  @Override
  protected long multiplyInteger(long a, long factor) {
    return engine.apply(e -> SealCkks.multiplyInteger(e, a, factor));
  }

  @Override
  protected long rescale(long a, int levels) {
    return engine.apply(e -> SealCkks.rescale(e, a, levels));
  }

  @Override
  protected long dropTo(long a, int level) {
    return engine.apply(e -> SealCkks.dropTo(e, a, level));
  }

  @Override
  protected long decrypt(long secretKey, long c, int count) {
    return engine.apply(e -> SealCkks.decrypt(e, secretKey, c, count));
  }
}
