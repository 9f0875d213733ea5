package dev.veilsum.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
  private static final Optional<ZoneId> BERLIN = Optional.of(ZoneId.of("Europe/Berlin"));

  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00Z",
    "-1, 1969-12-31T23:59:59.999Z",
    "1700000000123, 2023-11-14T22:13:20.123Z",
    "2024-02-29, 2024-02-29T00:00:00Z",
    "2024-02-29T12:30Z, 2024-02-29T12:30:00Z",
    "2024-02-29 12:30:15z, 2024-02-29T12:30:15Z",
    "2024-02-29T12:30:15.5+01:00, 2024-02-29T11:30:15.500Z",
    "2024-02-29T00:30:15.1239-0330, 2024-02-29T04:00:15.123Z",
    "2024-02-29T00:30:15+02, 2024-02-28T22:30:15Z",
    "0001-01-01, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z"
  })
  void readsInstants(String text, String instant) {
    TimeText.Span span = TimeText.parse(text, Optional.empty());
    assertThat(Instant.ofEpochMilli(span.from())).isEqualTo(Instant.parse(instant));
    assertThat(TimeText.parse(TimeText.format(span.from()), Optional.empty()).from())
        .isEqualTo(span.from());
  }

  @Test
  void datesAreDaysOfTheirZone() {
    TimeText.Span spring = TimeText.parse("2024-03-31", BERLIN);
    assertThat(spring.isDate()).isTrue();
    assertThat(spring.until() - spring.from()).isEqualTo(23 * 3_600_000L);
    assertThat(Instant.ofEpochMilli(spring.from()))
        .isEqualTo(Instant.parse("2024-03-30T23:00:00Z"));
    TimeText.Span autumn = TimeText.parse("2024-10-27", BERLIN);
    assertThat(autumn.until() - autumn.from()).isEqualTo(25 * 3_600_000L);
    TimeText.Span local = TimeText.parse("2024-07-01T12:00", BERLIN);
    assertThat(local.isDate()).isFalse();
    assertThat(Instant.ofEpochMilli(local.from())).isEqualTo(Instant.parse("2024-07-01T10:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2024-1-1x",
        "2024-13-01",
        "2023-02-29",
        "2024-01-01T",
        "2024-01-01T25:00Z",
        "2024-01-01T12",
        "2024-01-01T12:60Z",
        "2024-01-01T12:00",
        "2024-01-01T12:00:00.Z",
        "2024-01-01T12:00:00Zx",
        "2024-01-01T12:00:00+19:00",
        "2024-01-01T12:00:00+01:99",
        "2024-01-01T12:00:00+01:00:00",
        "2024-01-01X12:00Z",
        "0000-12-31",
        "99999999999999999999",
        "253402300800000",
        "-",
        "１９７０-01-01"
      })
  void refusesOthers(String text) {
    assertThatThrownBy(() -> TimeText.parse(text, Optional.empty()))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
        .hasMessageContaining("is not a time");
  }

  @Test
  void agreesWithTheLibraryOnRandomTimes() {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      long millis = TimeText.MIN + (long) (random.nextDouble() * (TimeText.MAX - TimeText.MIN));
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * (random.nextInt(2161) - 1080));
      OffsetDateTime time = Instant.ofEpochMilli(millis).atOffset(offset);
      if (time.getYear() < 1 || time.getYear() > 9999) {
        continue;
      }
      assertThat(TimeText.parse(time.toString(), Optional.empty()).from()).isEqualTo(millis);
    }
  }
}
