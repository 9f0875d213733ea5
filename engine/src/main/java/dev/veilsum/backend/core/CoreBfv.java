package dev.veilsum.backend.core;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.BfvCore;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.params.BfvParameters;
import java.util.Arrays;

/** BFV on the native core. */
final class CoreBfv extends CoreScheme implements BfvBackend {
  private final BfvParameters parameters;

  CoreBfv(BfvParameters parameters) {
    super(parameters, new BfvFunctions(), rlwe -> BfvCore.context(rlwe, parameters.plainModulus()));
    this.parameters = parameters;
  }

  @Override
  public BfvParameters parameters() {
    return parameters;
  }

  @Override
  public Reference.Plaintext encode(long[] values, int offset, int length) {
    long[] part = part(values, offset, length);
    return plaintext(() -> schemeContext().apply(c -> BfvCore.encode(c, part, length)));
  }

  @Override
  public Reference.Plaintext encodeCoefficients(long[] values, int offset, int length) {
    long[] part = part(values, offset, length);
    return plaintext(() -> schemeContext().apply(c -> BfvCore.encodeCoefficients(c, part, length)));
  }

  @Override
  public Reference.Ciphertext encrypt(
      Reference.PublicKey key, Reference.Plaintext message, int level) {
    return on(key, message, (k, m) -> BfvCore.encrypt(k, m, level));
  }

  @Override
  public Reference.Ciphertext encryptSeeded(
      Reference.SecretKey key, Reference.Plaintext message, int level) {
    return on(key, message, (k, m) -> BfvCore.encryptSeeded(k, m, level));
  }

  @Override
  public void decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length) {
    decrypt(key, c, values, offset, length, BfvCore::decrypt);
  }

  @Override
  public void decryptCoefficients(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length) {
    decrypt(key, c, values, offset, length, BfvCore::decryptCoefficients);
  }

  @FunctionalInterface
  private interface Decrypt {
    void apply(long context, long key, long c, long[] values, int count);
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
    long[] part = new long[length];
    Calls.run(
        () ->
            schemeContext()
                .apply(
                    context ->
                        secret.apply(
                            ciphertext,
                            (s, ct) -> {
                              decrypt.apply(context, s, ct, part, length);
                              return 0;
                            })));
    System.arraycopy(part, 0, values, offset, length);
    Arrays.fill(part, 0);
  }

  @Override
  public double noiseBudgetBits(Reference.Ciphertext c) {
    return number(c, BfvCore::noiseBudgetBits);
  }

  @Override
  public Reference.Ciphertext multiplyRelinearize(
      Reference.Ciphertext a, Reference.Ciphertext b, Reference.EvaluationKeys keys) {
    NativeHandle second = handle(b);
    return on(a, keys, (x, k) -> second.apply(y -> BfvCore.multiplyRelinearize(x, y, k)));
  }

  @Override
  public Reference.Ciphertext addScalar(Reference.Ciphertext a, long value) {
    return on(a, c -> BfvCore.addScalar(c, value));
  }

  @Override
  public Reference.Ciphertext multiplyScalar(Reference.Ciphertext a, long value) {
    return on(a, c -> BfvCore.multiplyScalar(c, value));
  }

  @Override
  public Reference.Ciphertext switchToLevel(Reference.Ciphertext a, int level) {
    return on(a, c -> BfvCore.switchToLevel(c, level));
  }

  private static long[] part(long[] values, int offset, int length) {
    Calls.checkRange(offset, length, values.length);
    return offset == 0 && length == values.length
        ? values
        : Arrays.copyOfRange(values, offset, offset + length);
  }
}
