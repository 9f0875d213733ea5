package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Times as text: an ISO 8601 date-time with an offset or Z, a date (midnight in the zone), a local
 * date-time where a zone is declared, or epoch milliseconds. Kept to the millisecond: finer digits
 * are dropped.
 */
public final class TimeText {
  /** 0001-01-01T00:00:00Z: from here to the end of 9999 every time has its text. */
  public static final long MIN = -62135596800000L;

  /** 9999-12-31T23:59:59.999Z. */
  public static final long MAX = 253402300799999L;

  private static final long DAY_MILLIS = 86_400_000L;
  private static final int MAX_LENGTH = 64;

  private TimeText() {}

  /**
   * What a text says.
   *
   * @param from the instant, or the first of the day; epoch milliseconds
   * @param until the first instant after the day; of an instant, itself
   * @param isDate whether it is a date, which means the whole day
   */
  public record Span(long from, long until, boolean isDate) {}

  /**
   * Reads a time.
   *
   * @param zone where dates and local date-times are; UTC for dates, and no local date-times, where
   *     there is none
   * @throws VeilsumException BAD_INPUT, with what is allowed
   */
  public static Span parse(String text, Optional<ZoneId> zone) {
    char[] chars = text.strip().toCharArray();
    return new Scanner(chars, 0, chars.length, zone).span();
  }

  /**
   * The instant of a text, epoch milliseconds; of a date, its first one.
   *
   * @throws VeilsumException BAD_INPUT, with what is allowed
   */
  public static long instant(char[] text, int start, int length, Optional<ZoneId> zone) {
    return new Scanner(text, start, start + length, zone).instant();
  }

  /** An instant in UTC, as {@code 2026-03-01T12:30:00Z}, with milliseconds where there are any. */
  public static String format(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }

  /** Goes through one text once. */
  private static final class Scanner {
    private final char[] text;
    private final int start;
    private final int end;
    private final Optional<ZoneId> zone;
    private int at;

    Scanner(char[] text, int start, int end, Optional<ZoneId> zone) {
      this.text = text;
      this.start = start;
      this.end = end;
      this.zone = zone;
      this.at = start;
    }

    Span span() {
      if (isEpoch()) {
        long millis = epoch();
        return new Span(millis, millis, false);
      }
      try {
        LocalDate date = date();
        if (at == end) {
          return new Span(startOf(date), startOf(date.plusDays(1)), true);
        }
        long millis = timeOf(date);
        return new Span(millis, millis, false);
      } catch (DateTimeException e) {
        throw wrong(e.getMessage());
      }
    }

    long instant() {
      if (isEpoch()) {
        return epoch();
      }
      try {
        LocalDate date = date();
        return at == end ? startOf(date) : timeOf(date);
      } catch (DateTimeException e) {
        throw wrong(e.getMessage());
      }
    }

    private boolean isEpoch() {
      int first = start < end && (text[start] == '-' || text[start] == '+') ? start + 1 : start;
      for (int i = first; i < end; i++) {
        if (text[i] < '0' || text[i] > '9') {
          return false;
        }
      }
      return first < end;
    }

    private long epoch() {
      if (end - start > 17) {
        throw outside();
      }
      long millis = Long.parseLong(new String(text, start, end - start));
      return inRange(millis);
    }

    private long startOf(LocalDate date) {
      return inRange(date.atStartOfDay(zone.orElse(ZoneOffset.UTC)).toInstant().toEpochMilli());
    }

    private LocalDate date() {
      int year = digits(4);
      expect('-');
      int month = digits(2);
      expect('-');
      return LocalDate.of(year, month, digits(2));
    }

    private long timeOf(LocalDate date) {
      if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') {
        throw wrong("");
      }
      at++;
      int hour = digits(2);
      expect(':');
      int minute = digits(2);
      int second = 0;
      int milli = 0;
      if (at < end && text[at] == ':') {
        at++;
        second = digits(2);
        if (at < end && (text[at] == '.' || text[at] == ',')) {
          at++;
          milli = fraction();
        }
      }
      LocalDateTime local = date.atTime(hour, minute, second); // checks their ranges
      if (at == end) {
        ZoneId in =
            zone.orElseThrow(
                () -> wrong("it has no offset; declare the column with zone=, or append Z"));
        return inRange(local.atZone(in).toInstant().toEpochMilli() + milli);
      }
      long ofDay = ((hour * 60L + minute) * 60 + second) * 1000 + milli;
      return inRange(date.toEpochDay() * DAY_MILLIS + ofDay - offsetMillis());
    }

    /** The first three digits of a fraction; at least one. */
    private int fraction() {
      int millis = digits(1) * 100;
      for (int unit = 10; at < end && text[at] >= '0' && text[at] <= '9'; unit /= 10) {
        millis += unit * (text[at++] - '0');
      }
      return millis;
    }

    private long offsetMillis() {
      char sign = text[at++];
      if (sign == 'Z' || sign == 'z') {
        requireEnd();
        return 0;
      }
      if (sign != '+' && sign != '-') {
        throw wrong("");
      }
      int minutes = 60 * digits(2);
      if (at < end) {
        if (text[at] == ':') {
          at++;
        }
        int rest = digits(2);
        minutes += rest;
        if (rest > 59) {
          throw wrong("");
        }
      }
      requireEnd();
      if (minutes > 18 * 60) {
        throw wrong("an offset is at most 18 hours");
      }
      return (sign == '-' ? -60_000L : 60_000L) * minutes;
    }

    private int digits(int count) {
      int value = 0;
      for (int i = 0; i < count; i++) {
        if (at >= end || text[at] < '0' || text[at] > '9') {
          throw wrong("");
        }
        value = 10 * value + text[at++] - '0';
      }
      return value;
    }

    private void expect(char mark) {
      if (at >= end || text[at++] != mark) {
        throw wrong("");
      }
    }

    private void requireEnd() {
      if (at != end) {
        throw wrong("");
      }
    }

    private long inRange(long millis) {
      if (millis < MIN || millis > MAX) {
        throw outside();
      }
      return millis;
    }

    private VeilsumException outside() {
      return wrong("times lie in the years 1 to 9999");
    }

    private VeilsumException wrong(String why) {
      String shown = new String(text, start, Math.min(end - start, MAX_LENGTH));
      return new VeilsumException(
          ErrorCode.BAD_INPUT,
          "\""
              + shown
              + "\" is not a time as 2026-03-01T12:30:00Z, 2026-03-01, or epoch milliseconds"
              + (why.isEmpty() ? "" : ": " + why));
    }
  }
}
