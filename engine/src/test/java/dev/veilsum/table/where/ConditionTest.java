package dev.veilsum.table.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.table.where.Condition.And;
import dev.veilsum.table.where.Condition.Between;
import dev.veilsum.table.where.Condition.Comparison;
import dev.veilsum.table.where.Condition.Membership;
import dev.veilsum.table.where.Condition.Not;
import dev.veilsum.table.where.Condition.Operator;
import dev.veilsum.table.where.Condition.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The grammar of conditions: what it reads, how it writes it, and what it says of mistakes. */
class ConditionTest {
  private static Comparison equal(String column, String literal) {
    return new Comparison(column, Operator.EQUAL, literal);
  }

  @Test
  void readsComparisons() {
    assertThat(Condition.parse("w = rain")).isEqualTo(equal("w", "rain"));
    assertThat(Condition.parse(" w=rain ")).isEqualTo(equal("w", "rain"));
    assertThat(Condition.parse("w!=rain"))
        .isEqualTo(new Comparison("w", Operator.NOT_EQUAL, "rain"));
    assertThat(Condition.parse("w <> rain"))
        .isEqualTo(new Comparison("w", Operator.NOT_EQUAL, "rain"));
    assertThat(Condition.parse("mag>=-1.5"))
        .isEqualTo(new Comparison("mag", Operator.GREATER_OR_EQUAL, "-1.5"));
    assertThat(Condition.parse("mag<+2")).isEqualTo(new Comparison("mag", Operator.LESS, "+2"));
    assertThat(Condition.parse("t <= 2026-03-01T12:30:00+02:00"))
        .isEqualTo(new Comparison("t", Operator.LESS_OR_EQUAL, "2026-03-01T12:30:00+02:00"));
    assertThat(Condition.parse("user=token:00ff")).isEqualTo(equal("user", "token:00ff"));
    assertThat(Condition.parse("wind-speed > 3"))
        .isEqualTo(new Comparison("wind-speed", Operator.GREATER, "3"));
  }

  @Test
  void readsListsAndRanges() {
    assertThat(Condition.parse("w in (rain, 'snow, hail',fog)"))
        .isEqualTo(new Membership("w", List.of("rain", "snow, hail", "fog"), false));
    assertThat(Condition.parse("w NOT In(rain)"))
        .isEqualTo(new Membership("w", List.of("rain"), true));
    assertThat(Condition.parse("m between 1 and 2 and w=rain"))
        .isEqualTo(new And(List.of(new Between("m", "1", "2", false), equal("w", "rain"))));
    assertThat(Condition.parse("m not between 1 and 2"))
        .isEqualTo(new Between("m", "1", "2", true));
  }

  @Test
  void bindsAndBeforeOrAndNotBeforeBoth() {
    Condition a = equal("a", "1");
    Condition b = equal("b", "2");
    Condition c = equal("c", "3");
    assertThat(Condition.parse("a=1 or b=2 and c=3"))
        .isEqualTo(new Or(List.of(a, new And(List.of(b, c)))));
    assertThat(Condition.parse("(a=1 or b=2) and c=3"))
        .isEqualTo(new And(List.of(new Or(List.of(a, b)), c)));
    assertThat(Condition.parse("not a=1 and b=2")).isEqualTo(new And(List.of(new Not(a), b)));
    assertThat(Condition.parse("not (a=1 and b=2)")).isEqualTo(new Not(new And(List.of(a, b))));
    assertThat(Condition.parse("not not a=1")).isEqualTo(new Not(new Not(a)));
    assertThat(Condition.parse("(a=1 and (b=2 and c=3))")).isEqualTo(new And(List.of(a, b, c)));
    assertThat(Condition.parse("a=1 or (b=2 or c=3)").columns()).containsExactly("a", "b", "c");
  }

  @Test
  void quotesNamesAndLiterals() {
    assertThat(Condition.parse("\"wind \"\"speed\"\"\" = 'it''s'"))
        .isEqualTo(equal("wind \"speed\"", "it's"));
    assertThat(Condition.parse("\"and\" = 'or'")).isEqualTo(equal("and", "or"));
    assertThat(Condition.parse("\"\" = ''")).isEqualTo(equal("", ""));
    assertThat(Condition.parse("größe\u00a0= 東京")).isEqualTo(equal("größe", "東京"));
  }

  @Test
  void writesItsCanonicalText() {
    assertThat(Condition.parse("( w in(a,'b c') AND not(x>1 or\n\ty between 2 and 3))").text())
        .isEqualTo("w in (a, 'b c') and not (x > 1 or y between 2 and 3)");
    assertThat(Condition.parse("(a=1 or b=2) and \"in\"='and'").text())
        .isEqualTo("(a = 1 or b = 2) and \"in\" = 'and'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|1|a column|the end",
        "w|2|=, !=|the end",
        "w =|4|a literal|the end",
        "w = and|5|a literal|and",
        "w = \"x\"|5|single quotes|\"x\"",
        "'w' = x|1|a column|'w'",
        "and = x|1|keyword|and = x",
        "w == x|4|a literal|= x",
        "w = x y|7|\"and\", \"or\"|y",
        "(w = x|7|\")\" of position 1|the end",
        "w = x)|6|the end|)",
        "w in x|6|\"(\" of \"in\"|x",
        "w in ()|7|a literal|)",
        "w in (a b)|9|\",\" or|b)",
        "w in (a,|9|a literal|the end",
        "w not = x|7|\"in\" or \"between\"|= x",
        "w between 1|12|\"and\" of|the end",
        "w between 1 and|16|a literal|the end",
        "w = 'abc|5|quote ' is not closed|'",
        "\"w = 1|1|not closed|position 1",
        "!w = x|1|write \"not\"|!",
        "w = x or|9|a column|the end",
        "not|4|a column|the end",
        "5 ! 3|3|write \"not\"|!",
        "a = 1 and or b = 2|11|a column|or b = 2"
      })
  void namesThePositionOfMistakes(String text, int position, String expected, String found) {
    assertThatThrownBy(() -> Condition.parse(text))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE))
        .hasMessageContaining("position " + position + ":")
        .hasMessageContaining(expected)
        .hasMessageContaining(found);
  }

  @Test
  void refusesControlCharacters() {
    assertThatThrownBy(() -> Condition.parse("w = a\u0000"))
        .hasMessageContaining("position 6")
        .hasMessageContaining("U+0000");
  }

  @Test
  void refusesWhatIsHuge() {
    assertThatThrownBy(() -> Condition.parse("a = 1 or ".repeat(120_000) + "a = 1"))
        .hasMessageContaining("at most 65536 characters");
    assertThatThrownBy(() -> Condition.parse("(".repeat(10_000)))
        .hasMessageContaining("position 101")
        .hasMessageContaining("at most 100 deep");
    assertThatThrownBy(() -> Condition.parse("(".repeat(10_000) + "a = 1" + ")".repeat(10_000)))
        .hasMessageContaining("at most 100 deep");
    assertThatThrownBy(() -> Condition.parse("not ".repeat(10_000) + "a = 1"))
        .hasMessageContaining("position 401")
        .hasMessageContaining("at most 100 deep");
    assertThatCode(() -> Condition.parse("(".repeat(100) + "a = 1" + ")".repeat(100)))
        .doesNotThrowAnyException();
    Condition many = Condition.parse("a = 1 and ".repeat(6_000) + "b = 2");
    assertThat(Condition.parse(many.text())).isEqualTo(many);
  }

  @Test
  void refusesToNestBeyondTheLimit() {
    Condition deep = equal("a", "1");
    for (int i = 0; i < Condition.MAX_NESTING; i++) {
      deep = new Not(deep);
    }
    Condition deepest = deep;
    assertThat(Condition.parse(deepest.text())).isEqualTo(deepest);
    assertThatThrownBy(() -> new Not(deepest)).hasMessageContaining("nests at most");
    assertThatThrownBy(() -> new And(List.of(deepest, deepest)))
        .hasMessageContaining("nests at most");
  }

  @Test
  void refusesConditionsOfNothing() {
    assertThatThrownBy(() -> new And(List.of())).hasMessageContaining("2 or more");
    assertThatThrownBy(() -> new Or(List.of(equal("a", "1")))).hasMessageContaining("2 or more");
    assertThatThrownBy(() -> new Membership("a", List.of(), false)).hasMessageContaining("in");
  }

  /** Any condition, with any texts, is what its text says. */
  @Test
  void readsBackWhatItWrites() {
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      Condition condition = any(random, 5);
      assertThat(Condition.parse(condition.text())).isEqualTo(condition);
    }
  }

  /** Any text is read or refused with one line, soon. */
  @Test
  void survivesAnyText() {
    Random random = new Random(2);
    String[] pieces = {
      "and", "or", "not", "in", "between", "(", ")", ",", "=", "<", ">", "!", "'", "\"", " ", "a",
      "1.5", "\n", "é", "\ud83d", "--"
    };
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
      }
      try {
        Condition condition = Condition.parse(text.toString());
        assertThat(Condition.parse(condition.text())).isEqualTo(condition);
        read++;
      } catch (VeilsumException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
        assertThat(e.getMessage()).contains("position");
      }
    }
    assertThat(read).isPositive();
  }

  private static Condition any(Random random, int depth) {
    Supplier<List<Condition>> several =
        () -> {
          List<Condition> all = new ArrayList<>();
          for (int i = 2 + random.nextInt(3); i > 0; i--) {
            all.add(any(random, depth - 1));
          }
          return all;
        };
    return switch (depth == 0 ? 3 + random.nextInt(3) : random.nextInt(6)) {
      case 0 -> new And(several.get());
      case 1 -> new Or(several.get());
      case 2 -> new Not(any(random, depth - 1));
      case 3 ->
          new Comparison(
              word(random),
              Operator.values()[random.nextInt(Operator.values().length)],
              word(random));
      case 4 ->
          new Membership(word(random), List.of(word(random), word(random)), random.nextBoolean());
      default -> new Between(word(random), word(random), word(random), random.nextBoolean());
    };
  }

  private static String word(Random random) {
    String alphabet = "ab and()='\",<>!-.: \u00a0é\t";
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return random.nextInt(6) == 0 ? "not" : word.toString();
  }
}
