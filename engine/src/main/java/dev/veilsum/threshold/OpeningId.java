package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.keys.KeyId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which sum is opened, and by whom. All participants must say the same, beforehand: their masks
 * cancel in no other case.
 *
 * @param keyId the joint key
 * @param aggregate the digest of the whole aggregate: of who was counted, and of what was added
 * @param ciphertext the digest of the encrypted numbers alone, which a ledger goes by
 * @param participants the numbers of t parties, ascending
 */
record OpeningId(KeyId keyId, Digest aggregate, Digest ciphertext, List<Integer> participants) {
  OpeningId {
    participants = List.copyOf(participants);
  }

  /** The opening of an aggregate, all of which is read. */
  static OpeningId of(GradientAggregate aggregate, List<Integer> participants) {
    return new OpeningId(
        aggregate.frame().keyId(),
        Digest.of(aggregate.digest()),
        ciphertext(aggregate),
        participants);
  }

  private static Digest ciphertext(GradientAggregate aggregate) {
    CiphertextDigest digest = new CiphertextDigest();
    ByteBuffer pair =
        ByteBuffer.allocateDirect(2 * aggregate.frame().parameters().polynomialBytes());
    for (int chunk = 0; chunk < aggregate.frame().chunks(); chunk++) {
      aggregate.readPair(chunk, pair.clear());
      digest.add(pair.flip());
    }
    return digest.finish();
  }

  /** The digest of all chunks, in order: SHA-256 of their digests. */
  static final class CiphertextDigest {
    private final Digest.Builder all = new Digest.Builder("ciphertext");

    /** Adds what remains of a buffer: both polynomials of the next chunk. */
    void add(ByteBuffer pair) {
      add(ofChunk(pair));
    }

    void add(Digest chunk) {
      all.add(chunk.bytes());
    }

    static Digest ofChunk(ByteBuffer pair) {
      return new Digest.Builder("chunk").add(pair).finish();
    }

    Digest finish() {
      return all.finish();
    }
  }

  /**
   * Refuses what no party should take part in.
   *
   * @throws VeilsumException BAD_INPUT where the participants are not t different parties
   */
  static List<Integer> requireParticipants(ThresholdSession session, List<Integer> participants) {
    List<Integer> sorted = participants.stream().sorted().distinct().toList();
    sorted.forEach(session::requireParty);
    if (sorted.size() != participants.size() || sorted.size() != session.threshold()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "the participants %s: this key opens with exactly %d different parties"
              .formatted(text(participants), session.threshold()));
    }
    return sorted;
  }

  /** The label of the mask of two parties: the same for both. */
  byte[] maskLabel(int party, int other) {
    Digest.Builder label =
        new Digest.Builder("mask")
            .add(keyId.bytes())
            .add(aggregate.bytes())
            .add(ciphertext.bytes())
            .add(participants.size());
    participants.forEach(label::add);
    return label.add(Math.min(party, other)).add(Math.max(party, other)).finish().bytes();
  }

  void putInto(Map<String, Cbor> fields) {
    fields.put("key", Cbor.of(keyId.bytes()));
    fields.put("aggregate", Cbor.of(aggregate.bytes()));
    fields.put("ciphertext", Cbor.of(ciphertext.bytes()));
    fields.put(
        "participants", new Cbor.Array(participants.stream().map(n -> Cbor.of((long) n)).toList()));
  }

  static OpeningId read(FieldReader in) {
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    Digest aggregate = Digest.of(in.bytes("aggregate", Digest.BYTES));
    Digest ciphertext = Digest.of(in.bytes("ciphertext", Digest.BYTES));
    List<Integer> participants = new ArrayList<>();
    for (Cbor each : in.array("participants")) {
      int before = participants.isEmpty() ? 0 : participants.get(participants.size() - 1);
      if (!(each instanceof Cbor.Int party)
          || party.value() <= before
          || party.value() > ThresholdSession.MAX_PARTIES) {
        throw in.wrong("participants", "are not ascending numbers of parties");
      }
      participants.add((int) party.value());
    }
    if (participants.isEmpty()) {
      throw in.wrong("participants", "are none");
    }
    return new OpeningId(keyId, aggregate, ciphertext, participants);
  }

  /** For example "1, 3". */
  static String text(List<Integer> participants) {
    return participants.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
