package dev.veilsum.backend.core;

import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.CkksCore;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.params.CkksParameters;
import java.util.Arrays;

/** CKKS on the native core. */
final class CoreCkks extends CoreScheme implements CkksBackend {
  private final CkksParameters parameters;

  CoreCkks(CkksParameters parameters) {
    super(parameters, new CkksFunctions(), CkksCore::context);
    this.parameters = parameters;
  }

  @Override
  public CkksParameters parameters() {
    return parameters;
  }

  @Override
  public Reference.Plaintext encode(
      double[] values, int offset, int length, double bound, int slots, int level, double scale) {
    double[] part = part(values, offset, length);
    return plaintext(
        () ->
            schemeContext()
                .apply(c -> CkksCore.encode(c, part, length, bound, slots, level, scale)));
  }

  @Override
  public Reference.Plaintext encodeComplex(
      double[] real,
      double[] imaginary,
      int offset,
      int length,
      double bound,
      int slots,
      int level,
      double scale) {
    double[] re = part(real, offset, length);
    double[] im = part(imaginary, offset, length);
    return plaintext(
        () ->
            schemeContext()
                .apply(c -> CkksCore.encodeComplex(c, re, im, length, bound, slots, level, scale)));
  }

  @Override
  public Reference.Plaintext encodeConstant(double value, double bound, int level, double scale) {
    return plaintext(
        () -> schemeContext().apply(c -> CkksCore.encodeConstant(c, value, bound, level, scale)));
  }

  @Override
  public Reference.Ciphertext encrypt(Reference.PublicKey key, Reference.Plaintext message) {
    return on(key, message, CkksCore::encrypt);
  }

  @Override
  public Reference.Ciphertext encryptSeeded(Reference.SecretKey key, Reference.Plaintext message) {
    return on(key, message, CkksCore::encryptSeeded);
  }

  @Override
  public int level(Reference.Plaintext p) {
    return (int) number(p, CkksCore::plaintextLevel);
  }

  @Override
  public double scale(Reference.Plaintext p) {
    return number(p, CkksCore::plaintextScale);
  }

  @Override
  public double scale(Reference.Ciphertext c) {
    return number(c, CkksCore::scale);
  }

  @Override
  public double messageBound(Reference.Ciphertext c) {
    return number(c, CkksCore::message);
  }

  @Override
  public double decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, double[] values, int offset, int length) {
    Calls.checkRange(offset, length, values.length);
    double[] part = new double[length];
    double error = withKey(key, c, (s, ct) -> CkksCore.decrypt(s, ct, part, length));
    moveOut(part, values, offset);
    return error;
  }

  @Override
  public double decryptComplex(
      Reference.SecretKey key,
      Reference.Ciphertext c,
      double[] real,
      double[] imaginary,
      int offset,
      int length) {
    Calls.checkRange(offset, length, real.length);
    Calls.checkRange(offset, length, imaginary.length);
    double[] re = new double[length];
    double[] im = new double[length];
    double error = withKey(key, c, (s, ct) -> CkksCore.decryptComplex(s, ct, re, im, length));
    moveOut(re, real, offset);
    moveOut(im, imaginary, offset);
    return error;
  }

  @FunctionalInterface
  private interface WithKey {
    double apply(long key, long c);
  }

  private double withKey(Reference.SecretKey key, Reference.Ciphertext c, WithKey call) {
    NativeHandle secret = handle(key);
    return number(
        c,
        ciphertext -> {
          long address = secret.enter();
          try {
            return call.apply(address, ciphertext);
          } finally {
            secret.leave();
          }
        });
  }

  @Override
  public Reference.Ciphertext addScalar(Reference.Ciphertext a, double value) {
    return on(a, c -> CkksCore.addScalar(c, value));
  }

  @Override
  public Reference.Ciphertext multiplyScalar(
      Reference.Ciphertext a, double value, double scalarScale) {
    boolean whole = scalarScale == 1 && value == Math.rint(value) && Math.abs(value) < 0x1p63;
    return on(
        a,
        whole
            ? c -> CkksCore.multiplyInteger(c, (long) value)
            : c -> CkksCore.multiplyScalar(c, value, scalarScale));
  }

  @Override
  public Reference.Ciphertext relinearizeRescale(
      Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    return on(a, keys, CkksCore::relinearizeRescale);
  }

  @Override
  public Reference.Ciphertext adjust(Reference.Ciphertext a, int level, double scale) {
    return on(a, c -> CkksCore.adjust(c, level, scale));
  }

  @Override
  public Reference.Ciphertext rescale(Reference.Ciphertext a, int levels) {
    return on(a, c -> CkksCore.rescale(c, levels));
  }

  @Override
  public Reference.Ciphertext dropToLevel(Reference.Ciphertext a, int level) {
    return on(a, c -> CkksCore.dropTo(c, level));
  }

  private static double[] part(double[] values, int offset, int length) {
    Calls.checkRange(offset, length, values.length);
    return offset == 0 && length == values.length
        ? values
        : Arrays.copyOfRange(values, offset, offset + length);
  }

  private static void moveOut(double[] part, double[] values, int offset) {
    System.arraycopy(part, 0, values, offset, part.length);
    Arrays.fill(part, 0);
  }
}
