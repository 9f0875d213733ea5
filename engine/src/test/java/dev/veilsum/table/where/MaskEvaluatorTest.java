package dev.veilsum.table.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.Presets;
import dev.veilsum.table.where.RowSelection.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Masks of random conditions on random rows are those of the rows that fulfil them. */
class MaskEvaluatorTest {
  /** Random conditions over random columns; returns how often each form came. */
  private static Map<Form, Integer> agree(
      MaskFixture table, Random random, int times, int depth, int layers, boolean tokens) {
    Map<Form, Integer> forms = new LinkedHashMap<>();
    for (int i = 0; i < times; i++) {
      int rows =
          switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> table.slots();
            default -> 1 + random.nextInt(table.slots());
          };
      RowsTwin twin = new RowsTwin(random, 1 + random.nextInt(5), rows, tokens);
      for (int n = 0; n < 4; n++) {
        Condition condition = twin.condition(random.nextInt(depth + 1));
        MaskPlan plan = MaskPlan.of(Condition.parse(condition.text()), twin.kinds);
        if (plan.cost().layers() > layers) {
          continue;
        }
        forms.merge(plan.form(), 1, Integer::sum);
        assertThat(table.bits(plan, table.chunk(twin, 0, rows)))
            .as("%s on %s, %d rows", condition.text(), twin.kinds, rows)
            .isEqualTo(twin.truth(condition, table.slots()));
      }
    }
    return forms;
  }

  @Test
  void anyConditionInTheClear() {
    Backend clear = Backends.named("clear");
    try (MaskFixture table = new MaskFixture(clear.bfv(MaskFixture.SMALL))) {
      Map<Form, Integer> forms = agree(table, new Random(11), 120, 4, 99, true);
      assertThat(forms).containsOnlyKeys(Form.values());
      assertThat(forms.get(Form.ENCRYPTED)).isGreaterThan(160);
    }
  }

  @Test
  void someConditionsEncrypted() {
    try (MaskFixture table =
        new MaskFixture(Backends.byDefault().bfv(Presets.BFV_8192.parameters()))) {
      Map<Form, Integer> forms = agree(table, new Random(12), 10, 3, 3, true);
      assertThat(forms.get(Form.ENCRYPTED)).isGreaterThan(10);
    }
  }

  @Test
  void someConditionsWithProductsOfBgv() {
    Backend core = Backends.byDefault();
    try (MaskFixture table = new MaskFixture(core.bgv(Presets.BGV_8192.parameters()))) {
      Map<Form, Integer> forms = agree(table, new Random(17), 10, 3, 3, true);
      assertThat(forms.get(Form.ENCRYPTED)).isGreaterThan(10);
    }
  }

  @Test
  void oneProductUnderTheTablesOwnParameters() {
    try (MaskFixture table =
        new MaskFixture(Backends.byDefault().bfv(Presets.TABLE_INTEGER.parameters()))) {
      agree(table, new Random(13), 6, 1, 1, true);
    }
  }

  @Test
  void threeProductsUnderTheDeepParameters() {
    Backend core = Backends.byDefault();
    try (MaskFixture table = new MaskFixture(core.bfv(Presets.TABLE_INTEGER_DEEP.parameters()))) {
      agree(table, new Random(18), 3, 4, 3, true);
    }
  }

  @Test
  void linearMasksUnderTheParametersOfRealNumbers() {
    try (MaskFixture table =
        new MaskFixture(Backends.byDefault().ckks(Presets.TABLE_REAL.parameters()))) {
      agree(table, new Random(14), 6, 1, 0, false);
    }
  }

  @Test
  void deeperMasksWhereCkksHasLevels() {
    CkksParameters parameters = Presets.CKKS_8192.parameters();
    try (MaskFixture table = new MaskFixture(Backends.byDefault().ckks(parameters))) {
      agree(table, new Random(15), 6, 2, 3, true);
    }
    try (MaskFixture table = new MaskFixture(Backends.named("clear").ckks(parameters))) {
      agree(table, new Random(16), 6, 2, 3, true);
    }
  }

  @Test
  void publicBitsOfNobody() {
    RowsTwin twin = new RowsTwin(new Random(4), 0, 0, false);
    twin.kinds.put("w", ColumnKind.parse("category(a,b)"));
    twin.kinds.put("u", ColumnKind.parse("token"));
    for (int i = 0; i < 10; i++) {
      twin.rows.add(Map.of("w", "a", "u", "0".repeat(32)));
    }
    Condition condition = Condition.parse("w = a and u = token:" + "f".repeat(32));
    try (MaskFixture table =
        new MaskFixture(Backends.byDefault().bfv(Presets.TABLE_INTEGER.parameters()))) {
      MaskPlan plan = MaskPlan.of(condition, twin.kinds);
      assertThat(table.bits(plan, table.chunk(twin, 0, 10))).containsOnly(0);
    }
  }

  @Test
  void rehearsesAndRefusesWithNumbers() {
    RowsTwin twin = new RowsTwin(new Random(3), 0, 0, false);
    for (String column : List.of("a", "b", "c", "d")) {
      twin.kinds.put(column, ColumnKind.parse("category(x,y)"));
    }
    twin.rows.add(Map.of("a", "x", "b", "x", "c", "x", "d", "x"));
    try (MaskFixture table =
        new MaskFixture(Backends.byDefault().bfv(Presets.TABLE_INTEGER.parameters()))) {
      MaskPlan one = MaskPlan.of(Condition.parse("a = x and b = x"), twin.kinds);
      MaskEvaluator.Rehearsal left = table.evaluator.rehearse(one, table.chunk(twin, 0, 1));
      assertThat(left.budgetBits()).isPositive();
      assertThat(left.seconds()).isPositive();
      MaskPlan two = MaskPlan.of(Condition.parse("a = x and b = x or c = x and d = x"), twin.kinds);
      assertThatThrownBy(() -> table.evaluator.rehearse(two, table.chunk(twin, 0, 1)))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOISE_BUDGET))
          .hasMessageContaining("2 products in a row")
          .hasMessageContaining("--depth deep")
          .hasMessageContaining("a = x and b = x or c = x and d = x");
      table.loaded.forEach(
          part ->
              assertThatThrownBy(() -> table.scheme.level(part))
                  .isInstanceOf(VeilsumException.class));
    }
  }

  @Test
  void refusesTheWrongForm() {
    Map<String, ColumnKind> kinds = Map.of("a", ColumnKind.parse("category(x)"));
    MaskPlan all = MaskPlan.of(Condition.parse("a = x"), kinds);
    try (MaskFixture table =
        new MaskFixture(Backends.named("clear").bfv(Presets.BFV_8192.parameters()))) {
      assertThatThrownBy(() -> table.evaluator.mask(all, null)).hasMessageContaining("ALL");
      assertThatThrownBy(() -> table.evaluator.publicBits(all, null))
          .hasMessageContaining("PUBLIC");
    }
  }
}
