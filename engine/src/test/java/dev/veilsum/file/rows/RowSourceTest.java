package dev.veilsum.file.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowSourceTest {
  private static final List<ColumnDeclaration> XNW =
      declared("x=real", "n=integer(-1000..1000)", "w=category(sun,rain,\"a, b\")");

  @TempDir Path folder;

  static Stream<Arguments> sameTable() {
    return Stream.of(
        Arguments.of("plain", "x,n,w\n1.5,2,sun\n-3e2,-1000,rain\n"),
        Arguments.of("CRLF, no end of the last line", "x,n,w\r\n1.5,2,sun\r\n-3e2,-1000,rain"),
        Arguments.of("byte order mark", "\ufeffx,n,w\n1.5,2,sun\n-3e2,-1000,rain\n"),
        Arguments.of("quotes", "\"x\",\"n\",\"w\"\n\"1.5\",\"2\",\"sun\"\n\"-3e2\",-1000,rain\n"),
        Arguments.of(
            "other order, other columns", "w,y,n,x\nsun,\"a\nb\",2,1.5\nrain,,-1000,-3e2\n"),
        Arguments.of("spaces around numbers", "x,n,w\n 1.5 ,\t2,sun\n-300.,  -1000 ,rain\n"),
        Arguments.of("signs", "x,n,w\n+1.5,+2,sun\n-300,-01000,rain\n"),
        Arguments.of("empty lines at the end", "x,n,w\n1.5,2,sun\n-3e2,-1000,rain\n\n\r\n\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sameTable")
  void csvInManySpellingsIsOneTable(String spelling, String csv) {
    assertTable(csv(csv, XNW));
  }

  @Test
  void ndjsonIsTheSameTable() {
    assertTable(
        json(
            """
            {"x": 1.5, "n": 2, "w": "sun", "other": {"deep": [1, {"x": 2}]}}
            {"w": "rain", "n": -1000, "x": -3e2, "other": null}
            """,
            XNW));
    assertTable(
        json(
            "{\"x\":1.5,\"n\":2,\"w\":\"s\\u0075n\"}{\"x\":-300,\"n\":-1000,\"w\":\"rain\"}", XNW));
  }

  @Test
  void labelsKeepSpacesCommasAndQuotes() {
    List<ColumnDeclaration> w = declared("w=category(\"c, d\",\" e\",\"say \"\"x\"\"\",\"\")");
    assertThat(labels(csv("w,v\n\"say \"\"x\"\"\",1\n e,1\n,1\n\"c, d\",1\n", w)))
        .containsExactly(2, 1, 3, 0);
    List<ColumnDeclaration> b = declared("w=category(true,1.50)");
    assertThat(labels(json("{\"w\":1.50}{\"w\":true}{\"w\":\"true\"}", b)))
        .containsExactly(1, 0, 0);
  }

  @Test
  void batchesAreFilledToTheirCapacity() {
    StringBuilder csv = new StringBuilder("n\n");
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      csv.append(i).append('\n');
      json.append("{\"n\":").append(i).append("}\n");
    }
    List<ColumnDeclaration> n = declared("n=integer(0..9)");
    for (RowSource source : List.of(csv(csv.toString(), n), json(json.toString(), n))) {
      RowBatch batch = new RowBatch(n, 4);
      List<Integer> counts = new ArrayList<>();
      List<Long> values = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        counts.add(source.read(batch));
        for (int row = 0; row < batch.rows(); row++) {
          values.add(batch.integers(0)[row]);
        }
      }
      assertThat(counts).containsExactly(4, 4, 2, 0, 0);
      assertThat(values).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
      source.close();
    }
  }

  @Test
  void aHeaderAloneHasNoRows() {
    assertThat(csv("x,n,w\n", XNW).read(new RowBatch(XNW, 5))).isZero();
  }

  static Stream<Arguments> badCsv() {
    String h = "x,n,w\n1,2,sun\n";
    return Stream.of(
        bad("", "t is empty"),
        bad("\ufeff", "t is empty"),
        bad("\n", "line 1: the line is empty"),
        bad("a,b\n1,2\n", "t has no column \"x\"; its columns are: a, b"),
        bad("x;n;w\n1;2;sun\n", "its columns are: x;n;w; separate them by commas"),
        bad("x,n,w,x\n", "line 1: the column \"x\" stands twice"),
        bad(h + "abc,2,sun\n", "t, line 3, column \"x\": \"abc\" is not a number"),
        bad(h + "1,5,2,sun\n", "line 3: the row has more cells"),
        bad(h + "\"1,5\",2,sun\n", "line 3, column \"x\": \"1,5\" is not a number"),
        bad(h + "1.5\n", "line 3: the row has 1 cells, the header 3"),
        bad(h + "1.5,1\n2,2,sun\n", "line 3: the row has 2 cells, the header 3"),
        bad(h + "1,2,sun,\n", "line 3: the row has more cells than the header's 3"),
        bad(h + "\n1,2,sun\n", "line 3: the line is empty, and rows follow"),
        bad(h + ",2,sun\n", "line 3, column \"x\": the cell is empty"),
        bad(h + "  ,2,sun\n", "line 3, column \"x\": the cell is empty"),
        bad(h + "1,,sun\n", "line 3, column \"n\": the cell is empty"),
        bad(h + "1,2,\n", "line 3, column \"w\": \"\" is none of the declared labels: sun, rain"),
        bad(h + "1,2,Sun\n", "column \"w\": \"Sun\" is none of the declared labels"),
        bad(h + "NaN,2,sun\n", "\"NaN\" is not a number: only finite ones"),
        bad(h + "-Infinity,2,sun\n", "\"-Infinity\" is not a number: only finite ones"),
        bad(h + "1,inf,sun\n", "\"inf\" is not a whole number: only finite ones"),
        bad(h + "0x1p3,2,sun\n", "\"0x1p3\" is not a number"),
        bad(h + "1d,2,sun\n", "\"1d\" is not a number"),
        bad(h + "1e,2,sun\n", "\"1e\" is not a number"),
        bad(h + ".,2,sun\n", "\".\" is not a number"),
        bad(h + "1..2,2,sun\n", "\"1..2\" is not a number"),
        bad(h + "1_0,2,sun\n", "\"1_0\" is not a number"),
        bad(h + "\u0661,2,sun\n", "\"\u0661\" is not a number"),
        bad(h + "1\0,2,sun\n", "\"1\\u0000\" is not a number"),
        bad(h + "1,2.0,sun\n", "\"2.0\" is not a whole number"),
        bad(h + "1,-,sun\n", "\"-\" is not a number"),
        bad(h + "1,+-2,sun\n", "\"+-2\" is not a whole number"),
        bad(h + "\"1\"x,2,sun\n", "line 3: "),
        bad(h + "\"1,2,sun\n", "line 3: "),
        bad(h + "\"a\nb\",2,sun\n", "t, line 3, column \"x\""),
        bad(h + "1,2,sun\n1,\"2\n3\",sun\n", "t, line 4, column \"n\""),
        bad("x,\"y\nz\",n,w\n1,q,2,sun\nk,q,2,sun\n", "t, line 4, column \"x\": \"k\""),
        range(
            h + "2e6,2,sun\n",
            "plain real is within -1048576.0..1048576.0, declare it as real(min"),
        range(h + "1e999,2,sun\n", "\"1e999\" is out of range"),
        range(h + "1,1001,sun\n", "\"1001\" is out of the declared range -1000..1000"),
        range(h + "1,99999999999999999999,sun\n", "is out of the declared range"));
  }

  @ParameterizedTest
  @MethodSource("badCsv")
  void mistakesInCsvAreNamed(String csv, ErrorCode code, String message) {
    refused(code, message, () -> drain(csv(csv, XNW)));
  }

  static Stream<Arguments> badJson() {
    String ok = "{\"x\":1,\"n\":2,\"w\":\"sun\"}\n";
    return Stream.of(
        bad("", "t is empty"),
        bad("\n \n", "t is empty"),
        bad("[1]", "line 1: expected one JSON object"),
        bad("1,2", "line 1: "),
        bad("{\"a\":1,\"b\":{\"x\":2}}", "t has no column \"x\"; its columns are: a, b"),
        bad(ok + "{\"x\":1,\"n\":2}", "line 2: the row has no field \"w\""),
        bad(ok + "{\"x\":1,\"n\":2,\"w\":\"sun\",\"x\":2}", "line 2: the field \"x\" stands twice"),
        bad(ok + "{\"x\":\"1\",\"n\":2,\"w\":\"sun\"}", "the text \"1\" is not a number"),
        bad(ok + "{\"x\":null,\"n\":2,\"w\":\"sun\"}", "null is not a number"),
        bad(ok + "{\"x\":[1],\"n\":2,\"w\":\"sun\"}", "an array is not a number"),
        bad(ok + "{\"x\":{},\"n\":2,\"w\":\"sun\"}", "an object is not a number"),
        bad(ok + "{\"x\":true,\"n\":2,\"w\":\"sun\"}", "true is not a number"),
        bad(ok + "{\"x\":NaN,\"n\":2,\"w\":\"sun\"}", "\"NaN\" is not a number: only finite"),
        bad(ok + "{\"x\":1,\"n\":2.0,\"w\":\"sun\"}", "\"2.0\" is not a whole number"),
        bad(ok + "{\"x\":1,\"n\":2,\"w\":null}", "line 2, column \"w\": null is not a label"),
        bad(ok + "{\"x\":1,\"n\":2,\"w\":\"fog\"}", "\"fog\" is none of the declared labels"),
        bad(ok + "{\"x\":1,\"n\":2", "line 2: "),
        bad(ok + "nope", "line 2: "),
        bad(ok + "[".repeat(200), "line 2: "),
        range(ok + "{\"x\":1e7,\"n\":2,\"w\":\"sun\"}", "\"1e7\" is out of range"),
        range(
            ok + "{\"x\":1,\"n\":-1001,\"w\":\"sun\"}", "\"-1001\" is out of the declared range"));
  }

  @ParameterizedTest
  @MethodSource("badJson")
  void mistakesInJsonAreNamed(String json, ErrorCode code, String message) {
    refused(code, message, () -> drain(json(json, XNW)));
  }

  @Test
  void wholeNumbersAreExactToTheEdges() {
    List<ColumnDeclaration> n = declared("n=integer(-9223372036854775808..9223372036854775807)");
    try (RowSource in =
        csv("n\n-9223372036854775808\n9223372036854775807\n9007199254740993\n", n)) {
      RowBatch batch = new RowBatch(n, 3);
      in.read(batch);
      assertThat(batch.integers(0))
          .containsExactly(Long.MIN_VALUE, Long.MAX_VALUE, 9007199254740993L);
    }
    for (String beyond :
        new String[] {"9223372036854775808", "-9223372036854775809", "1" + "0".repeat(40)}) {
      refused(ErrorCode.OUT_OF_RANGE, "out of the declared", () -> drain(csv("n\n" + beyond, n)));
    }
  }

  /** Java's own parser is the oracle. */
  @Test
  void realNumbersAreReadToTheLastBit() {
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("x\n");
    double[] expected = new double[5000];
    for (int i = 0; i < expected.length; i++) {
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(20) - 15);
      String text =
          switch (i % 3) {
            case 0 -> Double.toString(value);
            case 1 -> new java.math.BigDecimal(value).toPlainString();
            default -> String.format(java.util.Locale.ROOT, "%.7e", value);
          };
      expected[i] = Double.parseDouble(text);
      csv.append(text).append('\n');
    }
    List<ColumnDeclaration> x = declared("x=real(-1e9..1e9)");
    RowBatch batch = new RowBatch(x, expected.length);
    try (RowSource in = csv(csv.toString(), x)) {
      assertThat(in.read(batch)).isEqualTo(expected.length);
    }
    assertThat(batch.reals(0)).isEqualTo(expected);
  }

  @Test
  void declaredRangesIncludeTheirEnds() {
    List<ColumnDeclaration> x = declared("x=real(-1..0.5)");
    drain(csv("x\n-1\n0.5\n-0.0\n", x));
    refused(
        ErrorCode.OUT_OF_RANGE,
        "\"0.50001\" is out of range; the declared range is -1.0..0.5",
        () -> drain(csv("x\n0.50001\n", x)));
  }

  @Test
  void declarationsMustNameColumnsOnce() {
    refused(
        ErrorCode.USAGE, "declared twice", () -> csv("x\n1\n", declared("x=real", "x=real(0..1)")));
    refused(ErrorCode.USAGE, "no column is named; t has: x, y", () -> csv("x,y\n1,2\n", List.of()));
    refused(
        ErrorCode.USAGE,
        "no column is named; t has: x, y",
        () -> json("{\"x\":1,\"y\":[]}", List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "windows-1252"})
  void otherEncodingsAreRefused(String charset) {
    InputStream in = stream("x,w\n1,\u00e9t\u00e9\n", Charset.forName(charset));
    List<ColumnDeclaration> x = declared("x=real");
    refused(
        ErrorCode.BAD_INPUT,
        "t is not UTF-8 text; save it as UTF-8",
        () -> drain(RowSource.open(in, "t", RowFormat.CSV, x)));
  }

  @Test
  void endlessCellsLinesAndHeadersAreBounded() {
    List<ColumnDeclaration> x = declared("x=real");
    for (String start : new String[] {"", "x\n", "x\n\"", "x,y\n1,"}) {
      refused(ErrorCode.BAD_INPUT, "too long", () -> drain(endless(start, "9", RowFormat.CSV, x)));
    }
    refused(
        ErrorCode.BAD_INPUT, "more than 65536", () -> drain(endless("x", ",", RowFormat.CSV, x)));
    refused(ErrorCode.BAD_INPUT, "more cells", () -> drain(endless("x\n1", ",", RowFormat.CSV, x)));
    refused(ErrorCode.BAD_INPUT, "", () -> drain(endless("{\"x\":", "9", RowFormat.NDJSON, x)));
    refused(ErrorCode.BAD_INPUT, "", () -> drain(endless("{\"", "9", RowFormat.NDJSON, x)));
    refused(ErrorCode.BAD_INPUT, "", () -> drain(endless("{\"y\":", "[", RowFormat.NDJSON, x)));
  }

  @Test
  void filesThatCannotBeRead() throws IOException {
    refused(ErrorCode.BAD_INPUT, "no such file", () -> open(folder.resolve("absent.csv")));
    refused(ErrorCode.BAD_INPUT, "is a folder", () -> open(folder));
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"x\":1,\"n\":2,\"w\":\"sun\"}");
    assertThat(drain(open(file))).isEqualTo(1);
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("unplugged");
          }
        };
    refused(
        ErrorCode.IO,
        "reading t: unplugged",
        () -> RowSource.open(broken, "t", RowFormat.CSV, XNW));
  }

  /** 10^6 rows through a heap that could not hold them; the sums are the oracle. */
  @Test
  void aMillionRowsStream() {
    int rows = 1_000_000;
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      lines
          .append(i % 7)
          .append(".25,")
          .append(i - 500)
          .append(",")
          .append(i % 3 == 0 ? "rain" : "sun");
      lines.append('\n');
    }
    byte[] thousand = lines.toString().getBytes(StandardCharsets.UTF_8);
    InputStream in =
        new java.io.SequenceInputStream(
            stream("x,n,w\n", StandardCharsets.UTF_8),
            new java.io.SequenceInputStream(
                new java.util.Enumeration<InputStream>() {
                  private int blocks;

                  @Override
                  public boolean hasMoreElements() {
                    return blocks < rows / 1000;
                  }

                  @Override
                  public InputStream nextElement() {
                    blocks++;
                    return new ByteArrayInputStream(thousand);
                  }
                }));
    double x = 0;
    long n = 0;
    long rain = 0;
    long read = 0;
    RowBatch batch = new RowBatch(XNW, 8192);
    try (RowSource source = RowSource.open(in, "t", RowFormat.CSV, XNW)) {
      while (source.read(batch) > 0) {
        read += batch.rows();
        for (int row = 0; row < batch.rows(); row++) {
          x += batch.reals(0)[row];
          n += batch.integers(1)[row];
          rain += batch.labels(2)[row];
        }
      }
    }
    assertThat(read).isEqualTo(rows);
    long sevenths = 0;
    for (int i = 0; i < 1000; i++) {
      sevenths += i % 7;
    }
    assertThat(x).isCloseTo(1000.0 * sevenths + 0.25 * rows, within(1e-6));
    assertThat(n).isEqualTo(-500L * 1000);
    assertThat(rain).isEqualTo(334L * 1000);
  }

  private static Arguments bad(String text, String message) {
    return Arguments.of(text, ErrorCode.BAD_INPUT, message);
  }

  private static Arguments range(String text, String message) {
    return Arguments.of(text, ErrorCode.OUT_OF_RANGE, message);
  }

  private static List<ColumnDeclaration> declared(String... declarations) {
    return Arrays.stream(declarations)
        .map(d -> d.split("=", 2))
        .map(d -> new ColumnDeclaration(d[0], ColumnKind.parse(d[1])))
        .toList();
  }

  private static RowSource csv(String text, List<ColumnDeclaration> columns) {
    return RowSource.open(stream(text, StandardCharsets.UTF_8), "t", RowFormat.CSV, columns);
  }

  private static RowSource json(String text, List<ColumnDeclaration> columns) {
    return RowSource.open(stream(text, StandardCharsets.UTF_8), "t", RowFormat.NDJSON, columns);
  }

  private static RowSource open(Path file) {
    return RowSource.open(file, RowFormat.of(file), XNW);
  }

  private static RowSource endless(
      String start, String then, RowFormat format, List<ColumnDeclaration> columns) {
    byte[] first = start.getBytes(StandardCharsets.UTF_8);
    InputStream in =
        new InputStream() {
          private int position;
          private long served;

          @Override
          public int read() throws IOException {
            if (++served > 20_000_000) {
              throw new IOException("read without end");
            }
            return position < first.length ? first[position++] : then.charAt(0);
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            for (int i = 0; i < length; i++) {
              bytes[offset + i] = (byte) read();
            }
            return length;
          }
        };
    return RowSource.open(in, "t", format, columns);
  }

  private static InputStream stream(String text, Charset charset) {
    return new ByteArrayInputStream(text.getBytes(charset));
  }

  private static void assertTable(RowSource source) {
    RowBatch batch = new RowBatch(XNW, 10);
    try (source) {
      assertThat(source.read(batch)).isEqualTo(2);
      assertThat(Arrays.copyOf(batch.reals(0), 2)).containsExactly(1.5, -300);
      assertThat(Arrays.copyOf(batch.integers(1), 2)).containsExactly(2, -1000);
      assertThat(Arrays.copyOf(batch.labels(2), 2)).containsExactly(0, 1);
      assertThat(source.read(batch)).isZero();
    }
  }

  private static int[] labels(RowSource source) {
    RowBatch batch = new RowBatch(declared("w=category(a)"), 10);
    try (source) {
      return Arrays.copyOf(batch.labels(0), source.read(batch));
    }
  }

  private static int drain(RowSource source) {
    int rows = 0;
    try (source) {
      RowBatch batch = new RowBatch(XNW.subList(0, 3), 64);
      int read;
      while ((read = source.read(batchFor(source, batch))) > 0) {
        rows += read;
      }
    }
    return rows;
  }

  private static RowBatch batchFor(RowSource source, RowBatch usual) {
    List<ColumnDeclaration> columns = ((ParserRows) source).columns;
    return columns.equals(XNW) ? usual : new RowBatch(columns, 64);
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
