package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer means: a status where a test holds. The test is {@code none} (no row was
 * selected), a comparison with a number ({@code > 100}, {@code = 0}), or, of times, {@code older
 * than 36h} with a number of seconds, minutes, hours or days ({@code s}, {@code m}, {@code h},
 * {@code d}).
 *
 * @param status what to report
 * @param test when
 */
public record Rule(Status status, String test) {
  private static final Pattern COMPARISON =
      Pattern.compile("(<=|>=|<|>|=|!=)\\s*([+-]?\\d{1,30}(?:\\.\\d{1,30})?)");
  private static final Pattern AGE = Pattern.compile("older than (\\d{1,9})\\s*([smhd])");

  /** What a check can come to. */
  public enum Status {
    /** No rule holds. */
    HEALTHY,
    /** There is nothing to judge. */
    EMPTY,
    /** The last is too long ago. */
    STALE,
    /** A limit is passed. */
    FAILING;

    /** As it is written in a specification, and printed. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Status named(String text) {
      return Arrays.stream(values())
          .filter(status -> status.text().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new VeilsumException(
                      ErrorCode.USAGE,
                      "no status \"%s\"; there are %s"
                          .formatted(text, Arrays.stream(values()).map(Status::text).toList())));
    }
  }

  /**
   * @throws VeilsumException USAGE where the test is none
   */
  public Rule {
    test = test.strip();
    if (!test.equals("none")
        && !COMPARISON.matcher(test).matches()
        && !AGE.matcher(test).matches()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "the test \"%s\" is none of: none; <, <=, >, >=, = or != and a number; older than 36h"
              .formatted(test));
    }
  }

  /** As it stands in a result: the status, a space, the test. */
  String text() {
    return status.text() + " " + test;
  }

  /** Reads {@link #text}. */
  static Rule of(String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new VeilsumException(ErrorCode.USAGE, "\"" + text + "\" is no rule");
    }
    return new Rule(Status.named(text.substring(0, space)), text.substring(space + 1));
  }

  /** The status of the first rule that holds; healthy where none does. */
  public static Status judge(List<Rule> rules, Answer.Value value, Instant now) {
    return rules.stream()
        .filter(rule -> rule.holds(value, now))
        .map(Rule::status)
        .findFirst()
        .orElse(Status.HEALTHY);
  }

  /** Whether the test holds for an answer; a test that is not about such an answer does not. */
  boolean holds(Answer.Value value, Instant now) {
    if (test.equals("none")) {
      return value instanceof Answer.None
          || value instanceof Answer.Top top && top.entries().isEmpty();
    }
    Matcher age = AGE.matcher(test);
    if (age.matches()) {
      Optional<Instant> last = last(value);
      return last.isPresent() && last.get().plus(duration(age)).isBefore(now);
    }
    Matcher comparison = COMPARISON.matcher(test);
    return comparison.matches()
        && number(value).map(found -> compare(comparison, found)).orElse(false);
  }

  private static boolean compare(Matcher comparison, BigDecimal found) {
    int sign = found.compareTo(new BigDecimal(comparison.group(2)));
    return switch (comparison.group(1)) {
      case "<" -> sign < 0;
      case "<=" -> sign <= 0;
      case ">" -> sign > 0;
      case ">=" -> sign >= 0;
      case "=" -> sign == 0;
      default -> sign != 0;
    };
  }

  private static Duration duration(Matcher age) {
    long count = Long.parseLong(age.group(1));
    return switch (age.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** The latest time that an answer allows. */
  private static Optional<Instant> last(Answer.Value value) {
    if (value instanceof Answer.Moment moment) {
      return Optional.of(moment.instant());
    }
    return value instanceof Answer.Within within ? last(within.until()) : Optional.empty();
  }

  private static Optional<BigDecimal> number(Answer.Value value) {
    if (value instanceof Answer.Whole whole) {
      return Optional.of(new BigDecimal(whole.value()));
    }
    if (value instanceof Answer.Decimal decimal) {
      return Optional.of(decimal.value());
    }
    if (value instanceof Answer.Quotient quotient) {
      return Optional.of(new BigDecimal(quotient.value()));
    }
    return value instanceof Answer.Approximate approximate
        ? Optional.of(new BigDecimal(approximate.value()))
        : Optional.empty();
  }
}
