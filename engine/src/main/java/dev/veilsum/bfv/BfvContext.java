package dev.veilsum.bfv;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend.PackedSwitchKey;
import dev.veilsum.params.BfvParameters;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * BFV (or BGV: {@link IntegerScheme}) with one parameter set on one backend: where keys, plaintexts
 * and evaluators come from. Immutable; share it between threads.
 *
 * <p>Integers are encoded with a declared range, which travels with every ciphertext: what is
 * computed is exact, because anything that could wrap modulo t is refused. Arithmetic that is meant
 * modulo t is encoded with {@link #encodeModular}, and is never refused for its size.
 */
public final class BfvContext {
  private final String backendName;
  private final IntegerScheme scheme;
  private final BfvBackend backend;

  private BfvContext(String backendName, IntegerScheme scheme, BfvBackend backend) {
    this.backendName = backendName;
    this.scheme = scheme;
    this.backend = backend;
  }

  /** On the default backend. */
  public static BfvContext create(BfvParameters parameters) {
    return create(parameters, Backends.byDefault());
  }

  public static BfvContext create(BfvParameters parameters, Backend backend) {
    return create(parameters, backend, IntegerScheme.BFV);
  }

  /**
   * With products of BFV or of BGV.
   *
   * @throws VeilsumException {@code UNSUPPORTED} where the backend does not have the scheme
   */
  public static BfvContext create(BfvParameters parameters, Backend backend, IntegerScheme scheme) {
    return switch (scheme) {
      case BFV -> new BfvContext(backend.name(), scheme, backend.bfv(parameters));
      case BGV -> new BfvContext(backend.name(), scheme, backend.bgv(parameters));
    };
  }

  /** Over a backend's BFV or BGV, for callers that hold references. */
  public static BfvContext of(BfvBackend references, IntegerScheme scheme) {
    return new BfvContext("", scheme, references);
  }

  public BfvParameters parameters() {
    return backend.parameters();
  }

  /** The scheme under this context, for callers that hold references. */
  public BfvBackend references() {
    return backend;
  }

  /** A reference as a ciphertext modulo t, which closes it. */
  public BfvCiphertext ciphertextOf(Reference.Ciphertext reference) {
    return new BfvCiphertext(this, reference, null);
  }

  /** An evaluator with keys that the caller holds, and keeps open. */
  public BfvEvaluator evaluatorOf(Reference.EvaluationKeys keys) {
    return evaluator(new BfvEvaluationKeys(this, keys));
  }

  public String backendName() {
    return backendName;
  }

  /** Which scheme computes products. */
  public IntegerScheme scheme() {
    return scheme;
  }

  /**
   * Encodes integers in slots: two rows of N/2, one after the other. Slots that are not given are
   * 0, and 0 joins the range where they are fewer than N.
   *
   * @param values at most N, each within {@code range}
   * @param range public; within [-t/2, t/2). It belongs to the column or the protocol: the range of
   *     the values at hand must not be given away
   * @throws VeilsumException {@code OUT_OF_RANGE} for too many values, a value outside of the
   *     range, or a range outside of t's; {@code UNSUPPORTED} where t does not batch
   */
  public BfvPlaintext encode(long[] values, IntegerRange range) {
    range.requireWithin(parameters(), "encode");
    requireFit(values);
    long least = range.min().longValueExact();
    long greatest = range.max().longValueExact();
    Reference.Plaintext encoded = backend.encode(values, 0, values.length, least, greatest);
    return new BfvPlaintext(
        this, encoded, values.length < parameters().slots() ? range.withZero() : range);
  }

  /** Encodes integers for arithmetic modulo t: nothing is refused for its size. */
  public BfvPlaintext encodeModular(long[] values) {
    requireFit(values);
    return new BfvPlaintext(this, backend.encode(values, 0, values.length), null);
  }

  /**
   * Encodes integers as the coefficients of a polynomial, for any t. Products are of polynomials
   * modulo X^N + 1 and t, so no range is kept.
   */
  public BfvPlaintext encodeCoefficients(long[] values) {
    requireFit(values);
    return new BfvPlaintext(this, backend.encodeCoefficients(values, 0, values.length), null);
  }

  /**
   * The secret key of a 32-byte seed; the same seed gives the same key. The caller wipes the seed.
   *
   * @throws VeilsumException {@code USAGE} where the seed has another length
   */
  public BfvSecretKey secretKey(byte[] seed) {
    if (seed.length != 32) {
      throw new VeilsumException(ErrorCode.USAGE, "a seed has 32 bytes, not " + seed.length);
    }
    return new BfvSecretKey(this, backend.secretKey(seed));
  }

  /** An evaluator that holds no keys: sums, products with plaintexts, products of degree 2. */
  public BfvEvaluator evaluator() {
    return new BfvEvaluator(this, null);
  }

  /** An evaluator with keys, which stay open for as long as it is used. */
  public BfvEvaluator evaluator(BfvEvaluationKeys keys) {
    return new BfvEvaluator(this, keys);
  }

  /** Reads a packed public key; {@code CORRUPT} where it is none of these parameters. */
  public BfvPublicKey loadPublicKey(ByteBuffer in) {
    return new BfvPublicKey(this, backend.loadPublicKey(in));
  }

  /** Reads packed evaluation keys one at a time. */
  public BfvEvaluationKeys loadEvaluationKeys(Iterable<PackedSwitchKey> keys) {
    return new BfvEvaluationKeys(this, backend.loadEvaluationKeys(keys));
  }

  /**
   * Bytes of a packed ciphertext of degree 1, known before it is made.
   *
   * @param seeded encrypted with the secret key and not computed with since: half the size
   */
  public long packedCiphertextBytes(int level, boolean seeded) {
    return PackedRange.BYTES + parameters().ciphertextBytes(level, seeded);
  }

  /** Reads a packed ciphertext; {@code CORRUPT} where it is none of these parameters. */
  public BfvCiphertext loadCiphertext(ByteBuffer in) {
    Optional<IntegerRange> range = PackedRange.read(in, parameters());
    return new BfvCiphertext(this, backend.loadCiphertext(in), range.orElse(null));
  }

  /**
   * The same ciphertext in this context: one of a context of the same parameters and backend, with
   * the other scheme.
   *
   * @throws VeilsumException {@code PARAMETER_MISMATCH} where it is of other parameters or backend
   */
  public BfvCiphertext adopt(BfvCiphertext c) {
    if (!c.context().parameters().equals(parameters())
        || !c.context().backendName.equals(backendName)) {
      requireSame(c.context());
    }
    return typed(backend.adopt(c.in(c.context())), c.range().orElse(null));
  }

  /** Residues in and out, for other libraries' formats; {@code UNSUPPORTED} on some backends. */
  public BfvResidues residues() {
    return new BfvResidues(this, backend.residues());
  }

  BfvBackend backend() {
    return backend;
  }

  /** Throws {@code PARAMETER_MISMATCH} where an object comes from other parameters or backend. */
  void requireSame(BfvContext other) {
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

  BfvCiphertext typed(Reference.Ciphertext reference, IntegerRange range) {
    return new BfvCiphertext(this, reference, range);
  }

  private void requireFit(long[] values) {
    if (values.length > parameters().ringDegree()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%d values do not fit %d slots".formatted(values.length, parameters().ringDegree()));
    }
  }
}
