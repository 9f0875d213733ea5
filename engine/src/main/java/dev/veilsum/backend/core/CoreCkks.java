package dev.veilsum.backend.core;

import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.CkksCore;
import dev.veilsum.nativelib.NativeBlock;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.params.CkksParameters;
import java.util.function.Function;

/** CKKS on the native core, or on the core's objects. */
public class CoreCkks extends CoreScheme<CkksFunctions> implements CkksBackend {
  private final CkksParameters parameters;

  /**
   * @param functions what computes, for the native context of these parameters
   */
  public CoreCkks(CkksParameters parameters, Function<NativeHandle, CkksFunctions> functions) {
    super(parameters, CkksCore::context, functions);
    this.parameters = parameters;
  }

  @Override
  public CkksParameters parameters() {
    return parameters;
  }

  @Override
  public Reference.Plaintext encode(
      double[] values, int offset, int length, double bound, int slots, int level, double scale) {
    Calls.checkRange(offset, length, values.length);
    return plaintext(
        () -> {
          try (NativeBlock block = NativeBlock.of(values, offset, length)) {
            return schemeContext()
                .apply(
                    c -> CkksCore.encode(c, block.address(), length, bound, slots, level, scale));
          }
        });
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
    Calls.checkRange(offset, length, real.length);
    Calls.checkRange(offset, length, imaginary.length);
    return plaintext(
        () -> {
          try (NativeBlock re = NativeBlock.of(real, offset, length);
              NativeBlock im = NativeBlock.of(imaginary, offset, length)) {
            return schemeContext()
                .apply(
                    c ->
                        CkksCore.encodeComplex(
                            c, re.address(), im.address(), length, bound, slots, level, scale));
          }
        });
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
    return Calls.call(
        () -> {
          try (NativeBlock block = NativeBlock.ofWords(length)) {
            double error =
                withKey(key, c, (s, ct) -> functions.decrypt(s, ct, block.address(), length));
            block.copyTo(values, offset, length);
            return error;
          }
        });
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
    return Calls.call(
        () -> {
          try (NativeBlock re = NativeBlock.ofWords(length);
              NativeBlock im = NativeBlock.ofWords(length)) {
            double error =
                withKey(
                    key,
                    c,
                    (s, ct) -> functions.decryptComplex(s, ct, re.address(), im.address(), length));
            re.copyTo(real, offset, length);
            im.copyTo(imaginary, offset, length);
            return error;
          }
        });
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
    return on(a, c -> functions.addScalar(c, value));
  }

  @Override
  public Reference.Ciphertext multiplyScalar(
      Reference.Ciphertext a, double value, double scalarScale) {
    boolean whole = scalarScale == 1 && value == Math.rint(value) && Math.abs(value) < 0x1p63;
    return on(
        a,
        whole
            ? c -> functions.multiplyInteger(c, (long) value)
            : c -> functions.multiplyScalar(c, value, scalarScale));
  }

  @Override
  public Reference.Ciphertext rescale(Reference.Ciphertext a, int levels) {
    return on(a, c -> functions.rescale(c, levels));
  }

  @Override
  public Reference.Ciphertext dropToLevel(Reference.Ciphertext a, int level) {
    return on(a, c -> functions.dropTo(c, level));
  }
}
