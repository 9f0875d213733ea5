package dev.veilsum.backend;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.CkksParameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * CKKS (ePrint 2016/421, 2018/931) on opaque references. A message is a vector of {@code slots}
 * complex numbers, slots a power of two up to N/2; sparse messages (slots below N/2) repeat with
 * period {@code slots}.
 */
public interface CkksBackend extends SchemeBackend {
  @Override
  CkksParameters parameters();

  /**
   * Encodes {@code length} real numbers from {@code offset}; the slots after them are 0.
   *
   * @param bound the declared bound on the absolute value of every slot. It travels with the
   *     ciphertext in the clear, so it is a property of the column, not of these values: the
   *     largest of them must not be given away.
   * @param slots a power of two from {@code length} up to N/2
   * @param level the plaintext's level
   * @param scale the factor of the message, above 1
   * @throws dev.veilsum.VeilsumException {@code OUT_OF_RANGE} for a value that is not finite or
   *     that does not fit the modulus at this scale
   */
  Reference.Plaintext encode(
      double[] values, int offset, int length, double bound, int slots, int level, double scale);

  /** Encodes {@code length} complex numbers: real and imaginary parts from {@code offset}. */
  Reference.Plaintext encodeComplex(
      double[] real,
      double[] imaginary,
      int offset,
      int length,
      double bound,
      int slots,
      int level,
      double scale);

  /** The same real number in every slot. */
  Reference.Plaintext encodeConstant(double value, double bound, int level, double scale);

  /** Encrypts at the plaintext's level and scale. */
  Reference.Ciphertext encrypt(Reference.PublicKey key, Reference.Plaintext message);

  /** Encrypts with the secret key: less noise, and packed to half the size while it is fresh. */
  Reference.Ciphertext encryptSeeded(Reference.SecretKey key, Reference.Plaintext message);

  int level(Reference.Plaintext p);

  double scale(Reference.Plaintext p);

  double scale(Reference.Ciphertext c);

  /** A bound on the absolute value of a slot of the message, updated by evaluation. */
  double messageBound(Reference.Ciphertext c);

  /**
   * Decrypts and decodes the real parts of the first {@code length} slots.
   *
   * @return the public bound on the error of each value: noise and the rounding of doubles
   */
  double decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, double[] values, int offset, int length);

  /** Decrypts and decodes the first {@code length} slots; returns the bound on their error. */
  double decryptComplex(
      Reference.SecretKey key,
      Reference.Ciphertext c,
      double[] real,
      double[] imaginary,
      int offset,
      int length);

  /** Adds the same real number to every slot; no level, no scale change. */
  Reference.Ciphertext addScalar(Reference.Ciphertext a, double value);

  /**
   * Multiplies every slot by {@code value}, encoded at the scale {@code scalarScale} (which may be
   * a prime of the chain: then a rescale brings the scale back exactly); the result's scale is the
   * product. A whole number at scale 1 costs neither level nor scale.
   */
  Reference.Ciphertext multiplyScalar(Reference.Ciphertext a, double value, double scalarScale);

  /** {@link #relinearize} and {@link #rescale} by one level in one. */
  default Reference.Ciphertext relinearizeRescale(
      Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    try (Reference.Ciphertext linear = relinearize(a, keys)) {
      return rescale(linear, 1);
    }
  }

  /** {@link #multiply} and {@link #relinearizeRescale} in one. */
  default Reference.Ciphertext multiplyRelinearizeRescale(
      Reference.Ciphertext a, Reference.Ciphertext b, Reference.EvaluationKeys keys) {
    try (Reference.Ciphertext product = a == b ? square(a) : multiply(a, b)) {
      return relinearizeRescale(product, keys);
    }
  }

  /**
   * Brings a ciphertext to exactly {@code scale} at a lower level: one product with the constant 1
   * and one rescale. This is how operands of different depths meet.
   */
  default Reference.Ciphertext adjust(Reference.Ciphertext a, int level, double scale) {
    if (level >= level(a)) {
      throw new VeilsumException(
          ErrorCode.DEPTH,
          "a scale is adjusted at the price of a level: from level %d to %d is impossible"
              .formatted(level(a), level));
    }
    double prime = parameters().modulusChain().get(level + 1);
    try (Reference.Ciphertext dropped = dropToLevel(a, level + 1);
        Reference.Ciphertext scaled = multiplyScalar(dropped, 1, scale * prime / scale(a))) {
      return rescale(scaled, 1);
    }
  }

  /** Divides by the last {@code levels} primes: level and scale go down with them. */
  Reference.Ciphertext rescale(Reference.Ciphertext a, int levels);

  /** Drops primes to reach {@code level}; scale and message stay. */
  Reference.Ciphertext dropToLevel(Reference.Ciphertext a, int level);

  /**
   * The number of baby steps, a power of two up to the dimension, that suits these diagonals of a
   * linear transform at a level: here as many as giant steps, for all rotations cost the same.
   */
  default int babySteps(Diagonals diagonals, int level) {
    int log = Integer.numberOfTrailingZeros(diagonals.dimension());
    return 1 << ((log + 1) / 2);
  }

  /**
   * Encodes a matrix for {@link #apply}, by diagonals with baby and giant steps.
   *
   * @param babySteps 1 to the dimension, such as {@link #babySteps}
   * @param level the highest that it will be applied at
   * @param scale of its entries; the prime of the level at which it is applied and rescaled leaves
   *     the vector's scale as it was
   * @throws VeilsumException {@code USAGE} for a dimension above N/2, baby steps that are not
   *     within it or a level that is not there, {@code OUT_OF_RANGE} for values as in {@link
   *     #encode}
   */
  default Reference.LinearTransform linearTransform(
      Diagonals diagonals, int babySteps, int level, double scale) {
    return ComposedTransform.encode(
        this, diagonals, plan(diagonals, babySteps, parameters().slots()), level, scale);
  }

  /** The plan of these baby steps; {@code USAGE} where they or the dimension do not fit. */
  static BabyGiantPlan plan(Diagonals diagonals, int babySteps, int slots) {
    int d = diagonals.dimension();
    if (d > slots || babySteps < 1 || babySteps > d) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a linear transform of dimension %d with %d baby steps; up to %d slots, and 1 to as many"
                  .formatted(d, babySteps, slots)
              + " baby steps as dimensions, are possible");
    }
    return new BabyGiantPlan(Arrays.stream(diagonals.indices()).boxed().toList(), babySteps);
  }

  /**
   * The matrix times the vector of a ciphertext of degree 1 whose slots repeat with the dimension
   * as period. Level: the lower one; scale: the product; rotations: the plan's, so {@code
   * MISSING_KEY} where one of its keys is not there. Here rotations, products and sums; the core
   * hoists twice (ePrint 2020/1203, algorithm 6), faster and with less noise.
   */
  default Reference.Ciphertext apply(
      Reference.LinearTransform transform, Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    if (!(transform instanceof ComposedTransform composed)) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH, "a linear transform of another backend");
    }
    return composed.apply(this, a, keys);
  }

  /** {@link #apply} and {@link #rescale} by one level in one. */
  default Reference.Ciphertext applyRescale(
      Reference.LinearTransform transform, Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    if (level(a) == 0) {
      throw new VeilsumException(
          ErrorCode.DEPTH, "a linear transform is rescaled at the price of a level: 0 has none");
    }
    try (Reference.Ciphertext applied = apply(transform, a, keys)) {
      return rescale(applied, 1);
    }
  }

  /**
   * The same ciphertext, stating other bounds on its noise and its message: what the caller has
   * proved of it.
   */
  default Reference.Ciphertext withBounds(
      Reference.Ciphertext a, double noiseBoundBits, double messageBound) {
    int parts = degree(a) + 1;
    int words = parts * (level(a) + 1) * parameters().ringDegree();
    ByteBuffer residues =
        ByteBuffer.allocateDirect(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    residues().write(a, residues);
    residues.flip();
    return residues()
        .ciphertext(
            level(a),
            parts,
            Residues.full(residues),
            new ResidueExchange.Numbers(scale(a), noiseBoundBits, messageBound));
  }
}
