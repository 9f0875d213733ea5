package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private updates through the command line, and the budgets that they are paid from. */
class PrivacyCommandsTest {
  private static final int NUMBERS = 5000;
  private static final int CLIENTS = 8;

  @TempDir Path folder;
  private Path key;
  private Path raw;
  private final double[] mean = new double[NUMBERS];

  @BeforeEach
  void keys() throws IOException {
    key = folder.resolve("cohort.key");
    raw = folder.resolve("a.f32");
    succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
    write(raw, 1);
  }

  /** Numbers of norm 0.5. */
  private void write(Path file, int seed) throws IOException {
    double[] x = new Random(seed).doubles(NUMBERS, -1, 1).toArray();
    double norm = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    ByteBuffer bytes = ByteBuffer.allocate(4 * NUMBERS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < NUMBERS; i++) {
      mean[i] += 0.5 * x[i] / norm / CLIENTS;
      bytes.putFloat((float) (0.5 * x[i] / norm));
    }
    Files.write(file, bytes.array());
  }

  private Object[] encrypt(String round, String client, Path out, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of("gradient", "encrypt", "-k", key, "--bits", "16", "--client", client));
    args.addAll(List.of("--round", round, "-o", out));
    args.addAll(List.of(more));
    args.add(folder.resolve(client + ".f32"));
    return args.toArray();
  }

  private Object[] privately(Path budget, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of("--privacy-norm", "1", "--privacy-noise", "2", "--privacy-clients", CLIENTS));
    args.addAll(List.of("--privacy-budget", budget));
    args.addAll(List.of(more));
    return args.toArray();
  }

  private static JsonNode json(Object... args) throws IOException {
    return new ObjectMapper().readTree(succeeds(Run.of(args)).bytes());
  }

  @Test
  void aRoundOfPrivateUpdates() throws IOException {
    Arrays.fill(mean, 0);
    Path updates = Files.createDirectory(folder.resolve("updates"));
    for (int client = 0; client < CLIENTS; client++) {
      String name = "c" + client;
      write(folder.resolve(name + ".f32"), client);
      Path budget = folder.resolve(name + ".privacy");
      Object[] options = privately(budget, "--epsilon", "5", "--delta", "1e-6");
      succeeds(Run.of(encrypt("7", name, updates.resolve(name + ".vsm"), options)));
    }
    Path sum = folder.resolve("sum.vsm");
    succeeds(Run.of("aggregate", "-o", sum, "--min-cohort", CLIENTS, updates));
    byte[] bytes =
        succeeds(Run.of("gradient", "decrypt", "-k", key, "--min-cohort", CLIENTS, sum)).bytes();
    double squared = 0;
    for (int i = 0; i < NUMBERS; i++) {
      double found = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(4 * i);
      squared += (found - mean[i]) * (found - mean[i]) / NUMBERS;
    }
    JsonNode plan =
        json(
            "privacy",
            "plan",
            "--norm",
            "1",
            "--noise",
            "2",
            "--clients",
            CLIENTS,
            "--numbers",
            NUMBERS,
            "--delta",
            "1e-6",
            "--json");
    // Nine standard deviations of the estimate, and the parts of rounding.
    double noise = plan.get("meanNoise").asDouble();
    assertThat(noise).isCloseTo(2.0 / CLIENTS, within(0.02));
    assertThat(Math.sqrt(squared)).isCloseTo(noise, within(0.1 * noise));
    JsonNode spent = json("privacy", "show", folder.resolve("c0.privacy"), "--json");
    assertThat(spent.get("spent").asDouble()).isEqualTo(plan.get("epsilon").asDouble());
    assertThat(spent.get("rounds").get(0).get("round").asText()).isEqualTo("7");
    assertThat(spent.get("rounds").get(0).get("clients").asInt()).isEqualTo(CLIENTS);
  }

  @Test
  void budgetsAreKept() throws IOException {
    Path budget = folder.resolve("a.privacy");
    Path one = folder.resolve("1.vsm");
    Path two = folder.resolve("2.vsm");
    fails(
        Run.of(encrypt("1", "a", one, privately(budget))),
        ErrorCode.IO,
        "there is no privacy budget");
    succeeds(
        Run.of(encrypt("1", "a", one, privately(budget, "--epsilon", "3", "--delta", "1e-6"))));
    failsLeaving(
        folder,
        () -> Run.of(encrypt("1", "a", two, privately(budget))),
        ErrorCode.BAD_INPUT,
        "has been paid for");
    JsonNode plan =
        json(
            "privacy",
            "plan",
            "--norm",
            "1",
            "--noise",
            "2",
            "--clients",
            CLIENTS,
            "--numbers",
            NUMBERS,
            "--privacy-budget",
            budget,
            "--json");
    assertThat(plan.get("roundsLeft").asInt()).isZero();
    assertThat(plan.get("spentAfter").asDouble()).isGreaterThan(3);
    failsLeaving(
        folder,
        () -> Run.of(encrypt("2", "a", two, privately(budget))),
        ErrorCode.PRIVACY_BUDGET,
        "beyond the budget of 3.000");
    failsLeaving(
        folder,
        () ->
            Run.of(encrypt("2", "a", two, privately(budget, "--epsilon", "9", "--delta", "1e-6"))),
        ErrorCode.USAGE,
        "a budget is not changed");
    assertThat(succeeds(Run.of("privacy", "show", budget)).out())
        .contains("of 3.0 is spent, for delta 1.0E-6, in 1 rounds");

    byte[] bytes = Files.readAllBytes(budget);
    bytes[20] ^= 1;
    Files.write(budget, bytes);
    failsLeaving(
        folder,
        () -> Run.of(encrypt("2", "a", two, privately(budget))),
        ErrorCode.CORRUPT,
        "checksum");
    fails(Run.of("privacy", "show", budget), ErrorCode.CORRUPT, "checksum");
  }

  @Test
  void whatIsRefusedCostsNothing() throws IOException {
    Path budget = folder.resolve("a.privacy");
    Path out = folder.resolve("1.vsm");
    Object[] options = privately(budget, "--epsilon", "4", "--delta", "1e-6");
    byte[] numbers = Files.readAllBytes(raw);
    ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).putFloat(400, Float.NaN);
    Files.write(raw, numbers);
    failsLeaving(
        folder,
        () -> Run.of(encrypt("1", "a", out, options)),
        ErrorCode.BAD_INPUT,
        "number 100 is NaN");
    write(raw, 1);
    Object[] weighted = privately(budget, "--epsilon", "4", "--delta", "1e-6", "--weight", "2");
    failsLeaving(
        folder, () -> Run.of(encrypt("1", "a", out, weighted)), ErrorCode.USAGE, "has weight 1");
    Object[] few = privately(budget, "--epsilon", "4", "--delta", "1e-6", "--weight-sum", "7");
    failsLeaving(
        folder, () -> Run.of(encrypt("1", "a", out, few)), ErrorCode.USAGE, "never come together");
    Object[] narrow = privately(budget, "--epsilon", "4", "--delta", "1e-6", "--clip", "0.5");
    failsLeaving(
        folder,
        () -> Run.of(encrypt("1", "a", out, narrow)),
        ErrorCode.OUT_OF_RANGE,
        "the noise leaves nothing");
    Object[] small = privately(budget, "--epsilon", "0.1", "--delta", "1e-6");
    failsLeaving(
        folder,
        () -> Run.of(encrypt("1", "a", out, small)),
        ErrorCode.PRIVACY_BUDGET,
        "beyond the budget of 0.1000");
    assertThat(budget).doesNotExist();
    fails(Run.of(encrypt("1", "a", out)), ErrorCode.USAGE, "--clip");
    fails(Run.of(encrypt("1", "a", out, "--privacy-norm", "1")), ErrorCode.USAGE, "go together");
    fails(Run.of("privacy"), ErrorCode.USAGE, "show or plan");
    succeeds(Run.of(encrypt("1", "a", out, options)));
  }
}
