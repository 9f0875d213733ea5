package dev.veilsum.file.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What sources over a Jackson parser share: tokens, typed cells, and errors with their place. */
abstract class ParserRows implements RowSource {
  /** A cell has at most 2^20 characters, which with the column limit bounds a line. */
  static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxStringLength(1 << 20).maxNestingDepth(100).build();

  private static final int MAX_LISTED_COLUMNS = 50;

  final String name;
  final List<ColumnDeclaration> columns;
  private final List<Cell> cells = new ArrayList<>();
  private JsonParser parser;

  ParserRows(String name, List<ColumnDeclaration> columns) {
    this.name = name;
    this.columns = List.copyOf(columns);
    for (ColumnDeclaration column : columns) {
      cells.add(Cell.of(column.kind(), cells.size()));
    }
  }

  /** Opens a parser, which {@link #close} closes. */
  @FunctionalInterface
  interface Opening {
    JsonParser open(InputStream in) throws IOException;
  }

  /** Starts on a stream, which is closed where that fails. */
  final void start(InputStream in, Opening opening) {
    try {
      parser = opening.open(ByteOrderMark.skip(in));
    } catch (IOException e) {
      try (in) {
        throw failure(e);
      } catch (IOException closing) {
        throw failure(e);
      }
    }
  }

  final JsonParser parser() {
    return parser;
  }

  /** The next token, or null at the end. */
  final JsonToken next() {
    try {
      return parser.nextToken();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The line of the current token, from 1. */
  final int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  /** The text of the current token. */
  final String text() {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  final int textLength() {
    try {
      return parser.getTextLength();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Stores the current token as a cell of a declared column. */
  final void store(int column, RowBatch batch, int row) {
    try {
      char[] text = parser.getTextCharacters();
      cells.get(column).read(text, parser.getTextOffset(), parser.getTextLength(), batch, row);
    } catch (Cell.Unfit e) {
      throw unfit(line(), column, e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Stores an empty cell, where the declaration takes one. */
  final void storeEmpty(int line, int column, RowBatch batch, int row) {
    try {
      cells.get(column).read(new char[0], 0, 0, batch, row);
    } catch (Cell.Unfit e) {
      throw unfit(line, column, e);
    }
  }

  private VeilsumException unfit(int line, int column, Cell.Unfit e) {
    return new VeilsumException(e.code, at(line, column) + ": " + e.getMessage(), e);
  }

  /** The place of a cell for messages. */
  final String at(int line, int column) {
    return name + ", line " + line + ", column \"" + columns.get(column).name() + '"';
  }

  final VeilsumException bad(int line, String what) {
    return new VeilsumException(ErrorCode.BAD_INPUT, name + ", line " + line + ": " + what);
  }

  final VeilsumException empty() {
    return new VeilsumException(
        ErrorCode.BAD_INPUT, name + " is empty; it must have named columns");
  }

  /** Refuses a call that names no column: nothing is read by default. */
  final void requireColumns(List<String> there) {
    if (columns.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "no column is named; " + name + " has: " + listed(there));
    }
  }

  final VeilsumException missing(String column, List<String> there) {
    return new VeilsumException(
        ErrorCode.BAD_INPUT,
        name + " has no column \"" + column + "\"; its columns are: " + listed(there));
  }

  @Override
  public final void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The engine's error for a failure of the parser or of the stream under it. */
  final VeilsumException failure(IOException e) {
    if (e instanceof StreamConstraintsException limit) {
      return new VeilsumException(
          ErrorCode.BAD_INPUT,
          name
              + ", line "
              + lineOf(limit)
              + ": a cell is too long or too deep: "
              + limit.getOriginalMessage(),
          e);
    }
    if (e instanceof JsonProcessingException syntax) {
      return new VeilsumException(
          ErrorCode.BAD_INPUT,
          name + ", line " + lineOf(syntax) + ": " + syntax.getOriginalMessage(),
          e);
    }
    if (e instanceof CharConversionException) {
      return new VeilsumException(
          ErrorCode.BAD_INPUT, name + " is not UTF-8 text; save it as UTF-8", e);
    }
    return VeilsumException.io("reading " + name, e);
  }

  /** The line that a syntax error is about. */
  int lineOf(JsonProcessingException syntax) {
    return syntax.getLocation() == null ? 1 : syntax.getLocation().getLineNr();
  }

  private static String listed(List<String> names) {
    String some = String.join(", ", names.subList(0, Math.min(MAX_LISTED_COLUMNS, names.size())));
    return names.size() > MAX_LISTED_COLUMNS
        ? some + ", and " + (names.size() - MAX_LISTED_COLUMNS) + " more"
        : some;
  }
}
