package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A table from rows to answers: encrypted with public keys, asked without any, decrypted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TableTest {
  private static final int ROWS = 9000; // two chunks of integers, three of real numbers
  private static final List<String> LABELS = List.of("sun", "rain", "snow, hail");
  private static final List<ColumnDeclaration> COLUMNS =
      List.of(
          new ColumnDeclaration("x", new ColumnKind.Real(-50, 50)),
          new ColumnDeclaration("y", ColumnKind.Real.DEFAULT),
          new ColumnDeclaration("n", new ColumnKind.Integer(-1000, 1000)),
          new ColumnDeclaration("m", new ColumnKind.Integer(0, 9)),
          new ColumnDeclaration("w", new ColumnKind.Category(LABELS)));

  private final Backend backend = Backends.byDefault();
  private final MasterKey master = MasterKey.generate();
  private final OrderedPool pool = new OrderedPool(2);
  private final double[] x = new double[ROWS];
  private final double[] y = new double[ROWS];
  private final long[] n = new long[ROWS];
  private final long[] m = new long[ROWS];
  private final int[] w = new int[ROWS];
  private Path folder;
  private Path keys;
  private Path table;

  @BeforeAll
  void encrypt(@TempDir Path temporary) {
    folder = temporary;
    Random random = new Random(5);
    for (int i = 0; i < ROWS; i++) {
      x[i] = -50 + 100 * random.nextDouble();
      y[i] = random.nextGaussian() * 10;
      n[i] = random.nextInt(2001) - 1000;
      m[i] = random.nextInt(10);
      w[i] = random.nextInt(3) / (i % 2 + 1);
    }
    keys = folder.resolve("a.pub");
    PublicKeyFile.write(
        output(keys), master, backend, TableScheme.parameterSets(), TableScheme::questionKeys);
    table = folder.resolve("t.vsm");
    encrypt(table, 0, ROWS);
  }

  @AfterAll
  void close() {
    pool.close();
    master.close();
  }

  private void encrypt(Path to, int from, int until) {
    StringBuilder csv = new StringBuilder("y,skipped,x,n,m,w\r\n");
    for (int i = from; i < until; i++) {
      csv.append(
          String.format(
              Locale.ROOT, "%s,zzz,%s,%d,%d,\"%s\"\r\n", y[i], x[i], n[i], m[i], LABELS.get(w[i])));
    }
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    try (ContainerReader container = ContainerReader.open(keys);
        TableKey key = TableKey.ofPublic(container, backend);
        RowSource rows =
            RowSource.open(new ByteArrayInputStream(bytes), "rows", RowFormat.CSV, COLUMNS)) {
      TableEncryptor.Summary summary =
          new TableEncryptor(key, pool).encrypt(rows, COLUMNS, output(to), done -> {});
      assertThat(summary.rows()).isEqualTo(until - from);
    }
  }

  private static AtomicOutput output(Path file) {
    return AtomicOutput.create(file, true, AtomicOutput.Access.USUAL);
  }

  private List<Answer> ask(Question question, List<Path> tables, String... columns) {
    Path result = folder.resolve("result.vsm");
    List<ContainerReader> containers = tables.stream().map(ContainerReader::open).toList();
    List<EncryptedTable> opened =
        containers.stream().map(c -> EncryptedTable.open(c, backend)).toList();
    try {
      new Questions(opened, pool).ask(question, List.of(columns), output(result));
    } finally {
      opened.forEach(EncryptedTable::close);
      containers.forEach(ContainerReader::close);
    }
    try (ContainerReader container = ContainerReader.open(result)) {
      return ResultDecryptor.decrypt(container, master, backend);
    }
  }

  private Answer.Value answer(Question question, String... columns) {
    return ask(question, List.of(table), columns).get(0).value();
  }

  private static void assertNear(Answer.Value value, double truth, double largestBound) {
    assertThat(value).isInstanceOf(Answer.Approximate.class);
    Answer.Approximate found = (Answer.Approximate) value;
    assertThat(found.errorBound()).isPositive().isLessThan(largestBound);
    // The truth itself is a sum of doubles.
    double rounding = Math.abs(truth) * 1e-12;
    assertThat(found.value()).isCloseTo(truth, within(found.errorBound() + rounding));
  }

  private static double sum(double[] values) {
    return java.util.stream.DoubleStream.of(values).sum();
  }

  private static double dot(double[] a, double[] b) {
    double total = 0;
    for (int i = 0; i < a.length; i++) {
      total += a[i] * b[i];
    }
    return total;
  }

  @Test
  void realColumnsAnswerWithinTheirBounds() {
    assertNear(answer(Question.SUM, "x"), sum(x), 1e-3);
    assertNear(answer(Question.MEAN, "x"), sum(x) / ROWS, 1e-7);
    assertNear(answer(Question.MEAN, "y"), sum(y) / ROWS, 1e-3);
    double mean = sum(x) / ROWS;
    assertNear(answer(Question.VARIANCE, "x"), dot(x, x) / ROWS - mean * mean, 1e-3);
    assertNear(answer(Question.DOT, "x", "x"), dot(x, x), 10);
  }

  @Test
  void columnsOfDifferentRangesMultiply() {
    Answer found = ask(Question.DOT, List.of(table), "x", "y").get(0);
    assertThat(found.column()).isEqualTo("x*y");
    assertThat(found.operation()).isEqualTo("dot");
    assertNear(found.value(), dot(x, y), 1e6);
    assertThat(((Answer.Approximate) found.value()).value())
        .as("the bound covers the whole declared range; these values are small")
        .isCloseTo(dot(x, y), within(1.0));
  }

  @Test
  void integerColumnsAreExact() {
    long sum = 0;
    long squares = 0;
    long products = 0;
    for (int i = 0; i < ROWS; i++) {
      sum += n[i];
      squares += n[i] * n[i];
      products += n[i] * m[i];
    }
    assertThat(answer(Question.SUM, "n")).isEqualTo(new Answer.Whole(BigInteger.valueOf(sum)));
    assertThat(answer(Question.DOT, "n", "m"))
        .isEqualTo(new Answer.Whole(BigInteger.valueOf(products)));
    assertThat(answer(Question.MEAN, "n")).isEqualTo(new Answer.Quotient((double) sum / ROWS));
    double variance = ((Answer.Quotient) answer(Question.VARIANCE, "n")).value();
    assertThat(variance)
        .isCloseTo(
            (double) squares / ROWS - (double) sum / ROWS * sum / ROWS, within(1e-9 * variance));
  }

  @Test
  void countsAreExact() {
    long[] counts = new long[LABELS.size()];
    for (int label : w) {
      counts[label]++;
    }
    Answer.Counts found = (Answer.Counts) answer(Question.COUNT, "w");
    assertThat(found.counts().keySet()).containsExactlyElementsOf(LABELS);
    for (int i = 0; i < counts.length; i++) {
      assertThat(found.counts().get(LABELS.get(i))).isEqualTo(counts[i]);
    }
    assertThat(answer(Question.COUNT, "x")).isEqualTo(new Answer.Whole(BigInteger.valueOf(ROWS)));
  }

  @Test
  void severalColumnsAndSeveralTables() {
    Path first = folder.resolve("first.vsm");
    Path second = folder.resolve("second.vsm");
    encrypt(first, 0, 1);
    encrypt(second, 1, 5000);
    List<Answer> answers = ask(Question.SUM, List.of(first, second), "n", "x");
    long sum = 0;
    double reals = 0;
    for (int i = 0; i < 5000; i++) {
      sum += n[i];
      reals += x[i];
    }
    assertThat(answers).extracting(Answer::column).containsExactly("n", "x");
    assertThat(answers.get(0).value()).isEqualTo(new Answer.Whole(BigInteger.valueOf(sum)));
    assertNear(answers.get(1).value(), reals, 1e-3);
  }

  @Test
  void decryptsRowByRow() {
    try (ContainerReader container = ContainerReader.open(table);
        TableDecryptor decryptor = TableDecryptor.open(container, master, backend)) {
      assertThat(decryptor.rows()).isEqualTo(ROWS);
      for (ColumnEntry column : decryptor.columns()) {
        int row = 0;
        for (int chunk = 0; chunk < decryptor.chunks(column); chunk++) {
          TableDecryptor.Cells cells = decryptor.decrypt(column, chunk);
          for (int i = 0; i < cells.length(); i++, row++) {
            assertCell(column.name(), cells, i, row);
          }
        }
        assertThat(row).isEqualTo(ROWS);
      }
    }
  }

  private void assertCell(String column, TableDecryptor.Cells cells, int i, int row) {
    if (cells instanceof TableDecryptor.Cells.Reals reals) {
      double truth = column.equals("x") ? x[row] : y[row];
      assertThat(reals.values()[i]).isCloseTo(truth, within(reals.errorBound()));
    } else if (cells instanceof TableDecryptor.Cells.Wholes wholes) {
      assertThat(wholes.values()[i]).isEqualTo(column.equals("n") ? n[row] : m[row]);
    } else if (cells instanceof TableDecryptor.Cells.Labels labels) {
      assertThat(labels.values().get(i)).isEqualTo(LABELS.get(w[row]));
    }
  }

  @Test
  void columnsCombineIntoTablesThatCanBeAsked() {
    Path sum = folder.resolve("sum.vsm");
    Path product = folder.resolve("product.vsm");
    Path scaled = folder.resolve("scaled.vsm");
    try (ContainerReader container = ContainerReader.open(table);
        EncryptedTable opened = EncryptedTable.open(container, backend)) {
      ColumnOperations operations = new ColumnOperations(pool);
      var a = new ColumnOperations.Operand(opened, "x");
      var b = new ColumnOperations.Operand(opened, "y");
      operations.combine(ColumnOperations.Binary.SUB, a, b, output(sum));
      var c = new ColumnOperations.Operand(opened, "n");
      var d = new ColumnOperations.Operand(opened, "m");
      operations.combine(ColumnOperations.Binary.MUL, c, d, output(product));
      operations.scale(a, -2.5, output(scaled));
    }
    assertNear(ask(Question.SUM, List.of(sum), "x-y").get(0).value(), sum(x) - sum(y), 10);
    assertNear(
        ask(Question.MEAN, List.of(scaled), "-2.5*x").get(0).value(), -2.5 * sum(x) / ROWS, 1e-3);
    long products = 0;
    for (int i = 0; i < ROWS; i++) {
      products += n[i] * m[i];
    }
    assertThat(ask(Question.SUM, List.of(product), "n*m").get(0).value())
        .isEqualTo(new Answer.Whole(BigInteger.valueOf(products)));
  }

  @Test
  void refusals() {
    refused(ErrorCode.BAD_INPUT, "no column z", () -> answer(Question.SUM, "z"));
    refused(ErrorCode.USAGE, "integer and decimal columns", () -> answer(Question.MEAN, "w"));
    refused(ErrorCode.PARAMETER_MISMATCH, "of one kind", () -> answer(Question.DOT, "x", "n"));
    refused(ErrorCode.USAGE, "2 columns", () -> answer(Question.DOT, "x"));
    try (MasterKey other = MasterKey.generate();
        ContainerReader container = ContainerReader.open(table)) {
      refused(
          ErrorCode.WRONG_KEY,
          other.keyId().toString(),
          () -> TableDecryptor.open(container, other, backend));
      refused(
          ErrorCode.BAD_INPUT, "result", () -> ResultDecryptor.decrypt(container, master, backend));
    }
  }

  @Test
  void totalsThatCouldWrapAreRefusedBeforehand() {
    Path wide = folder.resolve("wide.vsm");
    List<ColumnDeclaration> columns =
        List.of(new ColumnDeclaration("n", new ColumnKind.Integer(-(1L << 45), 1L << 45)));
    byte[] csv = "n\n5\n7\n".getBytes(StandardCharsets.UTF_8);
    try (TableKey key = TableKey.ofSecret(master, backend);
        RowSource rows =
            RowSource.open(new ByteArrayInputStream(csv), "rows", RowFormat.CSV, columns)) {
      new TableEncryptor(key, pool).encrypt(rows, columns, output(wide), done -> {});
    }
    assertThat(ask(Question.SUM, List.of(wide), "n").get(0).value())
        .isEqualTo(new Answer.Whole(BigInteger.valueOf(12)));
    refused(
        ErrorCode.OUT_OF_RANGE, "could reach", () -> ask(Question.VARIANCE, List.of(wide), "n"));
    refused(
        ErrorCode.OUT_OF_RANGE,
        "could reach",
        () -> ask(Question.SUM, new ArrayList<>(java.util.Collections.nCopies(130, wide)), "n"));
  }

  @Test
  void seededTablesAreHalfTheSize() throws Exception {
    Path seeded = folder.resolve("seeded.vsm");
    List<ColumnDeclaration> columns = COLUMNS.subList(0, 1);
    StringBuilder csv = new StringBuilder("x\n");
    for (int i = 0; i < ROWS; i++) {
      csv.append(x[i]).append('\n');
    }
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    try (TableKey key = TableKey.ofSecret(master, backend);
        RowSource rows =
            RowSource.open(new ByteArrayInputStream(bytes), "rows", RowFormat.CSV, columns)) {
      new TableEncryptor(key, pool).encrypt(rows, columns, output(seeded), done -> {});
    }
    var parameters = TableScheme.parameterSets().get(0);
    long keyBytes = TableScheme.questionKeys(parameters).packedBytes(parameters);
    long chunks = 3 * parameters.ciphertextBytes(parameters.maxLevel(), true);
    assertThat(Files.size(seeded)).isBetween(keyBytes + chunks, keyBytes + chunks + 2000);
    assertNear(ask(Question.MEAN, List.of(seeded), "x").get(0).value(), sum(x) / ROWS, 1e-9);
  }

  private static void refused(ErrorCode code, String words, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
