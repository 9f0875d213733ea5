package dev.veilsum.threshold;

import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.keys.KeyId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A party's part of opening one sum: a file whose chunks are read when they are wanted. */
public final class OpeningPart implements AutoCloseable {
  private final OpeningId opening;
  private final int party;
  private final GradientParameters parameters;
  private final ContainerReader file;

  private OpeningPart(
      OpeningId opening, int party, GradientParameters parameters, ContainerReader file) {
    this.opening = opening;
    this.party = party;
    this.parameters = parameters;
    this.file = file;
  }

  /** Opens a file: BAD_INPUT where it is none; CORRUPT, IO. */
  public static OpeningPart open(Path path) {
    return read(ContainerReader.openUnread(path));
  }

  /** As {@link #open}, of a container that is closed with it, or where it holds none. */
  public static OpeningPart read(ContainerReader reader) {
    try {
      FieldReader in = MessageFile.read(reader, MessageType.PART);
      OpeningId opening = OpeningId.read(in);
      int party = (int) in.integer("party", 1, ThresholdSession.MAX_PARTIES);
      in.finish();
      if (!opening.participants().contains(party)) {
        throw in.wrong("party", "is no participant");
      }
      return new OpeningPart(opening, party, MessageFile.parameters(reader), reader);
    } catch (RuntimeException | Error e) {
      reader.close();
      throw e;
    }
  }

  static Map<String, Cbor> fields(OpeningId opening, int party) {
    Map<String, Cbor> fields = MessageFile.fields(MessageType.PART);
    opening.putInto(fields);
    fields.put("party", Cbor.of(party));
    return fields;
  }

  /** What it is called in messages. */
  public String name() {
    return file.name();
  }

  public int party() {
    return party;
  }

  /** All who take part, ascending. */
  public List<Integer> participants() {
    return opening.participants();
  }

  /** The joint key's id. */
  public KeyId keyId() {
    return opening.keyId();
  }

  /** The digest of the aggregate that it opens. */
  public Digest aggregate() {
    return opening.aggregate();
  }

  OpeningId opening() {
    return opening;
  }

  GradientParameters parameters() {
    return parameters;
  }

  /** How many chunks there are, and whether each is one polynomial. */
  boolean hasChunks(int chunks) {
    if (file.pieces(SectionType.GRADIENT) != chunks) {
      return false;
    }
    for (int i = 0; i < chunks; i++) {
      if (file.pieceLength(SectionType.GRADIENT, i) != parameters.polynomialBytes()) {
        return false;
      }
    }
    return true;
  }

  /** Reads one chunk to the position of a direct buffer, which moves past it. */
  void readChunk(int chunk, ByteBuffer into) {
    file.readPiece(SectionType.GRADIENT, chunk, into);
  }

  @Override
  public void close() {
    file.close();
  }
}
