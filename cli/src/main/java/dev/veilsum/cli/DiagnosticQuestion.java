package dev.veilsum.cli;

import static dev.veilsum.cli.EventTruth.day;
import static dev.veilsum.cli.EventTruth.reaches;

import dev.veilsum.cli.EventRecords.Event;
import dev.veilsum.table.Answer;
import dev.veilsum.table.Asked;
import dev.veilsum.table.Question;
import dev.veilsum.table.Selection;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A question about the events, in words and as it is asked, with its true answer.
 *
 * @param words what a person wants to know
 * @param columns none for a count of rows
 * @param number of top and percentile; else 0
 * @param where empty for all rows
 * @param hidden whether the condition is encrypted before it is sent
 */
record DiagnosticQuestion(
    String words,
    Question question,
    List<String> columns,
    int number,
    String where,
    boolean hidden,
    Function<List<Event>, Answer.Value> truth) {
  private static final LocalDate FIRST = LocalDate.of(2018, 1, 31);
  private static final LocalDate LAST = LocalDate.of(2018, 2, 7);

  static final List<DiagnosticQuestion> ALL =
      List.of(
          of("how many events", Question.COUNT, "", 0, "", e -> EventTruth.count(e, x -> true)),
          of(
              "earthquakes of 4.5 and more",
              Question.COUNT,
              "",
              0,
              "type = earthquake and size >= 4.5",
              e -> EventTruth.count(e, x -> is(x, "earthquake") && reaches(x, "4.5"))),
          of(
              "not reviewed, or small",
              Question.COUNT,
              "",
              0,
              "not status = reviewed or size < 0",
              e -> EventTruth.count(e, x -> !x.status().equals("reviewed") || !reaches(x, "0"))),
          of(
              "local or duration scale, first two days",
              Question.COUNT,
              "",
              0,
              "scale in (ml, md) and time between 2018-01-31 and 2018-02-01",
              e ->
                  EventTruth.count(
                      e,
                      x ->
                          List.of("ml", "md").contains(x.scale())
                              && day(x).isBefore(FIRST.plusDays(2)))),
          of("last event", Question.MAX, "time", 0, "", e -> EventTruth.last(e, x -> true)),
          of(
              "last quarry blast",
              Question.MAX,
              "time",
              0,
              "type = 'quarry blast'",
              e -> EventTruth.last(e, x -> is(x, "quarry blast"))),
          of(
              "last reviewed earthquake of 5 and more",
              Question.MAX,
              "time",
              0,
              "status = reviewed and type = earthquake and size >= 5",
              e ->
                  EventTruth.last(
                      e,
                      x ->
                          x.status().equals("reviewed") && is(x, "earthquake") && reaches(x, "5"))),
          of(
              "last ice quake",
              Question.MAX,
              "time",
              0,
              "type = 'ice quake'",
              e -> EventTruth.last(e, x -> is(x, "ice quake"))),
          of(
              "strongest",
              Question.MAX,
              "magnitude",
              0,
              "",
              e -> EventTruth.strongest(e, x -> true)),
          of("its row", Question.ARGMAX, "magnitude", 0, "", EventTruth::strongestRow),
          of("three strongest", Question.TOP, "magnitude", 3, "", e -> EventTruth.top(e, 3)),
          of(
              "strongest on February 6",
              Question.MAX,
              "magnitude",
              0,
              "time = 2018-02-06",
              e -> EventTruth.strongest(e, x -> day(x).equals(LAST.minusDays(1)))),
          of(
              "most significant but earthquakes",
              Question.MAX,
              "significance",
              0,
              "type != earthquake",
              e -> EventTruth.mostSignificant(e, x -> !is(x, "earthquake"))),
          of(
              "mean magnitude of what is reviewed",
              Question.MEAN,
              "magnitude",
              0,
              "status = reviewed",
              e -> EventTruth.meanMagnitude(e, x -> x.status().equals("reviewed"))),
          of("median magnitude", Question.MEDIAN, "size", 0, "", e -> EventTruth.percentile(e, 50)),
          of(
              "95th percentile of magnitude",
              Question.PERCENTILE,
              "size",
              95,
              "",
              e -> EventTruth.percentile(e, 95)),
          of("median time", Question.MEDIAN, "time", 0, "", EventTruth::medianTime),
          of("by day", Question.HISTOGRAM, "time", 0, "", e -> EventTruth.days(e, FIRST, LAST)),
          of(
              "by type, of 2.5 and more",
              Question.COUNT,
              "type",
              0,
              "size >= 2.5",
              e ->
                  EventTruth.counts(
                      e.stream().filter(x -> reaches(x, "2.5")).toList(),
                      Event::type,
                      List.of("earthquake", "explosion", "quarry blast", "ice quake"))),
          of(
                  "of a secret type",
                  Question.COUNT,
                  "",
                  0,
                  "type = explosion",
                  e -> EventTruth.count(e, x -> is(x, "explosion")))
              .hide(),
          of(
                  "last of a secret type",
                  Question.MAX,
                  "time",
                  0,
                  "type = explosion",
                  e -> EventTruth.last(e, x -> is(x, "explosion")))
              .hide());

  private static DiagnosticQuestion of(
      String words,
      Question question,
      String column,
      int number,
      String where,
      Function<List<Event>, Answer.Value> truth) {
    List<String> columns = column.isEmpty() ? List.of() : List.of(column);
    return new DiagnosticQuestion(words, question, columns, number, where, false, truth);
  }

  private static boolean is(Event event, String type) {
    return event.type().equals(type);
  }

  private DiagnosticQuestion hide() {
    return new DiagnosticQuestion(words, question, columns, number, where, true, truth);
  }

  /**
   * As the server is asked.
   *
   * @param selection the rows of its condition; none for all
   */
  Asked asked(Optional<Selection> selection) {
    OptionalDouble given = number == 0 ? OptionalDouble.empty() : OptionalDouble.of(number);
    return new Asked(question, columns, selection, given, Map.of());
  }

  /** The question in the clear, as it is sent to the server; an encrypted condition goes apart. */
  String text() {
    return question.text()
        + (columns.isEmpty() ? "" : " of " + columns.get(0))
        + (number == 0 ? "" : " " + number)
        + (where.isEmpty() ? "" : hidden ? " where (encrypted)" : " where " + where);
  }
}
