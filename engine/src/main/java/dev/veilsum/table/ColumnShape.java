package dev.veilsum.table;

import dev.veilsum.file.Buckets;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.RlweParameters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a column of a kind is laid down: which roles it has, how many parts each, how many rows a
 * chunk. Writers follow it, readers check it.
 */
final class ColumnShape {
  /** Rows of one section of tokens. */
  static final int TOKEN_ROWS_PER_CHUNK = 1 << 14;

  private ColumnShape() {}

  /** The role that every column of the kind has. */
  static EncodingRole mainRole(ColumnKind kind) {
    if (kind instanceof ColumnKind.Category || kind instanceof ColumnKind.Ordered) {
      return EncodingRole.MASKS;
    }
    if (kind instanceof ColumnKind.Token) {
      return EncodingRole.TOKENS;
    }
    return kind instanceof ColumnKind.Digits ? EncodingRole.DIGITS : EncodingRole.VALUES;
  }

  /** The buckets of a kind whose masks are thermometers. */
  static Buckets buckets(ColumnKind kind) {
    return kind instanceof ColumnKind.Ordered ordered
        ? ordered.buckets()
        : ((ColumnKind.Time) kind).buckets().orElseThrow();
  }

  /** Whether the kind may be laid down in a role. */
  static boolean has(ColumnKind kind, EncodingRole role) {
    return switch (role) {
      case VALUES, DIGITS, TOKENS -> mainRole(kind) == role;
      case MASKS -> kind.isMasked();
      case SQUARES ->
          kind instanceof ColumnKind.Real r && r.squares()
              || kind instanceof ColumnKind.Integer i && i.squares()
              || kind instanceof ColumnKind.Decimal d && d.squares();
      case EXTREMES ->
          kind instanceof ColumnKind.FixedPoint && !(kind instanceof ColumnKind.Ordered);
      case TOTALS -> false;
    };
  }

  /** The parts of a role that the kind has. */
  static int parts(ColumnKind kind, EncodingRole role) {
    return switch (role) {
      case MASKS -> kind.masks();
      case DIGITS -> ((ColumnKind.Digits) kind).layout().digits();
      default -> 1;
    };
  }

  /** The rows of one chunk. */
  static int rowsPerChunk(ColumnKind kind, EncodingRole role, RlweParameters set) {
    return switch (role) {
      case TOKENS -> TOKEN_ROWS_PER_CHUNK;
      case EXTREMES ->
          BlockExtremes.of((ColumnKind.FixedPoint) kind, (BfvParameters) set).rowsPerCiphertext();
      default -> TableScheme.rowsPerChunk(set);
    };
  }

  /** Whether a set's scheme and plain modulus can hold a role of the kind. */
  static boolean holds(ColumnKind kind, EncodingRole role, RlweParameters set) {
    if (set instanceof CkksParameters) {
      return role == EncodingRole.MASKS
          || kind instanceof ColumnKind.Real
              && (role == EncodingRole.VALUES || role == EncodingRole.SQUARES);
    }
    BfvParameters bfv = (BfvParameters) set;
    if (!bfv.batches()) {
      return false;
    }
    return switch (role) {
      case VALUES, SQUARES -> !(kind instanceof ColumnKind.Real);
      case DIGITS -> bfv.plainModulus() >> ((ColumnKind.Digits) kind).layout().digitBits() > 0;
      case EXTREMES -> BlockExtremes.fits((ColumnKind.FixedPoint) kind, bfv);
      default -> true;
    };
  }

  /** Whether a column of a table has the encodings of its kind, and each the chunks of its rows. */
  static boolean fits(ColumnEntry column, List<RlweParameters> sets, List<Long> segments) {
    ColumnKind kind = column.kind();
    Set<List<Object>> seen = new HashSet<>();
    for (ColumnEncoding encoding : column.encodings()) {
      boolean once =
          encoding.role() == EncodingRole.MASKS
              ? seen.add(List.of(encoding.role(), encoding.parameters()))
              : seen.add(List.of(encoding.role()));
      if (!once || !has(kind, encoding.role()) || !fits(kind, encoding, sets, segments)) {
        return false;
      }
    }
    return column.encoding(mainRole(kind)).isPresent()
        && (!kind.isMasked() || column.encoding(EncodingRole.MASKS).isPresent());
  }

  private static boolean fits(
      ColumnKind kind, ColumnEncoding encoding, List<RlweParameters> sets, List<Long> segments) {
    EncodingRole role = encoding.role();
    RlweParameters set = role == EncodingRole.TOKENS ? null : sets.get(encoding.parameters());
    if (set != null && !holds(kind, role, set)) {
      return false;
    }
    int rowsPerChunk = rowsPerChunk(kind, role, set);
    long chunks = segments.stream().mapToLong(rows -> chunks(rows, rowsPerChunk)).sum();
    return encoding.rowsPerChunk() == rowsPerChunk
        && encoding.parts().size() == parts(kind, role)
        && encoding.parts().stream().allMatch(part -> part.size() == chunks);
  }

  /** The chunks of so many rows. */
  static long chunks(long rows, int rowsPerChunk) {
    return (rows + rowsPerChunk - 1) / rowsPerChunk;
  }
}
