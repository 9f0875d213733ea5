package dev.veilsum.cli;

import dev.veilsum.table.Answer;
import java.io.IOException;
import java.util.List;

/**
 * An answer about the events beside the true one.
 *
 * @param seconds that the server took
 * @param bytesUp of the question, with its condition where that is encrypted
 * @param bytesDown of the encrypted answer
 */
record DiagnosticAnswer(
    DiagnosticQuestion question,
    Answer answer,
    Answer.Value truth,
    double seconds,
    long bytesUp,
    long bytesDown) {
  /** Whether it is the true one, to the last digit. */
  boolean isRight() {
    return same(answer.value(), truth);
  }

  private static boolean same(Answer.Value a, Answer.Value b) {
    if (a instanceof Answer.Decimal one && b instanceof Answer.Decimal other) {
      return one.value().compareTo(other.value()) == 0;
    }
    if (a instanceof Answer.Within one && b instanceof Answer.Within other) {
      return same(one.from(), other.from()) && same(one.until(), other.until());
    }
    if (a instanceof Answer.Top one && b instanceof Answer.Top other) {
      return same(one.entries(), other.entries());
    }
    return a.equals(b);
  }

  private static boolean same(List<Answer.Top.Entry> a, List<Answer.Top.Entry> b) {
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      same = a.get(i).row() == b.get(i).row() && same(a.get(i).value(), b.get(i).value());
    }
    return same;
  }

  String strategy() {
    return answer.notes().getOrDefault("strategy", "");
  }

  static void header(TextTable table) {
    table.line("question", "encrypted answer", "true answer", "strategy", "up", "down", "time");
  }

  /** A line of the table; buckets and labels take one each. */
  void addTo(TextTable table) {
    Object[] costs = {strategy(), Text.size(bytesUp), Text.size(bytesDown), Text.seconds(seconds)};
    Object[] none = {"", "", "", ""};
    if (answer.value() instanceof Answer.Histogram found
        && truth instanceof Answer.Histogram real) {
      for (int i = 0; i < found.bins().size(); i++) {
        Answer.Histogram.Bin bin = found.bins().get(i);
        line(
            table,
            question.words() + ", " + day(bin.from()),
            bin.count(),
            i < real.bins().size() ? real.bins().get(i).count() : "",
            i == 0 ? costs : none);
      }
    } else if (answer.value() instanceof Answer.Counts found
        && truth instanceof Answer.Counts real) {
      int i = 0;
      for (var count : found.counts().entrySet()) {
        line(
            table,
            question.words() + ", " + count.getKey(),
            count.getValue(),
            real.counts().get(count.getKey()),
            i++ == 0 ? costs : none);
      }
    } else {
      line(
          table,
          question.words(),
          AnswerText.value(answer.value()),
          AnswerText.value(truth),
          costs);
    }
  }

  private static String day(Answer.Value from) {
    String text = AnswerText.value(from);
    return text.endsWith("T00:00:00Z") ? text.substring(0, 10) : text;
  }

  private static void line(
      TextTable table, String words, Object found, Object real, Object[] costs) {
    table.line(words, found, real, costs[0], costs[1], costs[2], costs[3]);
  }

  void describe(Json json) throws IOException {
    json.text("question", question.words()).text("asked", question.text());
    AnswerText.describe(json, answer);
    AnswerText.value(json, "truth", truth);
    json.flag("right", isRight()).text("strategy", strategy());
    json.number("bytes_up", bytesUp).number("bytes_down", bytesDown);
    json.number("seconds", seconds);
  }
}
