package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.SelectedTotals.Term;
import dev.veilsum.table.where.RowSelection.Form;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Chooses how a question is answered, and refuses what a column's kind cannot answer. */
final class Strategies {
  private final Sources sources;
  private final OrderedPool pool;

  Strategies(Sources sources, OrderedPool pool) {
    this.sources = sources;
    this.pool = pool;
  }

  /**
   * @throws VeilsumException USAGE where the kind has no answer, with the kinds that have;
   *     PARAMETER_MISMATCH where tables or masks do not go together; OUT_OF_RANGE for totals that
   *     could wrap
   */
  Strategy choose(Asked question) {
    Asked asked = withoutAll(question);
    Form form = form(asked);
    asked.columns().forEach(sources.first()::column);
    if (asked.question() == Question.DOT
        || asked.question() == Question.SUM
        || asked.question() == Question.MEAN
        || asked.question() == Question.VARIANCE) {
      return moments(asked, form);
    }
    if (asked.question() == Question.COUNT) {
      return count(asked, form);
    }
    ColumnKind kind = sources.first().column(asked.columns().get(0)).kind();
    sources.requireSameKind(asked.columns().get(0));
    if (asked.question() == Question.HISTOGRAM
        || kind instanceof ColumnKind.Ordered
        || kind instanceof ColumnKind.Category) {
      return buckets(asked, form, kind);
    }
    if (!(kind instanceof ColumnKind.FixedPoint)) {
      throw unfit(asked, kind, "sorted, time, ordered, integer and decimal columns have one");
    }
    return form == Form.NONE ? new PublicCount(sources, asked, 0) : ofValues(asked, form, kind);
  }

  /** A condition that holds for all rows is none. */
  private static Asked withoutAll(Asked asked) {
    return form(asked) == Form.ALL && asked.where().isPresent()
        ? new Asked(
            asked.question(), asked.columns(), Optional.empty(), asked.number(), asked.notes())
        : asked;
  }

  private static Form form(Asked asked) {
    return asked.where().map(Selection::form).orElse(Form.ALL);
  }

  private Strategy count(Asked asked, Form form) {
    if (!asked.columns().isEmpty()) {
      ColumnKind kind = sources.first().column(asked.columns().get(0)).kind();
      if (kind instanceof ColumnKind.Category) {
        sources.requireSameKind(asked.columns().get(0));
        return buckets(asked, form, kind);
      }
    }
    return switch (form) {
      case ALL -> new PublicCount(sources, asked, sources.rows());
      case NONE -> new PublicCount(sources, asked, 0);
      case PUBLIC -> new PublicCount(sources, asked, publicRows(asked));
      case ENCRYPTED -> {
        RlweParameters set = exactMaskSet(asked, maskedColumns(asked));
        requireCount(set);
        yield new TotalsStrategy(
            sources, asked, set, pool, List.of(new Term.Ones()), Optional.empty());
      }
    };
  }

  private long publicRows(Asked asked) {
    return RowMasks.count(sources, asked.where().orElseThrow());
  }

  /** Sums of values, their products and the selected rows. */
  private Strategy moments(Asked asked, Form form) {
    List<String> columns = asked.columns();
    for (String column : columns) {
      ColumnKind kind = sources.first().column(column).kind();
      if (!RangeArithmetic.isNumber(kind)) {
        throw unfit(asked, kind, "real, integer and decimal columns have one");
      }
    }
    sources.requireSummable(columns);
    RlweParameters set = sources.setOf(columns.get(0), EncodingRole.VALUES).orElseThrow();
    requireMasks(asked, form, set);
    List<Term> terms = new ArrayList<>();
    Term values = new Term.Part(columns.get(0), EncodingRole.VALUES, 0);
    switch (asked.question()) {
      case DOT -> terms.add(new Term.Product(columns.get(0), columns.get(1)));
      case VARIANCE -> {
        terms.add(values);
        terms.add(squares(columns.get(0), form));
      }
      default -> terms.add(values);
    }
    requireTotals(asked, set, terms);
    if (form == Form.NONE) {
      return new PublicCount(sources, asked, 0);
    }
    Optional<Long> rows = Optional.empty();
    if (asked.question() == Question.MEAN || asked.question() == Question.VARIANCE) {
      switch (form) {
        case ENCRYPTED -> terms.add(new Term.Ones());
        case PUBLIC -> rows = Optional.of(publicRows(asked));
        default -> rows = Optional.of(sources.rows());
      }
    }
    return new TotalsStrategy(sources, asked, set, pool, terms, rows);
  }

  /** The squares that were laid down, where there are; else the product of the column by itself. */
  private Term squares(String column, Form form) {
    boolean laidDown =
        form != Form.ALL
            && sources.tables().stream()
                .allMatch(table -> table.column(column).encoding(EncodingRole.SQUARES).isPresent());
    return laidDown
        ? new Term.Part(column, EncodingRole.SQUARES, 0)
        : new Term.Product(column, column);
  }

  /** Counts of labels or of thresholds. */
  private Strategy buckets(Asked asked, Form form, ColumnKind kind) {
    if (!kind.isMasked()) {
      throw unfit(
          asked,
          kind,
          "category and ordered columns and times with a step have one; declare the column a second"
              + " time, as one of these, under another name");
    }
    boolean category = kind instanceof ColumnKind.Category;
    if (category && asked.question().isOrder()) {
      throw unfit(asked, kind, "labels have no order; ordered columns have one");
    }
    boolean ofRows =
        switch (asked.question()) {
          case ARGMIN, ARGMAX, TOP -> true;
          default -> false;
        };
    if (ofRows) {
      throw unfit(
          asked, kind, "buckets have no rows; integer, decimal, sorted and time columns do");
    }
    String column = asked.columns().get(0);
    List<String> masked = new ArrayList<>(List.of(column));
    if (form == Form.ENCRYPTED) {
      masked.addAll(maskedColumns(asked));
    }
    if (form == Form.NONE) {
      return new PublicCount(sources, asked, 0);
    }
    RlweParameters set = exactMaskSet(asked, masked);
    requireCount(set);
    List<Term> terms = new ArrayList<>();
    for (int part = 0; part < kind.masks(); part++) {
      terms.add(new Term.Part(column, EncodingRole.MASKS, part));
    }
    Optional<Long> rows = Optional.empty();
    if (!category) { // the thermometer's step 0 is every selected row
      switch (form) {
        case ENCRYPTED -> terms.add(new Term.Ones());
        case PUBLIC -> rows = Optional.of(publicRows(asked));
        default -> rows = Optional.of(sources.rows());
      }
    }
    return new TotalsStrategy(sources, asked, set, pool, terms, rows);
  }

  /** Extremes, tops and ranks of values. */
  private Strategy ofValues(Asked asked, Form form, ColumnKind kind) {
    String column = asked.columns().get(0);
    boolean sorted = kind instanceof ColumnKind.Digits;
    EncodingRole role = sorted ? EncodingRole.DIGITS : EncodingRole.VALUES;
    RlweParameters set = sources.setOf(column, role).orElseThrow();
    boolean ranked = asked.question() == Question.PERCENTILE || asked.question() == Question.MEDIAN;
    if (ranked && !sorted) {
      throw unfit(
          asked,
          kind,
          "sorted, time and ordered columns have one; declare the column a second time, as one of"
              + " these, under another name");
    }
    if (form == Form.ALL && !ranked) {
      return new ExtremesStrategy(
          sources, asked, sources.setOf(column, EncodingRole.EXTREMES).orElseThrow());
    }
    requireMasks(asked, form, set);
    if (form == Form.ENCRYPTED && sorted && !ranked && asked.question() != Question.TOP) {
      return new MatchStrategy(sources, asked, (BfvParameters) set, pool);
    }
    boolean ascending = form == Form.ALL && sources.pieces().size() == 1;
    OptionalLong only =
        ascending
            ? OptionalLong.of(
                Results.nearestRank(
                        Question.rank(asked.question(), asked.number().orElse(0)), sources.rows())
                    - 1)
            : OptionalLong.empty();
    return new RowsStrategy(sources, asked, role, set, pool, only);
  }

  /** The condition's columns that have masks: tokens stand in the clear. */
  private List<String> maskedColumns(Asked asked) {
    return asked.where().orElseThrow().columns().stream()
        .filter(c -> !(sources.first().column(c).kind() instanceof ColumnKind.Token))
        .toList();
  }

  /** An exact set under which all of these columns have masks. */
  private RlweParameters exactMaskSet(Asked asked, List<String> columns) {
    return sources.maskSets(columns).stream()
        .filter(BfvParameters.class::isInstance)
        .findFirst()
        .orElseThrow(() -> apart(asked, columns));
  }

  /** The condition's masks must stand under the parameters of the values. */
  private void requireMasks(Asked asked, Form form, RlweParameters set) {
    if (form == Form.ENCRYPTED) {
      List<String> columns = maskedColumns(asked);
      if (!sources.maskSets(columns).contains(set)) {
        throw sources.first().column(asked.columns().get(0)).kind() instanceof ColumnKind.Real
            ? new VeilsumException(
                ErrorCode.PARAMETER_MISMATCH,
                ("%s: the column %s was encrypted without masks for conditions; declare it as"
                        + " real(min..max; where), or as decimal(min..max)")
                    .formatted(asked.question().text(), asked.columns().get(0)))
            : apart(asked, columns);
      }
    }
  }

  private VeilsumException apart(Asked asked, List<String> columns) {
    return new VeilsumException(
        ErrorCode.PARAMETER_MISMATCH,
        "%s: %s have no masks under common parameters; encrypt them in one table"
            .formatted(asked.question().text(), columns));
  }

  private void requireCount(RlweParameters set) {
    TotalBounds.require(
        sources.first().name(), set, "a count", Math.max(1, sources.rows()), BigInteger.ONE);
  }

  private void requireTotals(Asked asked, RlweParameters set, List<Term> terms) {
    for (Term term : terms) {
      BigInteger magnitude = BigInteger.ZERO;
      for (EncryptedTable table : sources.tables()) {
        BigInteger ofTable;
        if (term instanceof Term.Product product) {
          ofTable =
              TotalBounds.magnitude(table.column(product.a()).kind())
                  .multiply(TotalBounds.magnitude(table.column(product.b()).kind()));
        } else {
          Term.Part part = (Term.Part) term;
          ofTable = TotalBounds.magnitude(table.column(part.column()).kind());
          ofTable = part.role() == EncodingRole.SQUARES ? ofTable.multiply(ofTable) : ofTable;
        }
        magnitude = magnitude.max(ofTable);
      }
      TotalBounds.require(
          sources.first().name(),
          set,
          "the %s of %s".formatted(asked.question().text(), String.join(" and ", asked.columns())),
          Math.max(1, sources.rows()),
          magnitude);
    }
  }

  private static VeilsumException unfit(Asked asked, ColumnKind kind, String which) {
    return new VeilsumException(
        ErrorCode.USAGE,
        "%s of column %s (%s): %s"
            .formatted(
                asked.question().text(),
                String.join(" and ", asked.columns()),
                kind.text(),
                which));
  }
}
