package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.TableScheme.Depth;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a table will be laid down: for each column its encodings and their parameter sets. It is
 * public, and known before any row is: so are sizes.
 */
public final class TablePlan {
  // A number of the metadata, with a section's header: see docs/formats.md.
  private static final int BYTES_PER_SECTION = 12 + 4;
  private static final int BYTES_PER_FILE = 512;

  private final List<Column> columns;
  private final List<RlweParameters> sets;

  /** A column and its encodings, of which the first is its kind's main one. */
  record Column(ColumnDeclaration declared, List<Encoding> encodings) {}

  /**
   * One encoding.
   *
   * @param set none for tokens
   */
  record Encoding(EncodingRole role, Optional<RlweParameters> set, int rowsPerChunk, int parts) {
    static Encoding of(ColumnKind kind, EncodingRole role, RlweParameters set) {
      return new Encoding(
          role,
          Optional.ofNullable(set),
          ColumnShape.rowsPerChunk(kind, role, set),
          ColumnShape.parts(kind, role));
    }
  }

  private TablePlan(List<Column> columns, List<RlweParameters> sets) {
    this.columns = columns;
    this.sets = sets;
  }

  /**
   * The plan for a new table. The integers' depth, where none is asked for: one product for the
   * condition on each but the first of the columns with masks, in a tree, and one for the values.
   *
   * @throws VeilsumException USAGE where no column is declared; OUT_OF_RANGE for a range that the
   *     parameters do not hold
   */
  public static TablePlan of(List<ColumnDeclaration> declared, Optional<Depth> depth) {
    if (declared.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "no column is declared, so nothing would be encrypted; declare each as NAME=KIND");
    }
    List<ColumnKind> kinds = declared.stream().map(ColumnDeclaration::kind).toList();
    BfvParameters integers = TableScheme.integer(depth.orElseGet(() -> depthOf(kinds)));
    Set<RlweParameters> masks = maskSets(kinds, integers);
    List<Column> columns = new ArrayList<>();
    for (ColumnDeclaration column : declared) {
      List<Encoding> encodings = new ArrayList<>();
      for (Encoding encoding : encodings(column.kind(), integers, masks)) {
        encodings.add(encoding);
      }
      requireRange(column, integers);
      columns.add(new Column(column, encodings));
    }
    return new TablePlan(columns, setsOf(columns));
  }

  /**
   * The plan by which a table was laid down: for what is appended to it.
   *
   * @param declared as {@link TableEncryptor#columnsOf} gives them
   */
  public static TablePlan of(EncryptedTable table, List<ColumnDeclaration> declared) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      ColumnEntry entry = table.columns().get(i);
      List<Encoding> encodings = new ArrayList<>();
      for (ColumnEncoding encoding : entry.encodings()) {
        boolean tokens = encoding.role() == EncodingRole.TOKENS;
        RlweParameters set = tokens ? null : table.parametersOf(encoding);
        encodings.add(Encoding.of(entry.kind(), encoding.role(), set));
      }
      columns.add(new Column(declared.get(i), encodings));
    }
    return new TablePlan(columns, table.parameters());
  }

  private static Depth depthOf(List<ColumnKind> kinds) {
    boolean numbers =
        kinds.stream()
            .anyMatch(k -> k instanceof ColumnKind.Integer || k instanceof ColumnKind.Decimal);
    long masked = kinds.stream().filter(ColumnKind::isMasked).count();
    int products = (numbers ? 1 : 0) + ceilLog2(masked);
    return products <= Depth.SHALLOW.products() ? Depth.SHALLOW : Depth.DEEP;
  }

  private static int ceilLog2(long n) {
    return n <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(n - 1);
  }

  /** Masks are laid down under each set in which something is multiplied by them. */
  private static Set<RlweParameters> maskSets(List<ColumnKind> kinds, BfvParameters integers) {
    Set<RlweParameters> sets = new LinkedHashSet<>();
    sets.add(integers);
    for (ColumnKind kind : kinds) {
      if (kind instanceof ColumnKind.Digits sorted) {
        sets.add(TableScheme.sorted(sorted.layout()));
      } else if (kind instanceof ColumnKind.Real real && real.where()) {
        sets.add(TableScheme.real());
      }
    }
    return sets;
  }

  private static List<Encoding> encodings(
      ColumnKind kind, BfvParameters integers, Set<RlweParameters> masks) {
    EncodingRole main = ColumnShape.mainRole(kind);
    RlweParameters set =
        kind instanceof ColumnKind.Real
            ? TableScheme.real()
            : kind instanceof ColumnKind.Digits sorted
                ? TableScheme.sorted(sorted.layout())
                : integers;
    List<Encoding> encodings = new ArrayList<>();
    if (main != EncodingRole.MASKS) {
      encodings.add(Encoding.of(kind, main, main == EncodingRole.TOKENS ? null : set));
    }
    if (ColumnShape.has(kind, EncodingRole.SQUARES)) {
      encodings.add(Encoding.of(kind, EncodingRole.SQUARES, set));
    }
    if (ColumnShape.has(kind, EncodingRole.MASKS)) {
      masks.forEach(each -> encodings.add(Encoding.of(kind, EncodingRole.MASKS, each)));
    }
    if (ColumnShape.has(kind, EncodingRole.EXTREMES)
        && ColumnShape.holds(kind, EncodingRole.EXTREMES, set)) {
      encodings.add(Encoding.of(kind, EncodingRole.EXTREMES, set));
    }
    return encodings;
  }

  private static List<RlweParameters> setsOf(List<Column> columns) {
    return columns.stream()
        .flatMap(column -> column.encodings().stream())
        .flatMap(encoding -> encoding.set().stream())
        .distinct()
        .toList();
  }

  /** A range that the plain modulus cannot hold is refused before any row is read. */
  private static void requireRange(ColumnDeclaration column, BfvParameters set) {
    boolean number =
        column.kind() instanceof ColumnKind.Integer || column.kind() instanceof ColumnKind.Decimal;
    if (!number) {
      return;
    }
    ColumnKind.FixedPoint kind = (ColumnKind.FixedPoint) column.kind();
    if (kind.least() < set.minValue() || kind.greatest() > set.maxValue()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "the column %s is declared %s; %s from %s to %s can be encrypted"
              .formatted(
                  column.name(),
                  kind.text(),
                  kind.places() == 0 ? "integers" : "decimals of these places",
                  kind.number(set.minValue()).toPlainString(),
                  kind.number(set.maxValue()).toPlainString()));
    }
    BigInteger largest =
        BigInteger.valueOf(kind.least()).abs().max(BigInteger.valueOf(kind.greatest()).abs());
    if (ColumnShape.has(kind, EncodingRole.SQUARES)
        && largest.pow(2).compareTo(BigInteger.valueOf(set.maxValue())) > 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "the squares of the column %s, declared %s, could reach %s; up to %d is held exactly"
              .formatted(column.name(), kind.text(), largest.pow(2), set.maxValue()));
    }
  }

  List<Column> columns() {
    return columns;
  }

  /** What is read from the input. */
  public List<ColumnDeclaration> declarations() {
    return columns.stream().map(Column::declared).toList();
  }

  /** The parameter sets, in the order in which they stand in the file. */
  public List<RlweParameters> sets() {
    return sets;
  }

  /** The sections of ciphertexts and tokens that one append of so many rows writes. */
  public long sections(long rows) {
    long sections = 0;
    for (Column column : columns) {
      for (Encoding encoding : column.encodings()) {
        sections += encoding.parts() * ColumnShape.chunks(rows, encoding.rowsPerChunk());
      }
    }
    return sections;
  }

  /**
   * The bytes of ciphertexts and tokens that one append of so many rows writes, to within a few
   * hundred.
   *
   * @param seeded whether the secret key encrypts
   */
  public long bytes(long rows, boolean seeded) {
    long bytes = BYTES_PER_SECTION * sections(rows);
    for (Column column : columns) {
      for (Encoding encoding : column.encodings()) {
        bytes +=
            encoding
                .set()
                .map(
                    set ->
                        encoding.parts()
                            * ColumnShape.chunks(rows, encoding.rowsPerChunk())
                            * set.ciphertextBytes(set.maxLevel(), seeded))
                .orElse(rows * SearchKey.TOKEN_BYTES);
      }
    }
    return bytes;
  }

  /** The bytes of a full chunk's rows, divided by them: what a row takes in a large table. */
  public double bytesPerRow(boolean seeded) {
    long many = 1L << 30;
    return (double) bytes(many, seeded) / many;
  }

  /** The bytes of parameters and of the key-switching keys that come with a new table. */
  public long keyBytes() {
    long bytes = BYTES_PER_FILE;
    for (RlweParameters set : sets) {
      bytes += set.canonicalBytes().length + TableScheme.questionKeys(set).packedBytes(set);
    }
    return bytes;
  }
}
