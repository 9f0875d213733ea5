package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted sums through the command line. */
class AggregateTest {
  private static final int NUMBERS = 30_000;

  @TempDir Path folder;
  private Path key;
  private Path updates;
  private final double[] mean = new double[NUMBERS];
  private final Random random = new Random(6);

  @BeforeEach
  void keys() throws IOException {
    key = folder.resolve("cohort.key");
    updates = Files.createDirectory(folder.resolve("updates"));
    succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
  }

  private Path update(String client, long weight, double share) throws IOException {
    ByteBuffer numbers = ByteBuffer.allocate(4 * NUMBERS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < NUMBERS; i++) {
      float value = random.nextFloat() - 0.5f;
      mean[i] += share * value;
      numbers.putFloat(value);
    }
    Path raw = folder.resolve(client + ".f32");
    Files.write(raw, numbers.array());
    Path file = updates.resolve(client + ".vsm");
    succeeds(
        Run.of(
            "gradient",
            "encrypt",
            "-k",
            key,
            "--round",
            "7",
            "--client",
            client,
            "--weight",
            weight,
            "--clip",
            "0.5",
            "--bits",
            "16",
            "-o",
            file,
            raw));
    return file;
  }

  private float[] decrypted(Path aggregate) {
    byte[] bytes = succeeds(Run.of("gradient", "decrypt", "-k", key, aggregate)).bytes();
    float[] floats = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  private void assertMean(float[] found) {
    assertThat(found).hasSize(NUMBERS);
    for (int i = 0; i < NUMBERS; i++) {
      assertThat((double) found[i]).isCloseTo(mean[i], within(1.0 / 65535 + 1e-7));
    }
  }

  @Test
  void aRoundThroughFiles() throws IOException {
    for (int client = 0; client < 4; client++) {
      update("client " + client, 1 + client, (1 + client) / 10.0);
    }
    Path sum = folder.resolve("sum.vsm");
    Path ready = folder.resolve("ready.vsm");
    succeeds(Run.of("aggregate", "--round", "7", "-o", sum, updates));
    succeeds(Run.of("aggregate", "--ready", "-o", ready, updates));
    assertMean(decrypted(sum));
    assertMean(decrypted(ready));
    var json = new ObjectMapper().readTree(Run.of("inspect", "--json", sum).out());
    assertThat(json.get("weight").asInt()).isEqualTo(10);
    assertThat(json.get("clients")).hasSize(4);
    assertThat(succeeds(Run.of("inspect", updates.resolve("client 1.vsm"))).out())
        .contains("round", "client", "float32");
    failsLeaving(
        folder,
        () -> Run.of("aggregate", "-q", "--round", "8", "-o", folder.resolve("x.vsm"), updates),
        ErrorCode.BAD_INPUT,
        "0 clients");
  }

  @Test
  void weightsOfAFile() throws IOException {
    for (int client = 0; client < 3; client++) {
      update("c" + client, 7, (1 + client) / 6.0);
    }
    Path weights = folder.resolve("weights.json");
    Files.writeString(weights, "{\"c0\": 1, \"c1\": 2, \"c2\": 3, \"nobody\": 4}");
    Path sum = folder.resolve("sum.vsm");
    succeeds(Run.of("aggregate", "--weights", weights, "-o", sum, updates));
    assertMean(decrypted(sum));
    // A client without a weight is refused by name, and the others count.
    Files.writeString(weights, "{\"c0\": 1, \"c2\": 3}");
    Path two = folder.resolve("two.vsm");
    Run run =
        succeeds(Run.of("aggregate", "--min-cohort", 2, "--weights", weights, "-o", two, updates));
    assertThat(run.err()).contains("refused BAD_INPUT", "c1.vsm", "2 clients of weight 4");
    String[] wrong = {
      "[1]", "{\"c0\": 1.5}", "{\"c0\": 1, \"c0\": 2}", "{\"c0\": 1", "{} {}", "{\"c0\": \"1\"}"
    };
    for (String bad : wrong) {
      Files.writeString(weights, bad);
      fails(
          Run.of("aggregate", "--weights", weights, "-o", folder.resolve("x.vsm"), updates),
          ErrorCode.BAD_INPUT,
          "weights");
    }
    for (String bad : new String[] {"0", "-1", "123456789012345678901"}) {
      Files.writeString(weights, "{\"c0\": " + bad + "}");
      fails(
          Run.of("aggregate", "--weights", weights, "-o", folder.resolve("x.vsm"), updates),
          ErrorCode.OUT_OF_RANGE,
          "weight");
    }
    fails(
        Run.of("aggregate", "--weights", "equal", "-o", folder.resolve("x.vsm"), updates),
        ErrorCode.BAD_INPUT,
        "own, unit");
  }

  @Test
  void refusedFilesAreNamedAndTheOthersCount() throws IOException {
    for (int client = 0; client < 3; client++) {
      update("c" + client, 1, 1 / 3.0);
    }
    byte[] bytes = Files.readAllBytes(updates.resolve("c1.vsm"));
    bytes[bytes.length / 2] ^= 4;
    Files.write(updates.resolve("b-damaged.vsm"), bytes);
    Files.writeString(updates.resolve("note.vsm"), "hello");
    Path sum = folder.resolve("sum.vsm");
    Run run = Run.of("aggregate", "-o", sum, updates);
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .contains("b-damaged.vsm", "CORRUPT", "note.vsm", "BAD_INPUT", "2 files refused");
    assertMean(decrypted(sum));
    fails(
        Run.of("gradient", "decrypt", "-k", key, "--min-cohort", 4, sum),
        ErrorCode.BAD_INPUT,
        "3 clients");
    Path few = folder.resolve("few.vsm");
    fails(
        Run.of("aggregate", "--min-cohort", 4, "-q", "-o", few, updates),
        ErrorCode.BAD_INPUT,
        "at least 4");
  }

  @Test
  void goesOnFromACheckpoint() throws IOException {
    Path checkpoint = folder.resolve("round.checkpoint");
    Path sum = folder.resolve("sum.vsm");
    for (int client = 0; client < 3; client++) {
      update("c" + client, 1, 1 / 6.0);
    }
    // Stops for want of clients, with a checkpoint of what it had.
    fails(
        Run.of("aggregate", "--min-cohort", 6, "--checkpoint", checkpoint, "-o", sum, updates),
        ErrorCode.BAD_INPUT,
        "at least 6");
    assertThat(checkpoint).exists();
    assertThat(succeeds(Run.of("inspect", checkpoint)).out()).contains("a checkpoint");
    for (int client = 3; client < 6; client++) {
      update("c" + client, 1, 1 / 6.0);
    }
    fails(
        Run.of("aggregate", "--checkpoint", checkpoint, "-o", sum, updates),
        ErrorCode.OUTPUT_EXISTS,
        "--resume");
    Run resumed =
        succeeds(
            Run.of(
                "aggregate",
                "--min-cohort",
                6,
                "--checkpoint",
                checkpoint,
                "--checkpoint-every",
                2,
                "--resume",
                "-o",
                sum,
                updates));
    assertThat(resumed.err()).contains("3 files were in the checkpoint");
    assertThat(checkpoint).doesNotExist();
    assertMean(decrypted(sum));
  }

  @Test
  void compactAggregatesAreMerged() throws IOException {
    Path first = folder.resolve("first.vsm");
    for (int client = 0; client < 3; client++) {
      update("a" + client, 1, 1 / 5.0);
    }
    succeeds(Run.of("aggregate", "-o", first, updates));
    Path one = update("b1", 1, 1 / 5.0);
    Path two = update("b2", 1, 1 / 5.0);
    Path sum = folder.resolve("sum.vsm");
    succeeds(Run.of("aggregate", "-o", sum, one, first, two));
    assertMean(decrypted(sum));
  }

  @Test
  void badInput() throws IOException {
    Path raw = folder.resolve("bad.f32");
    ByteBuffer numbers = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    numbers.putFloat(4 * 33, Float.NaN);
    Files.write(raw, numbers.array());
    Path out = folder.resolve("out.vsm");
    failsLeaving(
        folder,
        () ->
            Run.of(
                "gradient",
                "encrypt",
                "-k",
                key,
                "--round",
                "1",
                "--client",
                "a",
                "--clip",
                "1",
                "-o",
                out,
                raw),
        ErrorCode.BAD_INPUT,
        "33",
        "NaN");
    Files.write(raw, new byte[0]);
    failsLeaving(
        folder,
        () ->
            Run.of(
                "gradient",
                "encrypt",
                "-k",
                key,
                "--round",
                "1",
                "--client",
                "a",
                "--clip",
                "1",
                "-o",
                out,
                raw),
        ErrorCode.BAD_INPUT,
        "0 bytes");
    fails(Run.of("aggregate", "-o", out, updates), ErrorCode.BAD_INPUT, ".vsm");
    fails(Run.of("aggregate", "--resume", "-o", out, updates), ErrorCode.USAGE, "--checkpoint");
    fails(Run.of("gradient"), ErrorCode.USAGE, "encrypt or decrypt");
    assertThat(out).doesNotExist();
  }
}
