package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.parallel.OrderedPool;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Adds a few addends to an accumulator, a few chunks at a time: each chunk of each is read once,
 * and all go into the accumulator in one pass over it. An addend whose chunk cannot be read or is
 * damaged is taken back: sums are exact modulo 2^64, so that its chunks times the negative weight
 * leave the accumulator as it was.
 */
final class ChunkAdder {
  /** Terms whose chunks are added in one pass over those of the accumulator. */
  private static final int GROUP = 4;

  /**
   * The most bytes of a term that are read at once, where one chunk has no more: long reads cost
   * the system less, and what was read is to be near the processor still when it is added.
   */
  private static final int SPAN_BYTES = 1 << 18;

  private final GradientCodec codec;
  private final int polynomials;
  private final int chunks;
  private final int chunkBytes;
  private final int span; // chunks of a term that are read at once
  private final Accumulator sum;
  private final OrderedPool pool;
  private final Queue<ByteBuffer> scratch = new ConcurrentLinkedQueue<>();

  ChunkAdder(GradientCodec codec, int polynomials, int chunks, Accumulator sum, OrderedPool pool) {
    this.codec = codec;
    this.polynomials = polynomials;
    this.chunks = chunks;
    this.chunkBytes = polynomials * codec.parameters().polynomialBytes();
    this.span = Math.max(1, SPAN_BYTES / chunkBytes);
    this.sum = sum;
    this.pool = pool;
  }

  /** What is added, how often, and how far it has come. */
  static final class Term {
    private final Addend addend;
    private final long weight;
    private final long[] checks; // of the chunks that were added
    private final boolean[] added;
    private volatile VeilsumException failure;

    Term(Addend addend, long weight, int chunks) {
      this.addend = addend;
      this.weight = weight;
      this.checks = new long[chunks];
      this.added = new boolean[chunks];
    }

    Addend addend() {
      return addend;
    }

    /** Why it was taken back, or null. */
    VeilsumException failure() {
      return failure;
    }
  }

  /** Adds all terms but those that fail. */
  void add(List<Term> terms) {
    // Several parts a thread, so that none waits long for another.
    int parts = Math.min(chunks, 4 * pool.threads());
    pool.map(
        IntStream.range(0, parts).iterator(),
        part -> {
          addPart(terms, (int) ((long) chunks * part / parts), end(part, parts));
          return part;
        },
        part -> {});
    for (Term term : terms) {
      if (term.failure != null) {
        takeBack(term);
      }
    }
  }

  private int end(int part, int parts) {
    return (int) ((long) chunks * (part + 1) / parts);
  }

  /** A few chunks of a few terms at a time: what is read stays in the cache until it is added. */
  private void addPart(List<Term> terms, int from, int to) {
    ByteBuffer buffer = take(Math.min(GROUP, terms.size()), span);
    List<Term> read = new ArrayList<>(GROUP);
    for (int chunk = from; chunk < to; ) {
      int count = sum.together(chunk, Math.min(span, to - chunk));
      for (int first = 0; first < terms.size(); first += GROUP) {
        buffer.clear();
        read.clear();
        for (Term term : terms.subList(first, Math.min(terms.size(), first + GROUP))) {
          if (term.failure == null && readChunks(term, chunk, count, buffer)) {
            read.add(term);
          }
        }
        addRead(read, chunk, count, buffer, 1);
      }
      chunk += count;
    }
    scratch.add(buffer);
  }

  /** Reads chunks of a term, all of which have to be good. */
  private static boolean readChunks(Term term, int first, int count, ByteBuffer into) {
    int start = into.position();
    try {
      term.addend.readChunks(first, count, into, term.checks);
      return true;
    } catch (VeilsumException e) {
      into.position(start);
      term.failure = e;
      return false;
    }
  }

  private void addRead(List<Term> read, int first, int count, ByteBuffer buffer, int sign) {
    if (read.isEmpty()) {
      return;
    }
    long[] weights = read.stream().mapToLong(term -> sign * term.weight).toArray();
    // Chunks that lie together are added as one with as many times the polynomials.
    sum.with(
        first,
        count,
        words -> codec.add(buffer.duplicate().clear(), weights, count * polynomials, words));
    read.forEach(term -> Arrays.fill(term.added, first, first + count, sign > 0));
  }

  private void takeBack(Term term) {
    ByteBuffer buffer = take(1, 1);
    for (int chunk = 0; chunk < chunks; chunk++) {
      if (!term.added[chunk]) {
        continue;
      }
      long before = term.checks[chunk];
      if (!readChunks(term, chunk, 1, buffer.clear()) || term.checks[chunk] != before) {
        throw new VeilsumException(
            ErrorCode.IO,
            "%s changed while it was read, and cannot be taken back: resume from the checkpoint, or"
                    .formatted(term.addend.name())
                + " begin the round again without it",
            term.failure);
      }
      addRead(List.of(term), chunk, 1, buffer, -1);
    }
    scratch.add(buffer);
  }

  private ByteBuffer take(int terms, int chunks) {
    int bytes = terms * chunks * chunkBytes;
    ByteBuffer spare = scratch.poll();
    return spare != null && spare.capacity() >= bytes ? spare : ByteBuffer.allocateDirect(bytes);
  }
}
