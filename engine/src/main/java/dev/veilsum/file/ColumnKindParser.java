package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a {@link ColumnKind}. Spaces may stand around names, numbers and bare labels.
 *
 * <pre>
 *   kind     = "real" [ range ] | "integer" range | "category" "(" label *( "," label ) ")"
 *   range    = "(" number ".." number ")"
 *   label    = bare text without , " ( ) | '"' text with "" for " '"'
 * </pre>
 */
final class ColumnKindParser {
  private static final int MAX_TEXT = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z]+");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
  // A dot that another dot follows belongs to the range.
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.(?!\\.)[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private final String text;
  private int position;

  ColumnKindParser(String text) {
    this.text = text;
  }

  ColumnKind parse() {
    if (text.length() > MAX_TEXT) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a column kind has at most " + MAX_TEXT + " characters");
    }
    skipSpaces();
    int start = position;
    Matcher name = matcher(NAME);
    String word = name.lookingAt() ? name.group() : "";
    position += word.length();
    ColumnKind kind =
        switch (word) {
          case "real" -> real();
          case "integer" -> integer();
          case "category" -> category();
          default -> throw expected("real, integer(min..max) or category(a,b)", start);
        };
    skipSpaces();
    if (position < text.length()) {
      throw expected("nothing more", position);
    }
    return kind;
  }

  private ColumnKind real() {
    skipSpaces();
    if (position == text.length()) {
      return ColumnKind.Real.DEFAULT;
    }
    expect("(");
    int start = position;
    double min = decimal();
    expect("..");
    double max = decimal();
    expect(")");
    if (!(min < max)) {
      throw expected("a range that rises", start);
    }
    return new ColumnKind.Real(min, max);
  }

  private ColumnKind integer() {
    expect("(");
    int start = position;
    long min = whole();
    expect("..");
    long max = whole();
    expect(")");
    if (min > max) {
      throw expected("a range that does not fall", start);
    }
    return new ColumnKind.Integer(min, max);
  }

  private ColumnKind category() {
    expect("(");
    int start = position;
    List<String> labels = new ArrayList<>();
    labels.add(label());
    while (peek() == ',') {
      position++;
      labels.add(label());
    }
    expect(")");
    try {
      return new ColumnKind.Category(labels);
    } catch (VeilsumException e) {
      throw error(e.getMessage(), start);
    }
  }

  private String label() {
    skipSpaces();
    return peek() == '"' ? quotedLabel() : bareLabel();
  }

  private String quotedLabel() {
    int start = position++;
    StringBuilder label = new StringBuilder();
    while (true) {
      int quote = text.indexOf('"', position);
      if (quote < 0) {
        throw error("the quote is not closed", start);
      }
      label.append(text, position, quote);
      position = quote + 1;
      if (position >= text.length() || text.charAt(position) != '"') {
        skipSpaces();
        return label.toString();
      }
      label.append('"');
      position++;
    }
  }

  private String bareLabel() {
    int start = position;
    while (position < text.length() && ",()\"\n\r".indexOf(text.charAt(position)) < 0) {
      position++;
    }
    String label = text.substring(start, position).strip();
    if (label.isEmpty()) {
      throw expected("a label (quote it where it is empty or has , \" ( ) in it)", start);
    }
    return label;
  }

  private double decimal() {
    String number = number(DECIMAL, "a number");
    double value = Double.parseDouble(number);
    if (Double.isInfinite(value)) {
      throw error(number + " is beyond what a double holds", position - number.length());
    }
    return value;
  }

  private long whole() {
    String number = number(WHOLE, "a whole number");
    if (number.length() > 40) {
      throw error("this number has " + number.length() + " digits", position - number.length());
    }
    BigInteger value = new BigInteger(number);
    if (value.compareTo(LONG_MIN) < 0 || value.compareTo(LONG_MAX) > 0) {
      throw error(number + " is beyond 64 bits", position - number.length());
    }
    return value.longValue();
  }

  private String number(Pattern form, String what) {
    skipSpaces();
    Matcher matcher = matcher(form);
    if (!matcher.lookingAt()) {
      throw expected(what, position);
    }
    position = matcher.end();
    return matcher.group();
  }

  private Matcher matcher(Pattern pattern) {
    return pattern.matcher(text).region(position, text.length()).useTransparentBounds(true);
  }

  private void expect(String mark) {
    skipSpaces();
    if (!text.startsWith(mark, position)) {
      throw expected("\"" + mark + "\"", position);
    }
    position += mark.length();
  }

  private void skipSpaces() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
  }

  private int peek() {
    return position < text.length() ? text.charAt(position) : -1;
  }

  private VeilsumException expected(String what, int at) {
    String found =
        at >= text.length()
            ? "the end"
            : "\"" + text.substring(at, Math.min(at + 20, text.length())) + "\"";
    return error("expected " + what + ", found " + found, at);
  }

  private VeilsumException error(String what, int at) {
    String shown = text.length() <= 80 ? text : text.substring(0, 77) + "...";
    return new VeilsumException(
        ErrorCode.USAGE, "column kind '" + shown + "', position " + (at + 1) + ": " + what);
  }
}
