package dev.veilsum.threshold;

import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A party's part of the public key, which it has committed to, and what it has seen. Public.
 *
 * @param deals the digest of all dealings
 * @param party its number
 * @param b its part b_i = -a s_i + e_i, packed
 */
public record ConfirmMessage(Digest deals, int party, byte[] b) {
  /** Writes it to {@code out}, which is closed. */
  public void write(AtomicOutput out) {
    Map<String, Cbor> fields = MessageFile.fields(MessageType.CONFIRM);
    fields.put("deals", Cbor.of(deals.bytes()));
    fields.put("party", Cbor.of(party));
    MessageFile.write(
        out, fields, writer -> writer.add(SectionType.PUBLIC_KEY, ByteBuffer.wrap(b)));
  }

  /** Reads a file. */
  public static ConfirmMessage read(ContainerReader reader) {
    FieldReader in = MessageFile.read(reader, MessageType.CONFIRM);
    Digest deals = Digest.of(in.bytes("deals", Digest.BYTES));
    int party = (int) in.integer("party", 1, ThresholdSession.MAX_PARTIES);
    in.finish();
    return new ConfirmMessage(deals, party, MessageFile.section(reader, SectionType.PUBLIC_KEY));
  }

  /** The commitment to a part of the public key. */
  static Digest commitment(Digest joins, int party, byte[] b) {
    return new Digest.Builder("commitment").add(joins.bytes()).add(party).add(b).finish();
  }
}
