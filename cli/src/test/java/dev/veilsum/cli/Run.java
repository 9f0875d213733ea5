package dev.veilsum.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One command line, run in this process.
 *
 * @param bytes standard output
 * @param err standard error
 */
record Run(int code, byte[] bytes, String err) {
  /** Runs without a terminal and with nothing on standard input. */
  static Run of(Object... args) {
    return with(new byte[0], Terminal.NONE, args);
  }

  static Run with(byte[] in, Terminal terminal, Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Run run = with(in, out, terminal, args);
    return new Run(run.code, out.toByteArray(), run.err);
  }

  static Run with(byte[] in, OutputStream out, Terminal terminal, Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(new Streams(new ByteArrayInputStream(in), out, err, terminal), words);
    return new Run(code, new byte[0], err.toString(StandardCharsets.UTF_8));
  }

  String out() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
