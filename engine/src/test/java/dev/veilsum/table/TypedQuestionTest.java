package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.clear.ClearBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.AnswerType.Ranked;
import dev.veilsum.table.AnswerType.Span;
import dev.veilsum.table.where.Condition;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every question of the typed interface, from a table to a value of its type, without a cast. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypedQuestionTest {
  private static final String ROWS =
      """
      at,n,m,x,s,w
      2026-03-01T08:00:00Z,-3,-1.50,0.5,1,up
      2026-03-01T20:00:00Z,10,2.50,-2,1,down
      2026-03-02T00:00:00Z,10,7.00,4,5,up
      2026-03-02T07:30:00Z,0,7.00,1,9,down
      2026-03-04T23:59:59.999Z,8,1.00,8,9,up
      """;
  private static final List<ColumnDeclaration> COLUMNS =
      List.of(
          column("at", "time(2026-03-01..2026-03-05; step=1d)"),
          column("n", "integer(-10..10)"),
          column("m", "decimal(-5.00..10.00)"),
          column("x", "real(-10..10; where; squares)"),
          column("s", "sorted(1..9)"),
          column("w", "category(up,down)"),
          new ColumnDeclaration("level", ColumnKind.parse("ordered(0.5, -2..8)"), "m"),
          new ColumnDeclaration("half", ColumnKind.parse("ordered(2, -2..8; floor)"), "m"));

  private final MasterKey master = MasterKey.generate();
  private final OrderedPool pool = new OrderedPool(2);
  private final Backend clear = new ClearBackend();
  @TempDir private static Path folder;
  private Path file;

  private static ColumnDeclaration column(String name, String kind) {
    return new ColumnDeclaration(name, ColumnKind.parse(kind));
  }

  @BeforeAll
  void encrypt() {
    file = encrypted(clear, ROWS, "t.vsm");
  }

  @AfterAll
  void close() {
    pool.close();
    master.close();
  }

  private Path encrypted(Backend backend, String rows, String name) {
    Path to = folder.resolve(name);
    byte[] csv = rows.getBytes(StandardCharsets.UTF_8);
    try (TableKey key = TableKey.ofSecret(master, backend);
        RowSource in =
            RowSource.open(new ByteArrayInputStream(csv), "rows", RowFormat.CSV, COLUMNS)) {
      new TableEncryptor(key, pool).encrypt(in, COLUMNS, output(to), done -> {});
    }
    return to;
  }

  private static AtomicOutput output(Path to) {
    return AtomicOutput.create(to, true, AtomicOutput.Access.USUAL);
  }

  private <T> T answer(Backend backend, TypedQuestion<T> question) {
    try (EncryptedResult<T> result = question.ask(pool)) {
      return ResultDecryptor.decrypt(result, master, backend);
    }
  }

  private <T> T answer(TypedQuestion<T> question) {
    return answer(clear, question);
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }

  @Test
  void everyKindHasItsQuestions() {
    try (ContainerReader container = ContainerReader.open(file);
        EncryptedTable table = EncryptedTable.open(container, clear)) {
      long rows = answer(table.count());
      assertThat(rows).isEqualTo(5);
      Map<String, Long> labels = answer(table.category("w").histogram());
      assertThat(labels).hasToString("{up=3, down=2}");

      BigInteger sum = answer(table.integer("n").sum());
      assertThat(sum).isEqualTo(25);
      Optional<BigInteger> least = answer(table.integer("n").min());
      assertThat(least).contains(BigInteger.valueOf(-3));
      assertThat(answer(table.integer("n").argmax())).contains(1L);
      assertThat(answer(table.integer("n").argmin())).contains(0L);
      assertThat(answer(table.integer("n").dot(table.integer("n")))).isEqualTo(273);
      Optional<Double> mean = answer(table.decimal("m").mean());
      assertThat(mean).contains(3.2);
      assertThat(answer(table.decimal("m").variance())).contains(11.26);
      assertThat(answer(table.decimal("m").sum())).isEqualByComparingTo("16");
      List<Ranked<BigDecimal>> top = answer(table.decimal("m").top(3));
      assertThat(top)
          .containsExactly(
              new Ranked<>(number("7.00"), 2),
              new Ranked<>(number("7.00"), 3),
              new Ranked<>(number("2.50"), 1));

      Answer.Approximate real = answer(table.real("x").sum());
      assertThat(real.value()).isCloseTo(11.5, within(1e-6));
      Optional<Answer.Approximate> variance = answer(table.real("x").variance());
      assertThat(variance.orElseThrow().value()).isCloseTo(11.76, within(1e-6));
      assertThat(answer(table.real("x").mean()).orElseThrow().value()).isCloseTo(2.3, within(1e-6));
      assertThat(answer(table.real("x").dot(table.real("x"))).value())
          .isCloseTo(85.25, within(1e-6));

      Optional<BigDecimal> median = answer(table.sorted("s").median());
      assertThat(median).contains(number("5"));
      assertThat(answer(table.sorted("s").percentile(20))).contains(number("1"));
      Optional<Instant> last = answer(table.time("at").max());
      assertThat(last).contains(Instant.parse("2026-03-04T23:59:59.999Z"));
      NavigableMap<Instant, Long> days = answer(table.time("at").histogram());
      assertThat(days.values()).containsExactly(2L, 2L, 0L, 1L, 0L);
      assertThat(days.firstKey()).isEqualTo("2026-03-01T00:00:00Z");

      Optional<Span<BigDecimal>> exact = answer(table.ordered("level").max());
      assertThat(exact.orElseThrow().isOne()).isTrue();
      assertThat(exact.orElseThrow().from()).isEqualByComparingTo("7");
      Span<BigDecimal> bucket = answer(table.ordered("half").min()).orElseThrow();
      assertThat(bucket).isEqualTo(new Span<>(number("-2"), number("0")));
      assertThat(answer(table.ordered("half").median()).orElseThrow().from())
          .isEqualByComparingTo("2");
      assertThat(answer(table.ordered("level").percentile(80)).orElseThrow().until())
          .isEqualByComparingTo("7");
      NavigableMap<BigDecimal, Long> levels = answer(table.ordered("level").histogram());
      assertThat(levels.get(number("7"))).isEqualTo(2);
      assertThat(levels).hasSize(21);
    }
  }

  @Test
  void conditionsNarrow() {
    try (ContainerReader container = ContainerReader.open(file);
        EncryptedTable table = EncryptedTable.open(container, clear)) {
      TableRows up = table.where("w = up");
      assertThat(answer(up.count())).isEqualTo(3);
      TableRows large = up.where(Condition.parse("level >= 0.75"));
      assertThat(answer(large.count())).isEqualTo(2);
      assertThat(answer(large.integer("n").sum())).isEqualTo(18);
      assertThat(answer(up.time("at").min())).contains(Instant.parse("2026-03-01T08:00:00Z"));
      assertThat(answer(up.real("x").mean()).orElseThrow().value())
          .isCloseTo(12.5 / 3, within(1e-6));
      assertThat(answer(up.real("x").variance()).orElseThrow().value())
          .isCloseTo(80.25 / 3 - 12.5 * 12.5 / 9, within(1e-6));
      TableRows none = large.where("level > 7");
      assertThat(answer(none.count())).isZero();
      assertThat(answer(none.integer("n").sum())).isZero();
      assertThat(answer(none.decimal("m").mean())).isEmpty();
      assertThat(answer(none.decimal("m").top(2))).isEmpty();
      assertThat(answer(none.time("at").argmax())).isEmpty();
      assertThat(answer(none.ordered("half").max())).isEmpty();
      assertThat(answer(table.where("level > 7").real("x").mean())).isEmpty();
      assertThat(answer(none.category("w").histogram())).containsEntry("up", 0L);
      // As text they are the same condition.
      assertThat(large.integer("n").sum().asked().where().orElseThrow().text())
          .isEqualTo(Condition.parse("w = up and level >= 0.75").text());
    }
  }

  @Test
  void severalTablesAndEmptyOnes() {
    Path empty = encrypted(clear, ROWS.lines().findFirst().orElseThrow() + "\n", "empty.vsm");
    try (ContainerReader first = ContainerReader.open(file);
        ContainerReader second = ContainerReader.open(empty);
        EncryptedTable some = EncryptedTable.open(first, clear);
        EncryptedTable none = EncryptedTable.open(second, clear)) {
      assertThat(answer(none.count())).isZero();
      assertThat(answer(none.time("at").max())).isEmpty();
      assertThat(answer(none.real("x").sum()).value()).isZero();
      assertThat(answer(none.decimal("m").sum())).isZero();
      assertThat(answer(none.time("at").histogram()).values()).containsOnly(0L);
      TableRows all = TableRows.of(List.of(some, none, some));
      assertThat(answer(all.count())).isEqualTo(10);
      assertThat(answer(all.where("w = up").integer("n").sum())).isEqualTo(30);
      assertThat(answer(all.time("at").median())).contains(Instant.parse("2026-03-02T00:00:00Z"));
    }
  }

  @Test
  void whatAKindCannotAnswerIsRefused() {
    try (ContainerReader container = ContainerReader.open(file);
        EncryptedTable table = EncryptedTable.open(container, clear)) {
      fails(ErrorCode.USAGE, "ask it as category(\"w\"), not as decimal", () -> table.decimal("w"));
      fails(ErrorCode.USAGE, "ask it as time(\"at\")", () -> table.sorted("at"));
      fails(ErrorCode.BAD_INPUT, "no column y", () -> table.real("y"));
      fails(ErrorCode.USAGE, "1 to 8", () -> table.decimal("m").top(9));
      fails(ErrorCode.USAGE, "0 to 100", () -> table.time("at").percentile(-1));
      fails(ErrorCode.USAGE, "0 to 100", () -> table.ordered("level").percentile(Double.NaN));
      fails(ErrorCode.BAD_INPUT, "colour", () -> table.where("colour = red"));
      TypedQuestion<BigInteger> sum = table.integer("n").sum();
      Path result = folder.resolve("typed.vsm");
      sum.ask(pool, output(result));
      fails(
          ErrorCode.BAD_INPUT,
          "not a time",
          () -> decrypt(EncryptedResult.open(ContainerReader.open(result), AnswerType.TIME)));
      fails(
          ErrorCode.BAD_INPUT,
          "kind",
          () -> EncryptedResult.open(ContainerReader.open(file), AnswerType.COUNT));
      new Questions(List.of(table), pool)
          .ask(List.of(sum.asked(), table.count().asked()), output(result));
      fails(
          ErrorCode.BAD_INPUT,
          "2 questions",
          () -> decrypt(EncryptedResult.open(ContainerReader.open(result), AnswerType.COUNT)));
    }
  }

  private <T> T decrypt(EncryptedResult<T> result) {
    try (result) {
      return ResultDecryptor.decrypt(result, master, clear);
    }
  }

  private static void fails(ErrorCode code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  /** By real encryption, in files between server and key holder, under an encrypted condition. */
  @Test
  void encryptedFromEndToEnd() {
    Backend core = Backends.byDefault();
    Path table = encrypted(core, ROWS, "core.vsm");
    Path query = folder.resolve("q.vsm");
    Path result = folder.resolve("r.vsm");
    try (ContainerReader container = ContainerReader.open(table);
        EncryptedTable encrypted = EncryptedTable.open(container, core)) {
      try (TableKey key = TableKey.ofSecret(master, core)) {
        Condition condition = Condition.parse("w = down");
        QueryFile.write(
            output(query),
            key,
            condition,
            Map.of("w", ColumnKind.parse("category(up,down)")),
            QueryFile.setsOf(encrypted, condition.columns()));
      }
      try (ContainerReader hidden = ContainerReader.open(query)) {
        TableRows selected = encrypted.where(QueryFile.read(hidden));
        assertThat(answer(core, selected.count())).isEqualTo(2);
        Answer.Approximate spread =
            answer(core, encrypted.where("w = down").real("x").variance()).orElseThrow();
        assertThat(spread.value()).isCloseTo(2.25, within(spread.errorBound()));
        assertThat(spread.errorBound()).isLessThan(1e-4);
        fails(ErrorCode.USAGE, "stands alone", () -> selected.where("w = up"));
        fails(
            ErrorCode.USAGE,
            "stands alone",
            () -> encrypted.where("w = up").where(QueryFile.read(hidden)));
        try (EncryptedResult<Optional<Instant>> last = selected.time("at").max().ask(pool)) {
          last.save(output(result));
        }
      }
      Explanation plan = encrypted.where("w = up").decimal("m").sum().explain();
      assertThat(plan.strategy()).isEqualTo("totals");
      assertThat(plan.noiseLeftBits().orElseThrow()).isPositive();
    }
    try (EncryptedResult<Optional<Instant>> last =
        EncryptedResult.open(ContainerReader.open(result), AnswerType.TIME.orNone())) {
      assertThat(ResultDecryptor.decrypt(last, master, core))
          .contains(Instant.parse("2026-03-02T07:30:00Z"));
    }
  }
}
