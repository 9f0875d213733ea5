package dev.veilsum.table.where;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the rows that are asked about fulfil, as it was written: comparisons of columns with
 * literals under and, or, not. Its text is SQL-like:
 *
 * <pre>
 *   condition = term *( "or" term )
 *   term      = factor *( "and" factor )
 *   factor    = "not" factor | "(" condition ")" | part
 *   part      = name ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" ) literal
 *             | name [ "not" ] "in" "(" literal *( "," literal ) ")"
 *             | name [ "not" ] "between" literal "and" literal        both ends belong to it
 *   name      = word | '"' text with "" for " '"'
 *   literal   = word | "'" text with '' for ' "'"
 *   word      = characters other than spaces and ( ) , = ! &lt; &gt; " '
 * </pre>
 *
 * Keywords are written in any case; a word that is one is quoted to be a name or a literal. What a
 * literal means is the column's to say.
 */
public sealed interface Condition {
  /** The longest text, in UTF-16 units. */
  int MAX_LENGTH = 1 << 16;

  /** How deep parentheses and nots may nest. */
  int MAX_NESTING = 100;

  /**
   * Reads a condition.
   *
   * @throws VeilsumException USAGE, with the position, where it is none or is beyond the limits
   */
  static Condition parse(String text) {
    return new ConditionParser(text).parse();
  }

  /** The canonical text, which {@link #parse} reads back to an equal condition. */
  String text();

  /** The columns it speaks of, in the order of the text. */
  default Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>();
    for (Condition operand : operands()) {
      columns.addAll(operand.columns());
    }
    return columns;
  }

  /** What it is composed of; nothing, where it is about one column. */
  List<Condition> operands();

  /** How deep it nests: 0 for a part. */
  default int nesting() {
    return operands().stream().mapToInt(Condition::nesting).max().orElse(-1) + 1;
  }

  /** A condition on one column. */
  sealed interface Part extends Condition {
    String column();

    @Override
    default List<Condition> operands() {
      return List.of();
    }

    @Override
    default Set<String> columns() {
      return Set.of(column());
    }
  }

  /** How a value is compared. */
  enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** As it is written. */
    public String text() {
      return text;
    }
  }

  /** {@code column operator literal}. */
  record Comparison(String column, Operator operator, String literal) implements Part {
    @Override
    public String text() {
      return Words.name(column) + " " + operator.text() + " " + Words.literal(literal);
    }
  }

  /** {@code column [not] in (literals)}: at least one. */
  record Membership(String column, List<String> literals, boolean negated) implements Part {
    public Membership {
      literals = List.copyOf(literals);
      if (literals.isEmpty()) {
        throw new VeilsumException(
            ErrorCode.USAGE, "the condition on " + column + " is \"in\" nothing; name a value");
      }
    }

    @Override
    public String text() {
      return literals.stream()
          .map(Words::literal)
          .collect(
              Collectors.joining(
                  ", ", Words.name(column) + (negated ? " not in (" : " in ("), ")"));
    }
  }

  /** {@code column [not] between low and high}: the same as at least low and at most high. */
  record Between(String column, String low, String high, boolean negated) implements Part {
    @Override
    public String text() {
      return "%s%s %s and %s"
          .formatted(
              Words.name(column),
              negated ? " not between" : " between",
              Words.literal(low),
              Words.literal(high));
    }
  }

  /** All of them; operands that are of this kind themselves are taken apart. */
  record And(List<Condition> operands) implements Condition {
    public And {
      List<Condition> flat = new ArrayList<>();
      for (Condition operand : operands) {
        flat.addAll(operand instanceof And and ? and.operands() : List.of(operand));
      }
      operands = Condition.several(flat, "and");
    }

    @Override
    public String text() {
      return operands.stream()
          .map(operand -> operand instanceof Or ? "(" + operand.text() + ")" : operand.text())
          .collect(Collectors.joining(" and "));
    }
  }

  /** At least one of them; operands that are of this kind themselves are taken apart. */
  record Or(List<Condition> operands) implements Condition {
    public Or {
      List<Condition> flat = new ArrayList<>();
      for (Condition operand : operands) {
        flat.addAll(operand instanceof Or or ? or.operands() : List.of(operand));
      }
      operands = Condition.several(flat, "or");
    }

    @Override
    public String text() {
      return operands.stream().map(Condition::text).collect(Collectors.joining(" or "));
    }
  }

  /** The opposite. */
  record Not(Condition operand) implements Condition {
    public Not {
      Condition.requireNesting(List.of(operand));
    }

    @Override
    public List<Condition> operands() {
      return List.of(operand);
    }

    @Override
    public String text() {
      return operand instanceof And || operand instanceof Or
          ? "not (" + operand.text() + ")"
          : "not " + operand.text();
    }
  }

  private static List<Condition> several(List<Condition> operands, String word) {
    if (operands.size() < 2) {
      throw new VeilsumException(
          ErrorCode.USAGE, "\"%s\" joins 2 or more, not %d".formatted(word, operands.size()));
    }
    requireNesting(operands);
    return List.copyOf(operands);
  }

  private static void requireNesting(List<Condition> operands) {
    if (operands.stream().anyMatch(operand -> operand.nesting() >= MAX_NESTING)) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a condition nests at most " + MAX_NESTING + " deep; write it flatter");
    }
  }
}
