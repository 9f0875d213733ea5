package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.StringTokenizer;

/** Integers as text: read with spaces, commas or ends of lines between them, written one a line. */
final class IntegerText {
  private static final String BETWEEN = " \t,;\r\n";
  private static final int MOST = 1 << 27;
  private static final int SHOWN = 40;

  private IntegerText() {}

  /**
   * Reads a file, or - for standard input.
   *
   * @throws VeilsumException BAD_INPUT, with the line, for what is no integer of 64 bits
   */
  static long[] read(Streams streams, String name) {
    if (name.equals("-")) {
      Inputs.requirePiped(streams);
      return read(streams.in(), "standard input");
    }
    Path file = Path.of(name);
    Inputs.refuse(file, "integers as text");
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, name);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + name, e);
    }
  }

  private static long[] read(InputStream in, String name) {
    long[] values = new long[1024];
    int count = 0;
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    try {
      long number = 1;
      for (String line; (line = lines.readLine()) != null; number++) {
        StringTokenizer words = new StringTokenizer(line, BETWEEN);
        while (words.hasMoreTokens()) {
          if (count == MOST) {
            throw new VeilsumException(
                ErrorCode.OUT_OF_RANGE, "%s has more than 2^27 integers".formatted(name));
          }
          if (count == values.length) {
            long[] longer = Arrays.copyOf(values, 2 * count);
            Arrays.fill(values, 0);
            values = longer;
          }
          values[count++] = integer(words.nextToken(), name, number);
        }
      }
    } catch (IOException e) {
      throw VeilsumException.io("reading " + name, e);
    }
    if (count == 0) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, name + " has no integers");
    }
    long[] all = Arrays.copyOf(values, count);
    Arrays.fill(values, 0);
    return all;
  }

  private static long integer(String word, String name, long line) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      String shown = word.length() <= SHOWN ? word : word.substring(0, SHOWN) + "...";
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s, line %d: \"%s\" is no integer of 64 bits".formatted(name, line, shown));
    }
  }

  static void write(long[] values, AtomicOutput out) {
    for (long value : values) {
      out.write((value + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }
}
