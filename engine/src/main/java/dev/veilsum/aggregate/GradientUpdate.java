package dev.veilsum.aggregate;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One client's encrypted update: in memory, or a file whose chunks are read when they are added.
 * Whoever reads it needs no key. Thread-safe.
 */
public final class GradientUpdate implements Addend {
  private final String name;
  private final GradientFrame frame;
  private final String client;
  private final long weight;
  private final byte[] seed;
  private final ContainerReader file; // or null, and then
  private final List<byte[]> chunks;

  private GradientUpdate(
      String name,
      GradientFrame frame,
      String client,
      long weight,
      byte[] seed,
      ContainerReader file,
      List<byte[]> chunks) {
    this.name = name;
    this.frame = frame;
    this.client = client;
    this.weight = weight;
    this.seed = seed;
    this.file = file;
    this.chunks = chunks;
  }

  /** An update of packed chunks. */
  static GradientUpdate inMemory(
      GradientFrame frame, String client, long weight, byte[] seed, List<byte[]> chunks) {
    return new GradientUpdate(
        "the update of client \"" + client + "\"", frame, client, weight, seed, null, chunks);
  }

  /**
   * Opens a file. Its numbers, metadata and lengths are checked now; each chunk is when it is read.
   *
   * @throws VeilsumException BAD_INPUT where it is no update; CORRUPT where it was cut or altered;
   *     IO
   */
  public static GradientUpdate open(Path path) {
    return read(ContainerReader.openUnread(path));
  }

  /** As {@link #open}, of a container that is closed with the update, or where it holds none. */
  public static GradientUpdate read(ContainerReader container) {
    try {
      container.require(ContainerKind.GRADIENT);
      FieldReader in = FieldReader.of(container.metadata(), container.name());
      GradientFrame frame = GradientMetadata.frame(in, container);
      String client = in.text("client");
      long weight = in.integer("weight", 1, Long.MAX_VALUE);
      byte[] seed = in.bytes("seed", Contributions.SEED_BYTES);
      in.finish();
      GradientMetadata.corrupt(
          container,
          () ->
              new UpdateDeclaration(frame.round(), client, weight, frame.clip(), frame.tensors()));
      GradientMetadata.requireChunks(container, frame.chunks(), frame.chunkBytes());
      return new GradientUpdate(container.name(), frame, client, weight, seed, container, null);
    } catch (RuntimeException | Error e) {
      container.close();
      throw e;
    }
  }

  /** Writes the head of a file; its chunks are added to what is returned, in order. */
  static ContainerWriter.BulkPieces writeHead(ContainerWriter out, GradientFrame frame) {
    out.add(SectionType.PARAMETERS, ByteBuffer.wrap(frame.parameters().canonicalBytes()));
    return out.addBulk(SectionType.GRADIENT, frame.chunks(), frame.chunkBytes());
  }

  /** Writes the end of a file, after its chunks, and makes it appear. */
  static void writeEnd(
      ContainerWriter out, GradientFrame frame, String client, long weight, byte[] seed) {
    Map<String, Cbor> fields = GradientMetadata.fields(frame);
    fields.put("client", Cbor.of(client));
    fields.put("weight", Cbor.of(weight));
    fields.put("seed", Cbor.of(seed));
    out.add(new Cbor.Fields(fields));
    out.finish();
  }

  /** Writes the update to {@code out}, which is closed. Returns the bytes written. */
  public long write(AtomicOutput out) {
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.GRADIENT)) {
      ContainerWriter.BulkPieces pieces = writeHead(writer, frame);
      ByteBuffer chunk = ByteBuffer.allocateDirect(frame.chunkBytes());
      for (int i = 0; i < frame.chunks(); i++) {
        readChunk(i, chunk.clear());
        pieces.add(chunk.flip());
      }
      writeEnd(writer, frame, client, weight, seed);
      return writer.bytesWritten();
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** What it shares with the other updates of its round. */
  public GradientFrame frame() {
    return frame;
  }

  public String client() {
    return client;
  }

  /** What the client asks to be multiplied by. */
  public long weight() {
    return weight;
  }

  /** Who is to be counted, with this weight. */
  Contributions.Contribution contribution(long counted) {
    return new Contributions.Contribution(client, counted, seed);
  }

  @Override
  public long readChunk(int chunk, ByteBuffer into) {
    if (file != null) {
      return file.readPiece(SectionType.GRADIENT, chunk, into);
    }
    into.put(chunks.get(chunk));
    return 0;
  }

  @Override
  public void readChunks(int first, int count, ByteBuffer into, long[] checks) {
    if (file != null) {
      file.readPieces(SectionType.GRADIENT, first, count, into, checks, first);
    } else {
      Addend.super.readChunks(first, count, into, checks);
    }
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
