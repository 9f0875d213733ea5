package dev.veilsum;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VeilsumTest {
  @Test
  void aVersionOutsideAJarSaysSo() {
    assertThat(Veilsum.version()).matches("development|\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }
}
