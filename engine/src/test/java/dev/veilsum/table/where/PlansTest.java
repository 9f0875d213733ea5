package dev.veilsum.table.where;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.file.Buckets;
import dev.veilsum.file.ColumnKind;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many random conditions: formulas and plans, followed row by row in plain numbers. */
class PlansTest {
  @Test
  void formulasAndPlansKeepTheRows() {
    Random random = new Random(31);
    for (int i = 0; i < 1500; i++) {
      RowsTwin twin = new RowsTwin(random, 1 + random.nextInt(6), 12, true);
      Condition condition = twin.condition(random.nextInt(6));
      MaskPlan plan = MaskPlan.of(condition, twin.kinds);
      for (int row = 0; row < twin.rows.size(); row++) {
        int number = row;
        boolean truth = twin.holds(condition, row);
        assertThat(plan.formula().holds((column, set) -> isIn(twin, number, column, set)))
            .as("%s on %s", condition.text(), twin.rows.get(row))
            .isEqualTo(truth);
        if (!plan.steps().isEmpty()) {
          MaskNode mask = plan.steps().get(plan.steps().size() - 1);
          assertThat(value(mask, twin, row))
              .as("%s on %s", condition.text(), twin.rows.get(row))
              .isEqualTo(truth ? 1 : 0);
        }
      }
    }
  }

  /** Merging never costs more than the words: one product less than there are columns' parts. */
  @Test
  void plansAreNoLargerThanTheirConditions() {
    Random random = new Random(32);
    for (int i = 0; i < 1500; i++) {
      RowsTwin twin = new RowsTwin(random, 1 + random.nextInt(6), 1, false);
      Condition condition = twin.condition(random.nextInt(6));
      MaskCost cost = MaskPlan.of(condition, twin.kinds).cost();
      assertThat(cost.products()).isLessThan(parts(condition));
      assertThat(cost.depth()).isEqualTo(cost.layers()).isLessThanOrEqualTo(cost.products());
    }
  }

  private static int parts(Condition condition) {
    return condition instanceof Condition.Part
        ? 1
        : condition.operands().stream().mapToInt(PlansTest::parts).sum();
  }

  private static boolean isIn(RowsTwin twin, int row, String column, RowSet set) {
    Object value = twin.rows.get(row).get(column);
    ColumnKind kind = twin.kinds.get(column);
    if (set instanceof TokenSet tokens) {
      return tokens.contains((String) value);
    }
    int member;
    if (kind instanceof ColumnKind.Category category) {
      member = category.labels().indexOf(value);
    } else if (kind instanceof ColumnKind.Ordered ordered) {
      member = bucket(ordered.buckets(), (BigDecimal) value);
    } else {
      Buckets buckets = ((ColumnKind.Time) kind).buckets().orElseThrow();
      member = bucket(buckets, BigDecimal.valueOf((Long) value));
    }
    return ((Subset) set).contains(member);
  }

  private static int bucket(Buckets buckets, BigDecimal value) {
    int bucket = 0;
    while (bucket + 1 < buckets.count() && value.compareTo(buckets.boundary(bucket + 1)) >= 0) {
      bucket++;
    }
    return bucket;
  }

  /** What a step comes to in one row. */
  private static long value(MaskNode node, RowsTwin twin, int row) {
    if (node instanceof MaskNode.Linear linear) {
      long sum = linear.constant();
      for (int part : linear.plus()) {
        sum += twin.part(linear.column(), part, row, row + 1)[0];
      }
      for (int part : linear.minus()) {
        sum -= twin.part(linear.column(), part, row, row + 1)[0];
      }
      return sum;
    }
    if (node instanceof MaskNode.Product product) {
      return value(product.a(), twin, row) * value(product.b(), twin, row);
    }
    if (node instanceof MaskNode.Complement complement) {
      return 1 - value(complement.a(), twin, row);
    }
    MaskNode.PlainProduct product = (MaskNode.PlainProduct) node;
    boolean open = product.rows().holds((column, set) -> isIn(twin, row, column, set));
    return open ? value(product.a(), twin, row) : 0;
  }
}
