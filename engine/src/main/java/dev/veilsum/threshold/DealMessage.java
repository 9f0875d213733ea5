package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A party's shares of its secret, each sealed to the party that it is for, and the commitment to
 * its part of the public key. Public.
 */
public final class DealMessage {
  private final Digest joins;
  private final int party;
  private final Digest commitment;
  private final List<byte[]> sealed; // by party; null where it was not kept
  private final Digest digest;

  private DealMessage(
      Digest joins, int party, Digest commitment, List<byte[]> sealed, Digest digest) {
    this.joins = joins;
    this.party = party;
    this.commitment = commitment;
    this.sealed = sealed;
    this.digest = digest;
  }

  static DealMessage of(Digest joins, int party, Digest commitment, List<byte[]> sealed) {
    Digest.Builder digest = begin(joins, party, commitment);
    sealed.forEach(digest::add);
    return new DealMessage(joins, party, commitment, List.copyOf(sealed), digest.finish());
  }

  private static Digest.Builder begin(Digest joins, int party, Digest commitment) {
    return new Digest.Builder("deal").add(joins.bytes()).add(party).add(commitment.bytes());
  }

  /** The digest of the first messages that it was made with. */
  Digest joins() {
    return joins;
  }

  public int party() {
    return party;
  }

  /** The commitment to the party's part of the public key. */
  Digest commitment() {
    return commitment;
  }

  /** Of all of it. */
  Digest digest() {
    return digest;
  }

  /** The share that is sealed to a party. */
  byte[] sealedFor(int recipient) {
    byte[] kept = sealed.get(recipient - 1);
    if (kept == null) {
      throw new VeilsumException(
          ErrorCode.USAGE, "the share for party " + recipient + " was not kept; read it again");
    }
    return kept;
  }

  /** Writes it to {@code out}, which is closed. */
  public void write(AtomicOutput out) {
    Map<String, Cbor> fields = MessageFile.fields(MessageType.DEAL);
    fields.put("joins", Cbor.of(joins.bytes()));
    fields.put("party", Cbor.of(party));
    fields.put("commitment", Cbor.of(commitment.bytes()));
    MessageFile.write(out, fields, this::writeShares);
  }

  private void writeShares(ContainerWriter writer) {
    sealed.forEach(share -> writer.add(SectionType.SEALED, ByteBuffer.wrap(share)));
  }

  /**
   * Reads a file, one share after the other.
   *
   * @param recipient the party whose share is kept, or 0 for none
   */
  public static DealMessage read(ContainerReader reader, int recipient) {
    FieldReader in = MessageFile.read(reader, MessageType.DEAL);
    Digest joins = Digest.of(in.bytes("joins", Digest.BYTES));
    int party = (int) in.integer("party", 1, ThresholdSession.MAX_PARTIES);
    Digest commitment = Digest.of(in.bytes("commitment", Digest.BYTES));
    in.finish();
    int shares = reader.count(SectionType.SEALED);
    if (shares > ThresholdSession.MAX_PARTIES) {
      throw in.wrong("message", "has " + shares + " shares");
    }
    Digest.Builder digest = begin(joins, party, commitment);
    List<byte[]> sealed = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      byte[] share = MessageFile.section(reader, SectionType.SEALED, i);
      digest.add(share);
      sealed.add(i + 1 == recipient ? share : null);
    }
    return new DealMessage(joins, party, commitment, sealed, digest.finish());
  }

  /** Refuses a message that has not a share for each party. */
  void requireShares(int parties) {
    if (sealed.size() != parties) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "the deal of party %d has %d shares for %d parties"
              .formatted(party, sealed.size(), parties));
    }
  }
}
