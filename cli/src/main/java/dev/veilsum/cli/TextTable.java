package dev.veilsum.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of cells for people, in columns as wide as their widest cell. */
final class TextTable {
  private static final String GAP = "  ";

  private final boolean[] right;
  private final List<List<String>> lines = new ArrayList<>();

  /** Alignment by column: l for left, r for right. */
  TextTable(String alignment) {
    right = new boolean[alignment.length()];
    for (int i = 0; i < right.length; i++) {
      right[i] = alignment.charAt(i) == 'r';
    }
  }

  /** Adds a line of as many cells as there are columns. */
  TextTable line(Object... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    List<String> line = new ArrayList<>();
    for (Object cell : cells) {
      line.add(Text.printable(String.valueOf(cell)));
    }
    lines.add(line);
    return this;
  }

  void print(PrintWriter out) {
    int[] widths = new int[right.length];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - width(line.get(i)));
        text.append(i == 0 ? "" : GAP);
        text.append(right[i] ? padding + line.get(i) : line.get(i) + padding);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
