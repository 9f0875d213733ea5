package dev.veilsum.cli;

import dev.veilsum.io.AtomicOutput;
import dev.veilsum.table.Answer;
import dev.veilsum.table.Report;
import dev.veilsum.table.Rule;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Answers as programs and as people read them. */
final class AnswerText {
  private AnswerText() {}

  /** The member "results": an array with one object for each answer. */
  static void describe(Json json, List<Answer> answers) throws IOException {
    json.objects("results", answers, AnswerText::describe);
  }

  static void describe(Json json, Answer answer) throws IOException {
    if (answer.notes().containsKey(Report.NAME)) {
      json.text("check", answer.notes().get(Report.NAME)).text("status", status(answer));
    }
    json.text("column", answer.column()).text("operation", answer.operation());
    if (answer.notes().containsKey("where")) {
      json.text("where", answer.notes().get("where"));
    }
    Answer.Value value = answer.value();
    value(json, "value", value);
    json.flag("exact", value.exact());
    json.number("error_bound", value instanceof Answer.Approximate a ? a.errorBound() : 0.0);
  }

  /**
   * A value: a number; of a time its epoch milliseconds; of counts an object; of top an array of
   * objects; of a bucket an object with from and until; null where there is none.
   */
  static void value(Json json, String name, Answer.Value value) throws IOException {
    if (value instanceof Answer.Whole whole) {
      json.number(name, whole.value());
    } else if (value instanceof Answer.Quotient quotient) {
      json.number(name, quotient.value());
    } else if (value instanceof Answer.Approximate approximate) {
      json.number(name, approximate.value());
    } else if (value instanceof Answer.Decimal decimal) {
      json.number(name, decimal.value());
    } else if (value instanceof Answer.Moment moment) {
      json.number(name, moment.epochMillis());
    } else if (value instanceof Answer.Within within) {
      json.object(
          name,
          object -> {
            value(object, "from", within.from());
            value(object, "until", within.until());
          });
    } else if (value instanceof Answer.Top top) {
      json.objects(
          name,
          top.entries(),
          (object, entry) -> {
            value(object, "value", entry.value());
            object.number("row", entry.row());
          });
    } else if (value instanceof Answer.Histogram histogram) {
      json.object(
          name,
          object -> {
            for (Answer.Histogram.Bin bin : histogram.bins()) {
              object.number(key(bin.from()), bin.count());
            }
          });
    } else if (value instanceof Answer.Counts counts) {
      json.object(
          name,
          object -> {
            for (Map.Entry<String, Long> count : counts.counts().entrySet()) {
              object.number(count.getKey(), count.getValue());
            }
          });
    } else {
      json.nothing(name);
    }
  }

  /** What a check has come to. */
  private static String status(Answer answer) {
    return Rule.judge(Report.rulesOf(answer), answer.value(), Instant.now()).text();
  }

  /** The checks of a report with their status. */
  private static void printReport(AtomicOutput out, List<Answer> answers) {
    TextTable table = new TextTable("llr").line("check", "status", "answer");
    for (Answer answer : answers) {
      table.line(
          answer.notes().getOrDefault(Report.NAME, answer.column()),
          status(answer),
          value(answer.value()));
    }
    PrintWriter writer = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    table.print(writer);
    writer.flush();
  }

  /** A short table for people. */
  static void print(AtomicOutput out, List<Answer> answers) {
    if (answers.stream().anyMatch(answer -> answer.notes().containsKey(Report.NAME))) {
      printReport(out, answers);
      return;
    }
    TextTable table = new TextTable("llrl").line("column", "operation", "value", "error");
    for (Answer answer : answers) {
      if (answer.value() instanceof Answer.Counts counts) {
        counts
            .counts()
            .forEach(
                (label, count) -> table.line(answer.column(), "count of " + label, count, "exact"));
      } else if (answer.value() instanceof Answer.Histogram histogram) {
        for (Answer.Histogram.Bin bin : histogram.bins()) {
          table.line(answer.column(), "from " + value(bin.from()), bin.count(), "exact");
        }
      } else if (answer.value() instanceof Answer.Top top && !top.entries().isEmpty()) {
        for (Answer.Top.Entry entry : top.entries()) {
          table.line(answer.column(), "top, row " + entry.row(), value(entry.value()), "exact");
        }
      } else {
        table.line(
            answer.column(), answer.operation(), value(answer.value()), error(answer.value()));
      }
    }
    PrintWriter writer = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    table.print(writer);
    writer.flush();
  }

  /** One value, to the digits that its error bound leaves. */
  static String value(Answer.Value value) {
    if (value instanceof Answer.Whole whole) {
      return whole.value().toString();
    }
    if (value instanceof Answer.Quotient quotient) {
      return Text.number(quotient.value());
    }
    if (value instanceof Answer.Approximate approximate) {
      // Digits before the point stay, so that a number of a wide range is not shown as 0.
      int places = Math.max(0, Decimals.within(approximate.errorBound()).places());
      return new Decimals(places).text(approximate.value());
    }
    if (value instanceof Answer.Decimal decimal) {
      return decimal.value().toPlainString();
    }
    if (value instanceof Answer.Moment moment) {
      return moment.instant().toString();
    }
    if (value instanceof Answer.Within within) {
      return value(within.from()) + " to " + value(within.until());
    }
    if (value instanceof Answer.None
        || value instanceof Answer.Top none && none.entries().isEmpty()) {
      return "none";
    }
    if (value instanceof Answer.Top top) {
      return top.entries().stream()
          .map(entry -> value(entry.value()))
          .collect(Collectors.joining(", "));
    }
    if (value instanceof Answer.Histogram histogram) {
      return histogram.bins().stream()
          .map(bin -> value(bin.from()) + ": " + bin.count())
          .collect(Collectors.joining(", "));
    }
    return ((Answer.Counts) value)
        .counts().entrySet().stream()
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
  }

  /** The start of a bucket as the name of a member. */
  private static String key(Answer.Value from) {
    return from instanceof Answer.Moment moment
        ? String.valueOf(moment.epochMillis())
        : value(from);
  }

  static String error(Answer.Value value) {
    if (value instanceof Answer.Within) {
      return "within the bucket";
    }
    return value instanceof Answer.Approximate approximate
        ? "at most " + Text.bound(approximate.errorBound())
        : "exact";
  }
}
