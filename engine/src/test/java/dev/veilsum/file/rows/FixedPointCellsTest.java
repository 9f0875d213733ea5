package dev.veilsum.file.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cells of decimal, ordered, sorted, time and token columns, exact or refused with their row. */
class FixedPointCellsTest {
  private static RowSource source(RowFormat format, String rows, ColumnDeclaration... columns) {
    byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
    return RowSource.open(new ByteArrayInputStream(bytes), "t", format, List.of(columns));
  }

  private static long[] csv(String kind, String... cells) {
    ColumnDeclaration column = new ColumnDeclaration("v", ColumnKind.parse(kind));
    RowBatch batch = new RowBatch(List.of(column), 10_000);
    try (RowSource rows = source(RowFormat.CSV, "v\n" + String.join("\n", cells) + "\n", column)) {
      rows.read(batch);
    }
    return Arrays.copyOf(batch.integers(0), batch.rows());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "+1.5, 150",
    "1.50, 150",
    "1.500000000000000000000000000000, 150",
    "-2.05, -205",
    ".5, 50",
    "5., 500",
    "1e1, 1000",
    "1.25E1, 1250",
    "-12.5e-1, -125",
    "0e999999999, 0",
    "0000000000000000000000000000001, 100"
  })
  void decimalsAreExact(String text, long fixed) {
    assertThat(csv("decimal(-100.00..100)", text)).containsExactly(fixed);
  }

  @ParameterizedTest
  @CsvSource({
    "1.505, OUT_OF_RANGE, more decimal places than the 2",
    "1e-3, OUT_OF_RANGE, more decimal places than the 2",
    "1e-999999999, OUT_OF_RANGE, more decimal places than the 2",
    "100.01, OUT_OF_RANGE, out of the declared range -100.00..100.00",
    "-100.01, OUT_OF_RANGE, out of the declared range",
    "1e999999999, OUT_OF_RANGE, out of the declared range",
    "99999999999999999999999999999, OUT_OF_RANGE, out of the declared range",
    "1e99999999999999999999, BAD_INPUT, is not a number",
    "1..2, BAD_INPUT, is not a number",
    ".,  BAD_INPUT, is not a number",
    "-,  BAD_INPUT, is not a number",
    "e5, BAD_INPUT, is not a number",
    "1e, BAD_INPUT, is not a number",
    "0x1, BAD_INPUT, is not a number",
    "NaN, BAD_INPUT, is not a number",
    "' ', BAD_INPUT, the cell is empty"
  })
  void otherCellsAreRefusedWithTheirLine(String text, ErrorCode code, String words) {
    refused(code, words, () -> csv("decimal(-100.00..100)", "1", text));
    refused(code, "t, line 3, column \"v\"", () -> csv("decimal(-100.00..100)", "1", text));
  }

  @Test
  void randomDecimalsAreThoseOfBigDecimal() {
    Random random = new Random(6);
    for (int i = 0; i < 3000; i++) {
      int places = random.nextInt(10);
      BigDecimal value =
          BigDecimal.valueOf(random.nextLong() >> random.nextInt(62) + 2, random.nextInt(8));
      BigDecimal bound = new BigDecimal("4611686018427387903").movePointLeft(places);
      String kind = "decimal(-" + bound.toPlainString() + ".." + bound.toPlainString() + ")";
      boolean fits =
          value.abs().compareTo(bound) <= 0 && value.stripTrailingZeros().scale() <= places;
      String text = random.nextBoolean() ? value.toPlainString() : value.toString();
      if (fits) {
        assertThat(csv(kind, text))
            .as("%s in %s", text, kind)
            .containsExactly(value.movePointRight(places).longValueExact());
      } else {
        refused(ErrorCode.OUT_OF_RANGE, "t, line 2", () -> csv(kind, text));
      }
    }
  }

  @Test
  void orderedValuesAreOnTheGridOrInTheBucketBelow() {
    assertThat(csv("ordered(0.5, -1..2)", "-1", "0.50", "2.0")).containsExactly(-10, 5, 20);
    refused(
        ErrorCode.OUT_OF_RANGE,
        "\"0.7\" is not on the declared grid; the values beside it are 0.5 and 1.0",
        () -> csv("ordered(0.5, -1..2)", "0", "0.7"));
    refused(
        ErrorCode.OUT_OF_RANGE, "more decimal places", () -> csv("ordered(0.5, -1..2)", "0.55"));
    assertThat(csv("ordered(10, -20..20; floor)", "-19.999", "-0.001", "0.001", "19.9", "20"))
        .containsExactly(-20, -1, 0, 19, 20);
    refused(
        ErrorCode.OUT_OF_RANGE,
        "out of the declared range",
        () -> csv("ordered(10, -20..20; floor)", "20.001"));
    refused(
        ErrorCode.OUT_OF_RANGE,
        "out of the declared range",
        () -> csv("ordered(10, -20..20; floor)", "-20.001"));
    refused(
        ErrorCode.OUT_OF_RANGE,
        "out of the declared range",
        () -> csv("ordered(10, 0..20; floor)", "-1e-30"));
  }

  @Test
  void sortedRowsAscend() {
    assertThat(csv("sorted(-5.0..5)", "-5", "-5.0", "1", "1", "5"))
        .containsExactly(-50, -50, 10, 10, 50);
    refused(
        ErrorCode.BAD_INPUT,
        "line 4, column \"v\": 0.9 comes after 1.0, and rows of a sorted column ascend",
        () -> csv("sorted(-5.0..5)", "0", "1", "0.9"));
    refused(
        ErrorCode.BAD_INPUT,
        "line 3, column \"v\": 1969-12-31T23:59:59.999Z comes after 1970-01-01T00:00:00Z",
        () -> csv("time(1960-01-01..1980-01-01)", "1970-01-01", "-1"));
  }

  @Test
  void times() {
    assertThat(
            csv(
                "time(2024-01-01..2024-12-31; zone=Europe/Berlin)",
                "2024-01-01",
                "2024-01-01T00:00:00Z",
                "2024-01-01T02:00",
                "1704070800001"))
        .containsExactly(1704063600000L, 1704067200000L, 1704070800000L, 1704070800001L);
    refused(
        ErrorCode.OUT_OF_RANGE,
        "out of the declared range 2024-01-01T00:00:00Z..2024-12-31T23:59:59.999Z",
        () -> csv("time(2024-01-01..2024-12-31)", "2025-01-01"));
    refused(
        ErrorCode.BAD_INPUT,
        "declare the column with zone=",
        () -> csv("time(2024-01-01..2024-12-31)", "2024-01-01T00:00"));
    refused(
        ErrorCode.BAD_INPUT, "the cell is empty", () -> csv("time(2024-01-01..2024-12-31)", "  "));
  }

  @Test
  void jsonTakesTimesAndTokensAsTexts() {
    ColumnDeclaration t = new ColumnDeclaration("t", ColumnKind.parse("time(0..2000)"));
    ColumnDeclaration k = new ColumnDeclaration("k", new ColumnKind.Token());
    RowBatch batch = new RowBatch(List.of(t, k), 10);
    String rows = "{\"t\":1,\"k\":\"\u00e9\"}{\"k\":1.50,\"t\":\"1970-01-01T00:00:01Z\"}";
    try (RowSource source = source(RowFormat.NDJSON, rows, t, k)) {
      assertThat(source.read(batch)).isEqualTo(2);
    }
    assertThat(Arrays.copyOf(batch.integers(0), 2)).containsExactly(1, 1000);
    assertThat(batch.texts(1)[0]).isEqualTo("\u00e9".getBytes(StandardCharsets.UTF_8));
    assertThat(batch.texts(1)[1]).isEqualTo("1.50".getBytes(StandardCharsets.UTF_8));
    refused(
        ErrorCode.BAD_INPUT,
        "true is not a time",
        () -> source(RowFormat.NDJSON, "{\"t\":true}", t).read(new RowBatch(List.of(t), 1)));
    ColumnDeclaration d = new ColumnDeclaration("d", ColumnKind.parse("decimal(0..1)"));
    refused(
        ErrorCode.BAD_INPUT,
        "the text \"1\" is not a number",
        () -> source(RowFormat.NDJSON, "{\"d\":\"1\"}", d).read(new RowBatch(List.of(d), 1)));
  }

  /** One column of the input, laid down in several kinds. */
  @Test
  void aColumnUnderSeveralNames() {
    ColumnDeclaration[] columns = {
      new ColumnDeclaration("whole", ColumnKind.parse("integer(0..9)"), "v"),
      new ColumnDeclaration("bucket", ColumnKind.parse("ordered(2, 0..9; floor)"), "v"),
      new ColumnDeclaration("v", new ColumnKind.Token(), "v")
    };
    for (RowFormat format : RowFormat.values()) {
      RowBatch batch = new RowBatch(List.of(columns), 10);
      String rows = format == RowFormat.CSV ? "u,v\n1,7\n1,4\n" : "{\"v\":7}{\"u\":1,\"v\":4}";
      try (RowSource source = source(format, rows, columns)) {
        assertThat(source.read(batch)).isEqualTo(2);
      }
      assertThat(Arrays.copyOf(batch.integers(0), 2)).containsExactly(7, 4);
      assertThat(Arrays.copyOf(batch.integers(1), 2)).containsExactly(7, 4);
      assertThat(batch.texts(2)[1]).isEqualTo(new byte[] {'4'});
    }
    refused(
        ErrorCode.BAD_INPUT,
        "has no column \"v\"",
        () -> source(RowFormat.CSV, "whole\n1\n", columns[0]));
  }

  private static void refused(ErrorCode code, String message, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            VeilsumException.class,
            e -> {
              assertThat(e.getMessage()).contains(message).doesNotContain("\n");
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            });
  }
}
