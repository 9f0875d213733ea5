package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key of three parties, and a round under it, through files alone. */
class ThresholdCommandsTest {
  private static final int NUMBERS = 300;

  @TempDir Path folder;
  private Path messages;

  private Path key(int party) {
    return folder.resolve("party" + party + ".key");
  }

  private Path share(int party) {
    return folder.resolve("party" + party + ".share");
  }

  private Path message(String step, int party) {
    return messages.resolve(step + party + ".vsm");
  }

  private void eachParty(String step) {
    for (int party = 1; party <= 3; party++) {
      succeeds(Run.of("threshold", step, "-k", key(party), "-o", message(step, party), messages));
    }
  }

  private Path makeKey() throws IOException {
    messages = Files.createDirectory(folder.resolve("messages"));
    succeeds(
        Run.of(
            "threshold",
            "init",
            "--parties",
            3,
            "--threshold",
            2,
            "--max-weight",
            1,
            "-o",
            messages.resolve("session.vsm")));
    for (int party = 1; party <= 3; party++) {
      succeeds(Run.of("keygen", "-o", key(party), "--no-passphrase"));
      succeeds(
          Run.of(
              "threshold",
              "join",
              "-k",
              key(party),
              "--party",
              party,
              "-o",
              message("join", party),
              messages));
    }
    Run first =
        Run.of(
            "--json", "threshold", "deal", "-k", key(1), "-o", folder.resolve("first"), messages);
    String joins = new ObjectMapper().readTree(first.out()).get("joins").asText();
    Path other = folder.resolve("other");
    fails(
        Run.of("threshold", "deal", "-k", key(2), "--expect", "00" + joins, "-o", other, messages),
        ErrorCode.KEY_MISMATCH,
        joins);
    succeeds(Run.of("threshold", "deal", "-k", key(2), "--expect", joins, "-o", other, messages));
    eachParty("deal");
    eachParty("confirm");
    for (int party = 1; party <= 3; party++) {
      succeeds(Run.of("threshold", "finish", "-k", key(party), "-o", share(party), messages));
    }
    Path joint = folder.resolve("joint.vsm");
    succeeds(Run.of("threshold", "pubkey", "-o", joint, messages));
    return joint;
  }

  private Run update(Path joint, String client, float[] numbers, Object... more)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    Path raw = folder.resolve(client + ".f32");
    Files.write(raw, bytes.array());
    Object[] line = {
      "gradient",
      "encrypt",
      "-k",
      joint,
      "--round",
      "7",
      "--client",
      client,
      "--clip",
      "1",
      "-o",
      folder.resolve("updates").resolve(client + ".vsm"),
      raw
    };
    Object[] all = new Object[line.length + more.length];
    System.arraycopy(line, 0, all, 0, line.length);
    System.arraycopy(more, 0, all, line.length, more.length);
    return Run.of(all);
  }

  private Run part(int party, String participants, Path out, Path sum) {
    return Run.of(
        "threshold",
        "share",
        "-k",
        key(party),
        "--share",
        share(party),
        "--parties",
        participants,
        "-o",
        out,
        sum);
  }

  @Test
  void aKeyAndARoundThroughFiles() throws IOException {
    Path joint = makeKey();
    Files.createDirectory(folder.resolve("updates"));
    double[] mean = new double[NUMBERS];
    Random random = new Random(3);
    for (int client = 0; client < 4; client++) {
      float[] numbers = new float[NUMBERS];
      for (int i = 0; i < NUMBERS; i++) {
        numbers[i] = 2 * random.nextFloat() - 1;
        mean[i] += numbers[i] / 4;
      }
      succeeds(update(joint, "c" + client, numbers));
    }
    fails(update(joint, "c5", new float[1], "--bits", 16), ErrorCode.USAGE, "--bits is said");
    Path sum = folder.resolve("sum.vsm");
    succeeds(Run.of("aggregate", "--round", "7", "-o", sum, folder.resolve("updates")));
    fails(Run.of("gradient", "decrypt", "-k", key(1), sum), ErrorCode.WRONG_KEY, "under the key");

    Path one = folder.resolve("part1.vsm");
    Path three = folder.resolve("part3.vsm");
    Path opened = folder.resolve("mean.f32");
    succeeds(part(1, "1,3", one, sum));
    fails(
        Run.of("threshold", "combine", "-o", opened, sum, one),
        ErrorCode.BAD_INPUT,
        "parties 3 are missing");
    fails(
        Run.of("threshold", "combine", "-o", opened, sum, one, one),
        ErrorCode.BAD_INPUT,
        "second share of party 1");
    succeeds(part(3, "3,1", three, sum));
    // Each is a new process as far as the ledger goes: it is the file that remembers.
    Path again = folder.resolve("again.vsm");
    fails(part(1, "1,3", again, sum), ErrorCode.BAD_INPUT, "already");
    fails(part(1, "1,2", again, sum), ErrorCode.BAD_INPUT, "already");
    assertThat(again).doesNotExist();
    succeeds(Run.of("threshold", "combine", "-o", opened, sum, three, one));
    ByteBuffer found = ByteBuffer.wrap(Files.readAllBytes(opened)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < NUMBERS; i++) {
      assertThat((double) found.getFloat(4 * i)).isCloseTo(mean[i], within(1.01 / 127));
    }

    for (String file : new String[] {"session", "join1", "deal2", "confirm3"}) {
      Run run = succeeds(Run.of("inspect", messages.resolve(file + ".vsm")));
      assertThat(run.out()).contains("threshold", file.replaceAll("\\d", ""));
    }
    var json = new ObjectMapper().readTree(Run.of("inspect", "--json", share(2)).out());
    assertThat(json.get("party").asInt()).isEqualTo(2);
    assertThat(json.get("threshold").asInt()).isEqualTo(2);
    assertThat(succeeds(Run.of("inspect", one)).out()).contains("[1, 3]");
    assertThat(succeeds(Run.of("inspect", joint)).out()).contains("public key");
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      assertThat(Files.getPosixFilePermissions(share(1))).hasSize(2);
    }
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    messages = Files.createDirectory(folder.resolve("messages"));
    Path out = folder.resolve("out.vsm");
    succeeds(Run.of("keygen", "-o", key(1), "--no-passphrase"));
    fails(
        Run.of("threshold", "join", "-k", key(1), "--party", 1, "-o", out, messages),
        ErrorCode.BAD_INPUT,
        "0 session files");
    Path session = messages.resolve("session.vsm");
    fails(
        Run.of("threshold", "init", "--parties", 3, "--threshold", 4, "-o", session),
        ErrorCode.OUT_OF_RANGE,
        "threshold of 4");
    succeeds(Run.of("threshold", "init", "--parties", 2, "--threshold", 2, "-o", session));
    fails(
        Run.of("threshold", "join", "-k", key(1), "--party", 3, "-o", out, messages),
        ErrorCode.BAD_INPUT,
        "no party 3");
    succeeds(
        Run.of("threshold", "join", "-k", key(1), "--party", 1, "-o", message("join", 1), session));
    fails(
        Run.of("threshold", "deal", "-k", key(1), "-o", out, messages),
        ErrorCode.BAD_INPUT,
        "join messages of parties [2]");
    fails(
        Run.of("threshold", "deal", "-k", key(1), "-o", out, key(1)),
        ErrorCode.BAD_INPUT,
        "party1.key");
    fails(Run.of("threshold"), ErrorCode.USAGE, "combine is missing");
    assertThat(out).doesNotExist();
  }
}
