package dev.veilsum.seal;

import dev.veilsum.VeilsumException;
import dev.veilsum.backend.ResidueExchange;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvResidues;
import dev.veilsum.bfv.BfvSecretKey;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The way between SEAL's objects and the engine's, of BFV. Everything is checked on its way in:
 * residues against their primes, secrets for being ternary, and ciphertexts for being transparent
 * ({@code CORRUPT}). Parameters must be equal ({@code PARAMETER_MISMATCH}). Thread-safe.
 */
public final class SealBfv {
  private final BfvContext context;
  private final SealParameters parameters;
  private final BfvResidues residues;

  private SealBfv(BfvContext context) {
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
  public static SealBfv of(BfvContext context) {
    return new SealBfv(context);
  }

  /** For SEAL's parameters, on the default backend. */
  public static SealBfv of(SealParameters parameters) {
    return of(BfvContext.create(parameters.toBfv()));
  }

  public BfvContext context() {
    return context;
  }

  public SealParameters parameters() {
    return parameters;
  }

  // Into the engine.

  /**
   * A fresh ciphertext of any kind: its noise bound is that of an encryption under the public key.
   * It has no range of integers: arithmetic on it is modulo t.
   */
  public BfvCiphertext ciphertext(SealCiphertext c) {
    return ciphertext(c, ResidueExchange.FRESH);
  }

  /**
   * A ciphertext as SEAL's own Encryptor made it, and not computed with since. SEAL encrypts over
   * one prime more and divides by it, which leaves less noise than the engine's encryption: the
   * bound is that much lower, and more can be computed.
   */
  public BfvCiphertext encryptedBySeal(SealCiphertext c) {
    return ciphertext(c, ResidueExchange.SWITCHED_FRESH);
  }

  /**
   * A ciphertext that was computed with.
   *
   * @param noiseBits log2 of the caller's bound on the noise w in c_0 + c_1 s = (Q / t) m + w, in
   *     the canonical embedding: SEAL's objects carry none
   */
  public BfvCiphertext ciphertext(SealCiphertext c, double noiseBits) {
    SealKeys.require(parameters, c.parameters(), !c.isKey(), "ciphertext");
    return residues.ciphertext(c.level(), c.size(), c.residues(), noiseBits);
  }

  /** A plaintext: what SEAL cut off its end is 0. */
  public BfvPlaintext plaintext(SealPlaintext p) {
    SealKeys.require(parameters, p.parameters(), !p.isSecretKey(), "plaintext");
    ByteBuffer all = SealKeys.words(parameters.ringDegree());
    try {
      all.put(p.words());
      return residues.plaintext(all.rewind());
    } finally {
      java.util.Arrays.fill(all.array(), (byte) 0);
    }
  }

  /**
   * A secret key.
   *
   * @throws VeilsumException also {@code UNSUPPORTED} for the one secret in 160000 whose canonical
   *     norm is above what the engine's noise bounds assume
   */
  public BfvSecretKey secretKey(SealPlaintext key) {
    SealKeys.require(parameters, key.parameters(), key.isSecretKey(), "secret key");
    return residues.secretKey(key.words());
  }

  /** A public key; the part that is modulo the special prime is checked and dropped. */
  public BfvPublicKey publicKey(SealCiphertext key) {
    SealKeys.require(parameters, key.parameters(), key.isKey(), "public key");
    return residues.publicKey(key.residues());
  }

  /** Evaluation keys of relinearization keys, Galois keys, or both. */
  public BfvEvaluationKeys evaluationKeys(SealSwitchKeys... keys) {
    return residues.evaluationKeys(SealKeys.digits(parameters, List.of(keys)));
  }

  // Out of the engine.

  /** A ciphertext, whole. Its bound stays behind: SEAL's objects carry none. */
  public SealCiphertext export(BfvCiphertext c) {
    int primes = c.level() + 1;
    int size = c.degree() + 1;
    ByteBuffer words = SealKeys.words((long) size * parameters.ringDegree() * primes);
    residues.write(c, words.duplicate());
    return new SealCiphertext(parameters, false, primes, size, 1, words, null);
  }

  /** The bytes of a ciphertext, whole: {@link #export} and its writing in one, without a copy. */
  public byte[] write(BfvCiphertext c, SealFormat format) {
    return leaving(c).write(format, words -> residues.write(c, words));
  }

  /** The size of a ciphertext's uncompressed object. */
  public long bytes(BfvCiphertext c) {
    return leaving(c).bytes();
  }

  /**
   * Writes a ciphertext, whole and uncompressed, into a buffer with room for exactly its {@link
   * #bytes}; a direct one is written in place.
   *
   * @param minorVersion as of {@link SealFormat}
   */
  public void write(BfvCiphertext c, int minorVersion, ByteBuffer out) {
    leaving(c).write(out, minorVersion, words -> residues.write(c, words));
  }

  private SealCiphertext.Leaving leaving(BfvCiphertext c) {
    return new SealCiphertext.Leaving(parameters, c.level() + 1, c.degree() + 1, 1);
  }

  /**
   * A fresh encryption with the secret key, half the size: its second polynomial is a seed, as
   * SEAL's own symmetric encryption has it.
   */
  public SealCiphertext encryptSeeded(BfvSecretKey secret, BfvPlaintext message) {
    int primes = context.parameters().maxLevel() + 1;
    SealSeed seed = SealSeed.fresh();
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * primes);
    residues.encryptOfSeed(
        secret, message, primes - 1, seed.generator(), seed.bytes(), words.duplicate());
    return new SealCiphertext(parameters, false, primes, 2, 1, words, seed);
  }

  /** A plaintext; close it to wipe it. */
  public SealPlaintext export(BfvPlaintext p) {
    ByteBuffer words = SealKeys.words(parameters.ringDegree());
    residues.write(p, words.duplicate());
    return SealPlaintext.message(parameters, 0, 1, words);
  }

  /** A secret key, in the clear: close it when it is written. */
  public SealPlaintext export(BfvSecretKey key) {
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * parameters.primes().size());
    residues.write(key, words.duplicate());
    return SealPlaintext.secretKey(parameters, words);
  }

  /**
   * A fresh public key of a secret key, seeded. The engine's own public keys lack the part modulo
   * the special prime that SEAL's have.
   */
  public SealCiphertext publicKey(BfvSecretKey secret) {
    int primes = parameters.primes().size();
    SealSeed seed = SealSeed.fresh();
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * primes);
    residues.writePublicKey(secret, seed.generator(), seed.bytes(), words.duplicate());
    return new SealCiphertext(parameters, true, primes, 2, 1, words, seed);
  }

  /** The relinearization or the Galois keys of a set. */
  public SealSwitchKeys export(BfvEvaluationKeys keys, SealSwitchKeys.Kind kind) {
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
