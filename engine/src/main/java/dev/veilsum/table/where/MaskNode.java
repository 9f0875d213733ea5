package dev.veilsum.table.where;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One step of the computation of a mask. Equal steps are equal objects, and are computed once. */
sealed interface MaskNode {
  /**
   * A sum of masks of one column: {@code constant} in the rows that exist, and the parts added and
   * subtracted.
   *
   * @param constant 0 or 1
   * @param plus parts of the column's masks; together with {@code minus} at least one
   */
  record Linear(String column, int constant, List<Integer> plus, List<Integer> minus)
      implements MaskNode {
    @Override
    public List<MaskNode> operands() {
      return List.of();
    }
  }

  /** a * b: both. */
  record Product(MaskNode a, MaskNode b) implements MaskNode {
    @Override
    public List<MaskNode> operands() {
      return List.of(a, b);
    }
  }

  /** a * p, p public bits: those of the rows whose tokens fulfil a formula. */
  record PlainProduct(MaskNode a, Formula rows) implements MaskNode {
    @Override
    public List<MaskNode> operands() {
      return List.of(a);
    }
  }

  /** 1 - a in the rows that exist: the others. */
  record Complement(MaskNode a) implements MaskNode {
    @Override
    public List<MaskNode> operands() {
      return List.of(a);
    }
  }

  List<MaskNode> operands();

  /** Products of ciphertexts in a row. */
  default int depth() {
    int inner = operands().stream().mapToInt(MaskNode::depth).max().orElse(0);
    return this instanceof Product ? inner + 1 : inner;
  }

  /** Products in a row, those with public bits among them: each costs noise, or a level of CKKS. */
  default int layers() {
    int inner = operands().stream().mapToInt(MaskNode::layers).max().orElse(0);
    return this instanceof Product || this instanceof PlainProduct ? inner + 1 : inner;
  }

  /** All steps, each once, operands first. */
  default Set<MaskNode> steps() {
    Set<MaskNode> steps = new LinkedHashSet<>();
    collect(steps);
    return steps;
  }

  private void collect(Set<MaskNode> steps) {
    if (!steps.contains(this)) {
      operands().forEach(operand -> operand.collect(steps));
      steps.add(this);
    }
  }
}
