package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelftestTest {
  @Test
  void everySchemeIsRight() {
    assertThat(succeeds(Run.of("selftest")).out().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("ok "));
  }
}
