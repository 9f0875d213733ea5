package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collector;

/**
 * Adds up the updates of one round without any key: a monoid with {@link #add}, {@link #merge} and
 * {@link #finish}, in the memory of one accumulator however many clients there are. What is refused
 * leaves the round as it was. Thread-safe.
 */
public final class GradientAggregator implements AutoCloseable {
  /** Files that are open at once: the accumulator goes through memory once for all of them. */
  static final int BATCH = 16;

  private final RoundOptions options;
  private final OrderedPool pool;
  private final Set<String> resumed = new HashSet<>();
  private GradientFrame frame; // with what follows, from the first update on
  private GradientCodec codec;
  private Contributions contributions;
  private Accumulator sum;
  private ChunkAdder adder;
  private VeilsumException spoiled;
  private boolean closed;

  /**
   * An empty round.
   *
   * @param pool the threads that add; belongs to the caller
   */
  public GradientAggregator(RoundOptions options, OrderedPool pool) {
    this.options = options;
    this.pool = pool;
  }

  /**
   * The round that a checkpoint has kept: its updates are counted already.
   *
   * @throws VeilsumException BAD_INPUT where it is no checkpoint, but the sum of a finished round
   */
  public static GradientAggregator resume(Path checkpoint, RoundOptions options, OrderedPool pool) {
    GradientAggregator round = new GradientAggregator(options, pool);
    try (GradientAggregate kept = GradientAggregate.open(checkpoint)) {
      if (kept.isFinished()) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            checkpoint
                + " is the aggregate of a finished round, not a checkpoint; name it among the updates"
                + " to go on from it");
      }
      round.merge(kept);
      kept.clients().forEach(client -> round.resumed.add(client.name()));
      return round;
    } catch (RuntimeException | Error e) {
      round.close();
      throw e;
    }
  }

  /**
   * Collects updates to their aggregate. The stream's updates are left open; those that are refused
   * end it with their error.
   */
  public static Collector<GradientUpdate, ?, GradientAggregate> collector(
      RoundOptions options, OrderedPool pool) {
    return Collector.of(
        () -> new GradientAggregator(options, pool),
        GradientAggregator::add,
        (a, b) -> {
          a.merge(b);
          b.close();
          return a;
        },
        GradientAggregator::finish);
  }

  /**
   * Adds one update, which stays open.
   *
   * @throws VeilsumException naming it: BAD_INPUT for another round, clip or tensors, and for a
   *     client that has been counted; PARAMETER_MISMATCH; KEY_MISMATCH; OUT_OF_RANGE for a weight
   *     beyond the headroom; CORRUPT; IO
   */
  public void add(GradientUpdate update) {
    Map<GradientUpdate, VeilsumException> refused = addAll(List.of(update));
    if (!refused.isEmpty()) {
      throw refused.get(update);
    }
  }

  /**
   * Adds updates, each of which stays open, in one pass over the accumulator.
   *
   * @return those that were refused, and why
   */
  public synchronized Map<GradientUpdate, VeilsumException> addAll(List<GradientUpdate> updates) {
    checkOpen();
    Map<GradientUpdate, VeilsumException> refused = new LinkedHashMap<>();
    int first = 0;
    // The frame is that of the first update which is good, so they come one by one until then.
    while (first < updates.size() && clients() == 0) {
      addTogether(updates.subList(first, first + 1), refused);
      first++;
    }
    addTogether(updates.subList(first, updates.size()), refused);
    return refused;
  }

  private void addTogether(
      List<GradientUpdate> updates, Map<GradientUpdate, VeilsumException> refused) {
    Map<GradientUpdate, Contributions.Contribution> counted = new LinkedHashMap<>();
    List<GradientUpdate> later = new ArrayList<>();
    for (GradientUpdate update : updates) {
      try {
        begin(update.frame(), update.name());
        Contributions.Contribution own = update.contribution(options.weights().applyAsLong(update));
        contributions.add(own, update.name());
        counted.put(update, own);
      } catch (VeilsumException e) {
        if (counted.isEmpty()) {
          refused.put(update, e);
        } else {
          later.add(update); // those before it may still turn out to be damaged, and give room
        }
      }
    }
    List<ChunkAdder.Term> terms = new ArrayList<>();
    counted.forEach(
        (update, own) -> terms.add(new ChunkAdder.Term(update, own.weight(), frame.chunks())));
    run(terms);
    for (ChunkAdder.Term term : terms) {
      if (term.failure() != null) {
        GradientUpdate update = (GradientUpdate) term.addend();
        contributions.remove(counted.get(update));
        refused.put(update, term.failure());
      }
    }
    forgetFrameOfNobody();
    if (!later.isEmpty()) {
      addTogether(later, refused);
    }
  }

  /** A frame that came with what was then refused does not bind those who follow. */
  private void forgetFrameOfNobody() {
    if (sum != null && clients() == 0 && spoiled == null) {
      sum.close();
      sum = null;
      frame = null;
      codec = null;
      adder = null;
      contributions = null;
    }
  }

  /**
   * Adds files, several in one pass, and closes them. Whatever is wrong with one is told to the
   * listener, and the others are added.
   */
  public void addFiles(Iterable<Path> files, RoundListener listener) {
    Iterator<Path> rest = files.iterator();
    while (rest.hasNext()) {
      Map<GradientUpdate, Path> batch = new LinkedHashMap<>();
      try {
        while (rest.hasNext() && batch.size() < BATCH) {
          open(rest.next(), batch, listener);
        }
        Map<GradientUpdate, VeilsumException> refused = addAll(List.copyOf(batch.keySet()));
        batch.forEach(
            (update, file) -> {
              if (refused.containsKey(update)) {
                listener.refused(file, refused.get(update));
              } else {
                listener.counted(file, update);
              }
            });
      } finally {
        batch.keySet().forEach(GradientUpdate::close);
      }
    }
  }

  private void open(Path file, Map<GradientUpdate, Path> batch, RoundListener listener) {
    GradientUpdate update;
    try {
      update = GradientUpdate.open(file);
    } catch (VeilsumException e) {
      listener.refused(file, e);
      return;
    }
    if (hasResumed(update)) {
      update.close();
      listener.passed(file);
    } else {
      batch.put(update, file);
    }
  }

  private synchronized boolean hasResumed(GradientUpdate update) {
    return resumed.contains(update.client())
        && frame.equals(update.frame())
        && contributions.has(update.contribution(0));
  }

  /**
   * Adds a sum of other clients of the same round: a compact aggregate or a checkpoint, which stays
   * open. All of it is added, or nothing.
   *
   * @throws VeilsumException as {@link #add}; UNSUPPORTED for a ready aggregate
   */
  public synchronized void merge(GradientAggregate partial) {
    checkOpen();
    partial.requireMergeable();
    begin(partial.frame(), partial.name());
    List<Contributions.Contribution> added = new ArrayList<>();
    ChunkAdder.Term term = new ChunkAdder.Term(partial.source(), 1, frame.chunks());
    try {
      for (Contributions.Contribution each : partial.contributions()) {
        contributions.add(each, partial.name());
        added.add(each);
      }
      run(List.of(term));
      if (term.failure() != null) {
        throw term.failure();
      }
    } catch (VeilsumException e) {
      added.forEach(contributions::remove);
      forgetFrameOfNobody();
      throw e;
    }
  }

  /**
   * Adds what another aggregator of the same round has; that one stays as it is, and nothing is to
   * be added to it meanwhile.
   */
  public void merge(GradientAggregator other) {
    if (other == this) {
      throw new VeilsumException(ErrorCode.USAGE, "a round is not merged with itself");
    }
    // Never two locks at once: what the other has is taken over first.
    GradientAggregate partial = other.partial();
    if (partial != null) {
      merge(partial);
    }
  }

  private synchronized GradientAggregate partial() {
    checkOpen();
    return clients() == 0 ? null : aggregate(false);
  }

  /** How many clients have been counted. */
  public synchronized int clients() {
    return contributions == null ? 0 : contributions.size();
  }

  /** The sum of their weights. */
  public synchronized long weight() {
    return contributions == null ? 0 : contributions.weight();
  }

  /** Bytes of the accumulator; 0 before the first update. */
  public synchronized long accumulatorBytes() {
    return frame == null
        ? 0
        : (long) frame.chunks() * frame.form().polynomials() * codec.sumBytes();
  }

  /**
   * Writes what has been counted to a file that {@link #resume} takes up, in place of an earlier
   * one: after a crash, one of the two is there whole.
   *
   * @throws VeilsumException BAD_INPUT where nothing has been counted; IO
   */
  public synchronized void checkpoint(Path file) {
    checkOpen();
    requireClients(1);
    aggregate(false)
        .write(
            AtomicOutput.create(file, true, AtomicOutput.Access.USUAL),
            AggregateForm.COMPACT,
            pool,
            chunks -> {});
  }

  /**
   * The sum of all that were counted; the aggregator is closed, and the aggregate has its memory.
   *
   * @throws VeilsumException BAD_INPUT below the minimum cohort; the round goes on then
   */
  public synchronized GradientAggregate finish() {
    checkOpen();
    requireClients(options.minimumCohort());
    GradientAggregate aggregate = aggregate(true);
    closed = true;
    return aggregate;
  }

  private GradientAggregate aggregate(boolean finished) {
    return GradientAggregate.of(
        frame, codec, contributions, options.minimumCohort(), finished, sum);
  }

  private void requireClients(int least) {
    if (clients() < least) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%d clients were counted, and at least %d are needed; wait for more"
              .formatted(clients(), least));
    }
  }

  /** The first update gives the frame, every other one has to have it. */
  private void begin(GradientFrame of, String name) {
    if (options.round().isPresent() && !options.round().get().equals(of.round())) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is of round %s; this round is of round %s"
              .formatted(name, of.round(), options.round().get()));
    }
    if (frame != null) {
      frame.requireSame(of, name);
      return;
    }
    GradientCodec made = new GradientCodec(of.parameters());
    int polynomials = of.form().polynomials();
    sum =
        new Accumulator(
            polynomials * made.sumBytes(), of.chunks(), options.memoryLimit(), options.folder());
    codec = made;
    adder = new ChunkAdder(codec, polynomials, of.chunks(), sum, pool);
    contributions = new Contributions(of.parameters());
    frame = of;
  }

  private void run(List<ChunkAdder.Term> terms) {
    if (terms.isEmpty()) {
      return;
    }
    try {
      adder.add(terms);
    } catch (VeilsumException e) {
      // What was added can no longer be told.
      spoiled = e;
      throw e;
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new VeilsumException(ErrorCode.CLOSED, "the round is finished or closed");
    }
    if (spoiled != null) {
      throw new VeilsumException(
          spoiled.code(), "the round cannot go on: " + spoiled.getMessage(), spoiled);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed && sum != null) {
      sum.close();
    }
    closed = true;
  }
}
