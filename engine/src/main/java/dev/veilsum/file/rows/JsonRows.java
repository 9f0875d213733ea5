package dev.veilsum.file.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of an NDJSON file: one object for each row, whose fields are its columns. Numbers are JSON
 * numbers; a label is a text, or a number or boolean as it is written.
 */
final class JsonRows extends ParserRows {
  private static final int MAX_NAMES = 1 << 16;

  // NaN is read as a token, so that it is refused as a cell and not as bad syntax.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(LIMITS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final Map<String, List<Integer>> declared = new HashMap<>(); // by name in the input
  private final long[] rowOf; // the last row, from 1, that had each column
  private long rowsRead;

  JsonRows(InputStream in, String name, List<ColumnDeclaration> columns) {
    super(name, columns);
    for (int i = 0; i < columns.size(); i++) {
      declared.computeIfAbsent(columns.get(i).source(), source -> new ArrayList<>()).add(i);
    }
    rowOf = new long[columns.size()];
    start(in, FACTORY::createParser);
    try {
      if (next() == null) {
        throw empty();
      }
      if (columns.isEmpty()) {
        requireColumns(namesOfRow());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public int read(RowBatch batch) {
    int row = 0;
    while (row < batch.capacity() && parser().currentToken() != null) {
      readRow(batch, row++);
      next();
    }
    batch.setRows(row);
    return row;
  }

  private void readRow(RowBatch batch, int row) {
    requireObject();
    int line = line();
    rowsRead++;
    List<String> names = rowsRead == 1 ? new ArrayList<>() : null; // for a message on the first row
    while (next() == JsonToken.FIELD_NAME) {
      String field = text();
      if (names != null && names.size() < MAX_NAMES) {
        names.add(field);
      }
      List<Integer> reading = declared.getOrDefault(field, List.of());
      next();
      for (int column : reading) {
        if (rowOf[column] == rowsRead) {
          throw bad(line(), "the field \"" + field + "\" stands twice");
        }
        rowOf[column] = rowsRead;
        readField(column, batch, row);
      }
      if (reading.isEmpty()) {
        skip();
      }
    }
    for (int column = 0; column < rowOf.length; column++) {
      if (rowOf[column] != rowsRead) {
        throw names != null
            ? missing(columns.get(column).source(), names)
            : bad(line, "the row has no field \"" + columns.get(column).source() + '"');
      }
    }
  }

  private void readField(int column, RowBatch batch, int row) {
    ColumnKind kind = columns.get(column).kind();
    boolean label = kind instanceof ColumnKind.Category || kind instanceof ColumnKind.Token;
    boolean time = kind instanceof ColumnKind.Time;
    boolean fits =
        switch (parser().currentToken()) {
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> true;
          case VALUE_STRING -> label || time;
          case VALUE_TRUE, VALUE_FALSE -> label;
          default -> false;
        };
    if (!fits) {
      String found =
          switch (parser().currentToken()) {
            case VALUE_NULL -> "null";
            case VALUE_STRING -> "the text \"" + shortened(text()) + '"';
            case VALUE_TRUE, VALUE_FALSE -> text();
            case START_ARRAY -> "an array";
            default -> "an object";
          };
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          at(line(), column)
              + ": "
              + found
              + " is not a "
              + (label ? "label" : time ? "time" : "number"));
    }
    store(column, batch, row);
  }

  private List<String> namesOfRow() {
    requireObject();
    List<String> names = new ArrayList<>();
    while (next() == JsonToken.FIELD_NAME && names.size() < MAX_NAMES) {
      names.add(text());
      next();
      skip();
    }
    return names;
  }

  private void requireObject() {
    if (parser().currentToken() != JsonToken.START_OBJECT) {
      throw bad(line(), "expected one JSON object for each line, as {\"x\": 1}");
    }
  }

  private void skip() {
    try {
      parser().skipChildren();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
