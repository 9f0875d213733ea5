package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collector;

/**
 * Adds up the shares that one party got from the clients of a round: a monoid with {@link #add},
 * {@link #merge} and {@link #finish}. What is refused leaves the round as it was. Thread-safe.
 *
 * @param <S> the kind of sharing
 */
public final class ShareAggregator<S extends Share<S>> implements AutoCloseable {
  private final int minimumCohort;
  private final Set<String> clients = new TreeSet<>();
  private S first; // for its round and party; its residues are the client's
  private long[] sum;
  private boolean closed;

  /**
   * An empty round.
   *
   * @param minimumCohort the fewest clients that a result is made of, at least 1
   */
  public ShareAggregator(int minimumCohort) {
    SharingRound.requireRange("minimum cohort", minimumCohort, 1, Integer.MAX_VALUE);
    this.minimumCohort = minimumCohort;
  }

  /** Collects one party's shares to their sum; those that are refused end it with their error. */
  public static <S extends Share<S>> Collector<S, ?, S> collector(int minimumCohort) {
    return Collector.<S, ShareAggregator<S>, S>of(
        () -> new ShareAggregator<>(minimumCohort),
        ShareAggregator::add,
        (a, b) -> {
          a.merge(b);
          b.close();
          return a;
        },
        ShareAggregator::finish);
  }

  /**
   * Adds a share, or a sum of shares of other clients, which stays open.
   *
   * @throws VeilsumException BAD_INPUT for another round, threshold or party, and for a client that
   *     has been counted; OUT_OF_RANGE for more clients than the round was made for
   */
  public synchronized void add(S share) {
    checkOpen();
    long[] residues = share.residues();
    if (first != null) {
      first.requireSameRound(share);
      if (first.party() != share.party()) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "a share for party %d among those for party %d"
                .formatted(share.party(), first.party()));
      }
    }
    for (String client : share.clients()) {
      if (clients.contains(client)) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "client %s has been counted".formatted(client));
      }
    }
    if (clients.size() + share.clients().size() > share.round().clients()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "more than the %d clients that the round was made for"
              .formatted(share.round().clients()));
    }
    if (sum == null) {
      first = share;
      sum = new long[residues.length];
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] = PrimeField.add(sum[i], residues[i]);
    }
    clients.addAll(share.clients());
  }

  /** Adds what another aggregator of the same party and round has; that one stays as it is. */
  public void merge(ShareAggregator<S> other) {
    if (other == this) {
      throw new VeilsumException(ErrorCode.USAGE, "a round is not merged with itself");
    }
    try (S partial = other.partial()) { // never two locks at once
      if (partial != null) {
        add(partial);
      }
    }
  }

  private synchronized S partial() {
    checkOpen();
    return sum == null ? null : first.with(clients, sum.clone());
  }

  /** How many clients have been counted. */
  public synchronized int clients() {
    return clients.size();
  }

  /**
   * The party's share of the sum; the aggregator is closed.
   *
   * @throws VeilsumException BAD_INPUT below the minimum cohort; the round goes on then
   */
  public synchronized S finish() {
    checkOpen();
    if (clients.size() < minimumCohort) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%d clients were counted, and at least %d are needed; wait for more"
              .formatted(clients.size(), minimumCohort));
    }
    S result = first.with(clients, sum.clone());
    close();
    return result;
  }

  private void checkOpen() {
    if (closed) {
      throw new VeilsumException(ErrorCode.CLOSED, "the round is finished or closed");
    }
  }

  /** Wipes the sum. */
  @Override
  public synchronized void close() {
    closed = true;
    if (sum != null) {
      Arrays.fill(sum, 0);
    }
  }
}
