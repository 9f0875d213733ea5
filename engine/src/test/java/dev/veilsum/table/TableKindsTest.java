package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.file.Buckets;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.EncryptedTable.Segment;
import dev.veilsum.table.TableScheme.Depth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every kind lays down, encoding by encoding, against the rows in the clear. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TableKindsTest {
  /** Rows of the first segment, of the second and of the third. */
  private static final int[] SEGMENTS = {17_000, 0, 9};

  private static final int ROWS = 17_009;
  private static final long BASE = 1_700_000_000_000L;

  private static final List<ColumnDeclaration> COLUMNS =
      List.of(
          column("r", "real(-2..2; where)"),
          column("i", "integer(-1000..1000; squares)"),
          column("d", "decimal(-1.00..99.99)"),
          column("c", "category(a,b)"),
          column("o", "ordered(0.5, -1..1)"),
          new ColumnDeclaration("f", ColumnKind.parse("ordered(10, 0..99; floor)"), "i100"),
          column("s", "sorted(-5.0..4000000000.0)"),
          new ColumnDeclaration(
              "t", ColumnKind.parse("time(2023-11-01..2023-12-31; step=1w; layout=b)"), "t"),
          column("k", "token"));

  private final Backend backend = Backends.byDefault();
  private final MasterKey master = MasterKey.generate();
  private final OrderedPool pool = new OrderedPool(2);
  private final double[] r = new double[ROWS];
  private final long[] i = new long[ROWS];
  private final long[] d = new long[ROWS];
  private final int[] c = new int[ROWS];
  private final long[] o = new long[ROWS];
  private final long[] f = new long[ROWS];
  private final long[] s = new long[ROWS];
  private final long[] t = new long[ROWS];
  private Path folder;
  private Path file;
  private ContainerReader container;
  private EncryptedTable table;

  private static ColumnDeclaration column(String name, String kind) {
    return new ColumnDeclaration(name, ColumnKind.parse(kind));
  }

  @BeforeAll
  void encrypt(@TempDir Path temporary) throws IOException {
    folder = temporary;
    file = folder.resolve("t.vsm");
    fill();
    try (TableKey key = TableKey.ofSecret(master, backend);
        RowSource rows = rows(0, SEGMENTS[0], COLUMNS)) {
      TableEncryptor.Summary summary =
          new TableEncryptor(key, pool).encrypt(rows, COLUMNS, output(file), done -> {});
      assertThat(summary.rows()).isEqualTo(SEGMENTS[0]);
      assertThat(summary.bytes()).isEqualTo(Files.size(file));
    }
    append(SEGMENTS[0], SEGMENTS[0]);
    append(SEGMENTS[0], ROWS);
    container = ContainerReader.open(file);
    table = EncryptedTable.open(container, backend);
  }

  @AfterAll
  void close() {
    table.close();
    container.close();
    pool.close();
    master.close();
  }

  private void fill() {
    Random random = new Random(11);
    for (int row = 0; row < ROWS; row++) {
      boolean starts = row == 0 || row == SEGMENTS[0];
      r[row] = random.nextInt(4001) / 1000.0 - 2;
      i[row] = random.nextInt(2001) - 1000;
      d[row] = random.nextInt(10100) - 100;
      c[row] = random.nextInt(2);
      o[row] = 5 * random.nextInt(5) - 10;
      f[row] = random.nextInt(9901); // hundredths, finer than the column's places
      s[row] = starts ? -50 : Math.min(40_000_000_000L, s[row - 1] + random.nextInt(5_000_000));
      t[row] = starts ? BASE : t[row - 1] + random.nextInt(200_000);
    }
  }

  private RowSource rows(int from, int until, List<ColumnDeclaration> columns) {
    StringBuilder csv = new StringBuilder("t,k,r,i,d,c,o,i100,s\n");
    for (int row = from; row < until; row++) {
      csv.append(row % 2 == 0 ? String.valueOf(t[row]) : java.time.Instant.ofEpochMilli(t[row]))
          .append(",user ")
          .append(row % 7)
          .append(',')
          .append(r[row])
          .append(',')
          .append(i[row])
          .append(',')
          .append(BigDecimal.valueOf(d[row], 2))
          .append(',')
          .append(c[row] == 0 ? 'a' : 'b')
          .append(',')
          .append(BigDecimal.valueOf(o[row], 1).stripTrailingZeros())
          .append(',')
          .append(BigDecimal.valueOf(f[row], 2))
          .append(',')
          .append(BigDecimal.valueOf(s[row], 1))
          .append('\n');
    }
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    return RowSource.open(new ByteArrayInputStream(bytes), "rows", RowFormat.CSV, columns);
  }

  private void append(int from, int until) throws IOException {
    byte[] before = Files.readAllBytes(file);
    try (ContainerReader old = ContainerReader.open(file);
        EncryptedTable opened = EncryptedTable.open(old, backend);
        TableKey key = TableKey.ofSecret(master, backend);
        RowSource rows = rows(from, until, COLUMNS)) {
      new TableEncryptor(key, pool).append(opened, rows, COLUMNS, output(file), done -> {});
    }
    // What was there stands where it was, up to the metadata.
    byte[] after = Files.readAllBytes(file);
    try (ContainerReader old = ContainerReader.open(file)) {
      assertThat(old.name()).isNotEmpty();
    }
    int same = 0;
    while (same < before.length && before[same] == after[same]) {
      same++;
    }
    assertThat(same).isGreaterThan(before.length / 2);
  }

  private static AtomicOutput output(Path to) {
    return AtomicOutput.create(to, true, AtomicOutput.Access.USUAL);
  }

  private long[] integers(ColumnEncoding encoding, int part, Segment segment, int chunk) {
    BfvBackend bfv = (BfvBackend) table.schemeOf(encoding);
    long[] slots = new long[bfv.parameters().slots()];
    try (Reference.SecretKey secret = TableScheme.secretKey(master, bfv);
        Reference.Ciphertext one = table.chunks(encoding, part, segment).load(chunk)) {
      bfv.decrypt(secret, one, slots, 0, slots.length);
    }
    return slots;
  }

  /** The integer that a slot of an encoding should hold. */
  @FunctionalInterface
  private interface Truth {
    long of(int part, int row);
  }

  private void assertSlots(ColumnEncoding encoding, Truth truth) {
    long modulus = ((BfvParameters) table.parametersOf(encoding)).plainModulus();
    for (Segment segment : table.segments()) {
      int chunks = segment.chunks(encoding.rowsPerChunk());
      for (int part = 0; part < encoding.parts().size(); part++) {
        assertThat(table.chunks(encoding, part, segment).count()).isEqualTo(chunks);
        for (int chunk = 0; chunk < chunks; chunk++) {
          long[] slots = integers(encoding, part, segment, chunk);
          for (int slot = 0; slot < slots.length; slot++) {
            long row = (long) chunk * encoding.rowsPerChunk() + slot;
            long expected =
                row < segment.rows() ? truth.of(part, (int) (segment.firstRow() + row)) : 0;
            assertThat(Math.floorMod(slots[slot], modulus))
                .as("%s of row %d", encoding.role(), row)
                .isEqualTo(Math.floorMod(expected, modulus));
          }
        }
      }
    }
  }

  private ColumnEncoding of(String column, EncodingRole role) {
    return table.column(column).encoding(role).orElseThrow();
  }

  @Test
  void segmentsAreOfEachAppend() {
    assertThat(table.rows()).isEqualTo(ROWS);
    assertThat(table.segments())
        .containsExactly(
            new Segment(0, 0, 17_000), new Segment(1, 17_000, 0), new Segment(2, 17_000, 9));
    assertThat(table.segments().get(0).chunks(8192)).isEqualTo(3);
  }

  /** Three columns of masks and integers take two products and one more: the deep parameters. */
  @Test
  void theParametersAreThoseThatTheKindsNeed() {
    assertThat(table.parameters())
        .containsExactlyInAnyOrder(
            TableScheme.real(),
            TableScheme.integer(Depth.DEEP),
            TableScheme.sorted(dev.veilsum.file.SortedLayout.A),
            TableScheme.sorted(dev.veilsum.file.SortedLayout.B));
    for (String column : List.of("c", "o", "f", "t")) {
      assertThat(table.column(column).encodings())
          .filteredOn(e -> e.role() == EncodingRole.MASKS)
          .extracting(table::parametersOf)
          .containsExactlyInAnyOrderElementsOf(table.parameters());
    }
    assertThat(sets(COLUMNS.subList(1, 4))).containsExactly(TableScheme.integer(Depth.SHALLOW));
    assertThat(sets(COLUMNS.subList(3, 5))).containsExactly(TableScheme.integer(Depth.SHALLOW));
    assertThat(sets(COLUMNS.subList(2, 5))).containsExactly(TableScheme.integer(Depth.DEEP));
    assertThat(TablePlan.of(COLUMNS.subList(2, 5), Optional.of(Depth.SHALLOW)).sets())
        .containsExactly(TableScheme.integer(Depth.SHALLOW));
  }

  private static List<RlweParameters> sets(List<ColumnDeclaration> columns) {
    return TablePlan.of(columns, Optional.empty()).sets();
  }

  @Test
  void numbersAndTheirSquares() {
    assertSlots(of("i", EncodingRole.VALUES), (part, row) -> i[row]);
    assertSlots(of("i", EncodingRole.SQUARES), (part, row) -> i[row] * i[row]);
    assertSlots(of("d", EncodingRole.VALUES), (part, row) -> d[row]);
    assertThat(table.column("d").encoding(EncodingRole.SQUARES)).isEmpty();
  }

  @Test
  void digitsOfCodes() {
    assertSlots(of("s", EncodingRole.DIGITS), (part, row) -> (s[row] + 51) >> 16 * part & 0xffff);
    long from = ((ColumnKind.Time) table.column("t").kind()).from();
    assertSlots(
        of("t", EncodingRole.DIGITS), (part, row) -> (t[row] - from + 1) >> 21 * part & 0x1fffff);
  }

  @Test
  void masksUnderEverySet() {
    Buckets weeks = ((ColumnKind.Time) table.column("t").kind()).buckets().orElseThrow();
    assertThat(weeks.count()).isEqualTo(9);
    for (RlweParameters set : table.parameters()) {
      if (!(set instanceof BfvParameters)) {
        continue;
      }
      masks("c", set, (part, row) -> c[row] == part ? 1 : 0);
      masks("o", set, (part, row) -> o[row] >= -5 + 5 * part ? 1 : 0);
      masks("f", set, (part, row) -> f[row] >= 1000 * (part + 1) ? 1 : 0);
      masks("t", set, (part, row) -> weeks.of(t[row]) >= part + 1 ? 1 : 0);
    }
  }

  private void masks(String column, RlweParameters set, Truth truth) {
    assertSlots(table.encoding(table.column(column), EncodingRole.MASKS, set).orElseThrow(), truth);
  }

  @Test
  void masksOfRealColumns() {
    ColumnEncoding masks =
        table.encoding(table.column("o"), EncodingRole.MASKS, TableScheme.real()).orElseThrow();
    CkksBackend ckks = (CkksBackend) table.schemeOf(masks);
    double[] slots = new double[ckks.parameters().slots()];
    try (Reference.SecretKey secret = TableScheme.secretKey(master, ckks);
        Reference.Ciphertext one = table.chunks(masks, 2, table.segments().get(0)).load(1)) {
      double error = ckks.decrypt(secret, one, slots, 0, slots.length);
      assertThat(error).isLessThan(1e-9);
      for (int slot = 0; slot < slots.length; slot++) {
        double expected = o[4096 + slot] >= 5 ? 1 : 0;
        assertThat(slots[slot]).isBetween(expected - error, expected + error);
      }
    }
  }

  @Test
  void extremesOfEveryBlock() {
    assertExtremes("i", i);
    assertExtremes("d", d);
    assertExtremes("s", s);
    assertExtremes("t", t);
  }

  private void assertExtremes(String name, long[] values) {
    ColumnEntry column = table.column(name);
    ColumnEncoding encoding = of(name, EncodingRole.EXTREMES);
    BlockExtremes layout =
        BlockExtremes.of(
            (ColumnKind.FixedPoint) column.kind(), (BfvParameters) table.parametersOf(encoding));
    for (Segment segment : table.segments()) {
      if (segment.rows() == 0) {
        assertThat(table.chunks(encoding, 0, segment).count()).isZero();
        continue;
      }
      long[] slots = integers(encoding, 0, segment, 0);
      for (boolean smallest : new boolean[] {false, true}) {
        assertThat(layout.read(slots, smallest, 0, segment.rows()))
            .isEqualTo(truth(layout.rowsPerBlock(), segment, values, smallest));
      }
    }
  }

  private static List<BlockExtremes.Extreme> truth(
      int rowsPerBlock, Segment segment, long[] values, boolean smallest) {
    List<BlockExtremes.Extreme> all = new ArrayList<>();
    for (long first = 0; first < segment.rows(); first += rowsPerBlock) {
      Comparator<BlockExtremes.Extreme> order =
          Comparator.comparingLong(e -> smallest ? e.value() : -e.value());
      LongStream.range(first, Math.min(segment.rows(), first + rowsPerBlock))
          .mapToObj(row -> new BlockExtremes.Extreme(values[(int) (segment.firstRow() + row)], row))
          .sorted(order.thenComparingLong(BlockExtremes.Extreme::row))
          .limit(BlockExtremes.KEPT)
          .forEach(all::add);
    }
    return all;
  }

  @Test
  void tokensAreThoseOfTheSearchKey() {
    ColumnEncoding tokens = of("k", EncodingRole.TOKENS);
    try (SearchKey key = SearchKey.derive(master)) {
      for (Segment segment : table.segments()) {
        for (int chunk = 0; chunk < segment.chunks(tokens.rowsPerChunk()); chunk++) {
          ByteBuffer found = table.tokens(tokens, segment, chunk);
          for (int k = 0; found.hasRemaining(); k++) {
            byte[] token = new byte[SearchKey.TOKEN_BYTES];
            found.get(token);
            long row = segment.firstRow() + (long) chunk * tokens.rowsPerChunk() + k;
            assertThat(token).isEqualTo(key.token("k", "user " + row % 7));
          }
        }
      }
      assertThat(key.token("k", "user 1")).isNotEqualTo(key.token("other", "user 1"));
    }
  }

  @Test
  void decryptsEveryKind() {
    try (ContainerReader again = ContainerReader.open(file);
        TableDecryptor decryptor = TableDecryptor.open(again, master, backend)) {
      for (ColumnEntry column : decryptor.columns()) {
        List<Object> found = new ArrayList<>();
        for (int chunk = 0; chunk < decryptor.chunks(column); chunk++) {
          TableDecryptor.Cells cells = decryptor.decrypt(column, chunk);
          for (int k = 0; k < cells.length(); k++) {
            found.add(cell(cells, k));
          }
        }
        assertThat(found).as(column.name()).isEqualTo(truth(column.name()));
      }
    }
  }

  private static Object cell(TableDecryptor.Cells cells, int k) {
    if (cells instanceof TableDecryptor.Cells.Reals reals) {
      assertThat(reals.errorBound()).isLessThan(1e-9);
      return Math.round(reals.values()[k] * 1000);
    } else if (cells instanceof TableDecryptor.Cells.Wholes wholes) {
      return wholes.values()[k];
    } else if (cells instanceof TableDecryptor.Cells.Decimals decimals) {
      return BigDecimal.valueOf(decimals.values()[k], decimals.places());
    } else if (cells instanceof TableDecryptor.Cells.Times times) {
      return times.values()[k];
    }
    return ((TableDecryptor.Cells.Labels) cells).values().get(k);
  }

  private List<Object> truth(String column) {
    try (SearchKey key = SearchKey.derive(master)) {
      return IntStream.range(0, ROWS)
          .<Object>mapToObj(
              row ->
                  switch (column) {
                    case "r" -> Math.round(r[row] * 1000);
                    case "i" -> i[row];
                    case "d" -> BigDecimal.valueOf(d[row], 2);
                    case "c" -> c[row] == 0 ? "a" : "b";
                    case "o" -> BigDecimal.valueOf(o[row], 1);
                    case "f" -> BigDecimal.valueOf(f[row] / 1000 * 10);
                    case "s" -> BigDecimal.valueOf(s[row], 1);
                    case "t" -> t[row];
                    default ->
                        "token:" + HexFormat.of().formatHex(key.token("k", "user " + row % 7));
                  })
          .toList();
    }
  }

  @Test
  void sizesAreKnownBeforehand() throws IOException {
    for (int rows : new int[] {0, 1, 9000}) {
      Path to = folder.resolve("sized.vsm");
      TablePlan plan = TablePlan.of(COLUMNS, Optional.empty());
      try (TableKey key = TableKey.ofSecret(master, backend);
          RowSource source = rows(0, rows, COLUMNS)) {
        new TableEncryptor(key, pool).encrypt(source, plan, output(to), done -> {});
      }
      assertThat(Files.size(to) - plan.keyBytes() - plan.bytes(rows, true))
          .as("%d rows", rows)
          .isBetween(-2000L, 8000L);
    }
    TablePlan plan = TablePlan.of(COLUMNS.subList(0, 1), Optional.empty());
    assertThat(plan.bytesPerRow(true)).isBetween(34.0, 35.0); // 3 primes of 46 bits, two rows a N
  }

  @Test
  void anEmptyTableIsATable() {
    Path empty = folder.resolve("empty.vsm");
    try (TableKey key = TableKey.ofSecret(master, backend);
        RowSource rows = rows(0, 0, COLUMNS)) {
      new TableEncryptor(key, pool).encrypt(rows, COLUMNS, output(empty), done -> {});
    }
    try (ContainerReader reader = ContainerReader.open(empty);
        TableDecryptor decryptor = TableDecryptor.open(reader, master, backend)) {
      assertThat(decryptor.rows()).isZero();
      assertThat(decryptor.columns()).hasSize(COLUMNS.size());
      for (ColumnEntry column : decryptor.columns()) {
        assertThat(decryptor.chunks(column)).isZero();
      }
    }
  }

  @Test
  void refusals() {
    List<ColumnDeclaration> other = new ArrayList<>(COLUMNS);
    other.set(1, column("i", "integer(-1000..1000)"));
    refused(
        ErrorCode.PARAMETER_MISMATCH,
        "i=integer(-1000..1000; squares)",
        () -> TableEncryptor.columnsOf(table, other));
    refused(
        ErrorCode.PARAMETER_MISMATCH,
        "has the columns",
        () -> TableEncryptor.columnsOf(table, COLUMNS.subList(0, 2)));
    assertThat(TableEncryptor.columnsOf(table, List.of()))
        .extracting(ColumnDeclaration::source)
        .contains("f")
        .doesNotContain("i100");
    try (MasterKey stranger = MasterKey.generate();
        TableKey key = TableKey.ofSecret(stranger, backend);
        RowSource rows = rows(0, 1, COLUMNS)) {
      refused(
          ErrorCode.KEY_MISMATCH,
          "append with the key",
          () ->
              new TableEncryptor(key, pool)
                  .append(table, rows, COLUMNS, output(folder.resolve("x")), done -> {}));
    }
    refused(
        ErrorCode.OUT_OF_RANGE,
        "the squares of the column q",
        () ->
            TablePlan.of(List.of(column("q", "integer(0..100000000; squares)")), Optional.empty()));
    refused(
        ErrorCode.OUT_OF_RANGE,
        "decimals of these places",
        () ->
            TablePlan.of(
                List.of(column("q", "decimal(0.000..9999999999999.999)")), Optional.empty()));
    refused(ErrorCode.USAGE, "no column", () -> TablePlan.of(List.of(), Optional.empty()));
  }

  private static void refused(ErrorCode code, String words, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
