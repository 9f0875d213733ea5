package dev.veilsum.cli.federated;

import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.parallel.OrderedPool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Clients that train one model together and keep their digits: each round every client trains on
 * its own, and the model takes the mean of what changed, weighted by their numbers of digits
 * (federated averaging: McMahan et al., arXiv 1602.05629, Algorithm 1).
 */
public final class Federation {
  private static final int ROUNDS = 20;
  private static final double RATE = 0.1;

  /** No parameter changes by more in a round of one client; what does is cut. */
  private static final double CLIP = 0.25;

  private final List<List<Digit>> clients;
  private final List<Digit> test;
  private final Path folder;
  private final OrderedPool pool;
  private final Runnable progress;

  /**
   * @param folder where encrypted files pass through
   * @param progress told of each client's part in each round
   */
  public Federation(
      DigitSet digits, int clients, Path folder, OrderedPool pool, Runnable progress) {
    this.clients = digits.clients(clients);
    this.test = digits.test();
    this.folder = folder;
    this.pool = pool;
    this.progress = progress;
  }

  /** How often {@link #all} tells of progress. */
  public int steps() {
    return 3 * ROUNDS * clients.size();
  }

  /** Numbers of a client's digits. */
  public long[] weights() {
    return clients.stream().mapToLong(List::size).toArray();
  }

  /** Parameters of the model. */
  public int parameters() {
    return SoftmaxModel.PARAMETERS;
  }

  /** Digits that are tested on. */
  public int tested() {
    return test.size();
  }

  /** Every way, one after the other. */
  public List<Outcome> all() {
    return List.of(plain(), encrypted(8), encrypted(16));
  }

  Outcome plain() {
    long start = System.nanoTime();
    SoftmaxModel model = new SoftmaxModel();
    long[] weights = weights();
    double total = LongStream.of(weights).sum();
    for (int round = 0; round < ROUNDS; round++) {
      double[] mean = new double[SoftmaxModel.PARAMETERS];
      for (int k = 0; k < weights.length; k++) {
        double[] change = change(model, round, k);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += weights[k] / total * (float) change[i];
        }
      }
      model = model.plus(mean, 1);
    }
    long bytes = (long) Float.BYTES * SoftmaxModel.PARAMETERS;
    return outcome("plain, 32 bits", ROUNDS, model, bytes, bytes, start, Double.POSITIVE_INFINITY);
  }

  Outcome encrypted(int bits) {
    long start = System.nanoTime();
    long[] weights = weights();
    GradientParameters parameters =
        new GradientRequest(bits, LongStream.of(weights).sum())
            .maxWeight(LongStream.of(weights).max().orElseThrow())
            .solve();
    try (Summation summation = new EncryptedSummation(parameters, CLIP, folder, pool)) {
      SoftmaxModel model = averaged(bits, summation);
      return outcome(
          "encrypted, " + bits + " bits",
          ROUNDS,
          model,
          summation.bytesUp() / ROUNDS / clients.size(),
          summation.bytesDown() / ROUNDS,
          start,
          Double.POSITIVE_INFINITY);
    }
  }

  /** The model that comes out where integers of so many bits are added up. */
  SoftmaxModel averaged(int bits, Summation summation) {
    FixedPoint fixed = new FixedPoint(bits, CLIP);
    long[] weights = weights();
    SoftmaxModel model = new SoftmaxModel();
    for (int round = 0; round < ROUNDS; round++) {
      List<long[]> updates = new ArrayList<>();
      for (int k = 0; k < weights.length; k++) {
        updates.add(fixed.round(change(model, round, k), seed(round, k)));
      }
      long[] sums = summation.sum(updates, weights);
      model = model.plus(fixed.mean(sums, LongStream.of(weights).sum()), 1);
    }
    return model;
  }

  private double[] change(SoftmaxModel model, int round, int client) {
    double[] change = model.trainedChange(clients.get(client), 1, RATE, seed(round, client));
    progress.run();
    return change;
  }

  private static long seed(int round, int client) {
    return 1000L * round + client;
  }

  double accuracy(SoftmaxModel model) {
    return model.accuracy(test);
  }

  private Outcome outcome(
      String way,
      int rounds,
      SoftmaxModel model,
      long bytesUp,
      long bytesDown,
      long start,
      double epsilon) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Outcome(way, rounds, accuracy(model), bytesUp, bytesDown, seconds, epsilon);
  }
}
