package dev.veilsum.cli;

import dev.veilsum.io.AtomicOutput;
import dev.veilsum.table.Answer;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
    json.text("column", answer.column()).text("operation", answer.operation());
    Answer.Value value = answer.value();
    if (value instanceof Answer.Whole whole) {
      json.number("value", whole.value());
    } else if (value instanceof Answer.Quotient quotient) {
      json.number("value", quotient.value());
    } else if (value instanceof Answer.Approximate approximate) {
      json.number("value", approximate.value());
    } else if (value instanceof Answer.Counts counts) {
      json.object(
          "value",
          object -> {
            for (Map.Entry<String, Long> count : counts.counts().entrySet()) {
              object.number(count.getKey(), count.getValue());
            }
          });
    }
    json.flag("exact", value.exact());
    json.number("error_bound", value instanceof Answer.Approximate a ? a.errorBound() : 0.0);
  }

  /** A short table for people. */
  static void print(AtomicOutput out, List<Answer> answers) {
    TextTable table = new TextTable("llrl").line("column", "operation", "value", "error");
    for (Answer answer : answers) {
      if (answer.value() instanceof Answer.Counts counts) {
        counts
            .counts()
            .forEach(
                (label, count) -> table.line(answer.column(), "count of " + label, count, "exact"));
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
    return ((Answer.Counts) value)
        .counts().entrySet().stream()
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
  }

  static String error(Answer.Value value) {
    return value instanceof Answer.Approximate approximate
        ? "at most " + Text.bound(approximate.errorBound())
        : "exact";
  }
}
