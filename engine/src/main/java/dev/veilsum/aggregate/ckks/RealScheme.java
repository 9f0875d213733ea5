package dev.veilsum.aggregate.ckks;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.circuit.InnerProduct;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;

/**
 * The parameters of updates as real numbers, and where keys, encryptors and evaluators for them
 * come from. Immutable; share it between threads.
 *
 * <p>The preset {@code ckks-8192}: 4096 numbers a ciphertext, 128 bits of security, and levels for
 * a weighted mean followed by an inner product. Numbers within [-B, B] are encoded at scale 2^48 /
 * B, so that whatever B is, a fresh number is right to 2^-34 B under the secret key and 2^-28 B
 * under a public one, and sums of up to 2^28 products of two numbers have room.
 */
public final class RealScheme {
  /** The purpose of the seed: as tables have it, so that public key files serve both. */
  private static final String PURPOSE = "rlwe secret";

  /** The scale of a number of absolute value at most 1. */
  static final double SCALE = 0x1p48;

  private final CkksContext context;

  private RealScheme(CkksContext context) {
    this.context = context;
  }

  /** On the default backend. */
  public static RealScheme create() {
    return create(Backends.byDefault());
  }

  public static RealScheme create(Backend backend) {
    return new RealScheme(CkksContext.create(parameters(), backend));
  }

  /** The same always. */
  public static CkksParameters parameters() {
    return Presets.CKKS_8192.parameters();
  }

  /** Where the keys belong. */
  public CkksContext context() {
    return context;
  }

  /** Numbers in one ciphertext: 4096. */
  public int slots() {
    return parameters().slots();
  }

  /** What {@link CkksSecretKey#evaluationKeys} is to make for the evaluator: 13 keys. */
  public static KeyRequirements keys() {
    return InnerProduct.of(parameters()).keys();
  }

  /** The secret key of a master key: decrypts, and makes the public ones. */
  public CkksSecretKey secretKey(MasterKey master) {
    return master.withSeed(PURPOSE, parameters().fingerprint().bytes(), context::secretKey);
  }

  /**
   * Encrypts under a public key: clients cannot read each other's updates.
   *
   * @param bound B: no number has a larger absolute value; the same for all clients, and public
   */
  public RealEncryptor encryptor(CkksPublicKey key, double bound, OrderedPool pool) {
    return new RealEncryptor(context, key.encryptor(), bound, pool);
  }

  /** Encrypts under the secret key, where the clients share it: half the size. */
  public RealEncryptor encryptor(CkksSecretKey key, double bound, OrderedPool pool) {
    return new RealEncryptor(context, key.encryptor(), bound, pool);
  }

  /**
   * Computes without the secret.
   *
   * @param keys those of {@link #keys}; they stay open for as long as it is used
   */
  public RealEvaluator evaluator(CkksEvaluationKeys keys, OrderedPool pool) {
    return new RealEvaluator(context.evaluator(keys), pool);
  }

  /** Decrypts for the owner of the key. */
  public RealDecryptor decryptor(CkksSecretKey key) {
    return new RealDecryptor(key.decryptor());
  }
}
