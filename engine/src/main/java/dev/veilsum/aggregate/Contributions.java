package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who has been counted in a round, with what weight and what seed. Not thread-safe. */
final class Contributions {
  static final int SEED_BYTES = 32;

  /** One client's part. */
  record Contribution(String client, long weight, byte[] seed) {
    /** Whether this is the same update, not only one of the same client. */
    boolean isSameUpdate(Contribution other) {
      return client.equals(other.client) && Arrays.equals(seed, other.seed);
    }
  }

  private final GradientParameters parameters;
  private final Map<String, Contribution> byClient = new LinkedHashMap<>();
  private long weight;

  Contributions(GradientParameters parameters) {
    this.parameters = parameters;
  }

  int size() {
    return byClient.size();
  }

  /** The sum of the weights. */
  long weight() {
    return weight;
  }

  List<Contribution> all() {
    return List.copyOf(byClient.values());
  }

  /** Whether this very update has been counted. */
  boolean has(Contribution contribution) {
    Contribution counted = byClient.get(contribution.client());
    return counted != null && counted.isSameUpdate(contribution);
  }

  /**
   * Counts a client.
   *
   * @param name the file, for messages
   * @throws VeilsumException BAD_INPUT where it has been counted; OUT_OF_RANGE where its weight
   *     breaks the headroom; nothing is counted then
   */
  void add(Contribution contribution, String name) {
    if (byClient.containsKey(contribution.client())) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s: client \"%s\" has been counted in this round already"
              .formatted(name, contribution.client()));
    }
    long own = contribution.weight();
    if (own < 1 || own > parameters.maxWeight()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%s has weight %d; these parameters take weights from 1 to %d"
              .formatted(name, own, parameters.maxWeight()));
    }
    if (own > parameters.weightSum() - weight) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          ("%s has weight %d; with it the weights add up to %d, and the parameters have headroom for"
                  + " %d: solve larger parameters, or take smaller weights")
              .formatted(name, own, weight + own, parameters.weightSum()));
    }
    byClient.put(contribution.client(), contribution);
    weight += own;
  }

  /** Takes back what {@link #add} counted. */
  void remove(Contribution contribution) {
    if (byClient.remove(contribution.client(), contribution)) {
      weight -= contribution.weight();
    }
  }
}
