package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The width of time buckets: a number and a unit, as in {@code 15m}. Milliseconds to hours are of
 * fixed length; days and more follow the calendar of a zone, where a day may have 23 or 25 hours.
 *
 * @param count 1 to 999999
 */
public record TimeStep(int count, Unit unit) {
  /** A unit of time by its letters. */
  public enum Unit {
    MILLISECOND("ms", ChronoUnit.MILLIS),
    SECOND("s", ChronoUnit.SECONDS),
    MINUTE("m", ChronoUnit.MINUTES),
    HOUR("h", ChronoUnit.HOURS),
    DAY("d", ChronoUnit.DAYS),
    WEEK("w", ChronoUnit.WEEKS),
    MONTH("mo", ChronoUnit.MONTHS),
    YEAR("y", ChronoUnit.YEARS);

    private final String letters;
    private final ChronoUnit chrono;

    Unit(String letters, ChronoUnit chrono) {
      this.letters = letters;
      this.chrono = chrono;
    }
  }

  private static final int MAX_COUNT = 999_999;
  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,5})([a-z]{1,2})");

  public TimeStep {
    if (count < 1 || count > MAX_COUNT) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a time step is 1 to " + MAX_COUNT + " units, not " + count);
    }
  }

  /** Reads {@code 15m}; USAGE with the units there are. */
  public static TimeStep parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      for (Unit unit : Unit.values()) {
        if (unit.letters.equals(matcher.group(2))) {
          return new TimeStep(Integer.parseInt(matcher.group(1)), unit);
        }
      }
    }
    throw new VeilsumException(
        ErrorCode.USAGE,
        "the time step '%s' is not a number and a unit of %s, as in 15m"
            .formatted(text, Arrays.stream(Unit.values()).map(unit -> unit.letters).toList()));
  }

  public String text() {
    return count + unit.letters;
  }

  /**
   * The starts of the buckets of {@code from..to}, epoch milliseconds: {@code from} and every step
   * after it.
   *
   * @throws VeilsumException USAGE where there are more than {@link Buckets#MAX}
   */
  long[] starts(long from, long to, ZoneId zone) {
    long[] starts = new long[16];
    int found = 0;
    for (long start = from; start <= to; start = after(from, found, zone)) {
      if (found == Buckets.MAX) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "a step of %s makes more than %d buckets of the range; take a longer one"
                .formatted(text(), Buckets.MAX));
      }
      if (found == starts.length) {
        starts = Arrays.copyOf(starts, 2 * found);
      }
      starts[found++] = start;
    }
    return Arrays.copyOf(starts, found);
  }

  /** The instant {@code steps} steps after {@code from}. */
  private long after(long from, int steps, ZoneId zone) {
    Instant start = Instant.ofEpochMilli(from);
    long units = (long) steps * count;
    if (unit.compareTo(Unit.HOUR) <= 0) {
      return Math.addExact(from, Math.multiplyExact(units, unit.chrono.getDuration().toMillis()));
    }
    // One sum on the local calendar, so that a gap of one day does not shift those after it.
    LocalDateTime local = LocalDateTime.ofInstant(start, zone).plus(units, unit.chrono);
    return local.atZone(zone).toInstant().toEpochMilli();
  }
}
