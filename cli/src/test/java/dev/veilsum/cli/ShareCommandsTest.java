package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of secret sharing through files, against sums in the clear. */
class ShareCommandsTest {
  private static final int INTEGERS = 1500;
  private static final int BOUND = 1_000_000;

  @TempDir Path folder;
  private final long[] sums = new long[INTEGERS];
  private final Random random = new Random(11);

  private Path text(String name, long[] values) throws IOException {
    String text = LongStream.of(values).mapToObj(Long::toString).collect(Collectors.joining(", "));
    return Files.writeString(folder.resolve(name), text + "\n");
  }

  private Run split(String client, Path prefix, Path in, Object... more) {
    List<Object> line =
        new ArrayList<>(List.of("share", "split", "--round", "7", "--client", client));
    line.addAll(List.of("--servers", 3, "--bound", BOUND, "--clients", 10, "-o", prefix));
    line.addAll(List.of(more));
    line.add(in);
    return Run.of(line.toArray());
  }

  private Path share(String client, int server) {
    return folder.resolve(client + ".share." + server);
  }

  /** Splits the integers of clients a, b, c and adds each server's shares. */
  private Path[] round(Object... more) throws IOException {
    for (String client : new String[] {"a", "b", "c"}) {
      long[] values = new long[INTEGERS];
      for (int i = 0; i < INTEGERS; i++) {
        values[i] = i < 2 ? (i == 0 ? BOUND : -BOUND) : random.nextInt(2 * BOUND + 1) - BOUND;
        sums[i] += values[i];
      }
      succeeds(split(client, folder.resolve(client + ".share"), text(client, values), more));
    }
    Path[] added = new Path[3];
    for (int server = 1; server <= 3; server++) {
      added[server - 1] = folder.resolve("sum." + server);
      succeeds(add(added[server - 1], share("a", server), share("b", server), share("c", server)));
    }
    return added;
  }

  private static Run add(Path out, Object... shares) {
    List<Object> line = new ArrayList<>(List.of("share", "add", "-o", out));
    line.addAll(Arrays.asList(shares));
    return Run.of(line.toArray());
  }

  private static Run open(Object... sums) {
    List<Object> line = new ArrayList<>(List.of("share", "open"));
    line.addAll(Arrays.asList(sums));
    return Run.of(line.toArray());
  }

  private void assertSums(Run run) {
    assertThat(succeeds(run).out().lines().mapToLong(Long::parseLong).toArray()).isEqualTo(sums);
  }

  @Test
  void twoOfThreeServersOpen() throws IOException {
    Path[] added = round("--threshold", 2);
    assertSums(open(added[0], added[2]));
    assertSums(open(added[1], added[0]));
    assertSums(open(added[2], added[1], added[0]));
    fails(open(added[1]), ErrorCode.BAD_INPUT, "shares of 1 parties, and 2 are needed");
    fails(open(added[1], added[1]), ErrorCode.BAD_INPUT, "two shares of party 2");
    Path out = folder.resolve("opened");
    succeeds(open("-o", out, added[0], added[1]));
    assertThat(Files.readAllLines(out)).hasSize(INTEGERS);
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      for (Path secret : List.of(out, share("a", 1), added[2])) {
        assertThat(Files.getPosixFilePermissions(secret)).hasSize(2);
      }
    }
    JsonNode json = new ObjectMapper().readTree(Run.of("inspect", "--json", added[1]).out());
    assertThat(json.get("server").asInt()).isEqualTo(2);
    assertThat(json.get("threshold").asInt()).isEqualTo(2);
    assertThat(json.get("clients")).hasSize(3);
    assertThat(succeeds(Run.of("inspect", share("b", 3))).out())
        .contains("share of a secret sharing", "3 of 3", "1 of at most 10");
  }

  @Test
  void allServersOpenAdditiveShares() throws IOException {
    Path[] added = round();
    assertSums(open((Object[]) added));
    fails(open(added[0], added[2]), ErrorCode.BAD_INPUT, "shares of 2 parties, and 3 are needed");
  }

  /** In parts: a server's sum of some clients and the shares of others. */
  @Test
  void sumsAreAddedToShares() throws IOException {
    Path[] added = round("--threshold", 3);
    Path part = folder.resolve("part");
    succeeds(Run.of("share", "add", "--min-cohort", 2, "-o", part, share("c", 2), share("a", 2)));
    Path whole = folder.resolve("whole");
    succeeds(add(whole, part, share("b", 2)));
    assertSums(open(added[0], whole, added[2]));
    fails(open(added[0], part, added[2]), ErrorCode.BAD_INPUT, "clients");
    fails(add(folder.resolve("x"), part, share("a", 2), share("b", 2)), ErrorCode.BAD_INPUT, "a");
  }

  @Test
  void whatIsRefusedLeavesNothing() throws IOException {
    round("--threshold", 2);
    Path out = folder.resolve("out");
    Path in = text("in", new long[INTEGERS]);
    succeeds(split("d", folder.resolve("additive"), in));
    Path additive = folder.resolve("additive.1");
    byte[] bytes = Files.readAllBytes(share("b", 1));
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged"), bytes);
    Path a = share("a", 1);
    refused(() -> add(out, a, share("b", 1)), ErrorCode.BAD_INPUT, "at least 3");
    refused(() -> add(out, a, share("b", 2)), ErrorCode.BAD_INPUT, "b.share.2", "party 2");
    refused(() -> add(out, a, a), ErrorCode.BAD_INPUT, "a.share.1", "has been counted");
    refused(() -> add(out, a, additive), ErrorCode.BAD_INPUT, "additive.1", "another sharing");
    refused(() -> add(out, a, damaged), ErrorCode.CORRUPT, "damaged");
    refused(() -> add(a, a, share("b", 1), share("c", 1)), ErrorCode.OUTPUT_EXISTS, "a.share.1");
    refused(() -> open(a, share("a", 2)), ErrorCode.BAD_INPUT, "1 clients", "--min-cohort");
    Path prefix = folder.resolve("new");
    refused(() -> split("a", folder.resolve("a.share"), in), ErrorCode.OUTPUT_EXISTS, "a.share.1");
    Path large = text("large", new long[] {1, BOUND + 1});
    refused(() -> split("a", prefix, large), ErrorCode.OUT_OF_RANGE, "integer 1");
    refused(() -> split("a", prefix, in, "--threshold", 4), ErrorCode.OUT_OF_RANGE, "threshold");
    Path word = Files.writeString(folder.resolve("word"), "1 2\n3 x\n", StandardCharsets.US_ASCII);
    refused(() -> split("a", prefix, word), ErrorCode.BAD_INPUT, "line 2", "\"x\"");
    Path empty = Files.writeString(folder.resolve("nothing"), "\n");
    refused(() -> split("a", prefix, empty), ErrorCode.BAD_INPUT, "no integers");
    refused(() -> Run.of("share"), ErrorCode.USAGE, "split, add or open");
  }

  private void refused(Supplier<Run> run, ErrorCode code, String... words) {
    failsLeaving(folder, run, code, words);
  }
}
