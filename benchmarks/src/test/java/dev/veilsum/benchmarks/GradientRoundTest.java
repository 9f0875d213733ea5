package dev.veilsum.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientRoundTest {
  /** The program checks its own results and throws where they are wrong. */
  @Test
  void smallRound(@TempDir Path folder) throws IOException {
    PrintStream standard = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      GradientRound.main(
          new String[] {
            "--clients",
            "5",
            "--numbers",
            "30000",
            "--bits",
            "8",
            "--repeat",
            "1",
            "--folder",
            folder.toString()
          });
    } finally {
      System.setOut(standard);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("| 8, one | 2.550");
  }
}
