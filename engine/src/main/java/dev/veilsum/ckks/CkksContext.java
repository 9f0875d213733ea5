package dev.veilsum.ckks;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Diagonals;
import dev.veilsum.backend.SchemeBackend.PackedSwitchKey;
import dev.veilsum.params.CkksParameters;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * CKKS with one parameter set on one backend: where keys, plaintexts and evaluators come from.
 * Immutable; share it between threads.
 *
 * <pre>{@code
 * CkksContext ckks = CkksContext.create(Presets.CKKS_8192.parameters());
 * try (CkksSecretKey secret = ckks.secretKey(seed);
 *     CkksPublicKey key = secret.publicKey();
 *     CkksCiphertext c = key.encryptor().encrypt(values, ckks.encoding(1.0))) { ... }
 * }</pre>
 */
public final class CkksContext {
  private final String backendName;
  private final CkksBackend backend;

  private CkksContext(String backendName, CkksBackend backend) {
    this.backendName = backendName;
    this.backend = backend;
  }

  /** On the default backend. */
  public static CkksContext create(CkksParameters parameters) {
    return create(parameters, Backends.byDefault());
  }

  public static CkksContext create(CkksParameters parameters, Backend backend) {
    return new CkksContext(backend.name(), backend.ckks(parameters));
  }

  public CkksParameters parameters() {
    return backend.parameters();
  }

  public String backendName() {
    return backendName;
  }

  /**
   * All slots, the highest level, the parameters' scale.
   *
   * @param bound the declared bound on the values, see {@link CkksEncoding}
   */
  public CkksEncoding encoding(double bound) {
    return new CkksEncoding(
        bound, parameters().slots(), parameters().maxLevel(), parameters().scale());
  }

  /**
   * Encodes real numbers.
   *
   * @param values at most {@code encoding.slots()}, finite
   * @throws VeilsumException {@code OUT_OF_RANGE} for values that are too many, not finite, or too
   *     large for the modulus; {@code USAGE} for an encoding that these parameters do not have
   */
  public CkksPlaintext encode(double[] values, CkksEncoding encoding) {
    check(encoding, values.length);
    return new CkksPlaintext(
        this,
        backend.encode(
            values,
            0,
            values.length,
            encoding.bound(),
            encoding.slots(),
            encoding.level(),
            encoding.scale()));
  }

  /** Encodes complex numbers, real and imaginary parts in arrays of the same length. */
  public CkksPlaintext encodeComplex(double[] real, double[] imaginary, CkksEncoding encoding) {
    if (real.length != imaginary.length) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d real and %d imaginary parts".formatted(real.length, imaginary.length));
    }
    check(encoding, real.length);
    return new CkksPlaintext(
        this,
        backend.encodeComplex(
            real,
            imaginary,
            0,
            real.length,
            encoding.bound(),
            encoding.slots(),
            encoding.level(),
            encoding.scale()));
  }

  /** The same number in every slot. */
  public CkksPlaintext encodeConstant(double value, CkksEncoding encoding) {
    check(encoding, 0);
    return new CkksPlaintext(
        this, backend.encodeConstant(value, encoding.bound(), encoding.level(), encoding.scale()));
  }

  /**
   * Encodes a public matrix at the highest level, at the scale of that level's prime: {@code
   * applyRescale} on fresh ciphertexts then leaves their scale as it is.
   */
  public CkksLinearTransform linearTransform(Diagonals matrix) {
    int top = parameters().maxLevel();
    return linearTransform(matrix, top, parameters().modulusChain().get(top));
  }

  /**
   * Encodes a public matrix for ciphertexts of a level, with the number of baby steps that is the
   * fastest there.
   *
   * @param matrix of dimension up to N/2
   * @param level the highest that it will be applied at; memory grows with it
   * @param scale of the entries, in (0, 2^120]: the absolute rounding error of an entry is about
   *     sqrt(d) / scale
   * @throws VeilsumException {@code USAGE} for a dimension above N/2, {@code DEPTH} for a level
   *     that these parameters do not have, {@code OUT_OF_RANGE} for entries that are not finite or
   *     do not fit the modulus at this scale
   */
  public CkksLinearTransform linearTransform(Diagonals matrix, int level, double scale) {
    check(encoding(0).withSlots(matrix.dimension()).atLevel(level), 0);
    return linearTransform(matrix, backend.babySteps(matrix, level), level, scale);
  }

  /**
   * The same with a number of baby steps, 1 to the dimension: more take more keys and less time, up
   * to a point; {@link CkksLinearTransform#keys} tells which keys.
   */
  public CkksLinearTransform linearTransform(
      Diagonals matrix, int babySteps, int level, double scale) {
    check(encoding(0).withSlots(matrix.dimension()).atLevel(level), 0);
    return new CkksLinearTransform(
        this,
        backend.linearTransform(matrix, babySteps, level, scale),
        matrix.dimension(),
        level,
        scale);
  }

  /**
   * The secret key of a 32-byte seed; the same seed gives the same key. The caller wipes the seed.
   *
   * @throws VeilsumException {@code USAGE} where the seed has another length
   */
  public CkksSecretKey secretKey(byte[] seed) {
    if (seed.length != 32) {
      throw new VeilsumException(ErrorCode.USAGE, "a seed has 32 bytes, not " + seed.length);
    }
    return new CkksSecretKey(this, backend.secretKey(seed));
  }

  /** An evaluator that holds no keys: sums, products with plaintexts, products of degree 2. */
  public CkksEvaluator evaluator() {
    return new CkksEvaluator(this, null);
  }

  /** An evaluator with keys, which stay open for as long as it is used. */
  public CkksEvaluator evaluator(CkksEvaluationKeys keys) {
    return new CkksEvaluator(this, keys);
  }

  /** Reads a packed public key; {@code CORRUPT} where it is none of these parameters. */
  public CkksPublicKey loadPublicKey(ByteBuffer in) {
    return new CkksPublicKey(this, backend.loadPublicKey(in));
  }

  /** Reads packed evaluation keys one at a time. */
  public CkksEvaluationKeys loadEvaluationKeys(Iterable<PackedSwitchKey> keys) {
    return new CkksEvaluationKeys(this, backend.loadEvaluationKeys(keys));
  }

  /**
   * Bytes of a packed ciphertext of degree 1, known before it is made.
   *
   * @param seeded encrypted with the secret key and not computed with since: half the size
   */
  public long packedCiphertextBytes(int level, boolean seeded) {
    return parameters().ciphertextBytes(level, seeded);
  }

  /** Reads a packed ciphertext; {@code CORRUPT} where it is none of these parameters. */
  public CkksCiphertext loadCiphertext(ByteBuffer in) {
    return new CkksCiphertext(this, backend.loadCiphertext(in));
  }

  /** Residues in and out, for other libraries' formats; {@code UNSUPPORTED} on some backends. */
  public CkksResidues residues() {
    return new CkksResidues(this, backend.residues());
  }

  CkksBackend backend() {
    return backend;
  }

  /** Throws {@code PARAMETER_MISMATCH} where an object comes from other parameters or backend. */
  void requireSame(CkksContext other) {
    if (other == this || other.backend == backend) {
      return;
    }
    throw new VeilsumException(
        ErrorCode.PARAMETER_MISMATCH,
        "an object of parameters %s on backend %s was given to parameters %s on backend %s"
            .formatted(
                other.parameters().fingerprint().shortHex(),
                other.backendName,
                parameters().fingerprint().shortHex(),
                backendName));
  }

  private void check(CkksEncoding encoding, int length) {
    Objects.requireNonNull(encoding);
    int slots = encoding.slots();
    if (Integer.bitCount(slots) != 1 || slots > parameters().slots()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d slots: take a power of two up to %d".formatted(slots, parameters().slots()));
    }
    if (length > slots) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "%d values do not fit %d slots".formatted(length, slots));
    }
    if (encoding.level() < 0 || encoding.level() > parameters().maxLevel()) {
      throw new VeilsumException(
          ErrorCode.DEPTH,
          "level %d: these parameters have levels 0 to %d"
              .formatted(encoding.level(), parameters().maxLevel()));
    }
  }
}
