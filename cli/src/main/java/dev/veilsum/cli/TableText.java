package dev.veilsum.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.TimeText;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.table.TableDecryptor;
import dev.veilsum.table.TableDecryptor.Cells;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;

/** Writes decrypted tables of any length: one chunk of each column is in memory at a time. */
final class TableText {
  private static final CsvFactory CSV =
      CsvFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  private TableText() {}

  /** A header and one line for each row (RFC 4180, lines end in LF). */
  static void writeCsv(TableDecryptor table, AtomicOutput out, Progress progress) {
    List<Cursor> cursors =
        table.columns().stream().map(column -> new Cursor(table, column, progress)).toList();
    try (JsonGenerator csv = CSV.createGenerator((OutputStream) out)) {
      csv.writeStartArray();
      for (ColumnEntry column : table.columns()) {
        csv.writeString(column.name());
      }
      csv.writeEndArray();
      for (long row = 0; row < table.rows(); row++) {
        csv.writeStartArray();
        for (Cursor cursor : cursors) {
          cursor.writeNext(csv, false);
        }
        csv.writeEndArray();
      }
    } catch (IOException e) {
      throw VeilsumException.io("writing " + out.name(), e);
    }
  }

  /** One object: {"columns": {name: [value, ...], ...}}. */
  static void writeJson(TableDecryptor table, AtomicOutput out, Progress progress) {
    Json.write(
        out,
        json ->
            json.object(
                "columns",
                columns -> {
                  for (ColumnEntry column : table.columns()) {
                    Cursor cursor = new Cursor(table, column, progress);
                    columns.generator().writeArrayFieldStart(column.name());
                    for (long row = 0; row < table.rows(); row++) {
                      cursor.writeNext(columns.generator(), true);
                    }
                    columns.generator().writeEndArray();
                  }
                }));
  }

  /** Goes through one column from its first row on. */
  private static final class Cursor {
    private final TableDecryptor table;
    private final ColumnEntry column;
    private final Progress progress;
    private Cells cells;
    private Decimals decimals;
    private int chunk;
    private int at;

    Cursor(TableDecryptor table, ColumnEntry column, Progress progress) {
      this.table = table;
      this.column = column;
      this.progress = progress;
    }

    /** A time is a text for people, and its milliseconds for programs. */
    void writeNext(JsonGenerator out, boolean epoch) throws IOException {
      while (cells == null || at == cells.length()) {
        cells = table.decrypt(column, chunk++);
        at = 0;
        progress.advance(cells.length());
        decimals = cells instanceof Cells.Reals r ? Decimals.within(r.errorBound()) : null;
      }
      if (cells instanceof Cells.Reals reals) {
        out.writeNumber(decimals.text(reals.values()[at]));
      } else if (cells instanceof Cells.Wholes wholes) {
        out.writeNumber(wholes.values()[at]);
      } else if (cells instanceof Cells.Decimals decimal) {
        long value = decimal.values()[at];
        out.writeNumber(BigDecimal.valueOf(value, decimal.places()).toPlainString());
      } else if (cells instanceof Cells.Times times && epoch) {
        out.writeNumber(times.values()[at]);
      } else if (cells instanceof Cells.Times times) {
        out.writeString(TimeText.format(times.values()[at]));
      } else if (cells instanceof Cells.Labels labels) {
        out.writeString(labels.values().get(at));
      }
      at++;
    }
  }
}
