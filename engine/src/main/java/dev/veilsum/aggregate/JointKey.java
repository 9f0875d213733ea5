package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.core.Calls;
import dev.veilsum.keys.KeyId;
import dev.veilsum.nativelib.GradientCore;
import dev.veilsum.nativelib.NativeHandle;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * A public key for updates: whoever has it encrypts, and nobody decrypts with it. Its secret is
 * shared by several parties ({@code dev.veilsum.threshold}). Immutable and thread-safe.
 */
public final class JointKey implements ClientKey {
  /** Bytes of the seed of the polynomial a. */
  public static final int SEED_BYTES = 32;

  private final KeyId keyId;
  private final GradientCodec codec;
  private final byte[] seed;
  private final byte[] b;
  private final NativeHandle key;

  private JointKey(KeyId keyId, GradientCodec codec, byte[] seed, byte[] b, NativeHandle key) {
    this.keyId = keyId;
    this.codec = codec;
    this.seed = seed;
    this.b = b;
    this.key = key;
  }

  /**
   * The key (b, a).
   *
   * @param parameters with room for the noise of a public key: {@link GradientParameters#noiseBits}
   * @param seed the seed of a
   * @param b packed, in evaluation form
   * @throws VeilsumException CORRUPT where b is no packed polynomial; PARAMETER_MISMATCH
   */
  public static JointKey of(GradientParameters parameters, byte[] seed, byte[] b) {
    if (parameters.noiseBits() == 0) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "these parameters have no room for the noise of a public key: " + parameters);
    }
    if (seed.length != SEED_BYTES || b.length != parameters.polynomialBytes()) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "a public key of %d bytes where %d belong"
              .formatted(seed.length + b.length, SEED_BYTES + parameters.polynomialBytes()));
    }
    GradientCodec codec = new GradientCodec(parameters);
    ByteBuffer both = ByteBuffer.allocateDirect(SEED_BYTES + b.length).put(seed).put(b).flip();
    KeyId keyId = KeyId.ofJoint(parameters.fingerprint().bytes(), both);
    NativeHandle[] made = new NativeHandle[1];
    GradientCodec.at(
        both,
        both.capacity(),
        at ->
            made[0] =
                Calls.own(
                    () ->
                        codec
                            .handle()
                            .apply(
                                own ->
                                    GradientCore.publicKey(own, at, at + SEED_BYTES, b.length))));
    return new JointKey(keyId, codec, seed.clone(), b.clone(), made[0]);
  }

  /** Its name: a digest of all of it. */
  @Override
  public KeyId keyId() {
    return keyId;
  }

  @Override
  public GradientParameters parameters() {
    return codec.parameters();
  }

  /** The seed of the polynomial a: a new array at each call. */
  public byte[] seed() {
    return seed.clone();
  }

  /** The polynomial b, packed: a new array at each call. */
  public byte[] b() {
    return b.clone();
  }

  @Override
  public UpdateForm form() {
    return UpdateForm.PAIR;
  }

  @Override
  public Encryption begin() {
    byte[] id = new byte[Contributions.SEED_BYTES];
    new SecureRandom().nextBytes(id);
    return new Pairs(id);
  }

  /** One update; each chunk takes fresh randomness of its own. */
  private final class Pairs implements Encryption {
    private final byte[] id;

    Pairs(byte[] id) {
      this.id = id;
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
      codec
          .handle()
          .apply(
              key,
              (own, with) -> {
                GradientCore.encryptPair(
                    own, with, kind.ordinal(), numbers, count, clip, first, out, bytes);
                return 0;
              });
    }

    @Override
    public byte[] seed() {
      return id.clone();
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
