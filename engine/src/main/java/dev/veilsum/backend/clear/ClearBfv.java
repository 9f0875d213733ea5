package dev.veilsum.backend.clear;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.params.BfvParameters;

/** BFV in the clear: exact arithmetic modulo t, with levels and degrees. */
final class ClearBfv extends ClearScheme<long[]> implements BfvBackend {
  private final BfvParameters parameters;
  private final ModularVector ring;

  ClearBfv(BfvParameters parameters) {
    this.parameters = parameters;
    long t = parameters.plainModulus();
    int n = parameters.ringDegree();
    this.ring = parameters.batches() ? new SlotVector(t, n) : new CoefficientVector(t, n);
  }

  @Override
  public BfvParameters parameters() {
    return parameters;
  }

  @Override
  ModularVector ring() {
    return ring;
  }

  @Override
  boolean composesRotations() {
    return false;
  }

  @Override
  State checked(State state, String operation) {
    return state;
  }

  @Override
  State sumState(State a, State b, String operation) {
    return new State(Math.min(a.level(), b.level()), Math.max(a.degree(), b.degree()), 1, 0);
  }

  // Encoding and encryption.

  @Override
  public Reference.Plaintext encode(
      long[] values, int offset, int length, long least, long greatest) {
    slots();
    return plaintext(residues(values, offset, length, least, greatest));
  }

  @Override
  public Reference.Plaintext encodeCoefficients(long[] values, int offset, int length) {
    long[] coefficients =
        residues(values, offset, length, parameters.minValue(), parameters.maxValue());
    return plaintext(
        ring instanceof SlotVector slots ? slots.fromCoefficients(coefficients) : coefficients);
  }

  private long[] residues(long[] values, int offset, int length, long least, long greatest) {
    requireLength(length);
    long[] residues = new long[parameters.ringDegree()];
    for (int i = 0; i < length; i++) {
      long v = values[offset + i];
      if (v < least || v > greatest) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE,
            "value %d is outside of the range %d..%d".formatted(i, least, greatest));
      }
      residues[i] = ring.t.of(v);
    }
    return residues;
  }

  private Reference.Plaintext plaintext(long[] message) {
    return new ClearReference.Plain<>(this, message, new State(parameters.maxLevel(), 1, 1, 0));
  }

  @Override
  public Reference.Ciphertext encrypt(
      Reference.PublicKey key, Reference.Plaintext message, int level) {
    return encrypted(publicKeyOf(key).id, message, level);
  }

  @Override
  public Reference.Ciphertext encryptSeeded(
      Reference.SecretKey key, Reference.Plaintext message, int level) {
    return encrypted(secret(key).id, message, level);
  }

  private Reference.Ciphertext encrypted(long keyId, Reference.Plaintext message, int level) {
    ClearReference.Plain<long[]> p = plain(message);
    if (level < 0 || level > parameters.maxLevel()) {
      throw new VeilsumException(ErrorCode.DEPTH, "there is no level " + level);
    }
    return result(p.message, p.state.atLevel(level), keyId);
  }

  @Override
  public void decrypt(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length) {
    slots();
    centre(open(key, c), values, offset, length);
  }

  @Override
  public void decryptCoefficients(
      Reference.SecretKey key, Reference.Ciphertext c, long[] values, int offset, int length) {
    long[] message = open(key, c);
    centre(
        ring instanceof SlotVector slots ? slots.toCoefficients(message) : message,
        values,
        offset,
        length);
  }

  private void centre(long[] message, long[] values, int offset, int length) {
    requireLength(length);
    for (int i = 0; i < length; i++) {
      values[offset + i] = ring.t.centred(message[i]);
    }
  }

  private void requireLength(int length) {
    if (length > parameters.ringDegree()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "%d values of %d slots".formatted(length, parameters.ringDegree()));
    }
  }

  private SlotVector slots() {
    if (ring instanceof SlotVector slots) {
      return slots;
    }
    throw new VeilsumException(
        ErrorCode.UNSUPPORTED,
        "t = %d is no prime that is 1 mod %d, so there are no slots: encode coefficients"
            .formatted(parameters.plainModulus(), 2L * parameters.ringDegree()));
  }

  /** Without noise all of log2(Q / 2t) is left. */
  @Override
  public double noiseBudgetBits(Reference.Ciphertext c) {
    double t = parameters.plainModulus();
    return parameters.logQ(cipher(c).state.level()) - 1 - Math.log(t) / Math.log(2);
  }

  // Evaluation.

  @Override
  public Reference.Ciphertext addScalar(Reference.Ciphertext a, long value) {
    ClearReference.Cipher<long[]> c = cipher(a);
    return result(ring.add(c.message, ring.constant(ring.t.of(value))), c.state, c.keyId);
  }

  @Override
  public Reference.Ciphertext multiplyScalar(Reference.Ciphertext a, long value) {
    ClearReference.Cipher<long[]> c = cipher(a);
    long factor = ring.t.of(value);
    long[] message = new long[c.message.length];
    for (int i = 0; i < message.length; i++) {
      message[i] = ring.t.multiply(c.message[i], factor);
    }
    return result(message, c.state, c.keyId);
  }

  @Override
  public Reference.Ciphertext switchToLevel(Reference.Ciphertext a, int level) {
    ClearReference.Cipher<long[]> c = cipher(a);
    if (level < 0 || level > c.state.level()) {
      throw new VeilsumException(
          ErrorCode.DEPTH, "from level %d to %d".formatted(c.state.level(), level));
    }
    return result(c.message, c.state.atLevel(level), c.keyId);
  }

  @Override
  public Reference.Ciphertext adopt(Reference.Ciphertext a) {
    ClearReference.Cipher<long[]> c = cipher(a);
    return result(c.message, c.state, c.keyId);
  }
}
