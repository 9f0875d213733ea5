package dev.veilsum.paillier;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.PaillierLibrary;
import dev.veilsum.nativelib.SecretBytes;

/**
 * The factors of a modulus: decrypts, and encrypts several times as fast as the public key. It has
 * no serialized form (its seed has: the master key), prints nothing, and is wiped when it closes.
 * Thread-safe; closing twice, or while another thread computes, is harmless; use after close throws
 * CLOSED.
 */
public final class PaillierSecretKey implements AutoCloseable {
  /** Bits of the modulus by default. */
  public static final int DEFAULT_BITS = 3072;

  private final NativeHandle handle;
  private final PaillierPublicKey publicKey;

  private PaillierSecretKey(NativeHandle handle) {
    this.handle = handle;
    NativeHandle half =
        Guarded.own(
            () -> handle.apply(PaillierLibrary::publicHalf), PaillierLibrary::releasePublic);
    this.publicKey = new PaillierPublicKey(half);
  }

  /**
   * The key of that size that belongs to a master key; always the same.
   *
   * @param bits 2048, 3072 or 4096
   * @throws VeilsumException INSECURE_PARAMETERS for another size, CLOSED for a closed master key
   */
  public static PaillierSecretKey derive(MasterKey master, int bits) {
    return master.withSeed("paillier " + bits, new byte[0], seed -> ofSeed(seed, bits));
  }

  /**
   * The key of 32 secret, uniform bytes, which are copied: the same on every machine and in every
   * version.
   *
   * @param bits 2048, 3072 or 4096
   * @throws VeilsumException INSECURE_PARAMETERS for another size, USAGE for another seed length
   */
  public static PaillierSecretKey ofSeed(byte[] seed, int bits) {
    if (seed.length != MasterKey.BYTES) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a Paillier key's seed has 32 bytes, not " + seed.length);
    }
    Guarded.require();
    try (SecretBytes copy = SecretBytes.ofSize(seed.length)) {
      copy.bytes().put(0, seed);
      return new PaillierSecretKey(
          Guarded.own(
              () -> PaillierLibrary.generate(copy.bytes(), bits), PaillierLibrary::releaseSecret));
    }
  }

  /** The public half; it outlives this key. */
  public PaillierPublicKey publicKey() {
    return publicKey;
  }

  /** Encrypts with this key: the same distribution as with the public one, sooner. */
  public PaillierEncryptor encryptor() {
    return PaillierEncryptor.of(this);
  }

  public PaillierDecryptor decryptor() {
    return new PaillierDecryptor(this, Runtime.getRuntime().availableProcessors());
  }

  NativeHandle handle() {
    return handle;
  }

  @Override
  public void close() {
    handle.close();
  }

  /** Shows nothing of the key. */
  @Override
  public String toString() {
    return "PaillierSecretKey";
  }
}
