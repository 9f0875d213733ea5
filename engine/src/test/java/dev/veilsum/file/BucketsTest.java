package dev.veilsum.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketsTest {
  @Test
  void orderedBucketsStartEveryStep() {
    ColumnKind.Ordered kind = (ColumnKind.Ordered) ColumnKind.parse("ordered(0.25, -1..1)");
    Buckets buckets = kind.buckets();
    assertThat(buckets.count()).isEqualTo(9);
    assertThat(kind.masks()).isEqualTo(8);
    assertThat(buckets.boundary(3)).isEqualByComparingTo("-0.25");
    assertThat(buckets.of(new BigDecimal("-0.250"))).isEqualTo(3);
    assertThat(buckets.of(new BigDecimal("-0.2500001"))).isEqualTo(2);
    assertThat(buckets.of(new BigDecimal("-1.01"))).isEqualTo(-1);
    assertThat(buckets.of(new BigDecimal("1e9"))).isEqualTo(8);
    assertThat(buckets.isBoundary(new BigDecimal("0.5"))).isTrue();
    assertThat(buckets.isBoundary(new BigDecimal("0.51"))).isFalse();
    assertThat(buckets.isBoundary(new BigDecimal("-2"))).isFalse();
    assertThat(((ColumnKind.Ordered) ColumnKind.parse("ordered(5, 3..3)")).buckets().count())
        .isEqualTo(1);
  }

  @Test
  void theBucketOfAValueIsTheLastThatStartsBeforeIt() {
    Random random = new Random(9);
    for (int i = 0; i < 2000; i++) {
      long step = 1 + random.nextInt(50);
      long min = random.nextInt(2000) - 1000;
      long max = min + random.nextInt(3000);
      Buckets buckets = new ColumnKind.Ordered(step, new FixedRange(min, max, 1), true).buckets();
      long value = min + random.nextInt((int) (max - min + 1));
      assertThat(buckets.of(value)).isEqualTo((int) ((value - min) / step));
      assertThat(buckets.of(BigDecimal.valueOf(value, 1))).isEqualTo(buckets.of(value));
    }
  }

  @Test
  void daysFollowTheCalendar() {
    ColumnKind.Time kind =
        (ColumnKind.Time)
            ColumnKind.parse("time(2024-03-30..2024-04-02; step=1d; zone=Europe/Berlin)");
    Buckets days = kind.buckets().orElseThrow();
    assertThat(days.count()).isEqualTo(4);
    for (int j = 0; j < 4; j++) {
      assertThat(Instant.ofEpochMilli(days.start(j)))
          .isEqualTo(
              LocalDate.of(2024, 3, 30)
                  .plusDays(j)
                  .atStartOfDay(ZoneId.of("Europe/Berlin"))
                  .toInstant());
    }
    assertThat(days.start(2) - days.start(1)).isEqualTo(23 * 3_600_000L);
  }

  @Test
  void monthsYearsAndFixedSteps() {
    assertThat(buckets("time(2024-01-31..2024-12-31; step=1mo)").start(1))
        .isEqualTo(Instant.parse("2024-02-29T00:00:00Z").toEpochMilli());
    assertThat(buckets("time(2024-01-31..2024-12-31; step=1mo)").start(2))
        .isEqualTo(Instant.parse("2024-03-31T00:00:00Z").toEpochMilli());
    assertThat(buckets("time(2000-01-01..2029-12-31; step=10y)").count()).isEqualTo(3);
    assertThat(buckets("time(2000-01-01..2000-01-14; step=1w)").count()).isEqualTo(2);
    assertThat(buckets("time(0..99; step=10ms)").count()).isEqualTo(10);
    assertThat(buckets("time(0..99; step=999999y)").count()).isEqualTo(1);
  }

  private static Buckets buckets(String kind) {
    return ((ColumnKind.Time) ColumnKind.parse(kind)).buckets().orElseThrow();
  }
}
