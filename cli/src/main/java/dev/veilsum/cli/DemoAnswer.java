package dev.veilsum.cli;

import dev.veilsum.table.Answer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;

/**
 * A decrypted answer beside the true one.
 *
 * @param truth a BigDecimal, or a map from label to count
 * @param seconds that the server took
 * @param bytes of the encrypted answer
 */
record DemoAnswer(String question, Answer answer, Object truth, double seconds, long bytes) {
  /** |answer - truth|; for counts the largest one. */
  double error() {
    if (answer.value() instanceof Answer.Counts counts) {
      double worst = 0;
      for (var count : ((Map<?, ?>) truth).entrySet()) {
        long found = counts.counts().getOrDefault(count.getKey(), 0L);
        worst = Math.max(worst, Math.abs(found - (Long) count.getValue()));
      }
      return worst;
    }
    BigDecimal exact = (BigDecimal) truth;
    if (answer.value() instanceof Answer.Whole whole) {
      return exact.subtract(new BigDecimal(whole.value())).abs().doubleValue();
    }
    if (answer.value() instanceof Answer.Quotient quotient) {
      return Math.abs(exact.doubleValue() - quotient.value());
    }
    double value = ((Answer.Approximate) answer.value()).value();
    return Double.isFinite(value)
        ? exact.subtract(new BigDecimal(value)).abs().doubleValue()
        : Double.POSITIVE_INFINITY;
  }

  /** What the error may be: 0 where the answer is exact. */
  double bound() {
    return answer.value() instanceof Answer.Approximate a ? a.errorBound() : 0;
  }

  boolean isRight() {
    return error() <= bound();
  }

  static void header(TextTable table) {
    table.line("question", "encrypted answer", "true answer", "error", "at most", "time", "bytes");
  }

  /** A line of the table; counts take one for each label. */
  void addTo(TextTable table) {
    if (answer.value() instanceof Answer.Counts counts) {
      String time = Text.seconds(seconds);
      String size = String.valueOf(bytes);
      for (var count : counts.counts().entrySet()) {
        long trueCount = (Long) ((Map<?, ?>) truth).get(count.getKey());
        table.line(
            question + " " + count.getKey(),
            count.getValue(),
            trueCount,
            Math.abs(count.getValue() - trueCount),
            "exact",
            time,
            size);
        time = "";
        size = "";
      }
      return;
    }
    table.line(
        question,
        AnswerText.value(answer.value()),
        ((BigDecimal) truth).round(new MathContext(10)).stripTrailingZeros().toPlainString(),
        error() == 0 ? "0" : String.format(Locale.ROOT, "%.1e", error()),
        answer.value().exact() ? "exact" : Text.bound(bound()),
        Text.seconds(seconds),
        bytes);
  }

  void describe(Json json) throws IOException {
    AnswerText.describe(json, answer);
    if (truth instanceof BigDecimal number) {
      json.number("truth", number.doubleValue());
    } else {
      json.object(
          "truth",
          object -> {
            for (var count : ((Map<?, ?>) truth).entrySet()) {
              object.number((String) count.getKey(), (Long) count.getValue());
            }
          });
    }
    json.number("error", error()).flag("within_bound", isRight());
    json.number("seconds", seconds).number("bytes", bytes);
  }
}
