package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.clear.ClearBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random tables of all kinds, asked random questions under random conditions: every answer is that
 * of the same rows in the clear. Most tables are computed on by the twin that keeps messages in the
 * clear, some by real encryption.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomTablesTest {
  private static final MathContext DIGITS = new MathContext(40);

  private final MasterKey master = MasterKey.generate();
  private final OrderedPool pool = new OrderedPool(2);
  private final Map<String, Integer> asked = new LinkedHashMap<>();
  private int refused;
  @TempDir private Path folder;

  @AfterAll
  void close() {
    pool.close();
    master.close();
  }

  @Test
  void twinAnswersAsTheRowsDo() {
    int tables = Integer.getInteger("veilsum.random.tables", 200);
    for (int seed = 0; seed < tables; seed++) {
      Random random = new Random(seed);
      int rows =
          seed % 40 == 39
              ? 100_000
              : seed % 10 == 9 ? random.nextInt(30_000) : random.nextInt(seed % 4 == 0 ? 4 : 600);
      check(seed, rows, 4, new ClearBackend(), 2);
    }
    // Real columns hold one product: conditions of several columns are refused.
    assertThat(refused).isLessThan(tables / 10);
    // Every question was asked of all that can answer it, with conditions and without.
    assertThat(asked.keySet())
        .contains(
            "count public",
            "count totals",
            "sum totals",
            "mean totals",
            "variance totals",
            "max extremes",
            "min match",
            "max match",
            "argmax match",
            "argmin rows",
            "top rows",
            "top extremes",
            "median rows",
            "percentile totals",
            "histogram totals",
            "max totals");
  }

  @Test
  void encryptedTablesAnswerAsTheRowsDo() {
    int tables = Integer.getInteger("veilsum.random.encrypted", 8);
    for (int seed = 0; seed < tables; seed++) {
      Random random = new Random(1000 + seed);
      int rows = seed == 3 ? 20_000 : seed == 5 ? 0 : random.nextInt(seed % 2 == 0 ? 10 : 500);
      check(1000 + seed, rows, 3, Backends.byDefault(), 1);
    }
    assertThat(asked.values().stream().mapToInt(Integer::intValue).sum())
        .isGreaterThan(4 * refused);
  }

  private void check(int seed, int rows, int questions, Backend backend, int depth) {
    Random random = new Random(seed);
    List<Integer> starts =
        random.nextInt(3) > 0 ? List.of(0) : List.of(0, random.nextInt(rows + 1));
    RandomTable table = new RandomTable(random, rows, starts);
    Path file = folder.resolve("t.vsm");
    encrypt(table, starts, file, backend);
    for (int i = 0; i < questions; i++) {
      RandomTable.Where where = random.nextInt(3) > 0 ? table.condition(depth) : null;
      ask(table, file, random, where, backend, "table " + seed, backend.name().equals("core"));
    }
  }

  private void encrypt(RandomTable table, List<Integer> starts, Path file, Backend backend) {
    try (TableKey key = TableKey.ofSecret(master, backend)) {
      TableEncryptor encryptor = new TableEncryptor(key, pool);
      int end = starts.size() > 1 ? starts.get(1) : table.rows();
      try (RowSource rows = source(table, 0, end)) {
        encryptor.encrypt(rows, table.columns(), output(file), done -> {});
      }
      if (starts.size() > 1) {
        try (ContainerReader old = ContainerReader.open(file);
            EncryptedTable opened = EncryptedTable.open(old, backend);
            RowSource rows = source(table, end, table.rows())) {
          encryptor.append(opened, rows, table.columns(), output(file), done -> {});
        }
      }
    }
  }

  private static RowSource source(RandomTable table, int from, int until) {
    byte[] csv = table.csv(from, until).getBytes(StandardCharsets.UTF_8);
    return RowSource.open(new ByteArrayInputStream(csv), "rows", RowFormat.CSV, table.columns());
  }

  private static AtomicOutput output(Path file) {
    return AtomicOutput.create(file, true, AtomicOutput.Access.USUAL);
  }

  /** Questions that a kind can answer. */
  private static List<Question> questions(ColumnKind kind) {
    List<Question> all = new ArrayList<>(List.of(Question.COUNT));
    if (RangeArithmetic.isNumber(kind)) {
      all.addAll(List.of(Question.SUM, Question.MEAN, Question.VARIANCE));
    }
    if (kind.isMasked()) {
      all.add(Question.HISTOGRAM);
    }
    if (kind instanceof ColumnKind.FixedPoint) {
      all.addAll(List.of(Question.MIN, Question.MAX));
      if (!(kind instanceof ColumnKind.Ordered)) {
        all.addAll(List.of(Question.ARGMIN, Question.ARGMAX, Question.TOP));
      }
      if (kind instanceof ColumnKind.Digits || kind instanceof ColumnKind.Ordered) {
        all.addAll(List.of(Question.MEDIAN, Question.PERCENTILE));
      }
    }
    return all;
  }

  private void ask(
      RandomTable table,
      Path file,
      Random random,
      RandomTable.Where where,
      Backend backend,
      String place,
      boolean mayRefuse) {
    String column = table.columns().get(random.nextInt(table.columns().size())).name();
    ColumnKind kind = table.kind(column);
    List<Question> possible = questions(kind);
    Question question = possible.get(random.nextInt(possible.size()));
    Asked bare =
        question == Question.TOP || question == Question.PERCENTILE
            ? null
            : Asked.of(question, column);
    double number = question == Question.TOP ? 1 + random.nextInt(8) : random.nextInt(5) * 25;
    if (bare == null) {
      bare =
          new Asked(
              question, List.of(column), Optional.empty(), OptionalDouble.of(number), Map.of());
    }
    Path result = folder.resolve("r.vsm");
    try (ContainerReader container = ContainerReader.open(file);
        EncryptedTable opened = EncryptedTable.open(container, backend)) {
      Questions questions = new Questions(List.of(opened), pool);
      Asked full = where == null ? bare : bare.where(questions.where(where.text()));
      try {
        questions.ask(List.of(full), output(result));
      } catch (VeilsumException e) {
        // What is deeper than the parameters: refused, with the numbers.
        assertThat(e.code()).as(place + ": " + e.getMessage()).isEqualTo(ErrorCode.NOISE_BUDGET);
        assertThat(kind instanceof ColumnKind.Real || mayRefuse)
            .as(place + ": " + e.getMessage())
            .isTrue();
        refused++;
        return;
      }
    }
    Answer answer;
    try (ContainerReader container = ContainerReader.open(result)) {
      answer = ResultDecryptor.decrypt(container, master, backend).get(0);
    }
    asked.merge(question.text() + " " + answer.notes().get("strategy"), 1, Integer::sum);
    IntPredicate holds = where == null ? i -> true : where.holds();
    int[] rows = IntStream.range(0, table.rows()).filter(holds).toArray();
    String what =
        "%s: %s %s of %s (%s) where %s, %d of %d rows"
            .formatted(
                place,
                question,
                number,
                column,
                kind.text(),
                where == null ? "-" : where.text(),
                rows.length,
                table.rows());
    verify(what, table, column, question, number, rows, answer.value());
  }

  private static void verify(
      String what,
      RandomTable table,
      String column,
      Question question,
      double number,
      int[] rows,
      Answer.Value value) {
    ColumnKind kind = table.kind(column);
    if (kind instanceof ColumnKind.Category category) {
      Map<String, Long> counts = new LinkedHashMap<>();
      category.labels().forEach(label -> counts.put(label, 0L));
      for (int row : rows) {
        counts.merge(table.label(column, row), 1L, Long::sum);
      }
      assertThat(value).as(what).isEqualTo(new Answer.Counts(counts));
      return;
    }
    switch (question) {
      case COUNT ->
          assertThat(value).as(what).isEqualTo(new Answer.Whole(BigInteger.valueOf(rows.length)));
      case SUM, MEAN, VARIANCE -> verifyMoment(what, table, column, question, rows, value);
      case HISTOGRAM -> verifyHistogram(what, table, column, rows, (Answer.Histogram) value);
      default -> verifyOrder(what, table, column, question, number, rows, value);
    }
  }

  private static void verifyMoment(
      String what,
      RandomTable table,
      String column,
      Question question,
      int[] rows,
      Answer.Value value) {
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (int row : rows) {
      BigDecimal v = table.number(column, row);
      v = table.kind(column) instanceof ColumnKind.Real ? new BigDecimal(v.doubleValue()) : v;
      sum = sum.add(v);
      squares = squares.add(v.multiply(v));
    }
    BigDecimal n = BigDecimal.valueOf(rows.length);
    if (question != Question.SUM && rows.length == 0) {
      assertThat(value).as(what).isEqualTo(new Answer.None());
      return;
    }
    BigDecimal truth =
        switch (question) {
          case SUM -> sum;
          case MEAN -> sum.divide(n, DIGITS);
          default -> n.multiply(squares).subtract(sum.multiply(sum)).divide(n.multiply(n), DIGITS);
        };
    if (value instanceof Answer.Approximate found) {
      assertThat(Math.abs(truth.doubleValue() - found.value()))
          .as(what)
          .isLessThanOrEqualTo(found.errorBound() + 1e-12 * Math.abs(truth.doubleValue()));
      assertThat(found.errorBound()).as(what).isLessThan(1e-2 * Math.max(1, rows.length));
    } else if (value instanceof Answer.Quotient found) {
      assertThat(found.value()).as(what).isEqualTo(truth.doubleValue());
    } else if (value instanceof Answer.Decimal found) {
      assertThat(found.value()).as(what).isEqualByComparingTo(truth);
    } else {
      assertThat(new BigDecimal(((Answer.Whole) value).value()))
          .as(what)
          .isEqualByComparingTo(truth);
    }
  }

  private static void verifyHistogram(
      String what, RandomTable table, String column, int[] rows, Answer.Histogram found) {
    List<Answer.Histogram.Bin> bins = found.bins();
    for (int j = 0; j < bins.size(); j++) {
      BigDecimal from = plain(bins.get(j).from());
      BigDecimal until = j + 1 < bins.size() ? plain(bins.get(j + 1).from()) : null;
      long count =
          IntStream.of(rows)
              .mapToObj(row -> table.number(column, row))
              .filter(v -> v.compareTo(from) >= 0 && (until == null || v.compareTo(until) < 0))
              .count();
      assertThat(bins.get(j).count()).as(what + " from " + from).isEqualTo(count);
    }
  }

  private static BigDecimal plain(Answer.Value value) {
    if (value instanceof Answer.Whole whole) {
      return new BigDecimal(whole.value());
    }
    return value instanceof Answer.Moment moment
        ? BigDecimal.valueOf(moment.epochMillis())
        : ((Answer.Decimal) value).value();
  }

  private static void verifyOrder(
      String what,
      RandomTable table,
      String column,
      Question question,
      double number,
      int[] rows,
      Answer.Value value) {
    List<BigDecimal> ascending =
        IntStream.of(rows).mapToObj(row -> table.number(column, row)).sorted().toList();
    if (question == Question.TOP) {
      List<Answer.Top.Entry> entries = ((Answer.Top) value).entries();
      List<BigDecimal> largest =
          ascending.stream().sorted(Comparator.reverseOrder()).limit((long) number).toList();
      assertThat(entries).as(what).hasSameSizeAs(largest);
      for (int i = 0; i < entries.size(); i++) {
        assertThat(plain(entries.get(i).value())).as(what).isEqualByComparingTo(largest.get(i));
        verifyRow(what, table, column, entries.get(i).row(), rows, largest.get(i));
      }
      return;
    }
    if (ascending.isEmpty()) {
      assertThat(value).as(what).isEqualTo(new Answer.None());
      return;
    }
    int rank =
        switch (question) {
          case MIN, ARGMIN -> 1;
          case MAX, ARGMAX -> ascending.size();
          default -> {
            BigDecimal percent = new BigDecimal(question == Question.MEDIAN ? 50 : number);
            BigDecimal exact =
                percent.multiply(BigDecimal.valueOf(ascending.size())).movePointLeft(2);
            yield Math.max(1, exact.setScale(0, RoundingMode.UP).intValueExact());
          }
        };
    BigDecimal truth = ascending.get(rank - 1);
    if (question == Question.ARGMIN || question == Question.ARGMAX) {
      verifyRow(what, table, column, ((Answer.Whole) value).value().longValueExact(), rows, truth);
    } else if (value instanceof Answer.Within bucket) {
      assertThat(truth).as(what).isGreaterThanOrEqualTo(plain(bucket.from()));
      assertThat(truth).as(what).isLessThanOrEqualTo(plain(bucket.until()));
    } else {
      assertThat(plain(value)).as(what).isEqualByComparingTo(truth);
    }
  }

  /** A row that was selected, and has the value. */
  private static void verifyRow(
      String what, RandomTable table, String column, long row, int[] rows, BigDecimal value) {
    assertThat(IntStream.of(rows).anyMatch(each -> each == row)).as(what + " row " + row).isTrue();
    assertThat(table.number(column, (int) row)).as(what).isEqualByComparingTo(value);
  }
}
