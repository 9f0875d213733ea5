package dev.veilsum.cli;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.table.TablePlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;

/**
 * How large a table will be, before it is written.
 *
 * @param keyBytes what is there without rows
 * @param rows of the input, by its lines; unknown for a pipe
 * @param rowBytes of those rows
 * @param bytesPerRow of a row in a large table
 */
record SizePrediction(long keyBytes, OptionalLong rows, long rowBytes, double bytesPerRow) {
  /**
   * @param begins whether the table is new; what is appended brings no keys
   * @param seeded whether the secret key encrypts
   */
  static SizePrediction of(
      TablePlan plan, boolean begins, boolean seeded, String input, RowFormat format) {
    OptionalLong rows = rows(input, format);
    return new SizePrediction(
        begins ? plan.keyBytes() : 0,
        rows,
        rows.isPresent() ? plan.bytes(rows.getAsLong(), seeded) : 0,
        plan.bytesPerRow(seeded));
  }

  /** One line for people. */
  String text() {
    String row = Text.bytes(Math.round(bytesPerRow)) + " a row in a large table";
    if (rows.isEmpty()) {
      return "about %s, and %s".formatted(Text.bytes(keyBytes), row);
    }
    return "about %s for %d rows (%s)"
        .formatted(Text.bytes(keyBytes + rowBytes), rows.getAsLong(), row);
  }

  void print(CommandSpec spec, boolean asJson) {
    if (!asJson) {
      spec.commandLine().getOut().println(text());
      return;
    }
    Json.print(
        spec,
        json -> {
          json.number("key_bytes", keyBytes).number("bytes_per_row", bytesPerRow);
          if (rows.isPresent()) {
            json.number("rows", rows.getAsLong()).number("bytes", keyBytes + rowBytes);
          }
        });
  }

  /** Line ends of a file, without a header's: more than the rows where cells have lines in them. */
  private static OptionalLong rows(String input, RowFormat format) {
    if (input.equals("-") || !Files.isRegularFile(Path.of(input))) {
      return OptionalLong.empty();
    }
    byte[] buffer = new byte[1 << 18];
    long lines = 0;
    byte last = '\n';
    try (InputStream in = Files.newInputStream(Path.of(input))) {
      for (int count; (count = in.read(buffer)) > 0; last = buffer[count - 1]) {
        for (int i = 0; i < count; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    } catch (IOException e) {
      throw VeilsumException.io("reading " + input, e);
    }
    lines += last == '\n' ? 0 : 1;
    return OptionalLong.of(Math.max(0, lines - (format == RowFormat.CSV ? 1 : 0)));
  }
}
