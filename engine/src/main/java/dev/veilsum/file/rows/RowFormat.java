package dev.veilsum.file.rows;

import java.nio.file.Path;
import java.util.Locale;

/** How rows are written down. */
public enum RowFormat {
  /** RFC 4180: a header, commas, cells perhaps quoted; lines end in LF or CRLF. */
  CSV,
  /** One JSON object for each row. */
  NDJSON;

  /** The format that the file's ending says: .ndjson, .jsonl and .json, and CSV for all others. */
  public static RowFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".ndjson") || name.endsWith(".jsonl") || name.endsWith(".json")
        ? NDJSON
        : CSV;
  }
}
