package dev.veilsum.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.veilsum.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: its exit code, its streams, and its end by a signal. */
class ProcessTest {
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  @TempDir Path folder;

  private ProcessBuilder veilsum(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectError(folder.resolve("err").toFile())
        .redirectOutput(folder.resolve("out").toFile());
  }

  private String err() throws IOException {
    // The JVM itself may remark on options that the environment gives it.
    return Files.readString(folder.resolve("err"))
        .lines()
        .filter(line -> !line.startsWith("Picked up ") && !line.startsWith("WARNING: "))
        .reduce("", (text, line) -> text + line + "\n");
  }

  private static int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void withoutAControllingTerminalNobodyIsAsked() throws Exception {
    assumeTrue(Files.isExecutable(SETSID));
    ProcessBuilder builder = veilsum("keygen", "-o", folder.resolve("a.key").toString());
    builder.command().addAll(0, List.of(SETSID.toString(), "--wait"));
    Process process = builder.redirectInput(new File("/dev/null")).start();

    assertThat(end(process)).isEqualTo(ErrorCode.PASSPHRASE_NEEDED.exitCode());
    assertThat(err()).startsWith("veilsum: PASSPHRASE_NEEDED: ").hasLineCount(1);
    assertThat(folder.resolve("a.key")).doesNotExist();
  }

  @Test
  void aFullStandardOutputIsAnError() throws Exception {
    Process process = veilsum("params", "list").redirectOutput(new File("/dev/full")).start();
    assertThat(end(process)).isEqualTo(ErrorCode.IO.exitCode());
    assertThat(err()).startsWith("veilsum: IO: ").hasLineCount(1);
  }

  @Test
  void aProcessThatIsStoppedLeavesNothing() throws Exception {
    Path key = folder.resolve("a.key");
    CliAssertions.succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
    Files.createFile(folder.resolve("err"));
    Files.createFile(folder.resolve("out"));
    List<String> before = names();
    Path table = folder.resolve("t.vsm");
    Process process =
        veilsum("encrypt", "-k", key.toString(), "-c", "x=real", "-o", table.toString()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write("x\n1\n2\n".getBytes(StandardCharsets.UTF_8));
      in.flush();
      for (int i = 0; i < 600 && names().equals(before); i++) {
        Thread.sleep(100);
      }
      assertThat(names()).as("a temporary file was begun").isNotEqualTo(before);
      process.destroy();
      end(process);
    } catch (IOException brokenPipe) {
      // The reader has gone, as it should.
    }
    assertThat(names()).isEqualTo(before);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
