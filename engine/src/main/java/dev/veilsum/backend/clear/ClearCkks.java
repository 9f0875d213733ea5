package dev.veilsum.backend.clear;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.params.CkksParameters;

/** CKKS in the clear: doubles with levels, scales and message bounds. */
final class ClearCkks extends ClearScheme<double[]> implements CkksBackend {
  /** Scales that differ by less are taken for equal, as in the core. */
  private static final double SCALE_TOLERANCE = 0x1p-40;

  private static final double MAX_SCALE = 0x1p120;

  private final CkksParameters parameters;
  private final ComplexSlots ring;

  ClearCkks(CkksParameters parameters) {
    this.parameters = parameters;
    this.ring = new ComplexSlots(parameters.slots());
  }

  @Override
  public CkksParameters parameters() {
    return parameters;
  }

  @Override
  ComplexSlots ring() {
    return ring;
  }

  @Override
  boolean composesRotations() {
    return true;
  }

  @Override
  State checked(State state, String operation) {
    double needed = log2(state.scale() * state.bound());
    double available = parameters.logQ(state.level()) - 1;
    if (needed >= available) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          "%s: message times scale takes %.1f bits, level %d holds %.1f"
              .formatted(operation, needed, state.level(), available));
    }
    return state;
  }

  @Override
  State sumState(State a, State b, String operation) {
    if (!(Math.abs(a.scale() / b.scale() - 1) <= SCALE_TOLERANCE)) {
      throw new VeilsumException(
          ErrorCode.SCALE_MISMATCH,
          "%s: scales 2^%.4f and 2^%.4f differ: rescale, or bring one to the other with adjust"
              .formatted(operation, log2(a.scale()), log2(b.scale())));
    }
    return new State(
        Math.min(a.level(), b.level()),
        Math.max(a.degree(), b.degree()),
        a.scale(),
        a.bound() + b.bound());
  }

  // Encoding and encryption.

  @Override
  public Reference.Plaintext encode(
      double[] values, int offset, int length, double bound, int slots, int level, double scale) {
    return encodeComplex(
        values, new double[values.length], offset, length, bound, slots, level, scale);
  }

  @Override
  public Reference.Plaintext encodeComplex(
      double[] real,
      double[] imaginary,
      int offset,
      int length,
      double bound,
      int slots,
      int level,
      double scale) {
    if (Integer.bitCount(slots) != 1 || slots > ring.slots() || length > slots) {
      throw new VeilsumException(ErrorCode.USAGE, "%d values in %d slots".formatted(length, slots));
    }
    double[] message = new double[2 * ring.slots()];
    for (int i = 0; i < ring.slots(); i++) {
      int j = i % slots;
      if (j < length) {
        message[i] = real[offset + j];
        message[ring.slots() + i] = imaginary[offset + j];
        requireWithin(message[i], message[ring.slots() + i], bound, j);
      }
    }
    return new ClearReference.Plain<>(this, message, encodedState(level, scale, bound));
  }

  @Override
  public Reference.Plaintext encodeConstant(double value, double bound, int level, double scale) {
    requireWithin(value, 0, bound, 0);
    double[] message = new double[2 * ring.slots()];
    java.util.Arrays.fill(message, 0, ring.slots(), value);
    return new ClearReference.Plain<>(this, message, encodedState(level, scale, bound));
  }

  private State encodedState(int level, double scale, double bound) {
    if (level < 0 || level > parameters.maxLevel()) {
      throw new VeilsumException(ErrorCode.USAGE, "there is no level " + level);
    }
    if (!(scale > 0 && scale <= MAX_SCALE) || !(bound >= 0) || Double.isInfinite(bound)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "scale %s, bound %s".formatted(scale, bound));
    }
    if (log2(scale * bound) >= parameters.logQ(level) - 1) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "bound times scale takes %.1f bits, level %d holds %.1f"
              .formatted(log2(scale * bound), level, parameters.logQ(level) - 1));
    }
    return new State(level, 1, scale, bound);
  }

  private static void requireWithin(double real, double imaginary, double bound, int index) {
    if (!(Math.hypot(real, imaginary) <= bound)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "value %d is not a number of at most %s".formatted(index, bound));
    }
  }

  @Override
  public Reference.Ciphertext encrypt(Reference.PublicKey key, Reference.Plaintext message) {
    ClearReference.Plain<double[]> p = plain(message);
    return result(p.message, checked(p.state, "encrypt"), publicKeyOf(key).id);
  }

  @Override
  public Reference.Ciphertext encryptSeeded(Reference.SecretKey key, Reference.Plaintext message) {
    ClearReference.Plain<double[]> p = plain(message);
    return result(p.message, checked(p.state, "encrypt"), secret(key).id);
  }

  @Override
  public int level(Reference.Plaintext p) {
    return plain(p).state.level();
  }

  @Override
  public double scale(Reference.Plaintext p) {
    return plain(p).state.scale();
  }

  @Override
  public double scale(Reference.Ciphertext c) {
    return cipher(c).state.scale();
  }

  @Override
  public double messageBound(Reference.Ciphertext c) {
    return cipher(c).state.bound();
  }

  @Override
  public double decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, double[] values, int offset, int length) {
    requireLength(length);
    System.arraycopy(open(key, c), 0, values, offset, length);
    return roundingBound(c);
  }

  @Override
  public double decryptComplex(
      Reference.SecretKey key,
      Reference.Ciphertext c,
      double[] real,
      double[] imaginary,
      int offset,
      int length) {
    requireLength(length);
    double[] message = open(key, c);
    System.arraycopy(message, 0, real, offset, length);
    System.arraycopy(message, ring.slots(), imaginary, offset, length);
    return roundingBound(c);
  }

  private void requireLength(int length) {
    if (length > ring.slots()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "%d values of %d slots".formatted(length, ring.slots()));
    }
  }

  /** The rounding of doubles alone. */
  private double roundingBound(Reference.Ciphertext c) {
    return messageBound(c) * 0x1p-44;
  }

  // Evaluation.

  @Override
  public Reference.Ciphertext addScalar(Reference.Ciphertext a, double value) {
    ClearReference.Cipher<double[]> c = cipher(a);
    double[] message = c.message.clone();
    for (int i = 0; i < ring.slots(); i++) {
      message[i] += value;
    }
    State state = c.state.withBound(c.state.bound() + Math.abs(value));
    return result(message, checked(state, "add"), c.keyId);
  }

  @Override
  public Reference.Ciphertext multiplyScalar(
      Reference.Ciphertext a, double value, double scalarScale) {
    ClearReference.Cipher<double[]> c = cipher(a);
    if (!Double.isFinite(value) || !(scalarScale >= 1)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "scalar %s at scale %s".formatted(value, scalarScale));
    }
    State state = c.state.scaledBy(scalarScale).withBound(c.state.bound() * Math.abs(value));
    return result(ring.scale(c.message, value), checked(state, "multiply"), c.keyId);
  }

  /** There is no noise to state. */
  @Override
  public Reference.Ciphertext withBounds(
      Reference.Ciphertext a, double noiseBoundBits, double messageBound) {
    ClearReference.Cipher<double[]> c = cipher(a);
    return result(c.message, checked(c.state.withBound(messageBound), "declare bounds"), c.keyId);
  }

  @Override
  public Reference.Ciphertext rescale(Reference.Ciphertext a, int levels) {
    ClearReference.Cipher<double[]> c = cipher(a);
    int level = c.state.level();
    if (levels < 1 || level - levels < 0) {
      throw new VeilsumException(
          ErrorCode.DEPTH, "a rescale by %d levels from level %d".formatted(levels, level));
    }
    double factor = 1;
    for (int i = 0; i < levels; i++) {
      factor /= parameters.modulusChain().get(level - i);
    }
    State state = c.state.scaledBy(factor).atLevel(level - levels);
    return result(c.message, checked(state, "rescale"), c.keyId);
  }

  @Override
  public Reference.Ciphertext dropToLevel(Reference.Ciphertext a, int level) {
    ClearReference.Cipher<double[]> c = cipher(a);
    if (level < 0 || level > c.state.level()) {
      throw new VeilsumException(
          ErrorCode.DEPTH, "from level %d to %d".formatted(c.state.level(), level));
    }
    return result(c.message, checked(c.state.atLevel(level), "drop"), c.keyId);
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
