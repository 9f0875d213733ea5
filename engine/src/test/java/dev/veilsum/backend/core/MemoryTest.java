package dev.veilsum.backend.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MemoryTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void droppedCiphertextsAreFreedThoughTheHeapStaysSmall() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                DroppedCiphertexts.class.getName())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).matches("value \\d+ made \\d+ peak \\d+ resident \\d+");
    long[] numbers =
        Arrays.stream(output.replaceAll("[a-z]", "").strip().split(" +"))
            .mapToLong(Long::parseLong)
            .toArray();
    assertThat(numbers[0]).isEqualTo(1000);
    assertThat(numbers[1]).as("MiB made").isGreaterThan(10_000);
    assertThat(numbers[2]).as("MiB held at most").isLessThan(600);
    assertThat(numbers[3]).as("MiB of the process at most").isLessThan(1200);
  }
}
