package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code inspect} says of objects that node-seal wrote. */
class SealInspectTest {
  static final Path OBJECTS = Path.of("../engine/src/test/resources/node-seal-5.1.6");

  @TempDir Path folder;

  private static JsonNode inspected(byte[] in, Object... args) throws IOException {
    return new ObjectMapper().readTree(succeeds(Run.with(in, Terminal.NONE, args)).out());
  }

  private static byte[] bundle(String folder, String... names) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : names) {
      all.writeBytes(Files.readAllBytes(OBJECTS.resolve(folder).resolve(name + ".seal")));
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "parms, SEAL parameters",
    "secret, SEAL secret key",
    "public, SEAL public key",
    "relin, SEAL relinearization keys",
    "galois, SEAL Galois keys",
    "x, SEAL ciphertext",
    "x-seeded, SEAL ciphertext"
  })
  void everyKindIsRecognized(String name, String kind) throws IOException {
    for (String scheme : new String[] {"bfv-4096", "ckks-4096"}) {
      Path file = OBJECTS.resolve(scheme).resolve(name + ".seal");
      JsonNode alone = inspected(new byte[0], "inspect", "--json", file);
      assertThat(alone.get("kind").asText()).isEqualTo(kind);
      assertThat(alone.get("seal_version").asText()).isEqualTo("4.1");
      assertThat(alone.get("compression").asText()).isEqualTo("zstd");
      assertThat(alone.get("bytes").asLong()).isEqualTo(Files.size(file));
      assertThat(succeeds(Run.of("inspect", file)).out()).contains(kind, "4.1", "zstd");

      JsonNode known =
          inspected(bundle(scheme, "parms", name), "inspect", "--json", "-").get("objects").get(1);
      assertThat(known.get("kind").asText()).isEqualTo(kind);
      assertThat(known.get("scheme").asText()).isEqualTo(scheme.startsWith("b") ? "BFV" : "CKKS");
      assertThat(known.get("ring_degree").asInt()).isEqualTo(4096);
    }
  }

  @Test
  void ciphertextsShowTheirNumbers() throws IOException {
    JsonNode x = inspected(bundle("ckks-4096", "x"), "inspect", "--json", "-");
    assertThat(x.get("scheme").asText()).isEqualTo("CKKS");
    assertThat(x.get("scale").asDouble()).isEqualTo(0x1p30);
    assertThat(x.get("level").asInt()).isEqualTo(1);
    assertThat(x.get("polynomials").asInt()).isEqualTo(2);
    assertThat(x.get("seeded").asBoolean()).isFalse();
    JsonNode seeded = inspected(bundle("bfv-4096", "x-seeded"), "inspect", "--json", "-");
    assertThat(seeded.get("scheme").asText()).isEqualTo("BFV");
    assertThat(seeded.get("generator").asText()).isEqualTo("Blake2xb");
    JsonNode galois = inspected(bundle("bfv-4096", "galois"), "inspect", "--json", "-");
    assertThat(galois.get("keys").asInt()).isEqualTo(4);
    JsonNode parms = inspected(bundle("bfv-4096", "parms"), "inspect", "--json", "-");
    assertThat(parms.get("prime_bits")).hasSize(3);
    assertThat(parms.get("plain_modulus").asLong()).isEqualTo(1032193);
    assertThat(parms.get("security").asText()).isEqualTo("compatibility-2018-128");
  }

  @Test
  void badObjectsGetOneError() throws IOException {
    byte[] x = bundle("ckks-4096", "x");
    Path cut = Files.write(folder.resolve("cut.seal"), Arrays.copyOf(x, x.length - 1));
    fails(Run.of("inspect", cut), ErrorCode.CORRUPT, "cut.seal", "cut short");
    Path more = Files.write(folder.resolve("more.seal"), Arrays.copyOf(x, x.length + 3));
    fails(Run.of("inspect", more), ErrorCode.CORRUPT, "3 bytes are left after the object");
    byte[] newer = x.clone();
    newer[4] = 6;
    fails(
        Run.with(newer, Terminal.NONE, "inspect", "-"),
        ErrorCode.UNSUPPORTED,
        "standard input",
        "SEAL 4.6");
    byte[] spoilt = x.clone();
    Arrays.fill(spoilt, 16, 80, (byte) 0);
    fails(Run.with(spoilt, Terminal.NONE, "inspect", "-"), ErrorCode.CORRUPT, "zstd");
    fails(Run.with(x, new FakeTerminal(), "inspect", "-"), ErrorCode.USAGE, "keyboard");
    // Of other parameters than those before it.
    byte[] others = bundle("bfv-4096", "parms");
    byte[] mixed = Arrays.copyOf(others, others.length + x.length);
    System.arraycopy(x, 0, mixed, others.length, x.length);
    fails(
        Run.with(mixed, Terminal.NONE, "inspect", "-"),
        ErrorCode.CORRUPT,
        "object 2",
        "not of these parameters");
  }

  @Test
  void whatASecretKeyHoldsIsNotShown() {
    Run run = succeeds(Run.of("inspect", OBJECTS.resolve("ckks-4096/secret.seal")));
    assertThat(run.out().lines()).hasSizeLessThan(8);
  }
}
