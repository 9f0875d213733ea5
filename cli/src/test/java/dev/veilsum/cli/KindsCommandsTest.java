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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypting, appending, inspecting and decrypting the kinds of columns on the command line. */
class KindsCommandsTest {
  private static final String[] COLUMNS = {
    "-c", "at=time(2024-01-01..2024-12-31; step=1mo; zone=Europe/Berlin)",
    "-c", "price=decimal(-10.00..100.00)",
    "-c", "price as level=ordered(10, -10..100; floor)",
    "-c", "who=token",
    "-c", "rank as sorted rank=sorted(0..10)"
  };
  private static final String FIRST =
      """
      at,price,who,rank
      2024-03-31,1.50,ann,1
      2024-06-01T12:00:00+02:00,-10,bob,1
      2024-06-01T12:30:00.5,99.99,"ann",3
      """;
  private static final String SECOND = "at,price,who,rank\n2024-02-01,0,eve,0\n";
  private static final String DECRYPTED =
      """
      at,price,level,who,"sorted rank"
      2024-03-30T23:00:00Z,1.50,0,ANN,1
      2024-06-01T10:00:00Z,-10.00,-10,BOB,1
      2024-06-01T10:30:00.500Z,99.99,90,ANN,3
      """;

  @TempDir static Path folder;
  private static Path key;
  private static Path keys;

  @BeforeAll
  static void makeKeys() {
    key = folder.resolve("a.key");
    keys = folder.resolve("a.pub");
    succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
    succeeds(Run.of("pubkey", key, "-o", keys));
  }

  private static Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Run encrypt(Object... more) {
    List<Object> args = new ArrayList<>(List.of("encrypt", "-k", key));
    args.addAll(List.of(more));
    return Run.of(args.toArray());
  }

  private static Object[] with(Object[] first, Object... more) {
    List<Object> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private static String decrypted(Path table) {
    return succeeds(Run.of("decrypt", "-k", key, table)).out();
  }

  /** The tokens as the names that they stand for. */
  private static String named(String csv) {
    csv = csv.replaceAll("\"(token:[0-9a-f]*)\"", "$1"); // longer texts are quoted
    String[] tokens = csv.lines().skip(1).map(line -> line.split(",")[3]).toArray(String[]::new);
    assertThat(tokens[0]).matches("token:[0-9a-f]{32}").isEqualTo(tokens[2]);
    assertThat(tokens[1]).isNotEqualTo(tokens[0]);
    return csv.replace(tokens[0], "ANN").replace(tokens[1], "BOB");
  }

  @Test
  void everyKindComesBack() throws IOException {
    Path table = folder.resolve("kinds.vsm");
    succeeds(encrypt(with(COLUMNS, "-o", table, write("first.csv", FIRST))));
    assertThat(named(decrypted(table))).isEqualTo(DECRYPTED);
    assertThat(succeeds(Run.of("decrypt", "-k", key, "--json", table)).out())
        .contains(
            "\"at\":[1711839600000,1717236000000,1717237800500]",
            "\"price\":[1.50,-10.00,99.99]",
            "\"sorted rank\":[1,1,3]");
  }

  @Test
  void appendedRowsComeAfterThoseThatWereThere() throws IOException {
    Path table = folder.resolve("appended.vsm");
    Path second = write("second.csv", SECOND);
    succeeds(encrypt(with(COLUMNS, "-o", table, write("first.csv", FIRST))));
    // A segment may start below the end of the one before it.
    succeeds(encrypt(with(COLUMNS, "--append", "-o", table, second)));
    String csv = named(decrypted(table));
    assertThat(csv).startsWith(DECRYPTED);
    assertThat(csv.lines().skip(4)).hasSize(1).allMatch(l -> l.startsWith("2024-01-31T23:00:00Z,"));

    JsonNode json = new ObjectMapper().readTree(succeeds(Run.of("inspect", "--json", table)).out());
    assertThat(json.get("rows").asInt()).isEqualTo(4);
    assertThat(json.get("segments").toString()).isEqualTo("[3,1]");
    assertThat(json.get("columns").get(0).get("encodings").findValuesAsText("role"))
        .containsExactly("digits", "masks", "masks", "extremes");
    assertThat(succeeds(Run.of("inspect", table)).out())
        .contains("in 2 segments", "digits, masks, masks, extremes", "tokens");
  }

  @Test
  void appendsThatAreRefusedLeaveTheTable() throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    Path table = own.resolve("t.vsm");
    Path first = write("first.csv", FIRST);
    succeeds(encrypt(with(COLUMNS, "-o", table, first)));
    Path bad = write("bad.csv", FIRST + "2024-01-01,1.50,ann,9\n");
    failsLeaving(
        own,
        () -> encrypt(with(COLUMNS, "--append", "-o", table, bad)),
        ErrorCode.BAD_INPUT,
        "bad.csv, line 5",
        "ascend");
    failsLeaving(
        own,
        () -> encrypt("-c", "price=real", "--append", "-o", table, first),
        ErrorCode.PARAMETER_MISMATCH,
        "has the columns");
    failsLeaving(
        own,
        () -> encrypt("--append", "-o", own.resolve("none.vsm"), first),
        ErrorCode.BAD_INPUT,
        "no table");
    failsLeaving(
        own,
        () -> encrypt(with(COLUMNS, "--depth", "deep", "--append", "-o", table, first)),
        ErrorCode.USAGE,
        "--depth");
    Path other = folder.resolve("other.key");
    succeeds(Run.of("keygen", "-o", other, "--no-passphrase"));
    failsLeaving(
        own,
        () ->
            Run.of(
                with(
                    new Object[] {"encrypt", "-k", other},
                    with(COLUMNS, "--append", "-o", table, first))),
        ErrorCode.KEY_MISMATCH,
        "append with the key");
  }

  @Test
  void tokensNeedTheSecretKey() throws IOException {
    fails(
        Run.of(
            "encrypt",
            "-k",
            keys,
            "-c",
            "who=token",
            "-o",
            folder.resolve("x"),
            write("first.csv", FIRST)),
        ErrorCode.MISSING_KEY,
        "tokens of column who");
    fails(
        Run.of(
            "encrypt",
            "-k",
            keys,
            "-c",
            "rank=sorted(0..9; layout=b)",
            "-o",
            folder.resolve("x"),
            write("first.csv", FIRST)),
        ErrorCode.PARAMETER_MISMATCH,
        "--preset bgv-16384");
  }

  @Test
  void sizesArePredicted() throws IOException {
    Path rows = write("first.csv", FIRST);
    Path table = folder.resolve("sized.vsm");
    Run predicted = succeeds(encrypt(with(COLUMNS, "--predict", "--json", rows)));
    JsonNode json = new ObjectMapper().readTree(predicted.out());
    assertThat(json.get("rows").asInt()).isEqualTo(3);
    succeeds(encrypt(with(COLUMNS, "-o", table, rows)));
    assertThat((double) Files.size(table)).isCloseTo(json.get("bytes").asDouble(), within(4000.0));
    assertThat(succeeds(encrypt(with(COLUMNS, "--predict", rows))).out())
        .startsWith("about ")
        .contains("for 3 rows", "a row in a large table");
    assertThat(succeeds(encrypt(with(COLUMNS, "--predict"))).out()).doesNotContain("rows");
    JsonNode more =
        new ObjectMapper()
            .readTree(
                succeeds(encrypt("--append", "-o", table, "--predict", "--json", rows)).out());
    assertThat(more.get("key_bytes").asLong()).isZero();
  }

  @Test
  void aHeaderAloneMakesAnEmptyTable() throws IOException {
    Path table = folder.resolve("empty.vsm");
    succeeds(encrypt(with(COLUMNS, "-o", table, write("empty.csv", "at,price,who,rank\n"))));
    assertThat(decrypted(table)).isEqualTo("at,price,level,who,\"sorted rank\"\n");
    succeeds(encrypt(with(COLUMNS, "--append", "-o", table, write("first.csv", FIRST))));
    assertThat(named(decrypted(table))).isEqualTo(DECRYPTED);
  }
}
