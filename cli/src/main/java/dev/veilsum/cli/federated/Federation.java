package dev.veilsum.cli.federated;

import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.privacy.PrivacyParameters;
import dev.veilsum.privacy.PrivacyRequest;
import dev.veilsum.privacy.PrivateValues;
import dev.veilsum.privacy.RenyiAccount;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private static final double DELTA = 1e-5;

  private static final int DIGIT_ROUNDS = 30;
  private static final double DIGIT_NORM = 1;
  private static final double DIGIT_NOISE = 22.5;
  private static final double DIGIT_RATE = 2;
  private static final double MOMENTUM = 0.8;

  private static final int CLIENT_ROUNDS = 2;
  private static final double CLIENT_NORM = 2;
  private static final double CLIENT_NOISE = 0.9;
  private static final int CLIENT_PASSES = 5;
  private static final int CLIENT_BITS = 16;

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
    return (3 * ROUNDS + DIGIT_ROUNDS + CLIENT_ROUNDS) * clients.size();
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
    return List.of(plain(), encrypted(8), encrypted(16), privateDigits(), privateClients());
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
    return new Outcome(
        "plain, 32 bits", Optional.empty(), ROUNDS, accuracy(model), bytes, bytes, since(start));
  }

  Outcome encrypted(int bits) {
    long start = System.nanoTime();
    long[] weights = weights();
    GradientParameters parameters =
        new GradientRequest(bits, LongStream.of(weights).sum())
            .maxWeight(LongStream.of(weights).max().orElseThrow())
            .solveFor(SoftmaxModel.PARAMETERS);
    try (Summation summation = new EncryptedSummation(parameters, CLIP, folder, pool)) {
      SoftmaxModel model = averaged(bits, summation);
      return outcome(bits, Optional.empty(), ROUNDS, model, summation, start);
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

  /**
   * One digit more or less: each round the clients send sums of clipped gradients with noise, and
   * the model takes a step with momentum. The number of all digits is public.
   */
  Outcome privateDigits() {
    long start = System.nanoTime();
    NoisyGradients gradients = NoisyGradients.of(DIGIT_NORM, DIGIT_NOISE, clients.size());
    double total = LongStream.of(weights()).sum();
    try (Summation summation = unweighted(gradients.bits())) {
      SoftmaxModel model = new SoftmaxModel();
      double[] velocity = new double[SoftmaxModel.PARAMETERS];
      for (int round = 0; round < DIGIT_ROUNDS; round++) {
        List<long[]> updates = new ArrayList<>();
        for (List<Digit> digits : clients) {
          updates.add(gradients.integers(model.clippedGradients(digits, gradients.norm())));
          progress.run();
        }
        double[] sum = gradients.sum(summation.sum(updates, ones()));
        for (int i = 0; i < sum.length; i++) {
          velocity[i] = MOMENTUM * velocity[i] + sum[i] / total;
        }
        model = model.plus(velocity, -DIGIT_RATE);
      }
      double epsilon = gradients.epsilon(DIGIT_ROUNDS, DELTA);
      return outcome(
          gradients.bits(),
          Optional.of(new Outcome.Privacy("digit", epsilon, DELTA)),
          DIGIT_ROUNDS,
          model,
          summation,
          start);
    }
  }

  /**
   * One client more or less: changes are clipped to a norm, and get noise. Ten clients hide one of
   * them only behind much of it.
   */
  Outcome privateClients() {
    long start = System.nanoTime();
    PrivacyParameters parameters =
        new PrivacyRequest(
                CLIENT_NORM, CLIENT_NOISE, clients.size(), SoftmaxModel.PARAMETERS, CLIENT_BITS)
            .solve();
    FixedPoint fixed = new FixedPoint(CLIENT_BITS, parameters.clip());
    try (Summation summation = unweighted(CLIENT_BITS)) {
      SoftmaxModel model = new SoftmaxModel();
      for (int round = 0; round < CLIENT_ROUNDS; round++) {
        List<long[]> updates = new ArrayList<>();
        for (int k = 0; k < clients.size(); k++) {
          double[] change =
              model.trainedChange(clients.get(k), CLIENT_PASSES, RATE, seed(round, k));
          updates.add(integers(parameters.privatize(() -> GradientValues.of(change))));
          progress.run();
        }
        long[] sums = summation.sum(updates, ones());
        model = model.plus(fixed.mean(sums, clients.size()), 1);
      }
      double epsilon = RenyiAccount.empty().plus(parameters.cost(), CLIENT_ROUNDS).epsilon(DELTA);
      return outcome(
          CLIENT_BITS,
          Optional.of(new Outcome.Privacy("client", epsilon, DELTA)),
          CLIENT_ROUNDS,
          model,
          summation,
          start);
    }
  }

  /** What an encryptor would read, to compare sums with later. */
  private static long[] integers(PrivateValues values) {
    try (values) {
      ByteBuffer bytes =
          ByteBuffer.allocateDirect(Long.BYTES * SoftmaxModel.PARAMETERS)
              .order(ByteOrder.nativeOrder());
      values.next(bytes, SoftmaxModel.PARAMETERS);
      long[] integers = new long[SoftmaxModel.PARAMETERS];
      bytes.flip().asLongBuffer().get(integers);
      return integers;
    }
  }

  private Summation unweighted(int bits) {
    GradientParameters parameters =
        new GradientRequest(bits, clients.size()).unitWeights().solveFor(SoftmaxModel.PARAMETERS);
    return new EncryptedSummation(parameters, 1, folder, pool);
  }

  private long[] ones() {
    return clients.stream().mapToLong(client -> 1).toArray();
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
      int bits,
      Optional<Outcome.Privacy> privacy,
      int rounds,
      SoftmaxModel model,
      Summation summation,
      long start) {
    return new Outcome(
        "encrypted, " + bits + " bits",
        privacy,
        rounds,
        accuracy(model),
        summation.bytesUp() / rounds / clients.size(),
        summation.bytesDown() / rounds,
        since(start));
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
