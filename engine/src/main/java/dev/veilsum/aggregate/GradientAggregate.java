package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The encrypted sum of a round's updates, or of a part of them (a checkpoint): in an accumulator's
 * memory, or a file whose chunks are read when they are wanted. No key is in it. Thread-safe.
 */
public final class GradientAggregate implements AutoCloseable {
  /** Who was counted. */
  public record Client(String name, long weight) {}

  private final GradientFrame frame;
  private final GradientCodec codec;
  private final List<Contributions.Contribution> contributions;
  private final int minimumCohort;
  private final boolean finished;
  private final AggregateForm form;
  private final Addend source;

  private GradientAggregate(
      GradientFrame frame,
      GradientCodec codec,
      List<Contributions.Contribution> contributions,
      int minimumCohort,
      boolean finished,
      AggregateForm form,
      Addend source) {
    this.frame = frame;
    this.codec = codec;
    this.contributions = contributions;
    this.minimumCohort = minimumCohort;
    this.finished = finished;
    this.form = form;
    this.source = source;
  }

  /** What an accumulator holds. */
  static GradientAggregate of(
      GradientFrame frame,
      GradientCodec codec,
      Contributions contributions,
      int minimumCohort,
      boolean finished,
      Accumulator sum) {
    return new GradientAggregate(
        frame,
        codec,
        contributions.all(),
        minimumCohort,
        finished,
        AggregateForm.COMPACT,
        new Sum(codec, frame.form().polynomials(), sum));
  }

  /**
   * Opens a file. Its numbers, metadata and lengths are checked now; each chunk is when it is read.
   *
   * @throws VeilsumException BAD_INPUT where it is no aggregate; CORRUPT where it was cut or
   *     altered; IO
   */
  public static GradientAggregate open(Path path) {
    return read(ContainerReader.openUnread(path));
  }

  /** As {@link #open}, of a container that is closed with it, or where it holds none. */
  public static GradientAggregate read(ContainerReader container) {
    try {
      container.require(ContainerKind.AGGREGATE);
      FieldReader in = FieldReader.of(container.metadata(), container.name());
      GradientFrame frame = GradientMetadata.frame(in, container);
      AggregateForm form = form(in);
      Contributions contributions = contributions(in, frame, form, container);
      int minimumCohort = (int) in.integer("minimum cohort", 1, Integer.MAX_VALUE);
      boolean finished = in.bool("finished");
      in.finish();
      if (finished && contributions.size() < minimumCohort) {
        throw in.wrong("clients", "are fewer than the minimum cohort");
      }
      GradientMetadata.requireChunks(
          container,
          frame.chunks(),
          polynomials(frame, form) * frame.parameters().polynomialBytes());
      return new GradientAggregate(
          frame,
          new GradientCodec(frame.parameters()),
          contributions.all(),
          minimumCohort,
          finished,
          form,
          new InFile(container));
    } catch (RuntimeException | Error e) {
      container.close();
      throw e;
    }
  }

  private static AggregateForm form(FieldReader in) {
    String id = in.text("result");
    for (AggregateForm form : AggregateForm.values()) {
      if (form.id().equals(id)) {
        return form;
      }
    }
    throw in.wrong("result", "is \"" + id + "\", which is not known to this version");
  }

  private static Contributions contributions(
      FieldReader in, GradientFrame frame, AggregateForm form, ContainerReader container) {
    List<Cbor> clients = in.array("clients");
    List<Cbor> weights = in.array("weights");
    byte[] seeds =
        form == AggregateForm.COMPACT
            ? in.bytes("seeds", Contributions.SEED_BYTES * clients.size())
            : new byte[Contributions.SEED_BYTES * clients.size()];
    if (clients.isEmpty() || clients.size() != weights.size()) {
      throw in.wrong("weights", "are not as many as clients, or there are none");
    }
    Contributions all = new Contributions(frame.parameters());
    for (int i = 0; i < clients.size(); i++) {
      if (!(clients.get(i) instanceof Cbor.Text client)
          || !(weights.get(i) instanceof Cbor.Int weight)) {
        throw in.wrong("clients", "or weights are of another type");
      }
      byte[] seed =
          Arrays.copyOfRange(
              seeds, i * Contributions.SEED_BYTES, (i + 1) * Contributions.SEED_BYTES);
      GradientMetadata.corrupt(
          container,
          () -> {
            UpdateDeclaration.requireName("client", client.value());
            all.add(
                new Contributions.Contribution(client.value(), weight.value(), seed),
                "client \"" + client.value() + "\"");
            return all;
          });
    }
    return all;
  }

  /** What it is called in messages. */
  public String name() {
    return source.name();
  }

  /** What its updates had in common. */
  public GradientFrame frame() {
    return frame;
  }

  /** Who was counted, in order. */
  public List<Client> clients() {
    return contributions.stream().map(each -> new Client(each.client(), each.weight())).toList();
  }

  /** The sum of the weights. */
  public long weight() {
    return contributions.stream().mapToLong(Contributions.Contribution::weight).sum();
  }

  /** The minimum cohort that the aggregator was given. */
  public int minimumCohort() {
    return minimumCohort;
  }

  /** Whether the round was finished; a checkpoint's was not. */
  public boolean isFinished() {
    return finished;
  }

  /** How it is stored. */
  public AggregateForm form() {
    return form;
  }

  /** Polynomials of one chunk as it is stored. */
  int polynomials() {
    return polynomials(frame, form);
  }

  private static int polynomials(GradientFrame frame, AggregateForm form) {
    return form == AggregateForm.READY ? 2 : frame.form().polynomials();
  }

  List<Contributions.Contribution> contributions() {
    return contributions;
  }

  Addend source() {
    return source;
  }

  void requireMergeable() {
    if (form != AggregateForm.COMPACT) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          name() + " is a ready aggregate, whose seeds are gone; merge compact ones");
    }
  }

  /**
   * Reads both polynomials of one chunk, packed, c_0 in coefficient form and c_1 in evaluation
   * form, to the position of a direct buffer of 2 {@link GradientParameters#polynomialBytes} bytes;
   * expands the seeds where they are not.
   */
  public void readPair(int chunk, ByteBuffer into) {
    new PairReader(this).read(chunk, into);
  }

  /** Reads chunks as pairs of polynomials; the seeds are laid out once. Thread-safe. */
  static final class PairReader {
    private final GradientAggregate of;
    private final long[] weights;
    private final ByteBuffer seeds;

    PairReader(GradientAggregate of) {
      this.of = of;
      this.weights =
          of.contributions.stream().mapToLong(Contributions.Contribution::weight).toArray();
      this.seeds = ByteBuffer.allocateDirect(Contributions.SEED_BYTES * weights.length);
      of.contributions.forEach(each -> seeds.put(each.seed()));
      seeds.flip();
    }

    void read(int chunk, ByteBuffer into) {
      of.source.readChunk(chunk, into);
      if (of.polynomials() == 1) {
        of.codec.expand(seeds, weights, chunk, into);
      }
    }
  }

  /**
   * Writes it to {@code out}, which is closed.
   *
   * @param progress is told how many chunks are written
   * @return the bytes written
   * @throws VeilsumException UNSUPPORTED where it is ready and a compact one is wanted; CORRUPT, IO
   */
  public long write(
      AtomicOutput out, AggregateForm wanted, OrderedPool pool, IntConsumer progress) {
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.AGGREGATE)) {
      if (wanted != form) {
        requireMergeable();
      }
      writer.add(SectionType.PARAMETERS, ByteBuffer.wrap(frame.parameters().canonicalBytes()));
      PairReader pairs = wanted == AggregateForm.READY ? new PairReader(this) : null;
      int bytes = polynomials(frame, wanted) * frame.parameters().polynomialBytes();
      ContainerWriter.BulkPieces pieces =
          writer.addBulk(SectionType.GRADIENT, frame.chunks(), bytes);
      int[] written = {0};
      Deque<ByteBuffer> spare = new ArrayDeque<>(); // of this thread
      pool.map(
          IntStream.range(0, frame.chunks())
              .mapToObj(
                  chunk -> {
                    ByteBuffer old = spare.poll();
                    return new Chunk(
                        chunk, old == null ? ByteBuffer.allocateDirect(bytes) : old.clear());
                  })
              .iterator(),
          chunk -> {
            if (pairs != null) {
              pairs.read(chunk.number(), chunk.packed());
            } else {
              source.readChunk(chunk.number(), chunk.packed());
            }
            return chunk;
          },
          chunk -> {
            pieces.add(chunk.packed().flip());
            spare.add(chunk.packed());
            progress.accept(++written[0]);
          });
      writer.add(metadata(wanted));
      writer.finish();
      return writer.bytesWritten();
    }
  }

  /** A chunk on its way to a file. */
  private record Chunk(int number, ByteBuffer packed) {}

  private Cbor metadata(AggregateForm as) {
    Map<String, Cbor> fields = GradientMetadata.fields(frame);
    List<Cbor> clients = new ArrayList<>();
    List<Cbor> weights = new ArrayList<>();
    ByteBuffer seeds = ByteBuffer.allocate(Contributions.SEED_BYTES * contributions.size());
    for (Contributions.Contribution each : contributions) {
      clients.add(Cbor.of(each.client()));
      weights.add(Cbor.of(each.weight()));
      seeds.put(each.seed());
    }
    fields.put("clients", new Cbor.Array(clients));
    fields.put("weights", new Cbor.Array(weights));
    fields.put("minimum cohort", Cbor.of(minimumCohort));
    fields.put("finished", Cbor.of(finished));
    fields.put("result", Cbor.of(as.id()));
    if (as == AggregateForm.COMPACT) {
      fields.put("seeds", Cbor.of(seeds.array()));
    }
    return new Cbor.Fields(fields);
  }

  /**
   * SHA-256 of its metadata as it is stored and of all chunks: names this sum and no other, for
   * those who must not work on one twice.
   */
  public byte[] digest() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    digest.update(metadata(form).encode());
    ByteBuffer chunk =
        ByteBuffer.allocateDirect(polynomials() * frame.parameters().polynomialBytes());
    for (int i = 0; i < frame.chunks(); i++) {
      source.readChunk(i, chunk.clear());
      digest.update(chunk.flip());
    }
    return digest.digest();
  }

  /** Frees the accumulator, or closes the file. */
  @Override
  public void close() {
    source.close();
  }

  /** An accumulator's residues. */
  private record Sum(GradientCodec codec, int polynomials, Accumulator sum) implements Addend {
    @Override
    public String name() {
      return "the aggregate";
    }

    @Override
    public long readChunk(int chunk, ByteBuffer into) {
      sum.with(chunk, words -> codec.pack(polynomials, words, into));
      return 0;
    }

    @Override
    public void close() {
      sum.close();
    }
  }

  /** A file's chunks. */
  private record InFile(ContainerReader container) implements Addend {
    @Override
    public String name() {
      return container.name();
    }

    @Override
    public long readChunk(int chunk, ByteBuffer into) {
      return container.readPiece(SectionType.GRADIENT, chunk, into);
    }

    @Override
    public void readChunks(int first, int count, ByteBuffer into, long[] checks) {
      container.readPieces(SectionType.GRADIENT, first, count, into, checks, first);
    }

    @Override
    public void close() {
      container.close();
    }
  }
}
