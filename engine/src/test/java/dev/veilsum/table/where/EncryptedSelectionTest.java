package dev.veilsum.table.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.Presets;
import dev.veilsum.table.QueryFile;
import dev.veilsum.table.TableKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted conditions, through files, select the rows that the open ones do. */
class EncryptedSelectionTest {
  private static MasterKey master;
  @TempDir static Path folder;

  @BeforeAll
  static void generate() {
    master = MasterKey.generate();
  }

  @AfterAll
  static void close() {
    master.close();
  }

  private static MaskFixture fixture(BfvBackend scheme) {
    byte[] fingerprint = scheme.parameters().fingerprint().bytes();
    return new MaskFixture(scheme, master.withSeed("rlwe secret", fingerprint, scheme::secretKey));
  }

  /**
   * One or two parts, one perhaps negated, on each of some columns, joined in one way; perhaps the
   * opposite of it.
   */
  private static Condition condition(RowsTwin twin, Random random, int columns) {
    List<Condition> all = new ArrayList<>();
    for (String column : twin.kinds.keySet().stream().limit(columns).toList()) {
      Condition part = twin.part(column);
      Condition other = random.nextBoolean() ? new Condition.Not(part) : part;
      all.add(
          switch (random.nextInt(3)) {
            case 0 -> part;
            case 1 -> new Condition.Or(List.of(twin.part(column), other));
            default -> new Condition.And(List.of(twin.part(column), other));
          });
    }
    boolean and = random.nextBoolean();
    Condition joined =
        all.size() == 1 ? all.get(0) : and ? new Condition.And(all) : new Condition.Or(all);
    return random.nextInt(3) == 0 ? new Condition.Not(joined) : joined;
  }

  private static void agree(Backend backend, BfvBackend scheme, int seed, int times, int columns) {
    Random random = new Random(seed);
    BfvParameters set = scheme.parameters();
    Path file = folder.resolve("q" + seed + ".vsm");
    try (MaskFixture table = fixture(scheme);
        TableKey key = TableKey.ofSecret(master, backend)) {
      for (int i = 0; i < times; i++) {
        int rows = random.nextInt(3) == 0 ? table.slots() : 1 + random.nextInt(table.slots());
        RowsTwin twin = new RowsTwin(random, columns, rows, false);
        Condition condition = condition(twin, random, 1 + random.nextInt(columns));
        QueryFile.write(output(file), key, condition, twin.kinds, List.of(set));
        try (ContainerReader container = ContainerReader.open(file)) {
          QueryFile query = QueryFile.read(container);
          assertThat(query.columns().keySet()).isEqualTo(condition.columns());
          assertThat(table.bits(query.selection(scheme), table.chunk(twin, 0, rows)))
              .as("%s on %s, %d rows", condition.text(), twin.kinds, rows)
              .isEqualTo(twin.truth(condition, table.slots()));
        }
      }
    }
  }

  private static AtomicOutput output(Path file) {
    return AtomicOutput.create(file, true, AtomicOutput.Access.USUAL);
  }

  @Test
  void anyConditionInTheClear() {
    Backend clear = Backends.named("clear");
    agree(clear, clear.bfv(MaskFixture.SMALL), 21, 60, 4);
  }

  @Test
  void someConditionsEncrypted() {
    Backend core = Backends.byDefault();
    agree(core, core.bfv(Presets.BFV_8192.parameters()), 22, 2, 2);
    agree(core, core.bfv(Presets.TABLE_INTEGER.parameters()), 23, 2, 1);
    agree(core, core.bgv(Presets.BGV_8192.parameters()), 24, 2, 3);
  }

  @Test
  void costsAreKnownBeforehand() {
    EncryptedSelection one = selection("category(a,b,c)");
    assertThat(one.cost()).isEqualTo(new MaskCost(1, 1, 3, 1, 0, 3));
    assertThat(one.text()).isEqualTo("encrypted, on c0");
    EncryptedSelection three = selection("category(a,b,c)", "ordered(1, 0..9)", "category(x)");
    assertThat(three.cost()).isEqualTo(new MaskCost(3, 3, 3 + 9 + 1 + 2, 5, 0, 13));
    assertThatThrownBy(() -> selection()).hasMessageContaining("some column");
  }

  private static EncryptedSelection selection(String... kinds) {
    List<EncryptedSelection.Column> columns = new ArrayList<>();
    for (String kind : kinds) {
      columns.add(EncryptedSelection.Column.of("c" + columns.size(), ColumnKind.parse(kind)));
    }
    return new EncryptedSelection(columns, false, (column, number) -> null);
  }

  /** Constants are not folded: the number of selectors says nothing of what is asked. */
  @Test
  void saysNothingOfItsValues() {
    Map<String, ColumnKind> kinds =
        Map.of("w", ColumnKind.parse("category(a,b)"), "m", ColumnKind.parse("ordered(1, 0..3)"));
    assertThat(inside("w in (a,b) and m < 0", kinds))
        .containsEntry("w", Subset.range(2, 0, 2))
        .containsEntry("m", Subset.empty(4));
    assertThat(inside("not (w = a or m < 1)", kinds))
        .containsEntry("w", Subset.range(2, 1, 2))
        .containsEntry("m", Subset.range(4, 1, 4));
  }

  private static Map<String, Subset> inside(String condition, Map<String, ColumnKind> kinds) {
    EncryptedSelection.Box box = EncryptedSelection.Box.of(Condition.parse(condition), kinds);
    assertThat(box.outside()).isFalse();
    return box.subsets();
  }

  @ParameterizedTest
  @ValueSource(strings = {"w = a or m < 1", "not (w != a and m >= 1)", "m < 1 or (w = a or m < 0)"})
  void columnsJoinedByOrAreOutsideOfABox(String condition) {
    Map<String, ColumnKind> kinds =
        Map.of("w", ColumnKind.parse("category(a,b)"), "m", ColumnKind.parse("ordered(1, 0..3)"));
    EncryptedSelection.Box box = EncryptedSelection.Box.of(Condition.parse(condition), kinds);
    assertThat(box.outside()).isTrue();
    assertThat(box.subsets())
        .containsEntry("w", Subset.range(2, 1, 2))
        .containsEntry("m", Subset.range(4, 1, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(w = a or m = 1) and v = c|joins different columns in another way",
        "not (w = a and m = 1) and v = c|joins different columns in another way",
        "w = a and m = 1 or v = c|joins different columns in another way",
        "w = a and u = token:00000000000000000000000000000000|stand in the clear",
        "r > 1|no condition can be computed",
        "x = 1|speaks of column x"
      })
  void refusesWhatIsNoBox(String text) {
    String[] both = text.split("\\|");
    Map<String, ColumnKind> kinds =
        Map.of(
            "w", ColumnKind.parse("category(a,b)"),
            "v", ColumnKind.parse("category(c,d)"),
            "m", ColumnKind.parse("ordered(1, 0..3)"),
            "u", ColumnKind.parse("token"),
            "r", ColumnKind.parse("real"));
    assertThatThrownBy(() -> EncryptedSelection.Box.of(Condition.parse(both[0]), kinds))
        .isInstanceOf(VeilsumException.class)
        .hasMessageContaining(both[1]);
  }

  @Test
  void refusesCkksAndMissingSets() {
    Map<String, ColumnKind> kinds = Map.of("w", ColumnKind.parse("category(a,b)"));
    BfvParameters set = Presets.BFV_8192.parameters();
    Backend clear = Backends.named("clear");
    Path file = folder.resolve("one.vsm");
    try (TableKey key = TableKey.ofSecret(master, clear)) {
      QueryFile.write(output(file), key, Condition.parse("w = a"), kinds, List.of(set));
      assertThatThrownBy(
              () ->
                  QueryFile.write(
                      output(folder.resolve("none.vsm")),
                      key,
                      Condition.parse("w = a"),
                      kinds,
                      List.of()))
          .hasMessageContaining("no masks under one set");
    }
    assertThat(folder.resolve("none.vsm")).doesNotExist();
    try (ContainerReader container = ContainerReader.open(file);
        MaskFixture real = new MaskFixture(clear.ckks(Presets.TABLE_REAL.parameters()))) {
      QueryFile query = QueryFile.read(container);
      assertThatThrownBy(() -> query.selection(clear.bfv(Presets.TABLE_INTEGER.parameters())))
          .isInstanceOfSatisfying(
              VeilsumException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETER_MISMATCH))
          .hasMessageContaining("--table-of");
      assertThatThrownBy(() -> real.evaluator.mask(query.selection(clear.bfv(set)), null))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }
  }
}
