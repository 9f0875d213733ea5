package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientCodec;
import dev.veilsum.aggregate.GradientFrame;
import dev.veilsum.aggregate.UpdateForm;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.nativelib.SecretBytes;
import dev.veilsum.nativelib.ThresholdCore;
import dev.veilsum.parallel.OrderedPool;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Makes a party's part of opening a sum, once for each ciphertext. The part alone is uniform: it
 * says nothing without those of all other participants.
 */
public final class PartMaker {
  private final OpenShare share;
  private final OpeningLedger ledger;
  private final int minimumCohort;
  private final OrderedPool pool;

  /**
   * @param share stays open and belongs to the caller
   * @param minimumCohort sums of fewer clients are refused; 3 where nothing speaks for another
   */
  public PartMaker(OpenShare share, OpeningLedger ledger, int minimumCohort, OrderedPool pool) {
    this.share = share;
    this.ledger = ledger;
    this.minimumCohort = minimumCohort;
    this.pool = pool;
  }

  /**
   * Makes the part.
   *
   * @param participants the numbers of all parties that open it: exactly t, this one among them,
   *     the same for all of them
   * @param out is closed; nothing appears where an error is thrown
   * @param progress is told how many chunks are done
   * @return the bytes written
   * @throws VeilsumException KEY_MISMATCH where the aggregate is under another key; BAD_INPUT where
   *     it has too few clients, is not finished, or was opened with this share already, and for
   *     participants who are not t parties; CORRUPT, IO
   */
  public long make(
      GradientAggregate aggregate,
      List<Integer> participants,
      AtomicOutput out,
      IntConsumer progress) {
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.THRESHOLD)) {
      KeyShare of = share.of();
      List<Integer> sorted = OpeningId.requireParticipants(of.session(), participants);
      if (!sorted.contains(of.party())) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "party %d is not among the participants %s"
                .formatted(of.party(), OpeningId.text(sorted)));
      }
      requireOpenable(aggregate);
      OpeningId opening = OpeningId.of(aggregate, sorted);
      ledger.record(opening);
      write(aggregate, opening, writer, progress);
      return writer.bytesWritten();
    }
  }

  private void requireOpenable(GradientAggregate aggregate) {
    GradientFrame frame = aggregate.frame();
    KeyShare of = share.of();
    if (!frame.keyId().equals(of.keyId())
        || !frame.parameters().equals(of.session().parameters())
        || frame.form() != UpdateForm.PAIR) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "%s is under key %s, and this is a share of key %s"
              .formatted(aggregate.name(), frame.keyId(), of.keyId()));
    }
    if (!aggregate.isFinished()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          aggregate.name() + " is the checkpoint of a round that goes on; finish the round first");
    }
    if (aggregate.clients().size() < minimumCohort) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is the sum of %d clients; at least %d are asked for here"
              .formatted(aggregate.name(), aggregate.clients().size(), minimumCohort));
    }
    long coefficients = (long) frame.chunks() * frame.parameters().ringDegree();
    if (coefficients > 1L << ThresholdNoise.LOG_COEFFICIENTS) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%s has 2^%.1f coefficients, and flooding is sized for 2^%d; split the tensors"
              .formatted(
                  aggregate.name(),
                  Math.log(coefficients) / Math.log(2),
                  ThresholdNoise.LOG_COEFFICIENTS));
    }
  }

  private void write(
      GradientAggregate aggregate,
      OpeningId opening,
      ContainerWriter writer,
      IntConsumer progress) {
    GradientFrame frame = aggregate.frame();
    int bytes = frame.parameters().polynomialBytes();
    MessageFile.writeParameters(writer, frame.parameters());
    ContainerWriter.BulkPieces pieces = writer.addBulk(SectionType.GRADIENT, frame.chunks(), bytes);
    OpeningId.CiphertextDigest read = new OpeningId.CiphertextDigest();
    Deque<Work> spare = new ArrayDeque<>(); // of this thread
    int[] done = {0};
    try (SecretBytes masks = share.masks(opening)) {
      pool.map(
          IntStream.range(0, frame.chunks())
              .mapToObj(
                  chunk -> {
                    Work work = spare.poll();
                    return (work == null ? new Work(bytes) : work).of(chunk);
                  })
              .iterator(),
          work -> {
            aggregate.readPair(work.chunk, work.pair.clear());
            work.digest = OpeningId.CiphertextDigest.ofChunk(work.pair.flip());
            part(opening, masks.bytes(), work);
            return work;
          },
          work -> {
            read.add(work.digest);
            pieces.add(work.part.clear());
            spare.add(work);
            progress.accept(++done[0]);
          });
    }
    if (!read.finish().equals(opening.ciphertext())) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, aggregate.name() + " was altered while it was read; nothing is told");
    }
    writer.add(new Cbor.Fields(OpeningPart.fields(opening, share.of().party())));
    writer.finish();
  }

  /** One chunk on its way. */
  private static final class Work {
    private final ByteBuffer pair;
    private final ByteBuffer part;
    private int chunk;
    private Digest digest;

    Work(int bytes) {
      this.pair = ByteBuffer.allocateDirect(2 * bytes);
      this.part = ByteBuffer.allocateDirect(bytes);
    }

    Work of(int number) {
      chunk = number;
      part.clear();
      return this;
    }
  }

  private void part(OpeningId opening, ByteBuffer masks, Work work) {
    part(share, opening, masks, work.chunk, work.pair.clear(), work.part);
  }

  /** The part of one chunk, without any check or record. */
  static ByteBuffer ofChunk(OpenShare share, OpeningId opening, int chunk, ByteBuffer pair) {
    ByteBuffer part = ByteBuffer.allocateDirect(share.codec().parameters().polynomialBytes());
    try (SecretBytes masks = share.masks(opening)) {
      part(share, opening, masks.bytes(), chunk, pair.duplicate().clear(), part);
    }
    return part;
  }

  private static void part(
      OpenShare share,
      OpeningId opening,
      ByteBuffer masks,
      int chunk,
      ByteBuffer pair,
      ByteBuffer out) {
    GradientCodec codec = share.codec();
    int bytes = codec.parameters().polynomialBytes();
    long[] participants = opening.participants().stream().mapToLong(Integer::longValue).toArray();
    int flooding = share.of().session().noise().floodingBits();
    GradientCodec.at(
        pair,
        2 * bytes,
        from ->
            GradientCodec.at(
                out,
                bytes,
                to ->
                    GradientCodec.at(
                        share.share(),
                        bytes,
                        own ->
                            GradientCodec.at(
                                masks.duplicate(),
                                masks.capacity(),
                                seeds ->
                                    PackedSum.run(
                                        codec,
                                        handle ->
                                            ThresholdCore.openPart(
                                                handle,
                                                share.of().party(),
                                                participants,
                                                participants.length,
                                                flooding,
                                                own,
                                                seeds,
                                                chunk,
                                                from + bytes,
                                                to,
                                                bytes))))));
  }
}
