package dev.veilsum.cli;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.table.Question;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bundled weather of Seattle, and what questions about it truly answer: computed here from the
 * text, in decimal numbers, by nothing that the encrypted way uses.
 */
final class DemoData {
  static final String TENTHS = "temp_max_tenths";

  /** Public ranges are what one knows of the weather, not of these days. */
  static final List<ColumnDeclaration> COLUMNS =
      List.of(
          declared("precipitation", "real(0..100)"),
          declared("temp_max", "real(-20..50)"),
          declared("temp_min", "real(-30..40)"),
          declared("wind", "real(0..50)"),
          declared(TENTHS, "integer(-200..500)"),
          declared("weather", "category(drizzle,fog,rain,snow,sun)"));

  private static final String RESOURCE = "demo/seattle-weather.csv";
  private static final MathContext DIGITS = new MathContext(40);

  private final List<String> header;
  private final List<String[]> rows;

  private DemoData(List<String> header, List<String[]> rows) {
    this.header = header;
    this.rows = rows;
  }

  /** Reads the bundled file; the highest temperature also becomes a column of whole tenths. */
  static DemoData load() {
    String text;
    try (InputStream in = DemoData.class.getResourceAsStream(RESOURCE)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw VeilsumException.io("reading the bundled " + RESOURCE, e);
    }
    List<String> lines = text.lines().toList();
    List<String> header = Arrays.asList((lines.get(0) + "," + TENTHS).split(","));
    int temperature = header.indexOf("temp_max");
    List<String[]> rows =
        lines.stream()
            .skip(1)
            .map(
                line -> {
                  String celsius = line.split(",")[temperature];
                  return (line
                          + ","
                          + new BigDecimal(celsius).movePointRight(1).toBigIntegerExact())
                      .split(",");
                })
            .toList();
    return new DemoData(header, rows);
  }

  int rows() {
    return rows.size();
  }

  /** The rows as CSV, as the encryptor reads them. */
  byte[] csv() {
    StringBuilder csv = new StringBuilder(String.join(",", header)).append('\n');
    rows.forEach(row -> csv.append(String.join(",", row)).append('\n'));
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A column of whole numbers. */
  long[] integers(String column) {
    return cells(column).stream().mapToLong(Long::parseLong).toArray();
  }

  /** The true answer of a question about numbers; a quotient is rounded to 40 digits. */
  BigDecimal truth(Question question, List<String> columns) {
    List<BigDecimal> a = numbers(columns.get(0));
    BigDecimal n = BigDecimal.valueOf(a.size());
    BigDecimal sum = a.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    return switch (question) {
      case SUM -> sum;
      case COUNT -> n;
      case MEAN -> sum.divide(n, DIGITS);
      case VARIANCE -> {
        BigDecimal squares = dot(a, a);
        yield n.multiply(squares).subtract(sum.multiply(sum)).divide(n.multiply(n), DIGITS);
      }
      case DOT -> dot(a, numbers(columns.get(1)));
      default -> throw new IllegalArgumentException(question + " is not asked by this demo");
    };
  }

  /** How often each label truly stands in a column. */
  Map<String, Long> trueCounts(String column, List<String> labels) {
    Map<String, Long> counts = new LinkedHashMap<>();
    labels.forEach(label -> counts.put(label, 0L));
    cells(column).forEach(label -> counts.merge(label, 1L, Long::sum));
    return counts;
  }

  private static BigDecimal dot(List<BigDecimal> a, List<BigDecimal> b) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < a.size(); i++) {
      sum = sum.add(a.get(i).multiply(b.get(i)));
    }
    return sum;
  }

  private List<BigDecimal> numbers(String column) {
    return cells(column).stream().map(BigDecimal::new).toList();
  }

  private List<String> cells(String column) {
    int index = header.indexOf(column);
    return rows.stream().map(row -> row[index]).toList();
  }

  private static ColumnDeclaration declared(String name, String kind) {
    return new ColumnDeclaration(name, ColumnKind.parse(kind));
  }
}
