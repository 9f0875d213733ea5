package dev.veilsum.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadScalingTest {
  @Test
  void operationsAreComparedOnOneThreadAndOnThree() {
    List<ThreadScaling.Row> rows = new ArrayList<>();
    ThreadScaling.compare("ckks-8192", List.of("add", "rotate"), 3, new Effort(2, 1, 1), rows::add);
    assertThat(rows)
        .extracting(ThreadScaling.Row::operation)
        .containsExactly("CKKS add", "CKKS rotate");
    assertThat(rows).allMatch(row -> row.threads() == 3 && row.n() == 8192);
    assertThat(rows).allMatch(row -> row.rate().low() > 0 && row.processor().low() > 0);
    assertThat(rows).allMatch(row -> row.markdown().matches("\\| CKKS .* \\| 8192 \\| 3 \\|.*\\|"));
  }
}
