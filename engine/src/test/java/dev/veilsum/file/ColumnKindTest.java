package dev.veilsum.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnKindTest {
  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of("real", new ColumnKind.Real(-1048576, 1048576)),
        Arguments.of(" real ", ColumnKind.Real.DEFAULT),
        Arguments.of("real(0..1)", new ColumnKind.Real(0, 1)),
        Arguments.of("real(-1.5e-3...5)", new ColumnKind.Real(-1.5e-3, 0.5)),
        Arguments.of("real( +1. .. 2.25 )", new ColumnKind.Real(1, 2.25)),
        Arguments.of("real(-0..1)", new ColumnKind.Real(0, 1)),
        Arguments.of("integer(-1000..1000)", new ColumnKind.Integer(-1000, 1000)),
        Arguments.of("integer(5..5)", new ColumnKind.Integer(5, 5)),
        Arguments.of(
            "integer(-9223372036854775808..9223372036854775807)",
            new ColumnKind.Integer(Long.MIN_VALUE, Long.MAX_VALUE)),
        Arguments.of("real(0..1; where)", new ColumnKind.Real(0, 1, true, false)),
        Arguments.of("real(0..1;squares; where)", new ColumnKind.Real(0, 1, true, true)),
        Arguments.of(
            "real(-1048576..1048576 ;where)", new ColumnKind.Real(-0x1p20, 0x1p20, true, false)),
        Arguments.of("integer(-3..5; squares)", new ColumnKind.Integer(-3, 5, true)),
        Arguments.of(
            "decimal(-2.00..10)", new ColumnKind.Decimal(new FixedRange(-200, 1000, 2), false)),
        Arguments.of(
            "decimal(0..0.5 ; squares)", new ColumnKind.Decimal(new FixedRange(0, 5, 1), true)),
        Arguments.of(
            "ordered(0.5, -1..2)", new ColumnKind.Ordered(5, new FixedRange(-10, 20, 1), false)),
        Arguments.of(
            "ordered(10,0..99;floor)", new ColumnKind.Ordered(10, new FixedRange(0, 99, 0), true)),
        Arguments.of(
            "sorted(-5..5)", new ColumnKind.Sorted(new FixedRange(-5, 5, 0), SortedLayout.A)),
        Arguments.of(
            "sorted(0.00..9.99; layout=b)",
            new ColumnKind.Sorted(new FixedRange(0, 999, 2), SortedLayout.B)),
        Arguments.of("token", new ColumnKind.Token()),
        Arguments.of("time(0..1000)", time(0, 1000, null, null, SortedLayout.A)),
        Arguments.of("time(1970-01-02..1970-01-03)", time(86400000, 3 * 86400000 - 1, null, null)),
        Arguments.of(
            "time(1970-01-01T00:00:00Z..1970-01-01 02:00:00.5+01:00; step = 15m)",
            time(0, 3600500, "15m", null)),
        Arguments.of(
            "time(2024-03-30..2024-04-02; zone=Europe/Berlin; step=1d; layout=b)",
            time(1711753200000L, 1712095199999L, "1d", "Europe/Berlin", SortedLayout.B)),
        Arguments.of("category(sun,rain)", new ColumnKind.Category(List.of("sun", "rain"))),
        Arguments.of("category(a,b,\"c, d\")", new ColumnKind.Category(List.of("a", "b", "c, d"))),
        Arguments.of(
            "category( new york , \"say \"\"hi\"\"\", \"\" , \" x\" )",
            new ColumnKind.Category(List.of("new york", "say \"hi\"", "", " x"))));
  }

  private static ColumnKind time(
      long from, long to, String step, String zone, SortedLayout... layout) {
    return new ColumnKind.Time(
        from,
        to,
        Optional.ofNullable(step).map(TimeStep::parse),
        Optional.ofNullable(zone).map(ZoneId::of),
        layout.length == 0 ? SortedLayout.A : layout[0]);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readsAndWritesBack(String text, ColumnKind kind) {
    assertThat(ColumnKind.parse(text)).isEqualTo(kind);
    assertThat(ColumnKind.parse(kind.text())).isEqualTo(kind);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("", 1, "expected real, integer(min..max), decimal(min..max), category(a,b),"),
        Arguments.of("text", 1, "found \"text\""),
        Arguments.of("Real", 1, "found \"Real\""),
        Arguments.of("real(", 6, "expected a number, found the end"),
        Arguments.of("real(1..)", 9, "expected a number, found \")\""),
        Arguments.of("real(1.2)", 9, "expected \"..\""),
        Arguments.of("real(NaN..1)", 6, "expected a number"),
        Arguments.of("real(0..1e999)", 9, "beyond what a double holds"),
        Arguments.of("real(2..1)", 6, "a range that rises"),
        Arguments.of("real(1..1)", 6, "a range that rises"),
        Arguments.of("real(0..1)x", 11, "expected nothing more, found \"x\""),
        Arguments.of("integer", 8, "expected \"(\", found the end"),
        Arguments.of("integer(1.5..2)", 10, "expected \"..\""),
        Arguments.of("integer(2..1)", 9, "a range that does not fall"),
        Arguments.of("integer(0..9223372036854775808)", 12, "beyond 64 bits"),
        Arguments.of("integer(0.." + "9".repeat(500_000) + ")", 12, "500000 digits"),
        Arguments.of("real(0..1; floor)", 12, "an option of where"),
        Arguments.of("real(0..1e200; squares)", 6, "beyond what a double holds"),
        Arguments.of("real(0..1; where=1)", 12, "an option of where"),
        Arguments.of("real(0..1; where; where)", 19, "stands twice"),
        Arguments.of("decimal(1.5..0)", 9, "must not fall"),
        Arguments.of("decimal(0..0.1234567890123456789)", 9, "at most 18 decimal places"),
        Arguments.of("decimal(0..9.000000000000000000)", 9, "more than 62 bits"),
        Arguments.of("decimal(0..1e3)", 13, "expected \")\""),
        Arguments.of("ordered(0, 0..5)", 9, "above 0"),
        Arguments.of("ordered(1, 0..4096)", 9, "at most 4096 buckets"),
        Arguments.of("ordered(-1, 0..5)", 9, "above 0"),
        Arguments.of("ordered(2, 0..5)", 9, "not on the grid: it ends at 4"),
        Arguments.of("ordered(0..5)", 10, "expected \",\""),
        Arguments.of("sorted(0..281474976710655)", 8, "layout a holds 48 bits"),
        Arguments.of("sorted(0..4398046511103; layout=b)", 8, "layout b holds 42 bits"),
        Arguments.of("sorted(0..1; layout=c)", 8, "the layouts a and b, not c"),
        Arguments.of("time(2024-01-01)", 16, "expected \"..\""),
        Arguments.of("time(2024-01-01..2023-12-31)", 6, "must not fall"),
        Arguments.of("time(2024-13-01..2024-12-31)", 6, "is not a time"),
        Arguments.of("time(2024-01-01T00:00..2024-12-31)", 6, "declare the column with zone="),
        Arguments.of("time(2024-01-01..2024-12-31; step=1x)", 6, "a number and a unit"),
        Arguments.of("time(2024-01-01..2024-12-31; step=1s)", 6, "more than 4096 buckets"),
        Arguments.of("time(2024-01-01..2024-12-31; zone=Mars/X)", 6, "no time zone"),
        Arguments.of("token(a)", 6, "expected nothing more"),
        Arguments.of("category()", 10, "expected a label"),
        Arguments.of("category(a,)", 12, "expected a label"),
        Arguments.of("category(a,,b)", 12, "expected a label"),
        Arguments.of("category(a,\"b)", 12, "the quote is not closed"),
        Arguments.of("category(a\"b\")", 11, "expected \")\""),
        Arguments.of("category(a,b,a)", 10, "\"a\" stands twice"),
        Arguments.of("category(a", 11, "expected \")\""),
        Arguments.of("category(" + "x".repeat(257) + ")", 10, "at most 256 characters"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakesAreNamedWithTheirPosition(String text, int position, String what) {
    assertThatThrownBy(() -> ColumnKind.parse(text))
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
              assertThat(e.getMessage()).contains("position " + position + ":").contains(what);
              assertThat(e.getMessage().length()).isLessThan(1000);
            });
  }

  @Test
  void tooManyLabelsAreRefused() {
    List<String> labels = IntStream.rangeClosed(0, 4096).mapToObj(i -> "l" + i).toList();
    String text = "category(" + String.join(",", labels) + ")";
    assertThatThrownBy(() -> ColumnKind.parse(text)).hasMessageContaining("not 4097");
  }

  @Test
  void randomKindsRoundTrip() {
    Random random = new Random(1);
    String alphabet = "ab ,\"()é.\n\r\t";
    for (int i = 0; i < 2000; i++) {
      double low = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      ColumnKind real = new ColumnKind.Real(low, low + Math.abs(low) * random.nextDouble() + 1e-30);
      assertThat(ColumnKind.parse(real.text())).isEqualTo(real);
      LinkedHashSet<String> labels = new LinkedHashSet<>();
      for (int k = 1 + random.nextInt(4); k > 0; k--) {
        StringBuilder label = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
          label.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        labels.add(label.toString());
      }
      ColumnKind category = new ColumnKind.Category(new ArrayList<>(labels));
      assertThat(ColumnKind.parse(category.text())).isEqualTo(category);
    }
  }
}
