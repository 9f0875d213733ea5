package dev.veilsum.file.rows;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows of one input, read from the first to the last in bounded memory. Only the declared columns
 * are read; a cell that does not fit its declaration ends the reading with an error that names
 * file, line, column and value. Not thread-safe.
 */
public interface RowSource extends AutoCloseable {
  /**
   * Replaces the batch's rows with the next ones, as many as it holds or as are left.
   *
   * @return the number of rows, 0 at the end
   * @throws VeilsumException BAD_INPUT for what is no cell of the declared kind, a row of another
   *     length, or text that is not of the format; OUT_OF_RANGE for a number outside of the
   *     declared range; IO
   */
  int read(RowBatch batch);

  @Override
  void close();

  /**
   * Opens a file.
   *
   * @throws VeilsumException BAD_INPUT where the file is missing or empty, or lacks a column; USAGE
   *     where no column is declared, or one twice; IO
   */
  static RowSource open(Path file, RowFormat format, List<ColumnDeclaration> columns) {
    if (Files.isDirectory(file)) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, file + " is a folder; name a file");
    }
    try {
      return open(Files.newInputStream(file), file.toString(), format, columns);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  /**
   * Opens a stream, which is closed with the source.
   *
   * @param name what the stream is called in messages
   */
  static RowSource open(
      InputStream in, String name, RowFormat format, List<ColumnDeclaration> columns) {
    Set<String> names = new HashSet<>();
    for (ColumnDeclaration column : columns) {
      if (!names.add(column.name())) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "the column \"%s\" is declared twice; give one of them another name, as in \"%s as other=...\""
                .formatted(column.name(), column.source()));
      }
    }
    return switch (format) {
      case CSV -> new CsvRows(in, name, columns);
      case NDJSON -> new JsonRows(in, name, columns);
    };
  }
}
