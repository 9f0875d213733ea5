package dev.veilsum.table.where;

import dev.veilsum.file.ColumnKind;
import dev.veilsum.table.where.MaskNode.Complement;
import dev.veilsum.table.where.MaskNode.Linear;
import dev.veilsum.table.where.MaskNode.PlainProduct;
import dev.veilsum.table.where.MaskNode.Product;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * How the mask of a condition is computed: linear forms of the columns' masks, joined by products.
 * An and is a product; an or is the complement of the product of its operands' complements (De
 * Morgan), whose linear forms cost the same; products are taken in trees of the least depth.
 */
public final class MaskPlan implements RowSelection {
  private final Condition condition;
  private final Formula formula;
  private final List<MaskNode> steps;
  private final Map<MaskPart, Integer> uses;
  private final MaskCost cost;

  private MaskPlan(Condition condition, Formula formula, List<MaskNode> steps) {
    this.condition = condition;
    this.formula = formula;
    this.steps = steps;
    this.uses = new HashMap<>();
    for (MaskNode step : steps) {
      if (step instanceof Linear linear) {
        linear.plus().forEach(part -> use(linear.column(), part));
        linear.minus().forEach(part -> use(linear.column(), part));
      }
    }
    int products = (int) steps.stream().filter(Product.class::isInstance).count();
    int plain = (int) steps.stream().filter(PlainProduct.class::isInstance).count();
    this.cost =
        steps.isEmpty()
            ? MaskCost.NONE
            : new MaskCost(
                result().depth(), result().layers(), products, products, plain, uses.size());
  }

  private void use(String column, int part) {
    uses.merge(new MaskPart(column, part), 1, Integer::sum);
  }

  /** One ciphertext of a chunk's masks. */
  record MaskPart(String column, int part) {}

  /**
   * Plans a condition.
   *
   * @param kinds the table's columns by name
   * @throws dev.veilsum.VeilsumException BAD_INPUT for a column that is not there; USAGE for what
   *     its kind cannot tell exactly, saying what it can, or which kind can
   */
  public static MaskPlan of(Condition condition, Map<String, ColumnKind> kinds) {
    Formula formula = new Resolution(kinds).of(condition);
    boolean computed = !(formula instanceof Formula.Constant) && !formula.isPublic();
    List<MaskNode> steps =
        computed ? List.copyOf(new Planner(kinds).node(formula, false).steps()) : List.of();
    return new MaskPlan(condition, formula, steps);
  }

  @Override
  public Form form() {
    if (formula instanceof Formula.Constant constant) {
      return constant.value() ? Form.ALL : Form.NONE;
    }
    return formula.isPublic() ? Form.PUBLIC : Form.ENCRYPTED;
  }

  @Override
  public MaskCost cost() {
    return cost;
  }

  @Override
  public List<String> columns() {
    return List.copyOf(condition.columns());
  }

  @Override
  public String text() {
    return condition.text();
  }

  /** What was planned. */
  public Condition condition() {
    return condition;
  }

  /** What it comes down to. */
  Formula formula() {
    return formula;
  }

  /** The steps, operands first, the mask last; none where nothing is encrypted. */
  List<MaskNode> steps() {
    return steps;
  }

  private MaskNode result() {
    return steps.get(steps.size() - 1);
  }

  /** How often a part is added or subtracted. */
  int uses(MaskPart part) {
    return uses.get(part);
  }

  /** Makes the steps of formulas. */
  private record Planner(Map<String, ColumnKind> kinds) {
    /** The mask of a formula, or of its opposite. */
    MaskNode node(Formula formula, boolean negated) {
      if (formula instanceof Formula.In in) {
        Subset set = (Subset) in.set();
        return linear(in.column(), negated ? set.not() : set);
      }
      // An and is the product of its operands; an or, the opposite of that of their opposites.
      boolean or = formula instanceof Formula.Or;
      List<Formula> open = new ArrayList<>();
      List<MaskNode> factors = new ArrayList<>();
      for (Formula operand : formula.operands()) {
        if (operand.isPublic()) {
          open.add(or ? operand.not() : operand);
        } else {
          factors.add(node(operand, or));
        }
      }
      MaskNode product = open.isEmpty() ? product(factors) : product(factors, Formula.and(open));
      return or == negated ? product : complement(product);
    }

    private static MaskNode complement(MaskNode a) {
      return a instanceof Complement inner ? inner.a() : new Complement(a);
    }

    /** The product with public bits too, taken where it costs the fewest layers. */
    private static MaskNode product(List<MaskNode> factors, Formula open) {
      MaskNode last = new PlainProduct(product(factors), open);
      List<MaskNode> first = new ArrayList<>(factors);
      first.sort(Comparator.comparingInt(MaskNode::layers));
      first.set(0, new PlainProduct(first.get(0), open));
      MaskNode early = product(first);
      return early.layers() < last.layers() ? early : last;
    }

    /** The product of all, two of the fewest layers at a time: so the result has the fewest. */
    private static MaskNode product(List<MaskNode> factors) {
      record Factor(MaskNode node, int layers, int number) {}
      PriorityQueue<Factor> queue =
          new PriorityQueue<>(
              Comparator.comparingInt(Factor::layers).thenComparingInt(Factor::number));
      for (MaskNode factor : factors) {
        queue.add(new Factor(factor, factor.layers(), queue.size()));
      }
      for (int number = factors.size(); queue.size() > 1; number++) {
        Factor a = queue.remove();
        Factor b = queue.remove();
        int layers = Math.max(a.layers(), b.layers()) + 1;
        queue.add(new Factor(new Product(a.node(), b.node()), layers, number));
      }
      return queue.remove().node();
    }

    private MaskNode linear(String column, Subset set) {
      return kinds.get(column) instanceof ColumnKind.Category
          ? ofLabels(column, set)
          : ofThermometer(column, set);
    }

    /** The members' masks, or all rows less the others', whichever are fewer. */
    private static MaskNode ofLabels(String column, Subset set) {
      return 2 * set.count() <= set.size()
          ? new Linear(column, 0, set.list(), List.of())
          : new Linear(column, 1, List.of(), set.not().list());
    }

    /** The buckets a .. b - 1 are T_a - T_b; T_0 is 1 and the last one 0; part j - 1 is T_j. */
    private static MaskNode ofThermometer(String column, Subset set) {
      int constant = 0;
      List<Integer> plus = new ArrayList<>();
      List<Integer> minus = new ArrayList<>();
      for (Subset.Run run : set.runs()) {
        if (run.from() == 0) {
          constant = 1;
        } else {
          plus.add(run.from() - 1);
        }
        if (run.until() < set.size()) {
          minus.add(run.until() - 1);
        }
      }
      return new Linear(column, constant, List.copyOf(plus), List.copyOf(minus));
    }
  }
}
