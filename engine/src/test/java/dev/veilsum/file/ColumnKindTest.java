package dev.veilsum.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
        Arguments.of("category(sun,rain)", new ColumnKind.Category(List.of("sun", "rain"))),
        Arguments.of("category(a,b,\"c, d\")", new ColumnKind.Category(List.of("a", "b", "c, d"))),
        Arguments.of(
            "category( new york , \"say \"\"hi\"\"\", \"\" , \" x\" )",
            new ColumnKind.Category(List.of("new york", "say \"hi\"", "", " x"))));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void readsAndWritesBack(String text, ColumnKind kind) {
    assertThat(ColumnKind.parse(text)).isEqualTo(kind);
    assertThat(ColumnKind.parse(kind.text())).isEqualTo(kind);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("", 1, "expected real, integer(min..max) or category(a,b), found the end"),
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
