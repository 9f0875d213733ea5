package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.seal.SealBfv;
import dev.veilsum.seal.SealBundle;
import dev.veilsum.seal.SealCiphertext;
import dev.veilsum.seal.SealCkks;
import dev.veilsum.seal.SealFormat;
import dev.veilsum.seal.SealObject;
import dev.veilsum.seal.SealParameters;
import dev.veilsum.seal.SealPlaintext;
import dev.veilsum.seal.SealSwitchKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code export}, with the library's own reader in the place of SEAL; scripts/test has the exchange
 * with the real thing.
 */
class SealExportTest {
  private static final Path CKKS = SealInspectTest.OBJECTS.resolve("ckks-4096");

  @TempDir static Path folder;
  private static Fixture fixture;

  @BeforeAll
  static void encrypt() {
    fixture = new Fixture(folder);
  }

  private static Run export(Object... args) {
    List<Object> all = new ArrayList<>(List.of("export", "--format", "seal"));
    all.addAll(Arrays.asList(args));
    return Run.of(all.toArray());
  }

  /** One exported object. */
  private static ByteBuffer object(Object... args) {
    return ByteBuffer.wrap(succeeds(export(args)).bytes());
  }

  private static ByteBuffer keyObject(String preset, String what, Object... more) {
    List<Object> all = new ArrayList<>(List.of("-k", fixture.key, "--preset", preset));
    all.addAll(List.of("--objects", what));
    all.addAll(Arrays.asList(more));
    return object(all.toArray());
  }

  private static JsonNode decrypted(Path key, Path file) throws IOException {
    return new ObjectMapper()
        .readTree(succeeds(Run.of("decrypt", "-k", key, "--json", file)).out());
  }

  /** SEAL encrypts with our public key and multiplies with our keys; we decrypt. */
  @Test
  void whatSealMakesWithOurKeysComesBack() throws IOException {
    SealParameters parameters = SealParameters.read(keyObject("table-integer", "parms"));
    SealBfv seal = SealBfv.of(parameters);
    SealCiphertext publicKey =
        SealCiphertext.readPublicKey(keyObject("table-integer", "public"), parameters);
    SealSwitchKeys relin =
        SealSwitchKeys.read(
            keyObject("table-integer", "relin"), parameters, SealSwitchKeys.Kind.RELINEARIZATION);
    SealSwitchKeys galois =
        SealSwitchKeys.read(
            keyObject("table-integer", "galois", "--rotations", "1,-2,conj"),
            parameters,
            SealSwitchKeys.Kind.GALOIS);
    assertThat(galois.filledSlots()).hasSize(3);
    long[] values = {5, -6, 7};
    Path fresh = folder.resolve("fresh.seal");
    Path product = folder.resolve("product.seal");
    Path rotated = folder.resolve("rotated.seal");
    try (var key = seal.publicKey(publicKey);
        var keys = seal.evaluationKeys(relin, galois);
        BfvCiphertext c = key.encryptor().encrypt(seal.context().encodeModular(values));
        BfvCiphertext square = seal.context().evaluator(keys).square(c);
        BfvCiphertext turned = seal.context().evaluator(keys).rotateRows(c, 1)) {
      Files.write(fresh, seal.export(c).write(SealFormat.DEFAULT));
      Files.write(product, seal.export(square).write(SealFormat.DEFAULT));
      Files.write(rotated, seal.export(turned).write(SealFormat.DEFAULT));
    }
    Path parms = folder.resolve("parms.seal");
    succeeds(
        export(
            "-k",
            fixture.key,
            "--preset",
            "table-integer",
            "--objects",
            "parms",
            "--force",
            "-o",
            parms));
    Path table = folder.resolve("back.vsm");
    succeeds(
        Run.of(
            "import",
            "--format",
            "seal",
            "-k",
            fixture.publicKeys,
            "--kind",
            "integer(-50..50)",
            "--noise-budget",
            60,
            "-o",
            table,
            parms,
            fresh,
            product,
            rotated));
    JsonNode columns = decrypted(fixture.key, table).get("columns");
    for (int i = 0; i < 3; i++) {
      assertThat(columns.get("fresh").get(i).asLong()).isEqualTo(values[i]);
      assertThat(columns.get("product").get(i).asLong()).isEqualTo(values[i] * values[i]);
      assertThat(columns.get("rotated").get(i).asLong()).isEqualTo(i < 2 ? values[i + 1] : 0);
    }
    // The table's own integers are under the same key and parameters.
    Path sum = folder.resolve("sum.vsm");
    succeeds(
        Run.of(
            "import",
            "--format",
            "seal",
            "-k",
            fixture.key,
            "--rows",
            4,
            "--kind",
            "integer(-50..50)",
            "-o",
            folder.resolve("four.vsm"),
            parms,
            fresh));
    succeeds(
        Run.of(
            "compute",
            "add",
            "-c",
            "n",
            "-c",
            "fresh",
            "-o",
            sum,
            fixture.table,
            folder.resolve("four.vsm")));
    JsonNode added = decrypted(fixture.key, sum).get("columns").elements().next();
    assertThat(added.get(1).asLong()).isEqualTo(-1006);
  }

  /** SEAL decrypts our tables and results with the secret key that was exported to it. */
  @Test
  void sealDecryptsOurCiphertexts() throws IOException {
    SealParameters whole = SealParameters.read(keyObject("table-integer", "parms"));
    SealBfv bfv = SealBfv.of(whole);
    Path secretFile = folder.resolve("secret.seal");
    succeeds(
        export(
            "-k",
            fixture.key,
            "--preset",
            "table-integer",
            "--objects",
            "secret",
            "-o",
            secretFile));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secretFile)))
        .isEqualTo("rw-------");
    Path sum = folder.resolve("n-sum.vsm");
    succeeds(Run.of("compute", "sum", "-c", "n", "-o", sum, fixture.table));
    ByteBuffer stored = ByteBuffer.wrap(Files.readAllBytes(secretFile));
    try (var secret = bfv.secretKey(SealPlaintext.readSecretKey(stored, whole));
        BfvCiphertext n =
            bfv.ciphertext(SealCiphertext.read(object("-c", "n", fixture.table), whole));
        BfvCiphertext total = bfv.ciphertext(SealCiphertext.read(object(sum), whole), 25)) {
      assertThat(secret.decryptor().decrypt(n)).startsWith(10, -1000, 7, 999, 0);
      assertThat(secret.decryptor().decrypt(total)).startsWith(16, 16, 16);
    }

    SealParameters real = SealParameters.read(keyObject("table-real", "parms"));
    SealCkks ckks = SealCkks.of(real, 0x1p56);
    Path realSecret = folder.resolve("real.seal");
    succeeds(
        export(
            "-k", fixture.key, "--preset", "table-real", "--objects", "secret", "-o", realSecret));
    stored = ByteBuffer.wrap(Files.readAllBytes(realSecret));
    try (var secret = ckks.secretKey(SealPlaintext.readSecretKey(stored, real));
        CkksCiphertext x =
            ckks.ciphertext(SealCiphertext.read(object("-c", "x", fixture.table), real), 10)) {
      double[] found = secret.decryptor().decrypt(x);
      assertThat(found[1]).isCloseTo(-2.25, within(1e-6));
      assertThat(found[4]).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void aBundleHasItsObjectsInOrder() throws IOException {
    Path out = folder.resolve("bundle.seal");
    succeeds(export("-k", fixture.key, "--preset", "table-real", "-o", out));
    assertKinds(
        Files.readAllBytes(out),
        SealObject.Kind.PARAMETERS,
        SealObject.Kind.PUBLIC_KEY,
        SealObject.Kind.RELINEARIZATION_KEYS);
    assertKinds(
        succeeds(export("-c", "n", "-c", "m", "--objects", "ciphertexts,parms", fixture.table))
            .bytes(),
        SealObject.Kind.PARAMETERS,
        SealObject.Kind.CIPHERTEXT,
        SealObject.Kind.CIPHERTEXT);
    assertKinds(
        succeeds(export("-c", "w", fixture.table)).bytes(),
        SealObject.Kind.CIPHERTEXT,
        SealObject.Kind.CIPHERTEXT,
        SealObject.Kind.CIPHERTEXT);
  }

  private static void assertKinds(byte[] bundle, SealObject.Kind... kinds) {
    assertThat(
            SealBundle.split(ByteBuffer.wrap(bundle)).stream()
                .map(each -> SealObject.read(each, Optional.empty()).kind()))
        .containsExactly(kinds);
  }

  @Test
  void anImportedKeyExportsItsKeys() throws IOException {
    Path key = folder.resolve("ckks.key");
    succeeds(
        Run.of(
            "import",
            "--format",
            "seal",
            "--no-passphrase",
            "-o",
            key,
            CKKS.resolve("parms.seal"),
            CKKS.resolve("secret.seal")));
    byte[] parms = succeeds(export("-k", key, "--objects", "parms")).bytes();
    assertThat(parms).isEqualTo(Files.readAllBytes(CKKS.resolve("parms.seal")));
    Path relin = folder.resolve("our-relin.seal");
    succeeds(export("-k", key, "--objects", "relin", "-o", relin));
    Path table = folder.resolve("mixed.vsm");
    succeeds(
        Run.of(
            "import",
            "--format",
            "seal",
            "--kind",
            "real(-1..1)",
            "-o",
            table,
            CKKS.resolve("parms.seal"),
            relin,
            CKKS.resolve("x.seal"),
            CKKS.resolve("y.seal")));
    Path product = folder.resolve("xy.vsm");
    succeeds(Run.of("compute", "mul", "-c", "x", "-c", "y", "-o", product, table));
    JsonNode stated = new ObjectMapper().readTree(CKKS.resolve("values.json").toFile());
    JsonNode found = decrypted(key, product).get("columns").elements().next();
    for (int i = 0; i < 2048; i++) {
      double truth = stated.get("x").get(i).asDouble() * stated.get("y").get(i).asDouble();
      assertThat(found.get(i).asDouble()).isCloseTo(truth, within(1e-4));
    }
  }

  @Test
  void parametersOfTheirsAreTaken() {
    ByteBuffer parms =
        object("-k", fixture.key, "--parms", CKKS.resolve("parms.seal"), "--objects", "parms");
    SealParameters read = SealParameters.read(parms);
    assertThat(read.ringDegree()).isEqualTo(4096);
    SealCiphertext.readPublicKey(
        object("-k", fixture.key, "--parms", CKKS.resolve("parms.seal"), "--objects", "public"),
        read);
  }

  @Test
  void versionAndCompressionAreChosen() {
    byte[] plain =
        keyObject("table-real", "parms", "--seal-version", "4.4", "--compression", "none").array();
    assertThat(plain[4]).isEqualTo((byte) 4);
    assertThat(plain[5]).isEqualTo((byte) 0);
    assertThat(keyObject("table-real", "parms", "--compression", "zlib").get(5))
        .isEqualTo((byte) 1);
    assertThat(keyObject("table-real", "parms").get(4)).isEqualTo((byte) 1);
  }

  @Test
  void defaultGaloisKeysAreSeals() {
    SealParameters parameters = SealParameters.read(ByteBuffer.wrap(parms4096()));
    SealSwitchKeys keys =
        SealSwitchKeys.read(
            object("-k", fixture.key, "--parms", CKKS.resolve("parms.seal"), "--objects", "galois"),
            parameters,
            SealSwitchKeys.Kind.GALOIS);
    // 3^(2^i) and its inverse for i = 0 .. log2(N) - 2, which is the same for the last, and 2N - 1.
    assertThat(keys.filledSlots()).hasSize(2 * 11);
  }

  private static byte[] parms4096() {
    return object("-k", fixture.key, "--parms", CKKS.resolve("parms.seal"), "--objects", "parms")
        .array();
  }

  @Test
  void whatCannotBeExportedSaysWhy() {
    Path out = folder.resolve("no.seal");
    fails(export("-o", out), ErrorCode.USAGE, "-k KEY");
    fails(export("-k", fixture.key, fixture.table, "-o", out), ErrorCode.USAGE, "-k KEY");
    fails(export("-k", fixture.key, "-o", out), ErrorCode.USAGE, "--preset");
    fails(
        export("-k", fixture.key, "--preset", "ckks-16384", "-o", out),
        ErrorCode.UNSUPPORTED,
        "one special prime");
    fails(
        export("-k", fixture.key, "--preset", "table-real", "--objects", "secret"),
        ErrorCode.USAGE,
        "-o FILE");
    failsLeaving(
        folder,
        () ->
            export(
                "-k",
                fixture.key,
                "--preset",
                "table-real",
                "--objects",
                "secret",
                "--force",
                "-o",
                fixture.table),
        ErrorCode.OUTPUT_EXISTS,
        "exists");
    fails(export(fixture.table, "-o", out), ErrorCode.PARAMETER_MISMATCH, "one parameter set");
    fails(export("-c", "none", fixture.table, "-o", out), ErrorCode.BAD_INPUT, "no column");
    fails(
        export("--objects", "relin", fixture.table, "-o", out),
        ErrorCode.USAGE,
        "relin is not written with IN");
    fails(
        export("-k", fixture.key, "--preset", "table-real", "--objects", "ciphertexts"),
        ErrorCode.USAGE,
        "not written with -k");
    fails(
        export(
            "-k",
            fixture.key,
            "--preset",
            "table-real",
            "--objects",
            "galois",
            "--rotations",
            "4096"),
        ErrorCode.USAGE,
        "1 to 4095");
    fails(
        export("-k", fixture.key, "--preset", "table-real", "--seal-version", "4.6"),
        ErrorCode.USAGE,
        "4.0 to 4.5");
    fails(export("-k", fixture.publicKeys, "-o", out), ErrorCode.BAD_INPUT, "public keys");
    fails(
        Run.with(
            new byte[0],
            new FakeTerminal(),
            "export",
            "--format",
            "seal",
            "-c",
            "n",
            fixture.table),
        ErrorCode.USAGE,
        "terminal");
    assertThat(out).doesNotExist();
  }
}
