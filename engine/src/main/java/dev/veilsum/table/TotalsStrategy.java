package dev.veilsum.table;

import dev.veilsum.backend.Reference;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.SelectedTotals.Term;
import dev.veilsum.table.where.MaskCost;
import dev.veilsum.table.where.RowSelection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Totals over the selected rows, from which the key holder works out the answer: sums of values,
 * squares, masks. What is decrypted are these totals alone.
 */
final class TotalsStrategy extends Strategy {
  static final String NAME = "totals";

  /** The number of rows where it is public; else the last total is it. */
  static final String ROWS = "rows";

  private final RlweParameters set;
  private final OrderedPool pool;
  private final List<Term> terms;
  private final Optional<Long> publicRows;

  /**
   * @param set what the columns, and the masks, are encrypted under
   * @param terms the totals in the order in which {@link Totals} takes them
   * @param publicRows how many rows are selected, where that is public and asked for
   */
  TotalsStrategy(
      Sources sources,
      Asked asked,
      RlweParameters set,
      OrderedPool pool,
      List<Term> terms,
      Optional<Long> publicRows) {
    super(sources, asked);
    this.set = set;
    this.pool = pool;
    this.terms = List.copyOf(terms);
    this.publicRows = publicRows;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<RlweParameters> sets() {
    return List.of(set);
  }

  @Override
  void write(TableWriter writer) {
    Map<String, Double> numbers =
        publicRows.isPresent() ? Map.of(ROWS, (double) publicRows.get()) : Map.of();
    boolean none = sources.rows() == 0;
    TableWriter.Encoding out =
        writer
            .addColumn(asked.label(), kind(), Optional.of(operation(numbers)))
            .addEncoding(EncodingRole.TOTALS, set, none ? 0 : terms.size());
    if (none) {
      return;
    }
    List<Reference.Ciphertext> totals = sources.first().naming(this::totals);
    try {
      for (int i = 0; i < totals.size(); i++) {
        try (Reference.Ciphertext small = Smallest.of(sources.scheme(set), totals.get(i))) {
          out.addChunk(i, packed(sources.scheme(set), small));
        }
      }
    } finally {
      totals.forEach(Reference::close);
    }
  }

  private List<Reference.Ciphertext> totals() {
    return fitting(
        set, this::layers, () -> new SelectedTotals(sources, set, asked.where(), pool).of(terms));
  }

  /** Products of ciphertexts in a row. */
  private int depth() {
    return products(mask().map(MaskCost::depth).orElse(0), mask().isPresent());
  }

  /** The same, with products with public bits. */
  private int layers() {
    return products(mask().map(MaskCost::layers).orElse(0), asked.where().isPresent());
  }

  /** The mask's products, and those of its product with the deepest term. */
  private int products(int ofMask, boolean selects) {
    int most = ofMask;
    for (Term term : terms) {
      if (!(term instanceof Term.Ones)) {
        int own = term instanceof Term.Product ? 1 : 0;
        most = Math.max(most, selects ? Math.max(ofMask, own) + 1 : own);
      }
    }
    return most;
  }

  private Optional<MaskCost> mask() {
    return asked
        .where()
        .filter(where -> where.form() == RowSelection.Form.ENCRYPTED)
        .map(where -> where.under(set).cost());
  }

  private ColumnKind kind() {
    return asked.columns().isEmpty()
        ? new ColumnKind.Integer(0, Math.max(1, sources.rows()))
        : sources.first().column(asked.columns().get(0)).kind();
  }

  @Override
  Explanation explain() {
    int rowsPerChunk = TableScheme.rowsPerChunk(set);
    long chunks = sources.pieces().stream().mapToLong(p -> p.segment().chunks(rowsPerChunk)).sum();
    RowSelection.Form form = asked.where().map(Selection::form).orElse(RowSelection.Form.ALL);
    Optional<MaskCost> mask = mask();
    long tensors = 0;
    long read = mask.map(MaskCost::ciphertexts).orElse(0) * chunks;
    for (Term term : terms) {
      int factors = (mask.isPresent() ? 1 : 0) + (term instanceof Term.Product ? 2 : 1);
      boolean ones = term instanceof Term.Ones;
      tensors += ones ? 0 : (factors - 1) * chunks;
      read += ones ? 0 : (term instanceof Term.Product ? 2 : 1) * chunks;
    }
    OptionalDouble noise = OptionalDouble.empty();
    OptionalDouble seconds = OptionalDouble.empty();
    long bytes = 0;
    if (chunks > 0) {
      SelectedTotals.Rehearsal one = rehearsed();
      // The bounds of chunks add up.
      double added = set instanceof BfvParameters ? Math.log((double) chunks) / Math.log(2) : 0;
      noise = OptionalDouble.of(Math.max(0, one.budgetBits() - added));
      seconds = OptionalDouble.of(one.chunkSeconds() * chunks + one.foldSeconds() * terms.size());
      bytes = one.bytes() * terms.size();
    }
    return new Explanation(
        text(),
        NAME,
        why(form),
        set instanceof BfvParameters ? "exact" : "approximate; the answer carries its error bound",
        depth(),
        tensors + mask.map(MaskCost::products).orElse(0) * chunks,
        mask.map(MaskCost::relinearizations).orElse(0) * chunks + (tensors > 0 ? terms.size() : 0),
        (long) terms.size() * SlotFold.rotations(set),
        read,
        bytes,
        noise,
        seconds,
        terms.size() == 1 ? "one total" : terms.size() + " totals over all selected rows",
        serverSees());
  }

  private SelectedTotals.Rehearsal rehearsed() {
    return fitting(
        set,
        this::layers,
        () -> new SelectedTotals(sources, set, asked.where(), pool).rehearse(terms));
  }

  private String why(RowSelection.Form form) {
    return switch (form) {
      case ENCRYPTED -> "sums of products with the condition's mask, folded to one number each";
      case PUBLIC -> "sums over the rows that the tokens select, folded to one number each";
      default -> "sums alone answer it: nothing is multiplied but the columns themselves";
    };
  }
}
