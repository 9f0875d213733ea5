package dev.veilsum.table.where;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * A condition in sets of values, without "not": each column stands at most once under an and or an
 * or, constants are folded, and what other operands imply is left out. Equal formulas are equal
 * objects.
 */
sealed interface Formula {
  /** Every row, or none. */
  record Constant(boolean value) implements Formula {}

  /** The rows whose value of a column is in a set that is neither empty nor full. */
  record In(String column, RowSet set) implements Formula {}

  /** Two or more, none of which is an And or a Constant. */
  record And(List<Formula> operands) implements Formula {}

  /** Two or more, none of which is an Or or a Constant. */
  record Or(List<Formula> operands) implements Formula {}

  Formula ALWAYS = new Constant(true);
  Formula NEVER = new Constant(false);

  static Formula in(String column, RowSet set) {
    return set.isEmpty() ? NEVER : set.isFull() ? ALWAYS : new In(column, set);
  }

  static Formula and(List<Formula> operands) {
    return join(operands, true);
  }

  static Formula or(List<Formula> operands) {
    return join(operands, false);
  }

  /** The opposite, by De Morgan's laws. */
  default Formula not() {
    if (this instanceof In in) {
      return new In(in.column(), in.set().not());
    }
    if (this instanceof And and) {
      return or(and.operands().stream().map(Formula::not).toList());
    }
    if (this instanceof Or or) {
      return and(or.operands().stream().map(Formula::not).toList());
    }
    return new Constant(!((Constant) this).value());
  }

  /** The operands of an And or an Or; nothing of the others. */
  default List<Formula> operands() {
    return List.of();
  }

  /** Whether it speaks of public tokens only. */
  default boolean isPublic() {
    return this instanceof In in
        ? in.set() instanceof TokenSet
        : operands().stream().allMatch(Formula::isPublic);
  }

  /**
   * Whether a row is among them, where {@code in} tells whether its value of a column is in a set.
   */
  default boolean holds(BiPredicate<String, RowSet> in) {
    if (this instanceof In leaf) {
      return in.test(leaf.column(), leaf.set());
    }
    if (this instanceof And) {
      return operands().stream().allMatch(operand -> operand.holds(in));
    }
    if (this instanceof Or) {
      return operands().stream().anyMatch(operand -> operand.holds(in));
    }
    return ((Constant) this).value();
  }

  /** The and (or else the or) of formulas. */
  private static Formula join(List<Formula> operands, boolean and) {
    Map<String, RowSet> columns = new LinkedHashMap<>();
    Set<Formula> others = new LinkedHashSet<>();
    for (Formula operand : operands) {
      boolean same = and ? operand instanceof And : operand instanceof Or;
      for (Formula each : same ? operand.operands() : List.of(operand)) {
        if (each instanceof Constant constant) {
          if (constant.value() != and) {
            return constant;
          }
        } else if (each instanceof In in) {
          columns.merge(in.column(), in.set(), and ? RowSet::and : RowSet::or);
        } else {
          others.add(each);
        }
      }
    }
    List<Formula> all = new ArrayList<>();
    for (Map.Entry<String, RowSet> column : columns.entrySet()) {
      Formula in = in(column.getKey(), column.getValue());
      if (in instanceof Constant constant && constant.value() != and) {
        return constant;
      }
      if (!(in instanceof Constant)) {
        all.add(in);
      }
    }
    all.addAll(others);
    return Boxes.simplified(all, and);
  }

  /** The formula of operands that need no more joining. */
  static Formula joined(List<Formula> operands, boolean and) {
    return switch (operands.size()) {
      case 0 -> new Constant(and);
      case 1 -> operands.get(0);
      default -> and ? new And(List.copyOf(operands)) : new Or(List.copyOf(operands));
    };
  }
}
