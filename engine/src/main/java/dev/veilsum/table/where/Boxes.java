package dev.veilsum.table.where;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges the operands of an or that are <i>boxes</i>, ands of sets of columns: one that another
 * contains is left out, and two that differ in one column become one (as in the minimization of
 * multiple-valued logic: Quine, "A Way to Simplify Truth Functions", 1955, for two values). The
 * operands of an and are merged as the or of their opposites.
 */
final class Boxes {
  /** Above so many operands the pairs are not gone through. */
  private static final int MOST = 64;

  private Boxes() {}

  /** The and (or else the or) of operands that are flat and name each column once. */
  static Formula simplified(List<Formula> operands, boolean and) {
    if (operands.size() < 2 || operands.size() > MOST) {
      return Formula.joined(operands, and);
    }
    List<Formula> others = new ArrayList<>();
    List<Map<String, RowSet>> boxes = new ArrayList<>();
    for (Formula operand : operands) {
      Map<String, RowSet> box = box(operand, and);
      if (box == null) {
        others.add(operand);
      } else {
        boxes.add(box);
      }
    }
    if (!merge(boxes)) {
      return Formula.joined(operands, and);
    }
    List<Formula> merged = new ArrayList<>();
    for (Map<String, RowSet> box : boxes) {
      Formula inside =
          Formula.and(
              box.entrySet().stream().map(e -> Formula.in(e.getKey(), e.getValue())).toList());
      merged.add(and ? inside.not() : inside);
    }
    merged.addAll(others);
    return and ? Formula.and(merged) : Formula.or(merged); // fewer operands than before
  }

  /** The box of an or's operand, or of the opposite of an and's; null where it is none. */
  private static Map<String, RowSet> box(Formula operand, boolean negated) {
    Map<String, RowSet> box = new LinkedHashMap<>();
    boolean composed = negated ? operand instanceof Formula.Or : operand instanceof Formula.And;
    for (Formula each : composed ? operand.operands() : List.of(operand)) {
      if (!(each instanceof Formula.In in)) {
        return null;
      }
      box.put(in.column(), negated ? in.set().not() : in.set());
    }
    return box;
  }

  /** Merges pairs until none is left that can be; whether there was one. */
  private static boolean merge(List<Map<String, RowSet>> boxes) {
    int before = boxes.size();
    boolean again = true;
    while (again) {
      again = false;
      for (int i = 0; i < boxes.size() && !again; i++) {
        for (int j = i + 1; j < boxes.size() && !again; j++) {
          Map<String, RowSet> union = union(boxes.get(i), boxes.get(j));
          if (union != null) {
            boxes.set(i, union);
            boxes.remove(j);
            again = true;
          }
        }
      }
    }
    return boxes.size() < before;
  }

  /** The union of two boxes where it is a box; otherwise null. */
  private static Map<String, RowSet> union(Map<String, RowSet> a, Map<String, RowSet> b) {
    if (contains(a, b)) {
      return a;
    }
    if (contains(b, a)) {
      return b;
    }
    if (!a.keySet().equals(b.keySet())) {
      return null;
    }
    List<String> different =
        a.keySet().stream().filter(column -> !a.get(column).equals(b.get(column))).toList();
    if (different.size() != 1) {
      return null;
    }
    Map<String, RowSet> union = new LinkedHashMap<>(a);
    union.computeIfPresent(different.get(0), (column, set) -> set.or(b.get(column)));
    return union;
  }

  private static boolean contains(Map<String, RowSet> outer, Map<String, RowSet> inner) {
    return outer.entrySet().stream()
        .allMatch(
            side ->
                inner.containsKey(side.getKey())
                    && inner.get(side.getKey()).isWithin(side.getValue()));
  }
}
