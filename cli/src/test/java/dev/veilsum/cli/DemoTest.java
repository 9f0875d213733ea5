package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.table.Answer;
import dev.veilsum.table.Question;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoTest {
  @Test
  void everyAnswerIsWithinItsBound() throws IOException {
    JsonNode demo = new ObjectMapper().readTree(succeeds(Run.of("demo", "--json")).out());
    assertThat(demo.get("rows").asInt()).isEqualTo(1461);
    assertThat(demo.get("answers").size()).isGreaterThanOrEqualTo(12);
    for (JsonNode answer : demo.get("answers")) {
      assertThat(answer.get("within_bound").asBoolean()).isTrue();
      assertThat(answer.get("error").asDouble())
          .isLessThanOrEqualTo(answer.get("error_bound").asDouble());
    }
  }

  /** Figures of an independent program over the same file. */
  @Test
  void knowsTheTruth() {
    DemoData data = DemoData.load();
    assertThat(data.truth(Question.SUM, List.of("precipitation"))).isEqualByComparingTo("4426.0");
    assertThat(data.truth(Question.MEAN, List.of("temp_max")).doubleValue())
        .isEqualTo(16.43908281998631);
    assertThat(data.trueCounts("weather", List.of("drizzle", "fog", "rain", "snow", "sun")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("drizzle", 53L, "fog", 101L, "rain", 641L, "snow", 26L, "sun", 640L));
  }

  @Test
  void tellsRightFromWrong() {
    BigDecimal truth = new BigDecimal("3");
    assertThat(answer(new Answer.Approximate(3.1, 0.2), truth).isRight()).isTrue();
    assertThat(answer(new Answer.Approximate(3.3, 0.2), truth).isRight()).isFalse();
    assertThat(answer(new Answer.Approximate(Double.NaN, 0.2), truth).isRight()).isFalse();
    assertThat(answer(new Answer.Whole(BigInteger.valueOf(3)), truth).isRight()).isTrue();
    assertThat(answer(new Answer.Whole(BigInteger.TWO), truth).isRight()).isFalse();
    assertThat(answer(new Answer.Quotient(3.0000001), truth).isRight()).isFalse();
    Map<String, Long> counts = Map.of("a", 1L);
    assertThat(answer(new Answer.Counts(Map.of("a", 1L)), counts).isRight()).isTrue();
    assertThat(answer(new Answer.Counts(Map.of("a", 2L)), counts).isRight()).isFalse();
  }

  private static DemoAnswer answer(Answer.Value value, Object truth) {
    return new DemoAnswer("", new Answer("a", "sum", value), truth, 0, 0);
  }
}
