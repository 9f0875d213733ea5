package dev.veilsum.backend.core;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BabyGiantPlan;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.Core;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;

/** A native object and the parameters that it belongs to. */
abstract sealed class CoreReference implements Reference {
  private final RlweParameters parameters;
  private final NativeHandle handle;

  private CoreReference(RlweParameters parameters, NativeHandle handle) {
    this.parameters = parameters;
    this.handle = handle;
  }

  /**
   * The native object of a reference.
   *
   * @throws VeilsumException PARAMETER_MISMATCH where another backend made it, or this one under
   *     other parameters
   */
  static NativeHandle handle(Reference reference, RlweParameters parameters) {
    if (!(reference instanceof CoreReference core)) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "an object of another backend was given to the backend \"core\"");
    }
    if (core.parameters != parameters && !core.parameters.equals(parameters)) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "an object of the parameters %s was used with %s".formatted(core.parameters, parameters));
    }
    return core.handle;
  }

  @Override
  public long memoryBytes() {
    return Calls.call(() -> handle.apply(Core::objectBytes));
  }

  @Override
  public void close() {
    handle.close();
  }

  /** Prints no content. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + (handle.isClosed() ? " (closed)" : "");
  }

  static final class SecretKey extends CoreReference implements Reference.SecretKey {
    SecretKey(RlweParameters parameters, NativeHandle handle) {
      super(parameters, handle);
    }
  }

  static final class PublicKey extends CoreReference implements Reference.PublicKey {
    PublicKey(RlweParameters parameters, NativeHandle handle) {
      super(parameters, handle);
    }
  }

  static final class EvaluationKeys extends CoreReference implements Reference.EvaluationKeys {
    final KeyRequirements contents;

    EvaluationKeys(RlweParameters parameters, NativeHandle handle, KeyRequirements contents) {
      super(parameters, handle);
      this.contents = contents;
    }
  }

  static final class Plaintext extends CoreReference implements Reference.Plaintext {
    Plaintext(RlweParameters parameters, NativeHandle handle) {
      super(parameters, handle);
    }
  }

  static final class LinearTransform extends CoreReference implements Reference.LinearTransform {
    private final BabyGiantPlan plan;

    LinearTransform(RlweParameters parameters, NativeHandle handle, BabyGiantPlan plan) {
      super(parameters, handle);
      this.plan = plan;
    }

    @Override
    public BabyGiantPlan plan() {
      return plan;
    }
  }

  static final class Ciphertext extends CoreReference implements Reference.Ciphertext {
    Ciphertext(RlweParameters parameters, NativeHandle handle) {
      super(parameters, handle);
    }
  }
}
