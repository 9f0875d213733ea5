package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.table.Answer;
import dev.veilsum.table.Question;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  @Test
  void everyDiagnosisIsTheTrueOne() throws IOException {
    JsonNode demo =
        new ObjectMapper().readTree(succeeds(Run.of("demo", "diagnostics", "--json")).out());
    assertThat(demo.get("rows").asInt()).isEqualTo(1707);
    assertThat(demo.get("answers").size()).isEqualTo(DiagnosticQuestion.ALL.size());
    Set<String> strategies = new TreeSet<>();
    for (JsonNode answer : demo.get("answers")) {
      assertThat(answer.get("right").asBoolean()).as(answer.toString()).isTrue();
      assertThat(answer.get("value").equals(DemoTest::compare, answer.get("truth")))
          .as(answer.toString())
          .isTrue();
      strategies.add(answer.get("strategy").asText());
    }
    assertThat(strategies).containsExactly("extremes", "match", "public", "rows", "totals");
  }

  /** Without npm: it says so, and takes the digits that come with the program. */
  @Test
  void encryptedTrainingIsAsGoodAsPlain() throws IOException {
    Run run = succeeds(Run.of("demo", "federated", "--json", "--npm", "veilsum-no-such-npm"));
    assertThat(run.err()).contains("could not be fetched").contains("1000 digits");
    JsonNode demo = new ObjectMapper().readTree(run.out());
    assertThat(demo.get("digits").asInt()).isEqualTo(1000);
    assertThat(demo.get("clients").asInt()).isEqualTo(10);
    JsonNode trainings = demo.get("trainings");
    assertThat(trainings.size()).isEqualTo(5);
    double plain = trainings.get(0).get("accuracy").asDouble();
    for (int i = 1; i < 3; i++) {
      assertThat(trainings.get(i).get("accuracy").asDouble()).isCloseTo(plain, within(0.02));
      assertThat(trainings.get(i).get("bytes_up").asLong()).isBetween(20_000L, 45_000L);
    }
    assertThat(trainings.get(3).get("private").asText()).isEqualTo("digit");
    assertThat(trainings.get(3).get("epsilon").asDouble()).isBetween(0.9, 1.1);
    assertThat(trainings.get(3).get("accuracy").asDouble()).isGreaterThan(0.25);
    assertThat(trainings.get(4).get("private").asText()).isEqualTo("client");
    assertThat(trainings.get(4).get("epsilon").asDouble()).isBetween(7.0, 9.0);
  }

  /** 6.4 is 6.40. */
  private static int compare(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue())
        : a.equals(b) ? 0 : 1;
  }

  /** Figures of an independent program over the same file. */
  @Test
  void knowsTheTruthOfEvents() {
    List<EventRecords.Event> events = EventRecords.load();
    Map<String, String> truths = new HashMap<>();
    for (DiagnosticQuestion question : DiagnosticQuestion.ALL) {
      truths.put(question.words(), AnswerText.value(question.truth().apply(events)));
    }
    assertThat(truths)
        .containsEntry("earthquakes of 4.5 and more", "85")
        .containsEntry("not reviewed, or small", "537")
        .containsEntry("last quarry blast", "2018-02-06T00:15:20.060Z")
        .containsEntry("last reviewed earthquake of 5 and more", "2018-02-06T21:54:00.730Z")
        .containsEntry("its row", "1634")
        .containsEntry("most significant but earthquakes", "79")
        .containsEntry("mean magnitude of what is reviewed", "1.5349341021416805")
        .containsEntry("median magnitude", "1.0 to 1.5")
        .containsEntry("95th percentile of magnitude", "4.0 to 4.5");
    assertThat(truths.get("by day")).startsWith("2018-01-31T00:00:00Z: 198, ").endsWith(": 14");
  }

  @Test
  void tellsRightDiagnosesFromWrong() {
    Answer.Value truth = new Answer.Decimal(new BigDecimal("6.4"));
    assertThat(isRight(new Answer.Decimal(new BigDecimal("6.40")), truth)).isTrue();
    assertThat(isRight(new Answer.Decimal(new BigDecimal("6.41")), truth)).isFalse();
    assertThat(isRight(new Answer.None(), truth)).isFalse();
    assertThat(isRight(new Answer.Within(truth, truth), new Answer.Within(truth, truth))).isTrue();
    assertThat(isRight(truth, new Answer.Within(truth, truth))).isFalse();
    assertThat(isRight(top(truth, 3), top(truth, 3))).isTrue();
    assertThat(isRight(top(truth, 3), top(truth, 4))).isFalse();
    assertThat(isRight(new Answer.Top(List.of()), top(truth, 4))).isFalse();
    assertThat(isRight(new Answer.Moment(5), new Answer.Moment(6))).isFalse();
  }

  private static Answer.Value top(Answer.Value value, long row) {
    return new Answer.Top(List.of(new Answer.Top.Entry(value, row)));
  }

  private static boolean isRight(Answer.Value found, Answer.Value truth) {
    return new DiagnosticAnswer(null, new Answer("a", "max", found), truth, 0, 0, 0).isRight();
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
