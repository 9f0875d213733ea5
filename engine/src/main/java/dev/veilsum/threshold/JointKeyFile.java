package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientCodec;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.JointKey;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The public key of a session, and the file that clients get. */
public final class JointKeyFile {
  private JointKeyFile() {}

  /**
   * The key that all confirmations make together: b = sum of b_i.
   *
   * @throws VeilsumException BAD_INPUT where one is missing or there are two of a party, or one
   *     opens another commitment than it made; KEY_MISMATCH where parties have seen different
   *     messages; CORRUPT
   */
  public static JointKey assemble(Deals deals, List<ConfirmMessage> messages) {
    ThresholdSession session = deals.joins().session();
    List<ConfirmMessage> all =
        Joins.complete(session, messages, ConfirmMessage::party, MessageType.CONFIRM);
    Digest joins = deals.joins().digest();
    for (ConfirmMessage each : all) {
      if (!each.deals().equals(deals.digest())) {
        throw new VeilsumException(
            ErrorCode.KEY_MISMATCH,
            "party %d has seen other deal messages: all parties must have the same ones"
                .formatted(each.party()));
      }
      Digest opened = ConfirmMessage.commitment(joins, each.party(), each.b());
      if (!opened.equals(deals.of(each.party()).commitment())) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "the part of the public key of party %d is not the one that it committed to"
                .formatted(each.party()));
      }
    }
    byte[] b = sum(session.parameters(), all.stream().map(ConfirmMessage::b).toList());
    return JointKey.of(session.parameters(), deals.joins().commonSeed(), b);
  }

  private static byte[] sum(GradientParameters parameters, List<byte[]> parts) {
    int bytes = parameters.polynomialBytes();
    ByteBuffer all = ByteBuffer.allocateDirect(parts.size() * bytes);
    for (byte[] part : parts) {
      if (part.length != bytes) {
        throw new VeilsumException(
            ErrorCode.CORRUPT,
            "a part of the public key has %d bytes, not %d".formatted(part.length, bytes));
      }
      all.put(part);
    }
    ByteBuffer packed = PackedSum.of(new GradientCodec(parameters), all.flip(), parts.size());
    byte[] sum = new byte[bytes];
    packed.get(sum);
    return sum;
  }

  /** Writes a key to {@code out}, which is closed. */
  public static void write(JointKey key, AtomicOutput out) {
    Map<String, Cbor> fields = MessageFile.fields(MessageType.PUBLIC_KEY);
    fields.put("key", Cbor.of(key.keyId().bytes()));
    fields.put("seed", Cbor.of(key.seed()));
    MessageFile.write(
        out,
        fields,
        writer -> {
          MessageFile.writeParameters(writer, key.parameters());
          writer.add(SectionType.PUBLIC_KEY, ByteBuffer.wrap(key.b()));
        });
  }

  /**
   * Reads a file.
   *
   * @throws VeilsumException BAD_INPUT where it is none; CORRUPT, also where its key is not the one
   *     that it names
   */
  public static JointKey read(ContainerReader reader) {
    FieldReader in = MessageFile.read(reader, MessageType.PUBLIC_KEY);
    byte[] keyId = in.bytes("key", 16);
    byte[] seed = in.bytes("seed", JointKey.SEED_BYTES);
    in.finish();
    GradientParameters parameters = MessageFile.parameters(reader);
    byte[] b = MessageFile.section(reader, SectionType.PUBLIC_KEY);
    JointKey key = MessageFile.corrupt(reader, () -> JointKey.of(parameters, seed, b));
    if (!Arrays.equals(key.keyId().bytes(), keyId)) {
      throw in.wrong("key", "is not the id of the key");
    }
    return key;
  }
}
