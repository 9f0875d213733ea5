package dev.veilsum.aggregate;

import dev.veilsum.backend.core.Calls;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.RlweCore;
import dev.veilsum.nativelib.SecretBytes;

/**
 * The secret key of one parameter set that the clients of a round share; the aggregator does not
 * have it. Derived from a master key: whoever holds that file encrypts and decrypts. Prints
 * nothing, and is wiped when it closes. Thread-safe.
 */
public final class CohortKey implements AutoCloseable {
  /** The purpose of the seed (docs/formats.md). */
  private static final String PURPOSE = "gradient secret";

  private final KeyId keyId;
  private final GradientCodec codec;
  private final NativeHandle secret;

  private CohortKey(KeyId keyId, GradientCodec codec, NativeHandle secret) {
    this.keyId = keyId;
    this.codec = codec;
    this.secret = secret;
  }

  /** The key of a parameter set: the same whenever it is derived. */
  public static CohortKey derive(MasterKey master, GradientParameters parameters) {
    GradientCodec codec = new GradientCodec(parameters);
    NativeHandle secret =
        master.withSeed(
            PURPOSE,
            parameters.fingerprint().bytes(),
            seed -> {
              try (SecretBytes bytes = SecretBytes.ofSize(seed.length)) {
                bytes.bytes().put(0, seed);
                return Calls.own(
                    () ->
                        codec
                            .context()
                            .apply(context -> RlweCore.secretKey(context, bytes.bytes())));
              }
            });
    return new CohortKey(master.keyId(), codec, secret);
  }

  /** The master key's public name. */
  public KeyId keyId() {
    return keyId;
  }

  public GradientParameters parameters() {
    return codec.parameters();
  }

  GradientCodec codec() {
    return codec;
  }

  NativeHandle secret() {
    return secret;
  }

  @Override
  public void close() {
    secret.close();
  }

  /** Shows nothing of the key. */
  @Override
  public String toString() {
    return "CohortKey";
  }
}
