package dev.veilsum.backend.clear;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.params.KeyRequirements;

/** References in the clear: Java objects that remember their scheme and whether they are closed. */
abstract class ClearReference implements Reference {
  final ClearScheme<?> scheme;
  private volatile boolean closed;

  ClearReference(ClearScheme<?> scheme) {
    this.scheme = scheme;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public long memoryBytes() {
    return 0;
  }

  /** Throws {@code CLOSED} after close, {@code PARAMETER_MISMATCH} for another scheme's. */
  void requireUsable(ClearScheme<?> expected) {
    if (closed) {
      throw new VeilsumException(
          ErrorCode.CLOSED, getClass().getSimpleName() + " was closed before this call");
    }
    if (scheme != expected) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "an object of parameters %s was given to parameters %s"
              .formatted(
                  scheme.parameters().fingerprint().shortHex(),
                  expected.parameters().fingerprint().shortHex()));
    }
  }

  /** {@code id} stands for the seed: the keys of one seed belong together. */
  static final class Secret extends ClearReference implements Reference.SecretKey {
    final long id;

    Secret(ClearScheme<?> scheme, long id) {
      super(scheme);
      this.id = id;
    }
  }

  static final class Public extends ClearReference implements Reference.PublicKey {
    final long id;

    Public(ClearScheme<?> scheme, long id) {
      super(scheme);
      this.id = id;
    }
  }

  static final class Evaluation extends ClearReference implements Reference.EvaluationKeys {
    final long id;
    final KeyRequirements contents;

    Evaluation(ClearScheme<?> scheme, long id, KeyRequirements contents) {
      super(scheme);
      this.id = id;
      this.contents = contents;
    }
  }

  static final class Plain<M> extends ClearReference implements Reference.Plaintext {
    final M message;
    final State state;

    Plain(ClearScheme<?> scheme, M message, State state) {
      super(scheme);
      this.message = message;
      this.state = state;
    }
  }

  static final class Cipher<M> extends ClearReference implements Reference.Ciphertext {
    final M message;
    final State state;
    final long keyId;

    Cipher(ClearScheme<?> scheme, M message, State state, long keyId) {
      super(scheme);
      this.message = message;
      this.state = state;
      this.keyId = keyId;
    }
  }
}
