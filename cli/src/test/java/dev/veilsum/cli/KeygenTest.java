package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.failsLeaving;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeygenTest {
  @TempDir Path folder;

  @Test
  void writesAKeyForItsOwnerOnly() throws IOException {
    Path key = folder.resolve("a.key");
    Run made = succeeds(Run.of("keygen", "-o", key, "--no-passphrase", "--json"));

    var said = new ObjectMapper().readTree(made.out());
    assertThat(said.get("sealed").asBoolean()).isFalse();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    var seen = new ObjectMapper().readTree(succeeds(Run.of("inspect", key, "--json")).out());
    assertThat(seen.get("key_id")).isEqualTo(said.get("key_id"));
    assertThat(seen.get("kind").asText()).isEqualTo("master key");
  }

  @Test
  void twoKeysDiffer() throws IOException {
    succeeds(Run.of("keygen", "-o", folder.resolve("a"), "--no-passphrase"));
    succeeds(Run.of("keygen", "-o", folder.resolve("b"), "--no-passphrase"));
    assertThat(folder.resolve("a"))
        .binaryContent()
        .isNotEqualTo(Files.readAllBytes(folder.resolve("b")));
  }

  @Test
  void sealsWithAPassphraseTypedTwice() {
    Path key = folder.resolve("a.key");
    Run made = Run.with(new byte[0], new FakeTerminal("correct", "correct"), "keygen", "-o", key);
    succeeds(made);
    assertThat(succeeds(Run.of("inspect", key)).out()).contains("with a passphrase");
  }

  @Test
  void refusesPassphrasesThatDiffer() {
    failsLeaving(
        folder,
        () ->
            Run.with(
                new byte[0],
                new FakeTerminal("one", "other"),
                "keygen",
                "-o",
                folder.resolve("a.key")),
        ErrorCode.USAGE,
        "differ");
  }

  @Test
  void sealsWithAPassphraseFromAFile() throws IOException {
    Path passphrase = Files.writeString(folder.resolve("p"), "from a file\nnot this\n");
    Path key = folder.resolve("a.key");
    succeeds(Run.of("keygen", "-o", key, "--passphrase-file", passphrase));
    assertThat(succeeds(Run.of("inspect", key)).out()).contains("with a passphrase");
  }

  @Test
  void asksNobodyWhereThereIsNoTerminal() {
    failsLeaving(
        folder,
        () -> Run.of("keygen", "-o", folder.resolve("a.key")),
        ErrorCode.PASSPHRASE_NEEDED,
        "--passphrase-file");
  }

  @Test
  void neverOverwrites() throws IOException {
    Path key = Files.writeString(folder.resolve("a.key"), "precious");
    failsLeaving(
        folder,
        () -> Run.of("keygen", "-o", key, "--no-passphrase"),
        ErrorCode.OUTPUT_EXISTS,
        "a.key");
  }

  @Test
  void writesNoSecretToStandardOutput() {
    fails(Run.of("keygen", "-o", "-", "--no-passphrase"), ErrorCode.USAGE, "-o FILE");
  }
}
