package dev.veilsum.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/** The standard streams of one run, and the terminal behind them. */
record Streams(InputStream in, OutputStream out, OutputStream err, Terminal terminal) {
  /** Those of this process, unbuffered: what cannot be written is an error, not silence. */
  static Streams ofProcess() {
    return new Streams(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        new ProcessTerminal());
  }
}
