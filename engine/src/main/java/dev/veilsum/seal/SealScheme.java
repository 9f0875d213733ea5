package dev.veilsum.seal;

import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.ResidueExchange;
import dev.veilsum.backend.ResidueExchange.Numbers;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.params.KeyRequirements;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * {@link SealCkks} and {@link SealBfv} in one, on a backend's references: for what is written once
 * for both schemes, as tables are. Checks and errors are the same. Thread-safe.
 */
public final class SealScheme {
  private final SchemeBackend scheme;
  private final SealParameters parameters;
  private final ResidueExchange residues;

  private SealScheme(SchemeBackend scheme) {
    this.scheme = scheme;
    this.parameters = SealParameters.of(scheme.parameters());
    this.residues = scheme.residues();
  }

  /**
   * For a backend's parameters.
   *
   * @throws dev.veilsum.VeilsumException {@code UNSUPPORTED} where SEAL does not have them or the
   *     backend exchanges no objects
   */
  public static SealScheme on(SchemeBackend scheme) {
    return new SealScheme(scheme);
  }

  public SealParameters parameters() {
    return parameters;
  }

  /**
   * A ciphertext.
   *
   * @param noise what is known of its noise
   * @param messageBound CKKS: a bound on the absolute value of every slot; ignored for BFV
   */
  public Reference.Ciphertext ciphertext(SealCiphertext c, SealNoise noise, double messageBound) {
    SealKeys.require(parameters, c.parameters(), !c.isKey(), "ciphertext");
    Numbers numbers = new Numbers(c.scale(), noise.bits(c), messageBound);
    return residues.ciphertext(c.level(), c.size(), c.residues(), numbers);
  }

  /** The bytes of a ciphertext, whole. */
  public byte[] write(Reference.Ciphertext c, SealFormat format) {
    double scale = scheme instanceof CkksBackend ckks ? ckks.scale(c) : 1;
    return new SealCiphertext.Leaving(parameters, scheme.level(c) + 1, scheme.degree(c) + 1, scale)
        .write(format, words -> residues.write(c, words));
  }

  public Reference.SecretKey secretKey(SealPlaintext key) {
    SealKeys.require(parameters, key.parameters(), key.isSecretKey(), "secret key");
    return residues.secretKey(key.words());
  }

  /** A secret key, in the clear: close it when it is written. */
  public SealPlaintext export(Reference.SecretKey key) {
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * parameters.primes().size());
    residues.write(key, words.duplicate());
    return SealPlaintext.secretKey(parameters, words);
  }

  /** Checks a public key as the engine does when it takes one over. */
  public void checkPublicKey(SealCiphertext key) {
    SealKeys.require(parameters, key.parameters(), key.isKey(), "public key");
    residues.publicKey(key.residues()).close();
  }

  /** A fresh public key of a secret key, seeded. */
  public SealCiphertext publicKey(Reference.SecretKey secret) {
    int primes = parameters.primes().size();
    SealSeed seed = SealSeed.fresh();
    ByteBuffer words = SealKeys.words((long) parameters.ringDegree() * primes);
    residues.writePublicKey(secret, seed.generator(), seed.bytes(), words.duplicate());
    return new SealCiphertext(parameters, true, primes, 2, 1, words, seed);
  }

  /** Evaluation keys of relinearization keys, Galois keys, or both. */
  public Reference.EvaluationKeys evaluationKeys(List<SealSwitchKeys> keys) {
    return residues.evaluationKeys(SealKeys.digits(parameters, keys));
  }

  /** The relinearization or the Galois keys of a set. */
  public SealSwitchKeys export(Reference.EvaluationKeys keys, SealSwitchKeys.Kind kind) {
    KeyRequirements contents = scheme.contents(keys);
    return SealKeys.export(
        parameters,
        contents,
        kind,
        (which, digit, out) -> residues.writeDigit(keys, which, digit, out));
  }
}
