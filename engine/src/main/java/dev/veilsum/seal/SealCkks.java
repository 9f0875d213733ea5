package dev.veilsum.seal;

import dev.veilsum.VeilsumException;
import dev.veilsum.backend.ResidueExchange;
import dev.veilsum.backend.ResidueExchange.Numbers;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksPlaintext;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksResidues;
import dev.veilsum.ckks.CkksSecretKey;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The way between SEAL's objects and the engine's, of CKKS. Everything is checked on its way in:
 * residues against their primes, secrets for being ternary, and ciphertexts for being transparent
 * ({@code CORRUPT}). Parameters must be equal ({@code PARAMETER_MISMATCH}). Thread-safe.
 */
public final class SealCkks {
  private final CkksContext context;
  private final SealParameters parameters;
  private final CkksResidues residues;

  private SealCkks(CkksContext context) {
    this.context = context;
    this.parameters = SealParameters.of(context.parameters());
    this.residues = context.residues();
  }

  /**
   * For a context that is there already.
   *
   * @throws VeilsumException {@code UNSUPPORTED} where SEAL does not have its parameters or its
   *     backend exchanges no objects
   */
  public static SealCkks of(CkksContext context) {
    return new SealCkks(context);
  }

  /**
   * For SEAL's parameters, on the default backend.
   *
   * @param scale the scale at which values are encoded where nothing else is said
   */
  public static SealCkks of(SealParameters parameters, double scale) {
    return of(CkksContext.create(parameters.toCkks(scale)));
  }

  public CkksContext context() {
    return context;
  }

  public SealParameters parameters() {
    return parameters;
  }

  // Into the engine.

  /**
   * A fresh ciphertext of any kind: its noise bound is that of an encryption under the public key.
   *
   * @param messageBound the caller's word for the absolute value of every slot: SEAL's objects say
   *     nothing of it, and what is computed relies on it
   */
  public CkksCiphertext ciphertext(SealCiphertext c, double messageBound) {
    return ciphertext(c, messageBound, ResidueExchange.FRESH);
  }

  /**
   * A ciphertext as SEAL's own Encryptor made it, and not computed with since. SEAL encrypts over
   * one prime more and divides by it, which leaves less noise than the engine's encryption: the
   * bound is that much lower, and more can be computed.
   */
  public CkksCiphertext encryptedBySeal(SealCiphertext c, double messageBound) {
    return ciphertext(c, messageBound, ResidueExchange.SWITCHED_FRESH);
  }

  /**
   * A ciphertext that was computed with.
   *
   * @param noiseBits log2 of the caller's noise bound, in the canonical embedding and in units of
   *     value times scale: SEAL's objects carry none
   */
  public CkksCiphertext ciphertext(SealCiphertext c, double messageBound, double noiseBits) {
    SealKeys.require(parameters, c.parameters(), !c.isKey(), "ciphertext");
    Numbers numbers = new Numbers(c.scale(), noiseBits, messageBound);
    return residues.ciphertext(c.level(), c.size(), c.residues(), numbers);
  }

  /** A plaintext; {@code messageBound} as for ciphertexts. */
  public CkksPlaintext plaintext(SealPlaintext p, double messageBound) {
    SealKeys.require(parameters, p.parameters(), !p.isSecretKey(), "plaintext");
    return residues.plaintext(p.level(), p.words(), p.scale(), messageBound);
  }

  /**
   * A secret key.
   *
   * @throws VeilsumException also {@code UNSUPPORTED} for the one secret in 160000 whose canonical
   *     norm is above what the engine's noise bounds assume
   */
  public CkksSecretKey secretKey(SealPlaintext key) {
    SealKeys.require(parameters, key.parameters(), key.isSecretKey(), "secret key");
    return residues.secretKey(key.words());
  }

  /** A public key; the part that is modulo the special prime is checked and dropped. */
  public CkksPublicKey publicKey(SealCiphertext key) {
    SealKeys.require(parameters, key.parameters(), key.isKey(), "public key");
    return residues.publicKey(key.residues());
  }

  /** Evaluation keys of relinearization keys, Galois keys, or both. */
  public CkksEvaluationKeys evaluationKeys(SealSwitchKeys... keys) {
    return residues.evaluationKeys(SealKeys.digits(parameters, List.of(keys)));
  }

  // Out of the engine.

  /** A ciphertext, whole. Its bounds stay behind: SEAL's objects carry none. */
  public SealCiphertext export(CkksCiphertext c) {
    int primes = c.level() + 1;
    int size = c.degree() + 1;
    ByteBuffer words = SealKeys.words((long) size * parameters.ringDegree() * primes);
    residues.write(c, words.duplicate());
    return new SealCiphertext(parameters, false, primes, size, c.scale(), words, null);
  }

  /** The bytes of a ciphertext, whole: {@link #export} and its writing in one, without a copy. */
  public byte[] write(CkksCiphertext c, SealFormat format) {
    return leaving(c).write(format, words -> residues.write(c, words));
  }

  /** The size of a ciphertext's uncompressed object. */
  public long bytes(CkksCiphertext c) {
    return leaving(c).bytes();
  }

  /**
   * Writes a ciphertext, whole and uncompressed, into a buffer with room for exactly its {@link
   * #bytes}; a direct one is written in place.
   *
   * @param minorVersion as of {@link SealFormat}
   */
  public void write(CkksCiphertext c, int minorVersion, ByteBuffer out) {
    leaving(c).write(out, minorVersion, words -> residues.write(c, words));
  }

  private SealCiphertext.Leaving leaving(CkksCiphertext c) {
    return new SealCiphertext.Leaving(parameters, c.level() + 1, c.degree() + 1, c.scale());
  }

  /**
   * A fresh encryption with the secret key, half the size: its second polynomial is a seed, as
   * SEAL's own symmetric encryption has it.
   */
  public SealCiphertext encryptSeeded(CkksSecretKey secret, CkksPlaintext message) {
    int primes = message.level() + 1;
    SealSeed seed = SealSeed.fresh();
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * primes);
    residues.encryptOfSeed(secret, message, seed.generator(), seed.bytes(), words.duplicate());
    return new SealCiphertext(parameters, false, primes, 2, message.scale(), words, seed);
  }

  /** A plaintext; close it to wipe it. */
  public SealPlaintext export(CkksPlaintext p) {
    int primes = p.level() + 1;
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * primes);
    residues.write(p, words.duplicate());
    return SealPlaintext.message(parameters, primes, p.scale(), words);
  }

  /** A secret key, in the clear: close it when it is written. */
  public SealPlaintext export(CkksSecretKey key) {
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * parameters.primes().size());
    residues.write(key, words.duplicate());
    return SealPlaintext.secretKey(parameters, words);
  }

  /**
   * A fresh public key of a secret key, seeded. The engine's own public keys lack the part modulo
   * the special prime that SEAL's have.
   */
  public SealCiphertext publicKey(CkksSecretKey secret) {
    int primes = parameters.primes().size();
    SealSeed seed = SealSeed.fresh();
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * primes);
    residues.writePublicKey(secret, seed.generator(), seed.bytes(), words.duplicate());
    return new SealCiphertext(parameters, true, primes, 2, 1, words, seed);
  }

  /** The relinearization or the Galois keys of a set. */
  public SealSwitchKeys export(CkksEvaluationKeys keys, SealSwitchKeys.Kind kind) {
    return SealKeys.export(
        parameters,
        keys.contents(),
        kind,
        (which, digit, out) -> residues.writeDigit(keys, which, digit, out));
  }

  /** The same object with its seed expanded: what SEAL's own readers make of a seeded one. */
  public SealCiphertext expand(SealCiphertext seeded) {
    SealKeys.require(parameters, seeded.parameters(), true, "ciphertext");
    if (!seeded.isSeeded()) {
      return seeded;
    }
    long poly = (long) parameters.ringDegree() * seeded.primes();
    ByteBuffer words = SealKeys.words(2 * poly);
    words.put(seeded.words());
    SealSeed seed = seeded.seed();
    residues.expandSeed(seeded.primes(), seed.generator(), seed.bytes(), words.slice());
    return seeded.unseeded(words.rewind());
  }
}
