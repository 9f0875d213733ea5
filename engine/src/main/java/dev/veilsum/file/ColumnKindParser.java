package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a {@link ColumnKind}. Spaces may stand around names, numbers and bare labels.
 *
 * <pre>
 *   kind     = "real" [ "(" range options ")" ]        options: where, squares
 *            | "integer" "(" range options ")"           squares
 *            | "decimal" "(" range options ")"           squares
 *            | "category" "(" label *( "," label ) ")"
 *            | "ordered" "(" step "," range options ")"  floor
 *            | "sorted" "(" range options ")"            layout
 *            | "time" "(" time ".." time options ")"     step, zone, layout
 *            | "token"
 *   range    = number ".." number
 *   options  = *( ";" name [ "=" value ] )
 *   label    = bare text without , " ( ) | '"' text with "" for " '"'
 * </pre>
 */
final class ColumnKindParser {
  private static final String KINDS =
      "real, integer(min..max), decimal(min..max), category(a,b), ordered(step, min..max),"
          + " sorted(min..max), time(from..to) or token";
  private static final int MAX_TEXT = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z]+");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
  // A dot that another dot follows belongs to the range.
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.(?!\\.)[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
  private static final Pattern EXACT = Pattern.compile("[+-]?[0-9]+(?:\\.(?!\\.)[0-9]+)?");
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
          case "decimal" -> decimalKind();
          case "category" -> category();
          case "ordered" -> ordered();
          case "sorted" -> sorted();
          case "time" -> time();
          case "token" -> new ColumnKind.Token();
          default -> throw expected(KINDS, start);
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
    var options = options("where", "squares");
    expect(")");
    if (!(min < max)) {
      throw expected("a range that rises", start);
    }
    return at(
        start,
        () ->
            new ColumnKind.Real(
                min, max, options.containsKey("where"), options.containsKey("squares")));
  }

  private ColumnKind integer() {
    expect("(");
    int start = position;
    long min = whole();
    expect("..");
    long max = whole();
    boolean squares = options("squares").containsKey("squares");
    expect(")");
    if (min > max) {
      throw expected("a range that does not fall", start);
    }
    return new ColumnKind.Integer(min, max, squares);
  }

  private ColumnKind decimalKind() {
    expect("(");
    int start = position;
    FixedRange range = at(start, range(0));
    boolean squares = options("squares").containsKey("squares");
    expect(")");
    return new ColumnKind.Decimal(range, squares);
  }

  private ColumnKind ordered() {
    expect("(");
    int start = position;
    BigDecimal step = exact();
    expect(",");
    FixedRange range = at(start, range(step.scale()));
    boolean floor = options("floor").containsKey("floor");
    expect(")");
    return at(
        start, () -> new ColumnKind.Ordered(FixedRange.fixed(step, range.places()), range, floor));
  }

  private ColumnKind sorted() {
    expect("(");
    int start = position;
    FixedRange range = at(start, range(0));
    Map<String, String> options = options("layout=");
    expect(")");
    return at(start, () -> new ColumnKind.Sorted(range, layout(options)));
  }

  private ColumnKind time() {
    expect("(");
    int start = position;
    String from = textUpTo("..", ")");
    expect("..");
    String to = textUpTo(";", ")");
    Map<String, String> options = options("step=", "zone=", "layout=");
    expect(")");
    return at(
        start,
        () -> {
          Optional<ZoneId> zone = Optional.ofNullable(options.get("zone")).map(this::zone);
          TimeText.Span first = TimeText.parse(from, zone);
          TimeText.Span last = TimeText.parse(to, zone);
          return new ColumnKind.Time(
              first.from(),
              last.isDate() ? last.until() - 1 : last.from(),
              Optional.ofNullable(options.get("step")).map(TimeStep::parse),
              zone,
              layout(options));
        });
  }

  /** The parts of a kind put together; what is wrong with them is told with their position. */
  private <T> T at(int start, Supplier<T> make) {
    try {
      return make.get();
    } catch (VeilsumException e) {
      throw error(e.getMessage(), start);
    }
  }

  private Supplier<FixedRange> range(int leastPlaces) {
    BigDecimal min = exact();
    expect("..");
    BigDecimal max = exact();
    return () -> FixedRange.of(min, max, leastPlaces);
  }

  /** Options as name and value; the names that take a value end in = here. */
  private Map<String, String> options(String... known) {
    Map<String, String> options = new LinkedHashMap<>();
    for (skipSpaces(); peek() == ';'; skipSpaces()) {
      position++;
      skipSpaces();
      int start = position;
      Matcher name = matcher(NAME);
      String word = name.lookingAt() ? name.group() : "";
      position += word.length();
      skipSpaces();
      boolean hasValue = peek() == '=';
      if (!List.of(known).contains(hasValue ? word + "=" : word)) {
        throw expected("an option of " + String.join(", ", known), start);
      }
      if (hasValue) {
        position++;
      }
      if (options.put(word, hasValue ? textUpTo(";", ")") : "") != null) {
        throw error("the option " + word + " stands twice", start);
      }
    }
    return options;
  }

  private static SortedLayout layout(Map<String, String> options) {
    String letter = options.getOrDefault("layout", SortedLayout.A.text());
    for (SortedLayout layout : SortedLayout.values()) {
      if (layout.text().equals(letter)) {
        return layout;
      }
    }
    throw new VeilsumException(ErrorCode.USAGE, "there are the layouts a and b, not " + letter);
  }

  private ZoneId zone(String id) {
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      throw new VeilsumException(
          ErrorCode.USAGE, "there is no time zone '%s'; name one as Europe/Berlin".formatted(id));
    }
  }

  /** The text up to the first of some marks, without spaces around it; at most 64 characters. */
  private String textUpTo(String... marks) {
    skipSpaces();
    int end = Math.min(text.length(), position + 64);
    for (String mark : marks) {
      int found = text.indexOf(mark, position);
      end = found < 0 ? end : Math.min(end, found);
    }
    String found = text.substring(position, end).strip();
    position = end;
    return found;
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

  /** A decimal number without exponent, with the places that it is written with. */
  private BigDecimal exact() {
    String number = number(EXACT, "a number as 12 or -0.05");
    if (number.length() > 40) {
      throw error("this number has " + number.length() + " digits", position - number.length());
    }
    return new BigDecimal(number);
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
