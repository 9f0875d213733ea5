package dev.veilsum.file.rows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of a CSV file (RFC 4180) with a header, in UTF-8, with or without a byte order mark. Every
 * row has as many cells as the header; empty lines may stand at the end alone.
 */
final class CsvRows extends ParserRows {
  private static final int MAX_COLUMNS = 1 << 16;
  private static final int[] UNREAD = {};
  private static final CsvFactory FACTORY =
      CsvFactory.builder().streamReadConstraints(LIMITS).build();

  private final int[][] declared; // for each column of the file: its declarations, or UNREAD
  private int emptyLine; // the first empty line that no row has followed yet

  CsvRows(InputStream in, String name, List<ColumnDeclaration> columns) {
    super(name, columns);
    start(in, FACTORY::createParser);
    try {
      List<String> header = readHeader();
      requireColumns(header);
      declared = assign(header);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private List<String> readHeader() {
    if (next() == null) {
      throw empty();
    }
    List<String> header = new ArrayList<>();
    while (next() != JsonToken.END_ARRAY) {
      if (header.size() == MAX_COLUMNS) {
        throw bad(line(), "more than " + MAX_COLUMNS + " columns");
      }
      header.add(text());
    }
    if (header.equals(List.of(""))) {
      throw bad(1, "the line is empty; it must name the columns");
    }
    return header;
  }

  private int[][] assign(List<String> header) {
    int[][] assigned = new int[header.size()][];
    Arrays.fill(assigned, UNREAD);
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i).source();
      int place = header.indexOf(column);
      if (place < 0) {
        boolean otherSeparator = header.size() == 1 && header.get(0).matches("(?s).*[;\t].*");
        VeilsumException missing = missing(column, header);
        throw otherSeparator
            ? new VeilsumException(
                ErrorCode.BAD_INPUT, missing.getMessage() + "; separate them by commas")
            : missing;
      }
      if (place != header.lastIndexOf(column)) {
        throw bad(1, "the column \"" + column + "\" stands twice in the header; rename one");
      }
      int[] before = assigned[place];
      assigned[place] = Arrays.copyOf(before, before.length + 1);
      assigned[place][before.length] = i;
    }
    return assigned;
  }

  @Override
  public int read(RowBatch batch) {
    int row = 0;
    while (row < batch.capacity() && next() != null) {
      if (readRow(batch, row)) {
        row++;
      }
    }
    batch.setRows(row);
    return row;
  }

  /** Reads the cells of a row, after its start; false where the line was empty. */
  private boolean readRow(RowBatch batch, int row) {
    JsonToken token = next();
    int line = line();
    int cells = 0;
    if (token == JsonToken.VALUE_STRING && textLength() == 0) {
      token = next();
      if (token == JsonToken.END_ARRAY) {
        emptyLine = emptyLine == 0 ? line : emptyLine;
        return false;
      }
      cells++;
      for (int column : declared[0]) {
        storeEmpty(line, column, batch, row);
      }
    }
    if (emptyLine != 0) {
      throw bad(emptyLine, "the line is empty, and rows follow; remove it or fill it");
    }
    for (; token != JsonToken.END_ARRAY; token = next()) {
      if (cells == declared.length) {
        throw tooLong(line);
      }
      for (int column : declared[cells++]) {
        storeOrCount(column, batch, row, line, cells);
      }
    }
    if (cells != declared.length) {
      throw bad(line, "the row has " + cells + " cells, the header " + declared.length);
    }
    return true;
  }

  /** A cell that does not fit, in a row with too many cells, is more likely a misplaced one. */
  private void storeOrCount(int column, RowBatch batch, int row, int line, int cells) {
    try {
      store(column, batch, row);
    } catch (VeilsumException unfit) {
      int count = cells;
      while (count <= declared.length && next() != JsonToken.END_ARRAY) {
        count++;
      }
      throw count > declared.length ? tooLong(line) : unfit;
    }
  }

  private VeilsumException tooLong(int line) {
    return bad(
        line,
        "the row has more cells than the header's "
            + declared.length
            + "; a comma inside of a cell needs quotes around it");
  }

  /** Where the cell starts: a quote that is never closed ends far away. */
  @Override
  int lineOf(JsonProcessingException syntax) {
    return line();
  }
}
