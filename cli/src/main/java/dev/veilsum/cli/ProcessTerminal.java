package dev.veilsum.cli;

import java.io.Console;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The terminal of this process. Java says only whether input and output are one, so each descriptor
 * is looked up where the system shows it, and a passphrase is asked for on the controlling terminal
 * even where data flows through standard input or output.
 */
final class ProcessTerminal implements Terminal {
  private static final File CONTROLLING_TERMINAL = new File("/dev/tty");
  private static final int MAX_PASSPHRASE_BYTES = 4096;

  @Override
  public boolean isInput() {
    return isTerminal(0);
  }

  @Override
  public boolean isOutput() {
    return isTerminal(1);
  }

  @Override
  public boolean isError() {
    return isTerminal(2);
  }

  @Override
  public char[] ask(String prompt) {
    Console console = System.console();
    return console != null && isTerminal(0) && isTerminal(1)
        ? console.readPassword("%s", prompt)
        : askOnControllingTerminal(prompt);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | RuntimeException notShown) {
      return System.console() != null;
    }
  }

  private static char[] askOnControllingTerminal(String prompt) {
    Thread restore = new Thread(() -> echo(true));
    try (InputStream in = new FileInputStream(CONTROLLING_TERMINAL);
        OutputStream out = new FileOutputStream(CONTROLLING_TERMINAL)) {
      Runtime.getRuntime().addShutdownHook(restore);
      if (!echo(false)) {
        return null;
      }
      out.write(prompt.getBytes(StandardCharsets.UTF_8));
      char[] typed = readLine(in);
      out.write('\n');
      return typed;
    } catch (IOException noTerminal) {
      return null;
    } finally {
      if (Runtime.getRuntime().removeShutdownHook(restore)) {
        echo(true);
      }
    }
  }

  private static char[] readLine(InputStream in) throws IOException {
    byte[] line = new byte[MAX_PASSPHRASE_BYTES];
    int length = 0;
    for (int b = in.read(); b >= 0 && b != '\n' && length < line.length; b = in.read()) {
      line[length++] = (byte) b;
    }
    CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(line, 0, length));
    char[] typed = Arrays.copyOf(text.array(), text.length());
    Arrays.fill(text.array(), '\0');
    Arrays.fill(line, (byte) 0);
    return typed;
  }

  /** Whether what is typed is shown; false where that could not be set. */
  private static boolean echo(boolean on) {
    try {
      return new ProcessBuilder("stty", on ? "echo" : "-echo")
              .redirectInput(CONTROLLING_TERMINAL)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noCommand) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
