package dev.veilsum.table.where;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.circuit.Scope;
import dev.veilsum.file.ColumnKind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A condition that is itself encrypted: for each of its columns a bit s_i for each label or bucket
 * i, in all slots of a ciphertext. With the one-hot masks o_i of the column's rows, the rows that
 * fulfil the conjunction over the columns are the product over the columns of sum s_i o_i. A
 * disjunction is what lies outside of the conjunction of the opposites (De Morgan): 1 less the
 * product, in the rows that exist.
 *
 * <p>Buckets are laid down as thermometers, o_i = T_i - T_(i+1); by parts, sum s_i o_i = sum d_i
 * T_i with d_0 = s_0, d_i = s_i - s_(i-1), T_0 = 1 in the rows that exist. So the selectors of
 * buckets are the d_i, and a column of B buckets takes B - 1 products and one relinearization.
 */
public final class EncryptedSelection implements RowSelection {
  /** Selectors that are loaded and multiplied in one pass. */
  private static final int BATCH = 16;

  private final List<Column> columns;
  private final boolean outside;
  private final Selectors selectors;

  /** Where encrypted selectors come from; called from several threads. */
  @FunctionalInterface
  public interface Selectors {
    /** Loads selector {@code number} of column {@code column}, both from 0; closed after use. */
    Reference.Ciphertext load(int column, int number);
  }

  /**
   * A column of the conjunction.
   *
   * @param selectors how many there are: its labels, or its buckets
   * @param thermometer whether they are buckets
   */
  public record Column(String name, int selectors, boolean thermometer) {
    /**
     * The column of a kind.
     *
     * @throws VeilsumException USAGE for a kind without labels or buckets
     */
    public static Column of(String name, ColumnKind kind) {
      if (!kind.isMasked()) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "column %s is %s: an encrypted condition takes category, ordered and time (step=)"
                    .formatted(name, Shown.text(kind.text()))
                + " columns");
      }
      boolean thermometer = !(kind instanceof ColumnKind.Category);
      return new Column(name, kind.masks() + (thermometer ? 1 : 0), thermometer);
    }

    /** The selectors of a subset of its labels (0, 1) or buckets (differences: -1, 0, 1). */
    public long[] values(Subset set) {
      long[] values = new long[selectors];
      for (int i = 0; i < selectors; i++) {
        int before = thermometer && i > 0 && set.contains(i - 1) ? 1 : 0;
        values[i] = (set.contains(i) ? 1 : 0) - before;
      }
      return values;
    }
  }

  /**
   * @param columns at least one, of different names
   * @param outside whether the rows are meant that do not fulfil the conjunction
   * @param selectors encrypted under the parameters of the masks
   */
  public EncryptedSelection(List<Column> columns, boolean outside, Selectors selectors) {
    if (columns.isEmpty()) {
      throw new VeilsumException(ErrorCode.USAGE, "an encrypted condition is about some column");
    }
    this.columns = List.copyOf(columns);
    this.outside = outside;
    this.selectors = selectors;
  }

  /**
   * Rows by one subset of each of some columns' labels or buckets.
   *
   * @param subsets that the values of a row are in
   * @param outside whether the other rows are meant
   */
  public record Box(Map<String, Subset> subsets, boolean outside) {
    /**
     * A condition as a box: the inside for columns joined by "and", the outside by "or".
     *
     * @throws VeilsumException USAGE where columns are joined by both; as {@link MaskPlan#of}
     */
    public static Box of(Condition condition, Map<String, ColumnKind> kinds) {
      boolean outside = condition.columns().size() > 1 && joinsByOr(condition);
      Map<String, Subset> subsets = new LinkedHashMap<>();
      collect(condition, outside, new Resolution(kinds), subsets);
      return new Box(subsets, outside);
    }

    private static boolean joinsByOr(Condition condition) {
      return condition instanceof Condition.Not not
          ? !joinsByOr(not.operand())
          : condition instanceof Condition.Or;
    }
  }

  private static void collect(
      Condition condition, boolean negated, Resolution resolution, Map<String, Subset> subsets) {
    if (condition instanceof Condition.Not not) {
      collect(not.operand(), !negated, resolution, subsets);
      return;
    }
    boolean joins =
        negated ? condition instanceof Condition.Or : condition instanceof Condition.And;
    if (joins) {
      condition.operands().forEach(each -> collect(each, negated, resolution, subsets));
      return;
    }
    if (condition.columns().size() > 1) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          ("\"%s\" joins different columns in another way than the whole condition; an encrypted"
                  + " condition joins columns by \"and\" only, or by \"or\" only: ask its parts one"
                  + " by one")
              .formatted(Shown.text(condition.text())));
    }
    RowSet set = setOf(condition, resolution);
    String column = condition.columns().iterator().next();
    if (!(set instanceof Subset subset)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "column %s has tokens, which stand in the clear: a condition on it cannot be encrypted"
              .formatted(column));
    }
    subsets.merge(column, negated ? subset.not() : subset, Subset::and);
  }

  /** The set of a condition on one column. */
  private static RowSet setOf(Condition condition, Resolution resolution) {
    if (condition instanceof Condition.Part part) {
      return resolution.set(part);
    }
    List<RowSet> sets = condition.operands().stream().map(each -> setOf(each, resolution)).toList();
    if (condition instanceof Condition.Not) {
      return sets.get(0).not();
    }
    return sets.stream()
        .reduce(condition instanceof Condition.And ? RowSet::and : RowSet::or)
        .orElseThrow();
  }

  @Override
  public Form form() {
    return Form.ENCRYPTED;
  }

  @Override
  public MaskCost cost() {
    int depth = 1 + 32 - Integer.numberOfLeadingZeros(columns.size() - 1);
    int parts = columns.stream().mapToInt(c -> c.thermometer ? c.selectors - 1 : c.selectors).sum();
    int joins = columns.size() - 1;
    return new MaskCost(depth, depth, parts + joins, columns.size() + joins, 0, parts);
  }

  @Override
  public List<String> columns() {
    return columns.stream().map(Column::name).toList();
  }

  @Override
  public String text() {
    return "encrypted, on " + String.join(outside ? " or " : ", ", columns());
  }

  /** The mask of a chunk, of degree 1. */
  Reference.Ciphertext mask(BfvBackend scheme, Reference.EvaluationKeys keys, MaskChunk chunk) {
    try (Scope scope = new Scope()) {
      Deque<Reference.Ciphertext> factors = new ArrayDeque<>();
      for (int i = 0; i < columns.size(); i++) {
        factors.add(scope.add(ofColumn(scheme, keys, i, chunk)));
      }
      while (factors.size() > 1) { // the front are the shallowest
        Reference.Ciphertext a = factors.remove();
        Reference.Ciphertext b = factors.remove();
        factors.add(scope.add(scheme.multiplyRelinearize(a, b, keys)));
        scope.end(a);
        scope.end(b);
      }
      Reference.Ciphertext inside = factors.remove();
      return outside ? outside(scheme, inside, chunk.rows()) : scope.keep(inside);
    }
  }

  /** 1 - a in the rows that exist. */
  private static Reference.Ciphertext outside(BfvBackend scheme, Reference.Ciphertext a, int rows) {
    try (Reference.Plaintext presence = presence(scheme, rows);
        Reference.Ciphertext negative = scheme.negate(a)) {
      return scheme.addPlain(negative, presence);
    }
  }

  private static Reference.Plaintext presence(BfvBackend scheme, int rows) {
    long[] ones = new long[rows];
    Arrays.fill(ones, 1);
    return scheme.encode(ones, 0, rows);
  }

  /** sum s_i o_i of one column. */
  private Reference.Ciphertext ofColumn(
      BfvBackend scheme, Reference.EvaluationKeys keys, int number, MaskChunk chunk) {
    Column column = columns.get(number);
    int first = column.thermometer ? 1 : 0;
    try (Scope scope = new Scope()) {
      Reference.Ciphertext sum =
          first == 1 ? scope.add(inRows(scheme, selectors.load(number, 0), chunk.rows())) : null;
      if (column.selectors > first) {
        Reference.Ciphertext products =
            scope.add(innerProduct(scheme, number, first, column, chunk));
        Reference.Ciphertext linear = scope.add(scheme.relinearize(products, keys));
        sum = sum == null ? linear : scope.add(scheme.add(sum, linear));
      }
      return scope.keep(sum);
    }
  }

  /** A selector in the rows that exist, and 0 in the other slots; closes the selector. */
  private static Reference.Ciphertext inRows(
      BfvBackend scheme, Reference.Ciphertext selector, int rows) {
    if (rows == scheme.parameters().slots()) {
      return selector;
    }
    try (selector;
        Reference.Plaintext presence = presence(scheme, rows)) {
      return scheme.multiplyPlain(selector, presence);
    }
  }

  /** The tensors of selectors and parts, summed a batch at a time; of degree 2. */
  private Reference.Ciphertext innerProduct(
      BfvBackend scheme, int number, int first, Column column, MaskChunk chunk) {
    try (Scope scope = new Scope()) {
      Reference.Ciphertext total = null;
      for (int from = first; from < column.selectors; from += BATCH) {
        int until = Math.min(column.selectors, from + BATCH);
        Reference.Ciphertext batch = scope.add(batch(scheme, number, first, from, until, chunk));
        if (total == null) {
          total = batch;
        } else {
          Reference.Ciphertext sum = scope.add(scheme.add(total, batch));
          scope.end(total);
          scope.end(batch);
          total = sum;
        }
      }
      return scope.keep(total);
    }
  }

  private Reference.Ciphertext batch(
      BfvBackend scheme, int number, int first, int from, int until, MaskChunk chunk) {
    String name = columns.get(number).name();
    Reference.Ciphertext[] bits = new Reference.Ciphertext[until - from];
    Reference.Ciphertext[] parts = new Reference.Ciphertext[until - from];
    try (Scope scope = new Scope()) {
      for (int i = from; i < until; i++) {
        bits[i - from] = scope.add(selectors.load(number, i));
        parts[i - from] = scope.add(MaskRun.part(scheme, chunk, name, i - first));
      }
      return scheme.innerProduct(List.of(bits), List.of(parts));
    }
  }
}
