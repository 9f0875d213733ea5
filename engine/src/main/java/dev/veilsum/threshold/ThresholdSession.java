package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What all parties of a key agree on beforehand. Nothing of it is secret, and whoever makes it
 * decides neither the key nor its public polynomial.
 *
 * @param id 16 random bytes
 * @param parties n, 2 to 32; they are numbered from 1
 * @param threshold t, 2 to n: so many open a sum
 * @param parameters with room for the noise of the key and of flooding
 */
public record ThresholdSession(
    ByteBuffer id, int parties, int threshold, GradientParameters parameters) {
  /** The most parties of a key. */
  public static final int MAX_PARTIES = 32;

  private static final int ID_BYTES = 16;

  /** Checks all of it: OUT_OF_RANGE, NOISE_BUDGET. */
  public ThresholdSession {
    byte[] bytes = new byte[id.remaining()];
    id.duplicate().get(bytes);
    id = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    requireParties(parties, threshold);
    ThresholdNoise.of(parameters, parties, threshold);
  }

  /**
   * A new session with the smallest parameters.
   *
   * @param request bits, weights and security level; its noise and ring degree are set here
   * @throws VeilsumException OUT_OF_RANGE
   */
  public static ThresholdSession create(int parties, int threshold, GradientRequest request) {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    return new ThresholdSession(
        ByteBuffer.wrap(id), parties, threshold, solve(parties, threshold, request));
  }

  /** Of the ring degrees that have room, the one with the fewest bytes a number. */
  private static GradientParameters solve(int parties, int threshold, GradientRequest request) {
    requireParties(parties, threshold);
    return Stream.of(8192, 16384)
        .map(request::ringDegree)
        .map(each -> each.noiseBits(noiseBits(parties, threshold, each)))
        .flatMap(each -> each.find().stream())
        .min(Comparator.comparingDouble(GradientParameters::bytesPerNumber))
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.OUT_OF_RANGE,
                    "no parameters for %d bits, weights up to %d and %d parties at %s"
                        .formatted(
                            request.bits(),
                            request.weightSum(),
                            parties,
                            request.security().description())));
  }

  private static int noiseBits(int parties, int threshold, GradientRequest request) {
    return ThresholdNoise.of(
            request.ringDegree(), request.weightSumBits(), request.maxWeight(), parties, threshold)
        .noiseBits();
  }

  private static void requireParties(int parties, int threshold) {
    if (parties < 2 || parties > MAX_PARTIES || threshold < 2 || threshold > parties) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a threshold of %d of %d parties; 2 to %d parties are possible, and a threshold from 2 to"
                  .formatted(threshold, parties, MAX_PARTIES)
              + " their number");
    }
  }

  /** The noise of an opening. */
  public ThresholdNoise noise() {
    return ThresholdNoise.of(parameters, parties, threshold);
  }

  /** Names it: all messages carry this. */
  public Digest digest() {
    return new Digest.Builder("session")
        .add(id.duplicate())
        .add(parties)
        .add(threshold)
        .add(parameters.canonicalBytes())
        .finish();
  }

  /** Refuses a number that no party has. */
  void requireParty(int party) {
    if (party < 1 || party > parties) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "there is no party %d: the session has %d, numbered from 1".formatted(party, parties));
    }
  }

  /** Refuses a message of another session. */
  void requireSame(Digest other, String name) {
    if (!digest().equals(other)) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH, name + " is of another session of a threshold key");
    }
  }

  /** Writes it to {@code out}, which is closed. */
  public void write(AtomicOutput out) {
    Map<String, Cbor> fields = MessageFile.fields(MessageType.SESSION);
    putInto(fields);
    MessageFile.write(out, fields, writer -> MessageFile.writeParameters(writer, parameters));
  }

  /** Its fields in a message that holds it; the parameters stand in a section. */
  void putInto(Map<String, Cbor> fields) {
    byte[] bytes = new byte[ID_BYTES];
    id.duplicate().get(bytes);
    fields.put("session", Cbor.of(bytes));
    fields.put("parties", Cbor.of(parties));
    fields.put("threshold", Cbor.of(threshold));
  }

  /**
   * Reads a file.
   *
   * @throws VeilsumException BAD_INPUT where it is none; CORRUPT
   */
  public static ThresholdSession read(ContainerReader reader) {
    FieldReader in = MessageFile.read(reader, MessageType.SESSION);
    ThresholdSession session = of(in, reader);
    in.finish();
    return session;
  }

  /** The session that a message holds. */
  static ThresholdSession of(FieldReader in, ContainerReader reader) {
    byte[] id = in.bytes("session", ID_BYTES);
    int parties = (int) in.integer("parties", 2, MAX_PARTIES);
    int threshold = (int) in.integer("threshold", 2, parties);
    GradientParameters parameters = MessageFile.parameters(reader);
    return MessageFile.corrupt(
        reader, () -> new ThresholdSession(ByteBuffer.wrap(id), parties, threshold, parameters));
  }
}
