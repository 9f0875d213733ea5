package dev.veilsum.privacy;

import static dev.veilsum.privacy.BudgetFileTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.aggregate.CohortKey;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientAggregator;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.aggregate.RoundOptions;
import dev.veilsum.aggregate.UpdateDeclaration;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clipping, rounding and noise of a client. The noise is that of the system; bounds on it are 9
 * standard deviations wide, which are passed below 2^-60 each.
 */
class PrivateValuesTest {
  private static final double DEVIATIONS = 9;

  private static double[] numbers(int count, double norm, int seed) {
    Random random = new Random(seed);
    double[] x = random.doubles(count, -1, 1).toArray();
    double length = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    return Arrays.stream(x).map(v -> v * norm / length).toArray();
  }

  /** The integers, with what stands for zero subtracted. */
  private static double[] centred(PrivacyParameters parameters, double[] x) {
    int count = x.length;
    ByteBuffer buffer = ByteBuffer.allocateDirect(8 * count).order(ByteOrder.nativeOrder());
    PrivateValues values = parameters.privatize(() -> GradientValues.of(x));
    assertThat(values.count()).isEqualTo(count);
    assertThat(values.kind()).isEqualTo(GradientValues.Kind.INTEGER);
    for (int done = 0; done < count; done += 5001) { // across its blocks
      values.next(buffer, Math.min(5001, count - done));
    }
    double zero = (Math.scalb(1.0, parameters.request().bits()) - 1) / 2;
    double[] centred = new double[count];
    for (int i = 0; i < count; i++) {
      long v = buffer.getLong(8 * i);
      assertThat(v).isBetween(0L, (1L << parameters.request().bits()) - 1);
      centred[i] = v - zero;
    }
    return centred;
  }

  @ParameterizedTest
  @CsvSource({
    // norm C, multiplier, clients, bits, clip or 0 for the solved one, norm of the numbers
    "1, 1, 100, 16, 0, 0.5",
    "1, 1, 100, 16, 0, 1",
    "1, 1, 100, 16, 0, 40",
    "0.01, 2, 1, 20, 0, 0.02",
    "8, 0.7, 1000, 12, 0, 3",
    "1, 1, 50, 12, 2, 1",
    "1, 3, 3, 32, 0, 1",
  })
  void integersAreRightInTheMeanAndNoisyEnough(
      double norm, double noise, int clients, int bits, double clip, double actual) {
    int count = 20_000;
    PrivacyRequest request = new PrivacyRequest(norm, noise, clients, count, bits);
    PrivacyParameters parameters = clip == 0 ? request.solve() : request.withClip(clip);
    double[] x = numbers(count, actual, 1);
    double[] found = centred(parameters, x);
    double factor = parameters.scale() * Math.min(1, norm / actual);
    double sigma = parameters.cost().sigma().value();
    double squared = 0;
    double along = 0;
    double length = 0;
    for (int i = 0; i < count; i++) {
      double exact = x[i] * factor;
      squared += (found[i] - exact) * (found[i] - exact) / count;
      along += found[i] * exact;
      length += exact * exact;
    }
    // Variances: noise, a coin's 1/4, and rounding's, from 0 to 1/4.
    double least = sigma * sigma + 0.25;
    double spread = DEVIATIONS * Math.sqrt(2.0 / count) * (least + 0.25);
    assertThat(squared).isBetween(least - spread, least + 0.25 + spread);
    // The projection on the numbers has their length.
    assertThat(along / length)
        .isCloseTo(1, within(DEVIATIONS * Math.sqrt((least + 0.25) / length)));
  }

  @Test
  void noiseFollowsFromWhatWasAsked() {
    PrivacyParameters parameters = new PrivacyRequest(2, 1.5, 64, 10_000, 16).solve();
    RoundCost cost = parameters.cost();
    double sensitivity = Math.sqrt(cost.sensitivitySquared());
    // At least the norm in steps, and not much more at 16 bits.
    assertThat(sensitivity).isBetween(2 * parameters.scale(), 2.02 * parameters.scale() + 100);
    assertThat(cost.sigma().value()).isCloseTo(1.5 * sensitivity / 8, within(1e-3));
    assertThat(cost.cut()).isLessThan(0x1p-96);
    // No number of an update within the norm is cut, and the range is used.
    assertThat(parameters.coordinateLimit()).isBetween(2.0, 2.01);
    assertThat(parameters.valueLimit() + cost.noiseBound()).isEqualTo((1 << 15) - 1);
    assertThat(parameters.meanNoise() * 64)
        .isCloseTo(1.5 * sensitivity / parameters.scale(), within(1e-3));
    // epsilon is that of the multiplier, whatever rounding and clients.
    double epsilon = RenyiAccount.empty().plus(cost, 1).epsilon(1e-5);
    RoundCost alone = new PrivacyRequest(2, 1.5, 1, 10, 24).solve().cost();
    assertThat(epsilon).isCloseTo(RenyiAccount.empty().plus(alone, 1).epsilon(1e-5), within(0.01));
  }

  @Test
  void moreNumbersThanTheBitsHoldAreRefused() {
    PrivacyRequest coarse = new PrivacyRequest(1, 1, 10, 25_000_000, 8);
    refused(ErrorCode.OUT_OF_RANGE, coarse::solve);
    refused(ErrorCode.OUT_OF_RANGE, () -> coarse.withClip(1));
    assertThat(new PrivacyRequest(1, 1, 100, 25_000_000, 16).solve().coordinateLimit())
        .isGreaterThanOrEqualTo(1);
    refused(ErrorCode.OUT_OF_RANGE, () -> new PrivacyRequest(1, Double.NaN, 10, 10, 8));
    refused(ErrorCode.OUT_OF_RANGE, () -> new PrivacyRequest(1, 1, 0, 10, 8));
    refused(ErrorCode.OUT_OF_RANGE, () -> new PrivacyRequest(1, 1, 10, 10, 33));
    // A clip so large that all numbers are less than one step of it.
    refused(ErrorCode.OUT_OF_RANGE, () -> new PrivacyRequest(1, 1, 100, 10, 8).withClip(1e6));
  }

  @Test
  void roundingKeepsToTheSensitivity() {
    // Numbers half way between integers round to the largest norms, and some seeds go beyond.
    int count = 400;
    PrivacyParameters parameters = new PrivacyRequest(10, 1, 10, count, 16).withClip(1000);
    double half = 0.5 / parameters.scale();
    double[] x = new double[count];
    Arrays.fill(x, half);
    assertThat(Math.sqrt(count) * half).isLessThan(10);
    byte[] seed = new byte[32];
    long most = 0;
    for (int i = 0; i < 100; i++) {
      seed[0] = (byte) i;
      long[] rounded = new long[count];
      try (RoundedNumbers numbers =
          new RoundedNumbers(
              parameters,
              NumberBlocks.of(GradientValues.of(x), count, 64),
              parameters.scale(),
              seed)) {
        for (int done = 0; done < count; done += 50) {
          long[] part = new long[50];
          numbers.next(part, 50);
          System.arraycopy(part, 0, rounded, done, 50);
        }
      }
      assertThat(rounded).containsOnly(0, 1);
      most = Math.max(most, Arrays.stream(rounded).sum());
    }
    assertThat(most).isBetween(215L, 260L); // of a mean of 200 and a deviation of 10
  }

  @Test
  void badNumbersAreRefused() {
    PrivacyParameters parameters = new PrivacyRequest(1, 1, 10, 5000, 16).solve();
    double[] x = numbers(5000, 1, 2);
    x[4500] = Double.NaN;
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> parameters.privatize(() -> GradientValues.of(x))))
        .hasMessageContaining("number 4500 is NaN");
    x[4500] = Double.NEGATIVE_INFINITY;
    refused(ErrorCode.BAD_INPUT, () -> parameters.privatize(() -> GradientValues.of(x)));
    x[4500] = 1e200;
    refused(ErrorCode.OUT_OF_RANGE, () -> parameters.privatize(() -> GradientValues.of(x)));
    refused(ErrorCode.USAGE, () -> parameters.privatize(() -> GradientValues.of(new double[4])));
    refused(
        ErrorCode.USAGE,
        () -> parameters.privatize(() -> GradientValues.ofIntegers(new long[5000])));
  }

  @Test
  void numbersThatChangeWhileTheyAreReadAreRefused() {
    PrivacyParameters parameters = new PrivacyRequest(1, 1, 10, 5000, 16).solve();
    AtomicInteger reads = new AtomicInteger();
    PrivateValues values =
        parameters.privatize(
            () -> GradientValues.of(numbers(5000, reads.incrementAndGet() < 3 ? 0.5 : 0.6, 1)));
    ByteBuffer buffer = ByteBuffer.allocateDirect(40_000).order(ByteOrder.nativeOrder());
    refused(ErrorCode.BAD_INPUT, () -> values.next(buffer, 5000));
  }

  @Test
  void zerosAndFloatsAreTaken() {
    PrivacyParameters parameters = new PrivacyRequest(1, 1, 10, 3000, 16).solve();
    double[] found = centred(parameters, new double[3000]);
    double mean = Arrays.stream(found).sum() / 3000;
    double sigma = parameters.cost().sigma().value();
    assertThat(mean).isCloseTo(0, within(DEVIATIONS * (sigma + 1) / Math.sqrt(3000)));
    try (PrivateValues floats =
        parameters.privatize(() -> GradientValues.of(new float[1000], new float[2000]))) {
      assertThat(floats.count()).isEqualTo(3000);
    }
  }

  @Test
  void aRoundOfPrivateUpdatesGivesTheMean() {
    int clients = 20;
    int count = 3000;
    PrivacyParameters privacy = new PrivacyRequest(1, 0.5, clients, count, 16).solve();
    GradientParameters parameters = new GradientRequest(16, 64).unitWeights().solve();
    double[] mean = new double[count];
    double[] found;
    try (MasterKey master = MasterKey.generate();
        CohortKey key = CohortKey.derive(master, parameters);
        OrderedPool pool = new OrderedPool(1);
        GradientAggregator round =
            new GradientAggregator(RoundOptions.byDefault().minimumCohort(clients), pool)) {
      GradientEncryptor encryptor = new GradientEncryptor(key, pool);
      List<TensorShape> tensors = List.of(TensorShape.vector("w", ElementType.FLOAT64, count));
      for (int client = 0; client < clients; client++) {
        double[] x = numbers(count, 0.9, client);
        for (int i = 0; i < count; i++) {
          mean[i] += x[i] / clients;
        }
        round.add(
            encryptor.encrypt(
                new UpdateDeclaration("r", "c" + client, 1, privacy.clip(), tensors),
                privacy.privatize(() -> GradientValues.of(x))));
      }
      try (GradientAggregate sum = round.finish()) {
        found = new GradientDecryptor(key, clients, pool).means(sum);
      }
    }
    double squared = 0;
    double total = 0;
    for (int i = 0; i < count; i++) {
      squared += (found[i] - mean[i]) * (found[i] - mean[i]) / count;
      total += (found[i] - mean[i]) / count;
    }
    double noise = privacy.meanNoise();
    assertThat(Math.sqrt(squared)).isCloseTo(noise, within(0.15 * noise));
    assertThat(total).isCloseTo(0, within(DEVIATIONS * noise / Math.sqrt(count)));
  }
}
