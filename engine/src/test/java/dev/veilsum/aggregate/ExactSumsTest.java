package dev.veilsum.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.params.SecurityLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted sums are the clear integers, on each instruction-set path. */
@Tag("exact")
class ExactSumsTest {
  private static final int[] BITS = {2, 4, 8, 16, 32};

  @TempDir Path folder;

  /** A chunk and a part of one; the weights use up all that was declared. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16, 32})
  void ofWholeChunks(int bits) {
    GradientParameters parameters = GradientParameters.solve(bits, 1 << 8, SecurityLevel.DEFAULT);
    try (Cohort cohort = new Cohort(parameters, parameters.chunkNumbers() + 1003);
        GradientAggregator round = Cohort.round()) {
      long left = 1 << 8;
      for (int client = 0; left > 0; client++) {
        long weight = client == 0 ? 100 : Math.min(left, 1 + 7L * client);
        round.add(cohort.update("client " + client, weight));
        left -= weight;
      }
      try (GradientAggregate sum = round.finish()) {
        assertThat(sum.weight()).isEqualTo(1 << 8);
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
      }
    }
  }

  /** All numbers of bits, for averages and for weights up to 30, and one number a coefficient. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void ofClients(int clients) {
    for (int bits : BITS) {
      GradientRequest request = new GradientRequest(bits, clients * 30L);
      check(
          new GradientRequest(bits, clients).unitWeights().solve(), clients, AggregateForm.COMPACT);
      check(request.maxWeight(30).solve(), clients, AggregateForm.READY);
      check(request.solveFor(50), clients, AggregateForm.COMPACT);
    }
  }

  @Test
  void ofTenThousandClients() {
    check(new GradientRequest(8, 10_000).unitWeights().solve(), 10_000, AggregateForm.COMPACT);
  }

  /** The largest integers, the largest weights, and not one weight to spare. */
  @Test
  void ofExtremes() {
    for (int bits : BITS) {
      GradientParameters parameters = new GradientRequest(bits, 1 << 20).maxWeight(1 << 18).solve();
      try (Cohort cohort = new Cohort(parameters, 20);
          GradientAggregator round = Cohort.round()) {
        long most = parameters.largestNumber();
        long[] numbers = new long[20];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = i % 5 == 4 ? 0 : most;
        }
        for (int client = 0; client < 4; client++) {
          round.add(
              cohort.encryptor.encrypt(
                  cohort.declaration("client " + client, 1 << 18),
                  GradientValues.ofIntegers(numbers)));
        }
        try (GradientAggregate sum = round.finish()) {
          long[] sums = cohort.decryptor().sums(sum);
          for (int i = 0; i < sums.length; i++) {
            assertThat(sums[i]).isEqualTo(numbers[i] << 20);
          }
        }
      }
    }
  }

  /** Weights are drawn from 1 to 30, or are 1 where the parameters take no other. */
  private void check(GradientParameters parameters, int clients, AggregateForm form) {
    Random random = new Random(clients);
    int maxWeight = (int) Math.min(30, parameters.maxWeight());
    try (Cohort cohort = new Cohort(parameters, 50);
        GradientAggregator round =
            new GradientAggregator(RoundOptions.byDefault().minimumCohort(1), Cohort.POOL)) {
      List<GradientUpdate> some = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        long weight = 1 + random.nextInt(maxWeight);
        some.add(cohort.update(Integer.toString(client), weight));
        if (some.size() == GradientAggregator.BATCH || client == clients - 1) {
          assertThat(round.addAll(some)).isEmpty();
          some.clear();
        }
      }
      Path file = folder.resolve(parameters.fingerprint() + form.toString());
      try (GradientAggregate sum = round.finish()) {
        sum.write(Cohort.output(file), form, Cohort.POOL, done -> {});
      }
      try (GradientAggregate sum = GradientAggregate.open(file)) {
        assertThat(sum.clients()).hasSize(clients);
        assertThat(cohort.decryptor().sums(sum))
            .as("%s, %d clients", parameters, clients)
            .isEqualTo(cohort.sums);
      }
    }
  }
}
