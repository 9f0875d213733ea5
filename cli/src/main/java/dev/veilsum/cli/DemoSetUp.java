package dev.veilsum.cli;

import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a demo has made before its questions are asked: public keys, and a table of {@code columns}
 * columns.
 */
record DemoSetUp(
    int rows,
    int columns,
    double keySeconds,
    long keyBytes,
    double encryptSeconds,
    long csvBytes,
    long tableBytes) {
  void describe(Json json) throws IOException {
    json.number("rows", rows)
        .number("public_key_bytes", keyBytes)
        .number("public_key_seconds", keySeconds)
        .number("csv_bytes", csvBytes)
        .number("table_bytes", tableBytes)
        .number("encrypt_seconds", encryptSeconds);
  }

  /** Who has done what, below a line that says whose data these are. */
  void print(String whose, PrintWriter out) {
    out.println(whose + ": " + rows + " rows.");
    out.println();
    new TextTable("llrr")
        .line(
            "The key holder",
            "keeps a master key, hands out public keys",
            Text.seconds(keySeconds),
            Text.size(keyBytes))
        .line(
            "The data source",
            "encrypts " + columns + " columns with the public keys",
            Text.seconds(encryptSeconds),
            Text.size(tableBytes))
        .line("The server", "has that table and no key, and answers questions:", "", "")
        .print(out);
    out.println();
  }
}
