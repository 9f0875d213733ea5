package dev.veilsum.backend.core;

import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Diagonals;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.CallObject;
import dev.veilsum.nativelib.CkksCore;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.params.CkksParameters;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongConsumer;

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
    return encode(
        length, bound, slots, level, scale, to -> CkksCore.putReal(to, values, offset, length));
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
    return encode(
        length,
        bound,
        slots,
        level,
        scale,
        to -> CkksCore.putComplex(to, real, imaginary, offset, length));
  }

  private Reference.Plaintext encode(
      int length, double bound, int slots, int level, double scale, LongConsumer put) {
    return plaintext(
        () ->
            schemeContext()
                .apply(
                    context -> {
                      try (CallObject values =
                          CallObject.own(() -> CkksCore.slots(context, length, slots))) {
                        put.accept(values.address());
                        return CkksCore.encode(context, values.address(), bound, level, scale);
                      }
                    }));
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
    return decrypt(key, c, length, from -> CkksCore.takeReal(from, values, offset, length));
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
    return decrypt(
        key, c, length, from -> CkksCore.takeComplex(from, real, imaginary, offset, length));
  }

  private double decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, int length, LongConsumer take) {
    NativeHandle secret = handle(key);
    NativeHandle ciphertext = handle(c);
    return Calls.call(
        () -> {
          try (CallObject slots =
              CallObject.own(
                  () -> secret.apply(ciphertext, (s, ct) -> functions.decrypt(s, ct, length)))) {
            take.accept(slots.address());
            return CkksCore.error(slots.address());
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

  /** As the core chooses them, whatever computes: so keys are the same. */
  @Override
  public int babySteps(Diagonals diagonals, int level) {
    long[] indices = Arrays.stream(diagonals.indices()).asLongStream().toArray();
    return Calls.call(
        () ->
            (int)
                schemeContext()
                    .apply(
                        c ->
                            CkksCore.babySteps(
                                c, level, diagonals.dimension(), indices, indices.length)));
  }
}
