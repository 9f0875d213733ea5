package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.ErrorCode;
import dev.veilsum.params.Preset;
import dev.veilsum.params.Presets;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir Path folder;

  @Test
  void saysWhatIsWrongInOneLine() {
    fails(Run.of(), ErrorCode.USAGE, "a command is missing", "veilsum --help");
    fails(Run.of("encrpt"), ErrorCode.USAGE, "encrpt");
    fails(Run.of("info", "--threads", "many"), ErrorCode.USAGE, "--threads", "many");
    fails(Run.of("params"), ErrorCode.USAGE, "list, show, solve or check");
    fails(Run.of("params", "show", "ckks-1"), ErrorCode.USAGE, "ckks-1", "ckks-8192");
    fails(Run.of("inspect"), ErrorCode.USAGE, "FILE");
    fails(Run.of("inspect", "a\0b"), ErrorCode.USAGE, "no path", "\\u0000");
  }

  @Test
  void tracesAnErrorOnlyWhenAsked() {
    Run run = Run.of("inspect", "-v", folder.resolve("none"));
    assertThat(run.code()).isEqualTo(ErrorCode.BAD_INPUT.exitCode());
    assertThat(run.err()).startsWith("veilsum: BAD_INPUT: ").contains("\tat dev.veilsum.");
    fails(Run.of("inspect", folder.resolve("none")), ErrorCode.BAD_INPUT, "none");
  }

  @Test
  void aFullDiskIsAnError() throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      Run run = Run.with(new byte[0], full, Terminal.NONE, "completion");
      fails(run, ErrorCode.IO, "standard output");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keygen", "params", "params list", "inspect", "info", "completion"})
  void everyCommandHasHelp(String command) {
    Run run = succeeds(Run.of((Object[]) (command + " --help").split(" ")));
    assertThat(run.out()).startsWith("Usage: veilsum " + command).contains("--json");
  }

  @Test
  void listsEveryPreset() throws IOException {
    JsonNode presets =
        new ObjectMapper().readTree(succeeds(Run.of("params", "list", "--json")).out());
    assertThat(presets.get("presets")).hasSameSizeAs(Presets.all());
    for (Preset<?> preset : Presets.all()) {
      assertThat(succeeds(Run.of("params", "list")).out()).contains(preset.purpose());
      String text = succeeds(Run.of("params", "show", preset.name())).out();
      assertThat(text).contains(preset.parameters().fingerprint().toString());
    }
  }

  @Test
  void completesCommandsAndOptions() {
    assertThat(succeeds(Run.of("completion")).out())
        .contains("complete -F _complete_veilsum")
        .contains("keygen", "inspect", "--no-passphrase");
  }

  @Test
  void inspectsOnlyVeilsumsFiles() throws IOException {
    Path csv = Files.writeString(folder.resolve("data.csv"), "x\n1\n");
    fails(Run.of("inspect", csv), ErrorCode.BAD_INPUT, "data.csv");
    Path empty = Files.createFile(folder.resolve("empty"));
    fails(Run.of("inspect", empty), ErrorCode.BAD_INPUT, "empty");
    fails(Run.of("inspect", folder), ErrorCode.BAD_INPUT, "folder");
    byte[] in = "nothing of ours".getBytes(StandardCharsets.UTF_8);
    fails(Run.with(in, Terminal.NONE, "inspect", "-"), ErrorCode.BAD_INPUT, "standard input");
    fails(Run.with(in, new FakeTerminal(), "inspect", "-"), ErrorCode.USAGE, "keyboard");
  }

  @Test
  void infoNamesTheVersionAndTheProcessors() throws IOException {
    JsonNode info = new ObjectMapper().readTree(succeeds(Run.of("info", "--json")).out());
    assertThat(info.get("version").asText()).isNotBlank();
    assertThat(info.get("processors").asInt())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }
}
