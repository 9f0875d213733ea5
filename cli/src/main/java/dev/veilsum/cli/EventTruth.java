package dev.veilsum.cli;

import dev.veilsum.cli.EventRecords.Event;
import dev.veilsum.table.Answer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What questions about the events truly answer: computed from the records in the clear, by nothing
 * that the encrypted way uses.
 */
final class EventTruth {
  private static final MathContext DIGITS = new MathContext(40);
  private static final BigDecimal STEP = new BigDecimal("0.5");

  private EventTruth() {}

  static Answer.Value count(List<Event> events, Predicate<Event> which) {
    return new Answer.Whole(BigInteger.valueOf(events.stream().filter(which).count()));
  }

  /** The time of the last such event. */
  static Answer.Value last(List<Event> events, Predicate<Event> which) {
    return events.stream()
        .filter(which)
        .max(Comparator.comparingLong(Event::time))
        .<Answer.Value>map(event -> new Answer.Moment(event.time()))
        .orElse(new Answer.None());
  }

  /** The largest magnitude of such events. */
  static Answer.Value strongest(List<Event> events, Predicate<Event> which) {
    return events.stream()
        .filter(which)
        .map(Event::magnitude)
        .max(Comparator.naturalOrder())
        .<Answer.Value>map(Answer.Decimal::new)
        .orElse(new Answer.None());
  }

  /** The k strongest events with their rows; the earlier first among equals. */
  static Answer.Value top(List<Event> events, int k) {
    return new Answer.Top(
        rowsByMagnitude(events).stream()
            .limit(k)
            .map(row -> new Answer.Top.Entry(new Answer.Decimal(events.get(row).magnitude()), row))
            .toList());
  }

  /** The row of the strongest event. */
  static Answer.Value strongestRow(List<Event> events) {
    return new Answer.Whole(BigInteger.valueOf(rowsByMagnitude(events).get(0)));
  }

  private static List<Integer> rowsByMagnitude(List<Event> events) {
    Comparator<Integer> ascending = Comparator.comparing(row -> events.get(row).magnitude());
    return IntStream.range(0, events.size()).boxed().sorted(ascending.reversed()).toList();
  }

  static Answer.Value mostSignificant(List<Event> events, Predicate<Event> which) {
    return new Answer.Whole(
        BigInteger.valueOf(
            events.stream().filter(which).mapToLong(Event::significance).max().orElseThrow()));
  }

  static Answer.Value meanMagnitude(List<Event> events, Predicate<Event> which) {
    List<Event> chosen = events.stream().filter(which).toList();
    BigDecimal sum = chosen.stream().map(Event::magnitude).reduce(BigDecimal.ZERO, BigDecimal::add);
    return new Answer.Quotient(sum.divide(new BigDecimal(chosen.size()), DIGITS).doubleValue());
  }

  /** The half unit of magnitude in which the value of nearest rank is. */
  static Answer.Value percentile(List<Event> events, int percent) {
    List<BigDecimal> ascending = events.stream().map(Event::magnitude).sorted().toList();
    int rank = (events.size() * percent + 99) / 100;
    BigDecimal value = ascending.get(rank - 1);
    BigDecimal from = value.divide(STEP, 0, RoundingMode.FLOOR).multiply(STEP);
    return new Answer.Within(new Answer.Decimal(from), new Answer.Decimal(from.add(STEP)));
  }

  /** The median of the times: the lower of two in the middle. */
  static Answer.Value medianTime(List<Event> events) {
    List<Long> ascending = events.stream().map(Event::time).sorted().toList();
    return new Answer.Moment(ascending.get((ascending.size() - 1) / 2));
  }

  /** How many events on each day, in UTC. */
  static Answer.Value days(List<Event> events, LocalDate from, LocalDate to) {
    List<Answer.Histogram.Bin> bins = new ArrayList<>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      LocalDate each = day;
      bins.add(
          new Answer.Histogram.Bin(
              new Answer.Moment(each.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()),
              events.stream().filter(event -> day(event).equals(each)).count()));
    }
    return new Answer.Histogram(bins);
  }

  /** How many events of each label. */
  static Answer.Value counts(
      List<Event> events, Function<Event, String> label, List<String> labels) {
    Map<String, Long> counts = new LinkedHashMap<>();
    labels.forEach(each -> counts.put(each, 0L));
    events.forEach(event -> counts.merge(label.apply(event), 1L, Long::sum));
    return new Answer.Counts(counts);
  }

  static LocalDate day(Event event) {
    return Instant.ofEpochMilli(event.time()).atZone(ZoneOffset.UTC).toLocalDate();
  }

  static boolean reaches(Event event, String magnitude) {
    return event.magnitude().compareTo(new BigDecimal(magnitude)) >= 0;
  }
}
