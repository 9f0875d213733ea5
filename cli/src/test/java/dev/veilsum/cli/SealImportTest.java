package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import dev.veilsum.seal.SealBfv;
import dev.veilsum.seal.SealCkks;
import dev.veilsum.seal.SealFormat;
import dev.veilsum.seal.SealParameters;
import dev.veilsum.seal.SealPlaintext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import} of what node-seal and SEAL wrote, computing on it, and decrypting that. */
class SealImportTest {
  private static final Path BFV = SealInspectTest.OBJECTS.resolve("bfv-4096");
  private static final Path CKKS = SealInspectTest.OBJECTS.resolve("ckks-4096");
  private static final Path OLDER = Path.of("../engine/src/test/resources/seal-4.4.3");
  private static final String WHOLE = "integer(-500..500)";
  private static final String REAL = "real(-1..1)";

  @TempDir static Path folder;
  private static Path bfvKey;
  private static Path ckksKey;
  private static Path bfvTable;
  private static Path ckksTable;

  @BeforeAll
  static void importAll() {
    bfvKey = folder.resolve("bfv.key");
    ckksKey = folder.resolve("ckks.key");
    bfvTable = folder.resolve("bfv.vsm");
    ckksTable = folder.resolve("ckks.vsm");
    for (Object[] each : new Object[][] {{BFV, bfvKey}, {CKKS, ckksKey}}) {
      Path objects = (Path) each[0];
      succeeds(
          seal("--no-passphrase", "-o", each[1], file(objects, "parms"), file(objects, "secret")));
    }
    succeeds(table(BFV, WHOLE, bfvTable, "x", "y", "relin", "galois"));
    succeeds(table(CKKS, REAL, ckksTable, "x", "y", "relin", "galois"));
  }

  private static Path file(Path objects, String name) {
    return objects.resolve(name + ".seal");
  }

  private static Run seal(Object... args) {
    List<Object> all = new ArrayList<>(List.of("import", "--format", "seal"));
    all.addAll(Arrays.asList(args));
    return Run.of(all.toArray());
  }

  private static Run table(Path objects, String kind, Path out, Object... names) {
    List<Object> all = new ArrayList<>(List.of("--kind", kind, "-o", out));
    all.add(file(objects, "parms"));
    for (Object name : names) {
      all.add(name instanceof String text ? file(objects, text) : name);
    }
    return seal(all.toArray());
  }

  private static double[] values(Path objects, String name) throws IOException {
    JsonNode all = new ObjectMapper().readTree(objects.resolve("values.json").toFile()).get(name);
    double[] values = new double[all.size()];
    Arrays.setAll(values, i -> all.get(i).asDouble());
    return values;
  }

  private static double[] combine(double[] a, double[] b, DoubleBinaryOperator operator) {
    double[] values = new double[a.length];
    Arrays.setAll(values, i -> operator.applyAsDouble(a[i], b[i]));
    return values;
  }

  private static JsonNode decrypted(Path key, Path file) throws IOException {
    return new ObjectMapper()
        .readTree(succeeds(Run.of("decrypt", "-k", key, "--json", file)).out());
  }

  private static void assertColumn(Path key, Path file, int column, double[] expected, double error)
      throws IOException {
    JsonNode columns = decrypted(key, file).get("columns");
    JsonNode found = null;
    var all = columns.elements();
    for (int i = 0; i <= column; i++) {
      found = all.next();
    }
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.get(i).asDouble()).as("row %d", i).isCloseTo(expected[i], within(error));
    }
  }

  private static Path computed(Path table, String operation, String... columns) throws IOException {
    Path out = Files.createTempFile(folder, operation, ".vsm");
    List<Object> args = new ArrayList<>(List.of("compute", operation, "--force", "-o", out, table));
    for (String column : columns) {
      args.addAll(List.of("-c", column));
    }
    succeeds(Run.of(args.toArray()));
    return out;
  }

  @Test
  void ciphertextsBecomeColumns() throws IOException {
    assertColumn(bfvKey, bfvTable, 0, values(BFV, "x"), 0);
    assertColumn(bfvKey, bfvTable, 1, values(BFV, "y"), 0);
    assertColumn(ckksKey, ckksTable, 0, values(CKKS, "x"), 1e-4);
    assertColumn(ckksKey, ckksTable, 1, values(CKKS, "y"), 1e-4);
    String about = succeeds(Run.of("inspect", bfvTable)).out();
    assertThat(about).contains("4096", "keys of SEAL", "relinearization, Galois", WHOLE);
  }

  @Test
  void seededOnesToo() throws IOException {
    Path out = folder.resolve("seeded.vsm");
    succeeds(table(BFV, WHOLE, out, "x-seeded"));
    assertColumn(bfvKey, out, 0, values(BFV, "x"), 0);
    assertThat(decrypted(bfvKey, out).get("columns").has("x-seeded")).isTrue();
  }

  @Test
  void columnsAreComputedWithSealsKeys() throws IOException {
    double[] x = values(BFV, "x");
    double[] y = values(BFV, "y");
    assertColumn(bfvKey, computed(bfvTable, "add", "x", "y"), 0, combine(x, y, Double::sum), 0);
    assertColumn(bfvKey, computed(bfvTable, "sub", "x", "y"), 0, combine(x, y, (a, b) -> a - b), 0);
    assertColumn(bfvKey, computed(bfvTable, "mul", "x", "y"), 0, combine(x, y, (a, b) -> a * b), 0);
    double[] u = values(CKKS, "x");
    double[] v = values(CKKS, "y");
    assertColumn(
        ckksKey, computed(ckksTable, "add", "x", "y"), 0, combine(u, v, Double::sum), 1e-4);
    assertColumn(
        ckksKey, computed(ckksTable, "mul", "x", "y"), 0, combine(u, v, (a, b) -> a * b), 1e-4);
  }

  @Test
  void questionsAreAnsweredWithSealsGaloisKeys() throws IOException {
    JsonNode answer = decrypted(ckksKey, computed(ckksTable, "sum", "x")).get("results").get(0);
    double truth = Arrays.stream(values(CKKS, "x")).sum();
    assertThat(answer.get("value").asDouble())
        .isCloseTo(truth, within(answer.get("error_bound").asDouble()));
    assertThat(answer.get("error_bound").asDouble()).isLessThan(1);

    // 4096 values of up to 500 could pass t / 2: refused, whatever they are.
    fails(
        Run.of("compute", "sum", "-c", "x", "-o", folder.resolve("no.vsm"), bfvTable),
        ErrorCode.OUT_OF_RANGE,
        "516096");
  }

  @Test
  void aSumOfFewRows() throws IOException {
    SealParameters parameters =
        SealParameters.read(ByteBuffer.wrap(Files.readAllBytes(file(BFV, "parms"))));
    SealBfv seal = SealBfv.of(parameters);
    ByteBuffer secret = ByteBuffer.wrap(Files.readAllBytes(file(BFV, "secret")));
    long[] values = {3, -4, 500, 17};
    try (var key = seal.secretKey(SealPlaintext.readSecretKey(secret, parameters));
        var message = seal.context().encodeModular(values)) {
      Files.write(
          folder.resolve("few.seal"), seal.encryptSeeded(key, message).write(SealFormat.DEFAULT));
    }
    Path out = folder.resolve("few.vsm");
    succeeds(
        seal(
            "--kind",
            WHOLE,
            "--rows",
            4,
            "-o",
            out,
            folder.resolve("few.seal"),
            file(BFV, "parms"),
            file(BFV, "galois")));
    JsonNode answer = decrypted(bfvKey, computed(out, "sum")).get("results").get(0);
    assertThat(answer.get("value").asLong()).isEqualTo(516);
    assertThat(answer.get("exact").asBoolean()).isTrue();
  }

  @Test
  void aBundleIsTakenApart() throws IOException {
    Path bundle = folder.resolve("all.seal");
    try (var out = Files.newOutputStream(bundle)) {
      for (String name : List.of("x", "relin", "parms", "y")) {
        Files.copy(file(BFV, name), out);
      }
    }
    Path table = folder.resolve("bundle.vsm");
    succeeds(
        Run.with(
            Files.readAllBytes(bundle),
            Terminal.NONE,
            "import",
            "--format",
            "seal",
            "--kind",
            WHOLE,
            "-o",
            table,
            "-"));
    assertThat(decrypted(bfvKey, table).get("columns").fieldNames())
        .toIterable()
        .containsExactly("x-1", "x-4");
    assertColumn(
        bfvKey,
        computed(table, "mul", "x-1", "x-4"),
        0,
        combine(values(BFV, "x"), values(BFV, "y"), (a, b) -> a * b),
        0);
  }

  @Test
  void whatSealComputedNeedsItsNoise() throws IOException {
    Path objects = OLDER.resolve("bfv-4096-default-t20");
    Path out = folder.resolve("product.vsm");
    for (String name : List.of("product-size3", "product")) {
      fails(
          table(objects, "integer(-516096..516096)", out, name),
          ErrorCode.USAGE,
          "computed with",
          "invariant_noise_budget");
    }
    succeeds(
        seal(
            "--kind",
            "integer(-516096..516096)",
            "--noise-budget",
            15,
            "-o",
            out,
            file(objects, "parms"),
            file(objects, "product-size3")));
    Path key = folder.resolve("older.key");
    succeeds(seal("--no-passphrase", "-o", key, file(objects, "parms"), file(objects, "secret")));
    JsonNode stated = new ObjectMapper().readTree(objects.resolve("product.json").toFile());
    double[] expected = new double[stated.size()];
    long t = 1032193;
    Arrays.setAll(
        expected,
        i -> stated.get(i).asLong() > t / 2 ? stated.get(i).asLong() - t : stated.get(i).asLong());
    assertColumn(key, out, 0, expected, 0);

    Path rescaled = folder.resolve("rescaled.vsm");
    fails(table(CKKS, REAL, rescaled, "product"), ErrorCode.USAGE, "largest error of a slot");
    succeeds(
        seal(
            "--kind",
            REAL,
            "--error",
            "0.0005",
            "-o",
            rescaled,
            file(CKKS, "parms"),
            file(CKKS, "product")));
    assertColumn(
        ckksKey, rescaled, 0, combine(values(CKKS, "x"), values(CKKS, "y"), (a, b) -> a * b), 1e-3);
    fails(
        seal("--kind", REAL, "--noise-budget", 9, file(CKKS, "parms"), file(CKKS, "product")),
        ErrorCode.USAGE,
        "BFV");
  }

  @Test
  void secretKeysAreSealed() throws IOException {
    Path key = folder.resolve("sealed.key");
    Path passphrase = Files.writeString(folder.resolve("pass"), "swordfish\n");
    succeeds(
        seal(
            "--passphrase-file", passphrase, "-o", key, file(CKKS, "parms"), file(CKKS, "secret")));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(succeeds(Run.of("inspect", key)).out())
        .contains("imported secret key", "with a passphrase");
    fails(Run.of("decrypt", "-k", key, ckksTable), ErrorCode.PASSPHRASE_NEEDED, "passphrase");
    Path wrong = Files.writeString(folder.resolve("wrong"), "sailfish\n");
    fails(
        Run.of("decrypt", "-k", key, "--passphrase-file", wrong, ckksTable),
        ErrorCode.WRONG_PASSPHRASE,
        "intact");
    Run opened = succeeds(Run.of("decrypt", "-k", key, "--passphrase-file", passphrase, ckksTable));
    assertThat(opened.out()).isEqualTo(succeeds(Run.of("decrypt", "-k", ckksKey, ckksTable)).out());

    // A sealed key has none of the bare one's bytes; an altered one is told from a wrong
    // passphrase.
    byte[] bytes = Files.readAllBytes(key);
    bytes[bytes.length / 2] ^= 1;
    Path altered = Files.write(folder.resolve("altered.key"), bytes);
    fails(
        Run.of("decrypt", "-k", altered, "--passphrase-file", passphrase, ckksTable),
        ErrorCode.CORRUPT,
        "damaged");
  }

  @Test
  void aSecretKeyGoesToANewFileOnly() {
    Object[] objects = {file(CKKS, "parms"), file(CKKS, "secret"), "--no-passphrase"};
    fails(seal(objects), ErrorCode.USAGE, "-o FILE");
    failsLeaving(
        folder,
        () -> seal("-o", ckksKey, "--force", objects[0], objects[1], "--no-passphrase"),
        ErrorCode.OUTPUT_EXISTS,
        "exists");
    fails(
        seal("-o", folder.resolve("n.key"), file(CKKS, "parms"), file(CKKS, "secret")),
        ErrorCode.PASSPHRASE_NEEDED,
        "passphrase");
    fails(
        seal("-o", folder.resolve("n.key"), objects[0], objects[1], file(CKKS, "x"), objects[2]),
        ErrorCode.USAGE,
        "alone");
    assertThat(folder.resolve("n.key")).doesNotExist();
  }

  @Test
  void otherKeysAreToldFromTheRightOne() throws IOException {
    SealParameters parameters =
        SealParameters.read(ByteBuffer.wrap(Files.readAllBytes(file(CKKS, "parms"))));
    SealCkks seal = SealCkks.of(parameters, 0x1p30);
    try (var other = seal.context().secretKey(new byte[32]);
        SealPlaintext exported = seal.export(other)) {
      Files.write(folder.resolve("other.seal"), exported.write(SealFormat.DEFAULT));
    }
    Path key = folder.resolve("other.key");
    succeeds(seal("--no-passphrase", "-o", key, file(CKKS, "parms"), folder.resolve("other.seal")));
    // Of an unnamed key: its values say it.
    fails(Run.of("decrypt", "-k", key, ckksTable), ErrorCode.WRONG_KEY, "another key");
    Path sum = computed(ckksTable, "sum", "x");
    fails(Run.of("decrypt", "-k", key, sum), ErrorCode.WRONG_KEY, "another key");
    // Of a named one: its id.
    Path named = folder.resolve("named.vsm");
    succeeds(
        seal("-k", ckksKey, "--kind", REAL, "-o", named, file(CKKS, "parms"), file(CKKS, "x")));
    assertColumn(ckksKey, named, 0, values(CKKS, "x"), 1e-4);
    fails(Run.of("decrypt", "-k", key, named), ErrorCode.WRONG_KEY, "made for");
    fails(
        Run.of("compute", "add", "-c", "x", ckksTable, named),
        ErrorCode.KEY_MISMATCH,
        "is under the key");
    // A key of other parameters, and SEAL's own file.
    fails(Run.of("decrypt", "-k", bfvKey, ckksTable), ErrorCode.WRONG_KEY, "made for");
    fails(
        Run.of("decrypt", "-k", file(CKKS, "secret"), ckksTable),
        ErrorCode.BAD_INPUT,
        "veilsum import");
  }

  @Test
  void whatCannotBeImportedSaysWhy() throws IOException {
    Path out = folder.resolve("no.vsm");
    fails(seal("--kind", REAL, "-o", out, file(CKKS, "x")), ErrorCode.BAD_INPUT, "no parameters");
    fails(seal("-o", out, file(CKKS, "parms"), file(CKKS, "x")), ErrorCode.USAGE, "--kind 'real(");
    fails(
        seal("--kind", REAL, "-o", out, file(CKKS, "parms"), file(CKKS, "relin")),
        ErrorCode.BAD_INPUT,
        "no ciphertext");
    fails(table(CKKS, WHOLE, out, "x"), ErrorCode.USAGE, "CKKS hold real");
    fails(table(BFV, REAL, out, "x"), ErrorCode.USAGE, "BFV hold integer");
    fails(table(BFV, "integer(0..516097)", out, "x"), ErrorCode.OUT_OF_RANGE, "1032193");
    fails(table(CKKS, REAL, out, "x", "x"), ErrorCode.USAGE, "two columns");
    fails(table(CKKS, REAL, out, file(BFV, "x")), ErrorCode.CORRUPT, "bfv-4096/x.seal", "parms_id");
    fails(
        table(CKKS, REAL, out, file(BFV, "parms"), "x"),
        ErrorCode.PARAMETER_MISMATCH,
        "other parameters");
    fails(
        table(OLDER.resolve("ckks-4096-36-36-37"), REAL, out, "x.plain"),
        ErrorCode.UNSUPPORTED,
        "not encrypted");
    fails(
        seal("--kind", REAL, "--rows", 2049, "-o", out, file(CKKS, "parms"), file(CKKS, "x")),
        ErrorCode.USAGE,
        "1 to 2048");
    Path empty = Files.write(folder.resolve("empty.seal"), new byte[0]);
    fails(seal("-o", out, empty), ErrorCode.BAD_INPUT, "magic number");
    fails(seal("-o", out, folder.resolve("none.seal")), ErrorCode.BAD_INPUT, "no such file");
    assertThat(out).doesNotExist();
    fails(
        Run.with(
            new byte[0],
            new FakeTerminal(),
            "import",
            "--format",
            "seal",
            "--kind",
            REAL,
            file(CKKS, "parms"),
            file(CKKS, "x")),
        ErrorCode.USAGE,
        "terminal");
    failsLeaving(
        folder, () -> table(CKKS, REAL, ckksTable, "x"), ErrorCode.OUTPUT_EXISTS, "exists");
  }

  @Test
  void keysAreChosenByTheirUse() throws IOException {
    Path plain = folder.resolve("plain.vsm");
    Run run = succeeds(table(CKKS, REAL, plain, "x", "y", "public"));
    assertThat(run.err()).contains("public.seal: a public key", "left out");
    fails(
        Run.of("compute", "mul", "-c", "x", "-c", "y", "-o", folder.resolve("no.vsm"), plain),
        ErrorCode.MISSING_KEY,
        "relinearization");
    fails(
        Run.of("compute", "sum", "-c", "x", "-o", folder.resolve("no.vsm"), plain),
        ErrorCode.MISSING_KEY,
        "rotation");
    // Both files of an operation are under one key; the first one's keys are used.
    Path one = folder.resolve("one.vsm");
    succeeds(table(CKKS, REAL, one, "x", "relin"));
    Path out = folder.resolve("two.vsm");
    succeeds(Run.of("compute", "mul", "-c", "x", "-o", out, one, plain));
  }
}
