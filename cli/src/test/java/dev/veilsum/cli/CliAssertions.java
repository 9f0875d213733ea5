package dev.veilsum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What every command promises. */
final class CliAssertions {
  private CliAssertions() {}

  static Run succeeds(Run run) {
    assertThat(run.err()).doesNotContain("veilsum: ");
    assertThat(run.code()).isZero();
    return run;
  }

  /** One line with the code and all the words, no stack trace, nothing on standard output. */
  static void fails(Run run, ErrorCode code, String... words) {
    assertThat(run.err()).startsWith("veilsum: " + code + ": ").endsWith("\n").contains(words);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.code()).isEqualTo(code.exitCode());
    assertThat(run.out()).isEmpty();
  }

  /** As {@link #fails}, and no file of the folder was made, changed or removed by it. */
  static void failsLeaving(Path folder, Supplier<Run> run, ErrorCode code, String... words) {
    var before = contents(folder);
    fails(run.get(), code, words);
    assertThat(contents(folder)).isEqualTo(before);
  }

  private static TreeMap<Path, String> contents(Path folder) {
    TreeMap<Path, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        contents.put(file, sha256(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
