package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.where.Condition;
import dev.veilsum.table.where.MaskPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that questions are about: the segments of one or more tables under one key, one after
 * the other.
 */
final class Sources {
  private final List<EncryptedTable> tables;
  private final List<Piece> pieces = new ArrayList<>();
  private final long rows;

  /**
   * One segment of one table.
   *
   * @param firstRow the row that it starts with, over all tables, from 0
   */
  record Piece(EncryptedTable table, EncryptedTable.Segment segment, long firstRow) {
    long rows() {
      return segment.rows();
    }

    /** The rows of a chunk. */
    int rowsOf(int chunk, int rowsPerChunk) {
      return (int) Math.min(rowsPerChunk, segment.rows() - (long) chunk * rowsPerChunk);
    }

    /** Whether a chunk holds a row, which is counted over all tables. */
    boolean has(int chunk, int rowsPerChunk, long row) {
      long first = firstRow + (long) chunk * rowsPerChunk;
      return row >= first && row < first + rowsOf(chunk, rowsPerChunk);
    }

    Chunks chunks(String column, EncodingRole role, RlweParameters set, int part) {
      ColumnEncoding encoding = encoding(table, column, role, set);
      return table.chunks(encoding, part, segment);
    }
  }

  Sources(List<EncryptedTable> tables) {
    if (tables.isEmpty()) {
      throw new VeilsumException(ErrorCode.USAGE, "no table was given");
    }
    this.tables = List.copyOf(tables);
    long first = 0;
    for (EncryptedTable table : tables) {
      SameKey.require(tables.get(0), table);
      for (EncryptedTable.Segment segment : table.segments()) {
        pieces.add(new Piece(table, segment, first));
        first = Math.addExact(first, segment.rows());
      }
    }
    this.rows = first;
  }

  EncryptedTable first() {
    return tables.get(0);
  }

  List<EncryptedTable> tables() {
    return tables;
  }

  /** The segments that have rows. */
  List<Piece> pieces() {
    return pieces.stream().filter(piece -> piece.rows() > 0).toList();
  }

  /** The rows of all segments, those without any among them. */
  List<Long> segments() {
    return pieces.stream().map(Piece::rows).toList();
  }

  long rows() {
    return rows;
  }

  /** The kinds of the first table's columns. */
  Map<String, ColumnKind> kinds() {
    Map<String, ColumnKind> kinds = new LinkedHashMap<>();
    first().columns().forEach(column -> kinds.put(column.name(), column.kind()));
    return kinds;
  }

  /** The rows that fulfil a condition. */
  Selection select(Condition condition) {
    MaskPlan plan = MaskPlan.of(condition, kinds());
    plan.columns().forEach(this::requireSameKind);
    return Selection.of(plan);
  }

  /** The rows that an encrypted condition selects. */
  Selection select(QueryFile query) {
    tables.forEach(query::requireFits);
    return Selection.of(query, this);
  }

  SchemeBackend scheme(RlweParameters set) {
    return first().schemeOf(set);
  }

  Reference.EvaluationKeys keys(RlweParameters set) {
    return first().keysOf(set);
  }

  /**
   * The parameter set of a column's role, the same in all tables; none where it has not the role.
   */
  Optional<RlweParameters> setOf(String column, EncodingRole role) {
    return first().column(column).encoding(role).map(first()::parametersOf);
  }

  /**
   * The sets under which all of these columns have masks in all tables, the integers' set first.
   */
  List<RlweParameters> maskSets(List<String> columns) {
    List<RlweParameters> sets = new ArrayList<>(first().parameters());
    for (EncryptedTable table : tables) {
      for (String column : columns) {
        sets.removeIf(
            set -> table.encoding(table.column(column), EncodingRole.MASKS, set).isEmpty());
      }
    }
    sets.sort(
        Comparator.comparingLong(set -> set instanceof BfvParameters b ? -b.plainModulus() : 1));
    return sets;
  }

  /** Refuses columns that are not of one kind in all tables. */
  void requireSameKind(String column) {
    ColumnKind kind = first().column(column).kind();
    for (EncryptedTable table : tables) {
      if (!table.column(column).kind().equals(kind)) {
        throw unlike(column, first(), first().column(column), table, table.column(column));
      }
    }
  }

  /** Refuses numbers that cannot be summed with one another; their ranges may differ. */
  void requireSummable(List<String> columns) {
    ColumnEntry a = first().column(columns.get(0));
    for (EncryptedTable table : tables) {
      for (String column : columns) {
        ColumnEntry b = table.column(column);
        boolean alike =
            b.kind().getClass() == a.kind().getClass()
                && RangeArithmetic.places(a.kind()) == RangeArithmetic.places(b.kind())
                && table
                    .parametersOf(table.mainEncoding(b))
                    .equals(first().parametersOf(first().mainEncoding(a)));
        if (!alike) {
          throw unlike(column, first(), a, table, b);
        }
      }
    }
  }

  private static VeilsumException unlike(
      String column, EncryptedTable x, ColumnEntry a, EncryptedTable y, ColumnEntry b) {
    return new VeilsumException(
        ErrorCode.PARAMETER_MISMATCH,
        "%s of %s is %s and %s of %s is %s: columns of one kind are needed; declare both alike"
            .formatted(a.name(), x.name(), a.kind().text(), column, y.name(), b.kind().text()));
  }

  static ColumnEncoding encoding(
      EncryptedTable table, String column, EncodingRole role, RlweParameters set) {
    return table
        .encoding(table.column(column), role, set)
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.PARAMETER_MISMATCH,
                    "%s has no %s of column %s under %s; encrypt it in one table with the others"
                        .formatted(table.name(), role, column, set)));
  }
}
