package dev.veilsum.threshold;

import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.ExchangeKey;
import java.util.Map;

/**
 * A party's first message. Public.
 *
 * @param session the session's digest
 * @param party its number
 * @param exchangeKey its public exchange key, to which the others seal its shares
 * @param contribution 32 random bytes, which go into the seed of the public polynomial
 */
public record JoinMessage(Digest session, int party, byte[] exchangeKey, byte[] contribution) {
  static final int CONTRIBUTION_BYTES = 32;

  /** Writes it to {@code out}, which is closed. */
  public void write(AtomicOutput out) {
    Map<String, Cbor> fields = MessageFile.fields(MessageType.JOIN);
    fields.put("of", Cbor.of(session.bytes()));
    fields.put("party", Cbor.of(party));
    fields.put("exchange key", Cbor.of(exchangeKey));
    fields.put("contribution", Cbor.of(contribution));
    MessageFile.write(out, fields, writer -> {});
  }

  /** Reads a file. */
  public static JoinMessage read(ContainerReader reader) {
    FieldReader in = MessageFile.read(reader, MessageType.JOIN);
    Digest session = Digest.of(in.bytes("of", Digest.BYTES));
    int party = (int) in.integer("party", 1, ThresholdSession.MAX_PARTIES);
    byte[] key = in.bytes("exchange key", ExchangeKey.PUBLIC_BYTES);
    byte[] contribution = in.bytes("contribution", CONTRIBUTION_BYTES);
    in.finish();
    return new JoinMessage(session, party, key, contribution);
  }
}
