package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python module of docs/aggregation.md does a round, where Python and NumPy are installed. */
class PythonExampleTest {
  private static final Path EXAMPLES = Path.of("../docs/examples").toAbsolutePath().normalize();
  private static final String ROUND =
      """
      import numpy as np
      from veilsum_round import aggregated, decrypted, encrypted
      arrays = {"w": np.linspace(-0.1, 0.1, 35).reshape(5, 7).astype("f4"), "b": np.zeros(3)}
      total = aggregated("17", [encrypted("cohort.key", "17", "a", 120, arrays)], minimum=1)
      mean = decrypted("cohort.key", total, minimum=1)
      assert mean["w"].shape == (5, 7) and mean["w"].dtype == "f4" and mean["b"].dtype == "f8"
      assert abs(mean["w"] - arrays["w"]).max() < 0.2 / 255 and abs(mean["b"]).max() < 0.2 / 255
      print("as it should be")
      """;

  @TempDir Path folder;

  @Test
  void doesARound() throws IOException, InterruptedException {
    Assumptions.assumeTrue(python("import numpy").equals("0 "), "python3 with numpy");
    succeeds(Run.of("keygen", "-o", folder.resolve("cohort.key"), "--no-passphrase"));
    assertThat(python(ROUND)).isEqualTo("0 as it should be\n");
  }

  /** The exit code, and what it says. */
  private String python(String program) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    ProcessBuilder builder = new ProcessBuilder("python3", "-c", program);
    builder.directory(folder.toFile());
    builder.environment().put("PYTHONPATH", EXAMPLES.toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder
        .environment()
        .put(
            "VEILSUM",
            "'%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.veilsum.cli.Main"
                .formatted(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    System.getProperty("java.class.path")));
    try {
      Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return process.exitValue() + " " + Files.readString(said);
    } catch (IOException e) {
      return "no python3: " + e.getMessage();
    }
  }
}
