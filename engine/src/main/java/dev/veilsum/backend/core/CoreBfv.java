package dev.veilsum.backend.core;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.BfvCore;
import dev.veilsum.nativelib.CallObject;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.params.BfvParameters;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;

/** BFV on the native core, or on the core's objects. */
public class CoreBfv extends CoreScheme<BfvFunctions> implements BfvBackend {
  private final BfvParameters parameters;

  /**
   * @param functions what computes, for the native context of these parameters
   */
  public CoreBfv(BfvParameters parameters, Function<NativeHandle, BfvFunctions> functions) {
    super(parameters, rlwe -> BfvCore.context(rlwe, parameters.plainModulus()), functions);
    this.parameters = parameters;
  }

  @Override
  public BfvParameters parameters() {
    return parameters;
  }

  @Override
  public Reference.Plaintext encode(
      long[] values, int offset, int length, long least, long greatest) {
    return encode(values, offset, length, least, greatest, BfvCore::encode);
  }

  @Override
  public Reference.Plaintext encodeCoefficients(long[] values, int offset, int length) {
    return encode(
        values,
        offset,
        length,
        parameters.minValue(),
        parameters.maxValue(),
        BfvCore::encodeCoefficients);
  }

  private Reference.Plaintext encode(
      long[] values, int offset, int length, long least, long greatest, LongBinaryOperator encode) {
    Calls.checkRange(offset, length, values.length);
    return plaintext(
        () ->
            schemeContext()
                .apply(
                    context -> {
                      try (CallObject room =
                          CallObject.own(() -> BfvCore.values(context, length, least, greatest))) {
                        BfvCore.put(context, room.address(), values, offset, length);
                        return encode.applyAsLong(context, room.address());
                      }
                    }));
  }

  @Override
  public Reference.Ciphertext encrypt(
      Reference.PublicKey key, Reference.Plaintext message, int level) {
    return on(key, message, (k, m) -> functions.encrypt(k, m, level));
  }

  @Override
  public Reference.Ciphertext encryptSeeded(
      Reference.SecretKey key, Reference.Plaintext message, int level) {
    return on(key, message, (k, m) -> functions.encryptSeeded(k, m, level));
  }

  @Override
  public void decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length) {
    decrypt(key, c, values, offset, length, functions::decrypt);
  }

  @Override
  public void decryptCoefficients(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length) {
    decrypt(key, c, values, offset, length, functions::decryptCoefficients);
  }

  @FunctionalInterface
  private interface Decrypt {
    long apply(long context, long key, long c, int count);
  }

  private void decrypt(
      Reference.SecretKey key,
      Reference.Ciphertext c,
      long[] values,
      int offset,
      int length,
      Decrypt decrypt) {
    Calls.checkRange(offset, length, values.length);
    NativeHandle secret = handle(key);
    NativeHandle ciphertext = handle(c);
    Calls.run(
        () ->
            schemeContext()
                .apply(
                    context -> {
                      try (CallObject decrypted =
                          CallObject.own(
                              () ->
                                  secret.apply(
                                      ciphertext,
                                      (s, ct) -> decrypt.apply(context, s, ct, length)))) {
                        BfvCore.take(context, decrypted.address(), values, offset, length);
                        return 0;
                      }
                    }));
  }

  @Override
  public double noiseBudgetBits(Reference.Ciphertext c) {
    return number(c, functions::noiseBudgetBits);
  }

  @Override
  public Reference.Ciphertext multiplyRelinearize(
      Reference.Ciphertext a, Reference.Ciphertext b, Reference.EvaluationKeys keys) {
    NativeHandle second = handle(b);
    return on(a, keys, (x, k) -> second.apply(y -> functions.multiplyRelinearize(x, y, k)));
  }

  @Override
  public Reference.Ciphertext addScalar(Reference.Ciphertext a, long value) {
    return on(a, c -> functions.addScalar(c, value));
  }

  @Override
  public Reference.Ciphertext multiplyScalar(Reference.Ciphertext a, long value) {
    return on(a, c -> functions.multiplyScalar(c, value));
  }

  @Override
  public Reference.Ciphertext switchToLevel(Reference.Ciphertext a, int level) {
    return on(a, c -> functions.switchToLevel(c, level));
  }

  @Override
  public Reference.Ciphertext adopt(Reference.Ciphertext c) {
    return on(c, functions::adopt);
  }
}
