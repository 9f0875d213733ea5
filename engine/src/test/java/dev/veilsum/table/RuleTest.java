package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.table.Rule.Status;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Answer.Value NONE = new Answer.None();

  private static Answer.Value whole(long value) {
    return new Answer.Whole(BigInteger.valueOf(value));
  }

  private static boolean holds(String test, Answer.Value value) {
    return new Rule(Status.FAILING, test).holds(value, NOW);
  }

  /** Each comparison below, at, and above its number. */
  @ParameterizedTest
  @CsvSource({
    "<, true, false, false",
    "<=, true, true, false",
    ">, false, false, true",
    ">=, false, true, true",
    "=, false, true, false",
    "!=, true, false, true"
  })
  void comparisons(String sign, boolean below, boolean at, boolean above) {
    for (String test : List.of(sign + " -7", sign + "-7", " " + sign + "  -7.00 ")) {
      assertThat(holds(test, whole(-8))).isEqualTo(below);
      assertThat(holds(test, whole(-7))).isEqualTo(at);
      assertThat(holds(test, whole(-6))).isEqualTo(above);
      assertThat(holds(test, new Answer.Decimal(new BigDecimal("-7.01")))).isEqualTo(below);
      assertThat(holds(test, new Answer.Decimal(new BigDecimal("-7.0")))).isEqualTo(at);
      assertThat(holds(test, new Answer.Quotient(-6.99))).isEqualTo(above);
      assertThat(holds(test, new Answer.Approximate(-7.01, 1e-3))).isEqualTo(below);
    }
  }

  @Test
  void largeNumbersAreComparedExactly() {
    assertThat(holds("> 9007199254740992", whole(9007199254740993L))).isTrue();
    assertThat(holds("= 0.1", new Answer.Decimal(new BigDecimal("0.10")))).isTrue();
    assertThat(holds("= 0.1", new Answer.Quotient(0.1))).isFalse(); // the double is not a tenth
  }

  /** A test that is not about such an answer does not hold. */
  @Test
  void numbersOfWhatIsNone() {
    Answer.Value moment = new Answer.Moment(5);
    Answer.Value counts = new Answer.Counts(Map.of("a", 5L));
    for (Answer.Value value : List.of(NONE, moment, counts, new Answer.Top(List.of()))) {
      assertThat(holds("> -1", value)).isFalse();
      assertThat(holds("!= 4", value)).isFalse();
    }
    assertThat(holds("older than 1s", whole(0))).isFalse();
    assertThat(holds("older than 1s", NONE)).isFalse();
  }

  @Test
  void nothing() {
    assertThat(holds("none", NONE)).isTrue();
    assertThat(holds("none", new Answer.Top(List.of()))).isTrue();
    assertThat(holds("none", whole(0))).isFalse();
    assertThat(holds("none", new Answer.Moment(0))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "3m, 180", "36h, 129600", "36 h, 129600", "2d, 172800", "0s, 0"})
  void ages(String age, long seconds) {
    long limit = NOW.minusSeconds(seconds).toEpochMilli();
    assertThat(holds("older than " + age, new Answer.Moment(limit - 1))).isTrue();
    assertThat(holds("older than " + age, new Answer.Moment(limit))).isFalse();
    assertThat(holds("older than " + age, new Answer.Moment(limit + 1))).isFalse();
  }

  /** Of a bucket the latest time counts that it may be. */
  @Test
  void agesOfBuckets() {
    long now = NOW.toEpochMilli();
    Answer.Value today =
        new Answer.Within(new Answer.Moment(now - 90_000), new Answer.Moment(now - 60_000));
    assertThat(holds("older than 59s", today)).isTrue();
    assertThat(holds("older than 61s", today)).isFalse();
  }

  @Test
  void theFirstRuleThatHoldsIsTheStatus() {
    List<Rule> rules =
        List.of(
            new Rule(Status.EMPTY, "none"),
            new Rule(Status.FAILING, "> 10"),
            new Rule(Status.STALE, "> 5"));
    assertThat(Rule.judge(rules, NONE, NOW)).isEqualTo(Status.EMPTY);
    assertThat(Rule.judge(rules, whole(11), NOW)).isEqualTo(Status.FAILING);
    assertThat(Rule.judge(rules, whole(6), NOW)).isEqualTo(Status.STALE);
    assertThat(Rule.judge(rules, whole(5), NOW)).isEqualTo(Status.HEALTHY);
    assertThat(Rule.judge(List.of(), NONE, NOW)).isEqualTo(Status.HEALTHY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "> ",
        "> five",
        "=> 5",
        "== 5",
        "> 1e5",
        "> 5 or none",
        "older than",
        "older",
        "older than -1h",
        "older than 1.5h",
        "older than 1y",
        "older than 1234567890s",
        "none\nnone",
        "> 1\n> 2",
        "> 1234567890123456789012345678901"
      })
  void testsThatAreNone(String test) {
    assertThatThrownBy(() -> new Rule(Status.STALE, test))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
        .hasMessageContaining("none of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "<= 3.50", "!= -2", "older than 36h"})
  void travelsAsText(String test) {
    for (Status status : Status.values()) {
      assertThat(Rule.of(new Rule(status, test).text())).isEqualTo(new Rule(status, test));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "failing", "broken > 5", "FAILING > 5", "failing  ", "> 5"})
  void textsThatAreNoRule(String text) {
    assertThatThrownBy(() -> Rule.of(text)).isInstanceOf(VeilsumException.class);
  }

  /** The notes of a result come from the server: what is no rule is CORRUPT, and runs nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "failing > 5\nbroken none", "failing (a+)+$", "healthy"})
  void hostileNotes(String lines) {
    Answer answer = new Answer("a", "count", whole(1), Map.of("check", "c", "rules", lines));
    assertThatThrownBy(() -> Report.rulesOf(answer))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }

  @Test
  void answersWithoutRules() {
    assertThat(Report.rulesOf(new Answer("a", "count", whole(1)))).isEmpty();
    Answer two = new Answer("a", "count", whole(1), Map.of("rules", "empty none\nfailing >= 5"));
    assertThat(Report.rulesOf(two))
        .containsExactly(new Rule(Status.EMPTY, "none"), new Rule(Status.FAILING, ">= 5"));
  }
}
