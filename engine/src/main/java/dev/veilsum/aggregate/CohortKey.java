package dev.veilsum.aggregate;

import dev.veilsum.backend.core.Calls;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.nativelib.GradientCore;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.RlweCore;
import dev.veilsum.nativelib.SecretBytes;
import java.nio.ByteBuffer;

/**
 * The secret key of one parameter set that the clients of a round share; the aggregator does not
 * have it. Derived from a master key: whoever holds that file encrypts and decrypts. Prints
 * nothing, and is wiped when it closes. Thread-safe.
 */
public final class CohortKey implements ClientKey, AutoCloseable {
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
  @Override
  public KeyId keyId() {
    return keyId;
  }

  @Override
  public GradientParameters parameters() {
    return codec.parameters();
  }

  GradientCodec codec() {
    return codec;
  }

  @Override
  public UpdateForm form() {
    return UpdateForm.SEEDED;
  }

  @Override
  public Encryption begin() {
    return new Seeded(Calls.own(() -> codec.handle().apply(GradientCore::update)));
  }

  /** One update: fresh seeds, of which one is public and stands for a polynomial. */
  private final class Seeded implements Encryption {
    private final NativeHandle update;

    Seeded(NativeHandle update) {
      this.update = update;
    }

    @Override
    public void encrypt(
        int chunk,
        GradientValues.Kind kind,
        long numbers,
        int count,
        double clip,
        long first,
        long out,
        int bytes) {
      update.apply(
          secret,
          (own, key) -> {
            GradientCore.encrypt(
                own, key, chunk, kind.ordinal(), numbers, count, clip, first, out, bytes);
            return 0;
          });
    }

    @Override
    public byte[] seed() {
      ByteBuffer seed = ByteBuffer.allocateDirect(Contributions.SEED_BYTES);
      GradientCodec.at(
          seed,
          Contributions.SEED_BYTES,
          to ->
              update.apply(
                  address -> {
                    GradientCore.updateSeed(address, to);
                    return 0;
                  }));
      byte[] bytes = new byte[Contributions.SEED_BYTES];
      seed.get(bytes);
      return bytes;
    }

    @Override
    public void close() {
      update.close();
    }
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
