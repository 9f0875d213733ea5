package dev.veilsum.threshold;

import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.ExchangeKey;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A party's share of a joint key, sealed to the party's own key file: without that, it is of no
 * use. The other parties' exchange keys stand beside it, under the same seal.
 */
public final class KeyShare {
  private static final byte[] INFO =
      "veilsum v1 threshold key share".getBytes(StandardCharsets.US_ASCII);

  private final ThresholdSession session;
  private final int party;
  private final KeyId keyId;
  private final List<byte[]> exchangeKeys;
  private final byte[] sealed;

  private KeyShare(
      ThresholdSession session, int party, KeyId keyId, List<byte[]> exchangeKeys, byte[] sealed) {
    this.session = session;
    this.party = party;
    this.keyId = keyId;
    this.exchangeKeys = exchangeKeys;
    this.sealed = sealed;
  }

  static KeyShare seal(ExchangeKey own, Joins joins, int party, KeyId keyId, byte[] share) {
    List<byte[]> keys = new ArrayList<>();
    for (int each = 1; each <= joins.session().parties(); each++) {
      keys.add(joins.exchangeKey(each));
    }
    byte[] info = info(joins.session(), party, keyId, keys);
    return new KeyShare(
        joins.session(), party, keyId, keys, own.seal(own.publicKey(), info, share));
  }

  /** All that stands beside the share: it opens with nothing else. */
  private static byte[] info(ThresholdSession session, int party, KeyId keyId, List<byte[]> keys) {
    Digest.Builder digest =
        new Digest.Builder("key share")
            .add(INFO)
            .add(session.digest().bytes())
            .add(party)
            .add(keyId.bytes());
    keys.forEach(digest::add);
    return digest.finish().bytes();
  }

  public ThresholdSession session() {
    return session;
  }

  public int party() {
    return party;
  }

  /** The joint key's id. */
  public KeyId keyId() {
    return keyId;
  }

  /**
   * Opens the share.
   *
   * @param master belongs to the caller, and may be closed afterwards
   * @throws dev.veilsum.VeilsumException WRONG_KEY where the key is not the party's
   */
  public OpenShare open(MasterKey master) {
    ExchangeKey own = ThresholdParty.exchangeKey(master, session);
    try {
      byte[] share =
          own.open(
              own.publicKey(),
              info(session, party, keyId, exchangeKeys),
              sealed,
              "the share of party " + party);
      return new OpenShare(this, own, exchangeKeys, share);
    } catch (RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  /** Writes it to {@code out}, which is closed. */
  public void write(AtomicOutput out) {
    Map<String, Cbor> fields = MessageFile.fields(MessageType.SHARE);
    session.putInto(fields);
    fields.put("party", Cbor.of(party));
    fields.put("key", Cbor.of(keyId.bytes()));
    fields.put("exchange keys", new Cbor.Array(exchangeKeys.stream().map(Cbor::of).toList()));
    MessageFile.write(
        out,
        fields,
        writer -> {
          MessageFile.writeParameters(writer, session.parameters());
          writer.add(SectionType.SEALED, ByteBuffer.wrap(sealed));
        });
  }

  /** Reads a file: BAD_INPUT where it is none; CORRUPT. */
  public static KeyShare read(ContainerReader reader) {
    FieldReader in = MessageFile.read(reader, MessageType.SHARE);
    ThresholdSession session = ThresholdSession.of(in, reader);
    int party = (int) in.integer("party", 1, session.parties());
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    List<byte[]> keys = new ArrayList<>();
    for (Cbor each : in.array("exchange keys")) {
      if (!(each instanceof Cbor.Bytes key) || key.value().length != ExchangeKey.PUBLIC_BYTES) {
        throw in.wrong("exchange keys", "holds something else than keys");
      }
      keys.add(key.value().clone());
    }
    if (keys.size() != session.parties()) {
      throw in.wrong("exchange keys", "are not as many as parties");
    }
    in.finish();
    byte[] sealed = MessageFile.section(reader, SectionType.SEALED);
    return new KeyShare(session, party, keyId, keys, sealed);
  }
}
