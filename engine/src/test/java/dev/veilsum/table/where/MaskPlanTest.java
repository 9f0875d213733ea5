package dev.veilsum.table.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.table.where.RowSelection.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What conditions mean for the kinds of columns, what is refused, and what it costs. */
class MaskPlanTest {
  private static final String A = "token:00112233445566778899AABBCCDDEEFF";
  private static final String B = "token:ffffffffffffffffffffffffffffffff";
  private static final Map<String, ColumnKind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("w", ColumnKind.parse("category(sun,rain,\"snow, hail\",fog,\"\")"));
    KINDS.put("v", ColumnKind.parse("category(x,y)"));
    KINDS.put("one", ColumnKind.parse("category(only)"));
    KINDS.put("m", ColumnKind.parse("ordered(0.5, -1..4)")); // 11 buckets
    KINDS.put("f", ColumnKind.parse("ordered(10, 0..95; floor)")); // 10 buckets
    KINDS.put("t", ColumnKind.parse("time(2026-03-27..2026-04-02; step=1d; zone=Europe/Berlin)"));
    KINDS.put("h", ColumnKind.parse("time(2026-01-01..2026-01-02; step=6h)")); // 8 buckets
    KINDS.put("plain", ColumnKind.parse("time(2026-01-01..2026-01-02)"));
    KINDS.put("u", ColumnKind.parse("token"));
    KINDS.put("r", ColumnKind.parse("real(-1..1)"));
    KINDS.put("n", ColumnKind.parse("integer(0..9)"));
    KINDS.put("s", ColumnKind.parse("sorted(0..9)"));
  }

  private static MaskPlan plan(String condition) {
    return MaskPlan.of(Condition.parse(condition), KINDS);
  }

  private static Formula formula(String condition) {
    return plan(condition).formula();
  }

  private static MaskNode mask(String condition) {
    List<MaskNode> steps = plan(condition).steps();
    return steps.get(steps.size() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Labels.
        "w = rain|w|1|1",
        "w in (sun, fog, sun)|w|0 3",
        "w != 'snow, hail'|w|0 1 3 4",
        "w not in (sun, rain)|w|2 3 4",
        // Values on a grid: every comparison, also with literals off it.
        "m >= 0|m|2 3 4 5 6 7 8 9 10",
        "m > 0|m|3 4 5 6 7 8 9 10",
        "m < 0.25|m|0 1 2",
        "m <= -0.5|m|0 1",
        "m = 4.00|m|10",
        "m between -0.5 and 0.5|m|1 2 3",
        "m not between 0.1 and 0.9|m|0 1 2 4 5 6 7 8 9 10",
        "m in (-1, 0, 99, 0.3)|m|0 2",
        // Buckets: at boundaries, and beyond the range.
        "f >= 10|f|1 2 3 4 5 6 7 8 9",
        "f < 90.0|f|0 1 2 3 4 5 6 7 8",
        "f >= 20 and f < 40|f|2 3",
        "not f < 80|f|8 9",
        // Days of a zone, one of them of 23 hours; instants at boundaries.
        "t = 2026-03-29|t|2",
        "t between 2026-03-28 and 2026-03-30|t|1 2 3",
        "t > 2026-03-31|t|5 6",
        "t <= 2026-03-27|t|0",
        "t >= 2026-03-29T22:00:00Z|t|3 4 5 6",
        "t < 2026-03-29T23:00:00+01:00|t|0 1 2",
        "h = 2026-01-01|h|0 1 2 3",
        "h < 2026-01-01T18:00:00Z|h|0 1 2"
      })
  void columnsBecomeSets(String condition, String column, String members) {
    assertThat(formula(condition))
        .isInstanceOfSatisfying(
            Formula.In.class,
            in -> {
              assertThat(in.column()).isEqualTo(column);
              assertThat(((Subset) in.set()).list())
                  .isEqualTo(List.of(members.split(" ")).stream().map(Integer::valueOf).toList());
            });
    assertThat(formula("not (" + condition + ")")).isEqualTo(formula(condition).not());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "m = 0.3|false",
        "m > 4|false",
        "m <= 4|true",
        "m >= -1|true",
        "m < -7|false",
        "f < 0|false",
        "f >= 0|true",
        "f <= 1000|true",
        "f = 96|false",
        "m between 2 and 1|false",
        "t < 2026-04-03|true",
        "t >= 2027-01-01|false",
        "one = only|true",
        "one != only|false",
        "w = rain and w = sun|false",
        "w != rain or w != sun|true",
        "w = rain or v = x or w != rain|true",
        "u = " + A + " and u != " + A + "|false",
        "w = rain and one != only|false",
        "(w = rain and v = x) and (w = sun or one != only)|false"
      })
  void constantsFold(String condition, boolean value) {
    assertThat(plan(condition).form()).isEqualTo(value ? Form.ALL : Form.NONE);
    assertThat(plan(condition).cost()).isEqualTo(MaskCost.NONE);
    assertThat(plan(condition).steps()).isEmpty();
  }

  /** Conditions that say the same come down to the same formula. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "w = sun or w = rain|w in (rain, sun)",
        "w in (sun, rain) and not w = sun|w = rain",
        "w = sun and v = x or w = rain and v = x|w in (sun, rain) and v = x",
        "(w = sun or v = x) and (w = rain or v = x)|v = x",
        "w = sun and (w = sun or v = x)|w = sun",
        "w = sun or w = sun and v = x|w = sun",
        "not (w = sun and not v = x)|w != sun or v = x",
        "m > 0 and w = sun and m < 2|w = sun and m >= 0.5 and m <= 1.5",
        "u = " + A + " or u = " + B + "|u in (" + B + ", " + A + ")",
        "v = x and w = sun or v = y and w = sun|w = sun"
      })
  void sameColumnsMerge(String condition, String simpler) {
    Formula expected = formula(simpler);
    Formula found = formula(condition);
    assertThat(found.operands().isEmpty() ? List.of(found) : found.operands())
        .containsExactlyInAnyOrderElementsOf(
            expected.operands().isEmpty() ? List.of(expected) : expected.operands());
    assertThat(found.getClass()).isEqualTo(expected.getClass());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x = 1|BAD_INPUT|speaks of column x|there are w, v, one, m",
        "r > 0|USAGE|column r is real(-1.0..1.0), on which no condition|ordered(step, min..max)",
        "n = 1|USAGE|integer(0..9), on which no condition|declared a second time",
        "s = 1|USAGE|sorted(0..9), on which no condition|time(...; step=...)",
        "plain < 2026-01-01|USAGE|on which no condition|time(...; step=...)",
        "w < rain|USAGE|labels have no order|=, != or in",
        "w = hail|USAGE|none of its labels|sun, rain, snow, hail, fog",
        "m = abc|USAGE|no number|m = abc",
        "m < 1e3|USAGE|no number|ordered(0.5, -1.0..4.0)",
        "f < 15|USAGE|cuts a bucket|10 and 20",
        "f >= 95|USAGE|cuts a bucket|starts at 90",
        "f <= 10|USAGE|cuts a bucket|< or >=",
        "f > 95|USAGE|cuts a bucket|starts at 90",
        "f >= 95.5|USAGE|cuts a bucket|starts at 90",
        "f = 10|USAGE|cuts a bucket|10 and 20",
        "f between 10 and 20|USAGE|f <= 20|20 and 30",
        "t < 2026-03-29T10:00:00Z|USAGE|2026-03-28T23:00:00Z and 2026-03-29T22:00:00Z|cuts",
        "t <= 2026-03-29T22:00:00Z|USAGE|cuts a bucket|2026-03-29T22:00:00Z",
        "t = tomorrow|USAGE|tomorrow|not a time",
        "h < 2026-01-01T03:00:00Z|USAGE|2026-01-01T00:00:00Z and 2026-01-01T06:00:00Z|cuts",
        "u < " + A + "|USAGE|tokens have no order|in",
        "u = alice|USAGE|by its token|veilsum token",
        "u = token:12|USAGE|32 hexadecimal digits|veilsum token"
      })
  void refusesWhatAKindCannotTell(String condition, ErrorCode code, String word, String other) {
    assertThatThrownBy(() -> plan(condition))
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(word)
        .hasMessageContaining(other);
  }

  @Test
  void longListsAreCutInMessages() {
    StringBuilder labels = new StringBuilder("category(a0");
    for (int i = 1; i < 1000; i++) {
      labels.append(",a").append(i);
    }
    Map<String, ColumnKind> kinds = Map.of("w", ColumnKind.parse(labels + ")"));
    assertThatThrownBy(() -> MaskPlan.of(Condition.parse("w = b"), kinds))
        .hasMessageContaining("a11 and 988 more")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
  }

  @Test
  void labelsAreSummedTheShorterWay() {
    assertThat(mask("w = rain")).isEqualTo(new MaskNode.Linear("w", 0, List.of(1), List.of()));
    assertThat(mask("w != rain")).isEqualTo(new MaskNode.Linear("w", 1, List.of(), List.of(1)));
    assertThat(mask("w in (sun, rain)"))
        .isEqualTo(new MaskNode.Linear("w", 0, List.of(0, 1), List.of()));
  }

  @Test
  void intervalsAreDifferencesOfThermometers() {
    assertThat(mask("m >= 0")).isEqualTo(new MaskNode.Linear("m", 0, List.of(1), List.of()));
    assertThat(mask("m < 0")).isEqualTo(new MaskNode.Linear("m", 1, List.of(), List.of(1)));
    assertThat(mask("m = 0")).isEqualTo(new MaskNode.Linear("m", 0, List.of(1), List.of(2)));
    assertThat(mask("m <= -0.5 or m = 1 or m >= 3.5"))
        .isEqualTo(new MaskNode.Linear("m", 1, List.of(3, 8), List.of(1, 4)));
  }

  @Test
  void costsAreKnownBeforehand() {
    assertThat(plan("w = rain").cost()).isEqualTo(new MaskCost(0, 0, 0, 0, 0, 1));
    assertThat(plan("w = rain and v = x").cost()).isEqualTo(new MaskCost(1, 1, 1, 1, 0, 2));
    assertThat(plan("w = rain or v = x or m < 1 or f < 10 or t < 2026-03-28").cost())
        .isEqualTo(new MaskCost(3, 3, 4, 4, 0, 5));
    // A deep operand joins last: (w v) (m f) would be 3 deep with h after it, and is with it.
    assertThat(plan("(w = rain and v = x or m < 1) and f < 10 and h < 2026-01-01T06:00:00Z").cost())
        .isEqualTo(new MaskCost(3, 3, 4, 4, 0, 5));
    // The same and is computed once, and its masks are read once.
    MaskCost shared =
        plan("(w = rain and v = x or m < 1) and (w = rain and v = x or f < 10)").cost();
    assertThat(shared.products()).isEqualTo(4);
    assertThat(shared.ciphertexts()).isEqualTo(4);
  }

  @Test
  void tokensArePublic() {
    MaskPlan tokens = plan("u = " + A + " or not u in (" + A + "," + B + ")");
    assertThat(tokens.form()).isEqualTo(Form.PUBLIC);
    assertThat(tokens.cost()).isEqualTo(MaskCost.NONE);
    MaskPlan mixed = plan("w = rain and u = " + A);
    assertThat(mixed.form()).isEqualTo(Form.ENCRYPTED);
    assertThat(mixed.cost()).isEqualTo(new MaskCost(0, 1, 0, 0, 1, 1));
    // Where there is a shorter branch, public bits are multiplied there.
    assertThat(plan("(w = rain or u = " + A + ") and v = x and m < 1 and f < 10").cost())
        .isEqualTo(new MaskCost(2, 3, 3, 3, 1, 4));
    assertThat(plan("w = rain and v = x and m < 1 and u = " + A).cost())
        .isEqualTo(new MaskCost(2, 2, 2, 2, 1, 3));
    assertThat(mixed.columns()).containsExactly("w", "u");
    assertThat(mixed.text()).isEqualTo("w = rain and u = " + A);
  }

  @Test
  void hugeConditionsArePlanned() {
    StringBuilder condition = new StringBuilder("w = rain and v = x");
    for (int i = 0; i < 1500; i++) {
      condition.append(" or m = ").append(i % 5).append(" and t = 2026-03-").append(28 + i % 3);
      condition.append(" and w = ").append(i % 2 == 0 ? "sun" : "rain");
    }
    MaskPlan plan = plan(condition.toString());
    assertThat(plan.form()).isEqualTo(Form.ENCRYPTED);
    assertThat(plan.cost().layers()).isLessThan(10);
  }
}
