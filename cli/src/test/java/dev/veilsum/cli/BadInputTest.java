package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line, the right code, nothing overwritten and nothing left behind. */
class BadInputTest {
  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path result;

  @BeforeAll
  static void encrypt() {
    fixture = new Fixture(folder);
    result = fixture.compute(fixture.table, "sum", "n");
  }

  private static void refusesRows(String csv, ErrorCode code, String column, String... words) {
    Path in = fixture.write("bad.csv", csv);
    failsLeaving(
        folder, () -> fixture.encrypt(in, folder.resolve("out.vsm"), "-c", column), code, words);
  }

  @Test
  void columnsThatAreNotThere() {
    refusesRows("a,b\n1,2\n", ErrorCode.BAD_INPUT, "c=real", "bad.csv", "c", "a", "b");
    failsLeaving(
        folder,
        () -> Run.of("compute", "sum", "-c", "z", "-o", folder.resolve("o"), fixture.table),
        ErrorCode.BAD_INPUT,
        "t.vsm",
        "z",
        "[x, y, n, m, w]");
  }

  @Test
  void columnsThatAreNotDeclaredWell() {
    Path csv = folder.resolve("data.csv");
    Path out = folder.resolve("o");
    fails(fixture.encrypt(csv, out), ErrorCode.USAGE, "--column NAME=KIND");
    fails(fixture.encrypt(csv, out, "-c", "x"), ErrorCode.USAGE, "x=real");
    fails(fixture.encrypt(csv, out, "-c", "x=float"), ErrorCode.USAGE, "float");
    fails(fixture.encrypt(csv, out, "-c", "n=integer(9..1)"), ErrorCode.USAGE, "9..1");
    fails(fixture.encrypt(csv, out, "-c", "x=real", "-c", "x=real"), ErrorCode.USAGE, "x", "twice");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "NaN", "inf", "Infinity", "-Infinity", "0x10", "1.5f", "1,5"})
  void cellsThatAreNoNumbers(String cell) {
    refusesRows(
        "a,x\n1,2.5\n1,\"" + cell + "\"\n",
        ErrorCode.BAD_INPUT,
        "x=real",
        "bad.csv",
        "3",
        "x",
        cell);
  }

  @Test
  void numbersBeyondTheirRange() {
    refusesRows(
        "n\n5\n11\n", ErrorCode.OUT_OF_RANGE, "n=integer(0..10)", "bad.csv", "3", "n", "11");
    refusesRows("n\n1e999\n", ErrorCode.OUT_OF_RANGE, "n=real", "bad.csv", "2", "n");
    refusesRows("n\n2.5\n", ErrorCode.BAD_INPUT, "n=integer(0..10)", "bad.csv", "2", "n", "2.5");
    refusesRows(
        "n\n99999999999999999999\n",
        ErrorCode.OUT_OF_RANGE,
        "n=integer(0..10)",
        "bad.csv",
        "2",
        "n");
  }

  @Test
  void labelsThatWereNotDeclared() {
    refusesRows(
        "w\nsun\nhail\n", ErrorCode.BAD_INPUT, "w=category(sun,rain)", "bad.csv", "3", "w", "hail");
  }

  @Test
  void inputsWithoutRows() {
    refusesRows("", ErrorCode.BAD_INPUT, "x=real", "bad.csv", "empty");
  }

  @Test
  void rowsOfAnotherLength() {
    refusesRows("x,y\n1,2\n3\n", ErrorCode.BAD_INPUT, "y=real", "bad.csv", "3");
  }

  @Test
  void filesThatAreNotThere() {
    fails(
        fixture.encrypt(folder.resolve("none.csv"), folder.resolve("o"), "-c", "x=real"),
        ErrorCode.BAD_INPUT,
        "none.csv");
    fails(
        Run.of("compute", "sum", "-c", "n", folder.resolve("none.vsm")),
        ErrorCode.BAD_INPUT,
        "none.vsm");
    fails(
        Run.of("decrypt", "-k", folder.resolve("none.key"), result),
        ErrorCode.BAD_INPUT,
        "none.key");
    fails(
        fixture.encrypt(folder.resolve("data.csv"), folder.resolve("no/folder/o"), "-c", "x=real"),
        ErrorCode.BAD_INPUT,
        "folder");
  }

  @Test
  void filesOfAnotherKind() throws IOException {
    Path csv = folder.resolve("data.csv");
    fails(
        Run.of("encrypt", "-k", fixture.table, "-c", "x=real", csv),
        ErrorCode.BAD_INPUT,
        "t.vsm",
        "table",
        "public keys");
    fails(Run.of("compute", "sum", "-c", "n", result), ErrorCode.BAD_INPUT, "result", "table");
    fails(Run.of("compute", "sum", "-c", "n", csv), ErrorCode.BAD_INPUT, "data.csv");
    fails(
        Run.of("decrypt", "-k", fixture.key, fixture.publicKeys),
        ErrorCode.BAD_INPUT,
        "public keys");
    fails(
        Run.of("decrypt", "-k", fixture.publicKeys, result),
        ErrorCode.BAD_INPUT,
        "a.pub",
        "secret key");
    fails(Run.of("pubkey", fixture.table), ErrorCode.BAD_INPUT, "t.vsm");
  }

  @Test
  void computeTakesNoSecretKey() {
    fails(
        Run.of("compute", "sum", "-c", "n", fixture.key),
        ErrorCode.BAD_INPUT,
        "a.key",
        "secret key");
    fails(
        Run.of("compute", "sum", "-c", "n", "-k", fixture.key, fixture.table),
        ErrorCode.USAGE,
        "-k");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 8, 40, 5000, -33, -1})
  void filesThatWereCut(int length) throws IOException {
    byte[] whole = Files.readAllBytes(fixture.table);
    Path cut = folder.resolve("cut.vsm");
    Files.write(cut, Arrays.copyOf(whole, length < 0 ? whole.length + length : length));
    for (String command : new String[] {"compute sum -c n", "inspect", "decrypt -k KEY"}) {
      Object[] args = (command.replace("KEY", fixture.key.toString()) + " " + cut).split(" ");
      Run run = Run.of(args);
      assertThat(run.code()).isEqualTo(3);
      assertThat(run.err()).startsWith("veilsum: ").contains("cut.vsm").hasLineCount(1);
      assertThat(run.out()).isEmpty();
    }
    Files.delete(cut);
  }

  @Test
  void filesThatWereAltered() throws IOException {
    byte[] bytes = Files.readAllBytes(fixture.table);
    bytes[bytes.length / 2] ^= 1;
    Path altered = Files.write(folder.resolve("altered.vsm"), bytes);
    fails(Run.of("compute", "sum", "-c", "n", altered), ErrorCode.CORRUPT, "altered.vsm");
  }

  @Test
  void keysOfOtherOwnersAndParameters() {
    Path otherKey = folder.resolve("b.key");
    Path otherPublic = folder.resolve("b.pub");
    Path otherTable = folder.resolve("b.vsm");
    succeeds(Run.of("keygen", "-o", otherKey, "--no-passphrase"));
    succeeds(Run.of("pubkey", otherKey, "-o", otherPublic));
    succeeds(
        Run.of(
            "encrypt",
            "-k",
            otherPublic,
            "-c",
            "n=integer(-1000..1000)",
            "-o",
            otherTable,
            folder.resolve("data.csv")));

    fails(Run.of("decrypt", "-k", otherKey, result), ErrorCode.WRONG_KEY, "key");
    fails(Run.of("decrypt", "-k", otherKey, fixture.table), ErrorCode.WRONG_KEY, "key");
    fails(
        Run.of("compute", "sum", "-c", "n", fixture.table, otherTable),
        ErrorCode.KEY_MISMATCH,
        "t.vsm",
        "b.vsm");

    Path foreign = folder.resolve("foreign.pub");
    succeeds(Run.of("pubkey", fixture.key, "--preset", "bfv-8192", "-o", foreign));
    fails(
        Run.of("encrypt", "-k", foreign, "-c", "x=real", folder.resolve("data.csv")),
        ErrorCode.PARAMETER_MISMATCH,
        "foreign.pub",
        "CKKS");
  }

  @Test
  void outputsThatExist() throws IOException {
    Path out = Files.writeString(folder.resolve("precious"), "precious");
    Path csv = folder.resolve("data.csv");
    for (Run run :
        new Run[] {
          fixture.encrypt(csv, out, "-c", "x=real"),
          Run.of("compute", "sum", "-c", "n", "-o", out, fixture.table),
          Run.of("decrypt", "-k", fixture.key, "-o", out, result),
          Run.of("pubkey", fixture.key, "-o", out)
        }) {
      fails(run, ErrorCode.OUTPUT_EXISTS, "precious", "--force");
      assertThat(out).hasContent("precious");
    }
    succeeds(fixture.encrypt(csv, out, "-c", "x=real", "--force"));
    assertThat(Files.size(out)).isGreaterThan(1000);
    Files.delete(out);
  }

  @Test
  void fullDisks() {
    Path full = Path.of("/dev/full");
    fails(
        fixture.encrypt(folder.resolve("data.csv"), full, "-c", "x=real"),
        ErrorCode.IO,
        "/dev/full");
    fails(
        Run.of("compute", "sum", "-c", "n", "-o", full, fixture.table), ErrorCode.IO, "/dev/full");
    fails(
        Run.of("decrypt", "-k", fixture.key, "-o", full, fixture.table), ErrorCode.IO, "/dev/full");
    fails(Run.of("pubkey", fixture.key, "-o", full), ErrorCode.IO, "/dev/full");
  }

  @Test
  void binaryOnTerminals() {
    Terminal terminal = new FakeTerminal();
    fails(
        Run.with(new byte[0], terminal, "compute", "sum", "-c", "n", fixture.table),
        ErrorCode.USAGE,
        "terminal",
        "-o FILE");
    fails(Run.with(new byte[0], terminal, "pubkey", fixture.key), ErrorCode.USAGE, "terminal");
    succeeds(Run.with(new byte[0], terminal, "decrypt", "-k", fixture.key, result));
  }

  @Test
  void sealedKeysWithoutTheirPassphrase() throws IOException {
    Path passphrase = fixture.write("passphrase", "right\n");
    Path wrong = fixture.write("wrong", "wrong\n");
    Path sealed = folder.resolve("sealed.key");
    succeeds(Run.of("keygen", "-o", sealed, "--passphrase-file", passphrase));

    fails(Run.of("decrypt", "-k", sealed, result), ErrorCode.WRONG_KEY, "sealed.key");

    Path table = folder.resolve("sealed.vsm");
    Object[] encrypt = {"encrypt", "-c", "n=real", "-k", sealed, folder.resolve("data.csv")};
    fails(Run.of(encrypt), ErrorCode.PASSPHRASE_NEEDED, "--passphrase-file");
    succeeds(Run.of(with(encrypt, "--passphrase-file", passphrase, "-o", table)));
    fails(Run.of("decrypt", "-k", sealed, table), ErrorCode.PASSPHRASE_NEEDED, "terminal");
    fails(
        Run.of("decrypt", "-k", sealed, "--passphrase-file", wrong, table),
        ErrorCode.WRONG_PASSPHRASE,
        "sealed.key");
    fails(
        Run.of("decrypt", "-k", sealed, "--passphrase-file", folder.resolve("none"), table),
        ErrorCode.BAD_INPUT,
        "none");
    succeeds(Run.of("decrypt", "-k", sealed, "--passphrase-file", passphrase, table));
    succeeds(Run.with(new byte[0], new FakeTerminal("right"), "decrypt", "-k", sealed, table));
  }

  private static Object[] with(Object[] args, Object... more) {
    return Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray();
  }

  @Test
  void questionsThatAColumnCannotAnswer() {
    fails(Run.of("compute", "mean", "-c", "w", fixture.table), ErrorCode.USAGE, "w", "category");
    fails(Run.of("compute", "dot", "-c", "n", fixture.table), ErrorCode.USAGE, "2 columns");
    fails(
        Run.of("compute", "dot", "-c", "n", "-c", "x", fixture.table),
        ErrorCode.PARAMETER_MISMATCH,
        "n",
        "x");
    fails(
        Run.of("compute", "median", "-c", "n", fixture.table),
        ErrorCode.USAGE,
        "median",
        "ordered columns");
    fails(Run.of("compute", "scale", "-c", "n", fixture.table), ErrorCode.USAGE, "--by");
    fails(
        Run.of("compute", "scale", "--by", "0.5", "-c", "n", fixture.table), ErrorCode.USAGE, "n");
    fails(Run.of("compute", "sum", fixture.table), ErrorCode.USAGE, "[x, y, n, m, w]");
    fails(Run.of("compute", "sum", "--by", "2", fixture.table), ErrorCode.USAGE, "--by");
    fails(Run.of("compute", "sum"), ErrorCode.BAD_INPUT, "standard input is empty");
    Path never = fixture.folder.resolve("never.vsm");
    fails(
        Run.with(new byte[0], new FakeTerminal(), "compute", "sum", "-o", never),
        ErrorCode.USAGE,
        "keyboard");
  }

  @Test
  void backendsThatAreNone() {
    fails(
        Run.of("compute", "sum", "-c", "n", "--backend", "none", fixture.table),
        ErrorCode.UNSUPPORTED,
        "none",
        "core");
    fails(
        Run.of("compute", "sum", "-c", "n", "--backend", "clear", fixture.table),
        ErrorCode.UNSUPPORTED,
        "clear");
  }
}
