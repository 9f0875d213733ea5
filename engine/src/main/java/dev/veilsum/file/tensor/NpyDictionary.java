package dev.veilsum.file.tensor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.List;

/**
 * The dictionary in the header of a .npy array: Python's literal of exactly {@code descr}, {@code
 * fortran_order} and {@code shape}, in any order. Nothing is evaluated.
 */
final class NpyDictionary {
  /** Digits of a length; more than fit 2^48. */
  private static final int MOST_DIGITS = 18;

  private final String text;
  private final String place;
  private int at;
  private String descr;
  private Boolean fortranOrder;
  private List<Long> shape;

  /** Parses; BAD_INPUT with the place in the text. */
  NpyDictionary(String text, String place) {
    this.text = text;
    this.place = place;
    expect('{');
    while (!accept('}')) {
      String key = string();
      expect(':');
      value(key);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpace();
    if (at != text.length()) {
      throw wrong("the end");
    }
    if (descr == null || fortranOrder == null || shape == null) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          place + ": its header lacks one of descr, fortran_order and shape; save it again");
    }
  }

  /** NumPy's name of the element type, with its byte order; not empty. */
  String descr() {
    return descr;
  }

  boolean fortranOrder() {
    return fortranOrder;
  }

  List<Long> shape() {
    return shape;
  }

  private void value(String key) {
    switch (key) {
      case "descr" -> {
        once(key, descr);
        skipSpace();
        if (at < text.length() && text.charAt(at) == '[') {
          throw new VeilsumException(
              ErrorCode.BAD_INPUT,
              place + " is a structured array; save each of its fields as an array of its own");
        }
        descr = string();
        if (descr.isEmpty()) {
          throw wrong("a type");
        }
      }
      case "fortran_order" -> {
        once(key, fortranOrder);
        fortranOrder = bool();
      }
      case "shape" -> {
        once(key, shape);
        shape = tuple();
      }
      default ->
          throw new VeilsumException(
              ErrorCode.BAD_INPUT,
              "%s: its header has the unknown field \"%s\"; save it again with numpy.save"
                  .formatted(place, key.length() > 40 ? key.substring(0, 40) + "..." : key));
    }
  }

  private void once(String key, Object before) {
    if (before != null) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, place + ": its header has \"" + key + "\" twice");
    }
  }

  private String string() {
    skipSpace();
    char quote = at < text.length() ? text.charAt(at) : 0;
    if (quote != '\'' && quote != '"') {
      throw wrong("a quoted text");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
      throw wrong("a plain quoted text");
    }
    String string = text.substring(at + 1, end);
    at = end + 1;
    return string;
  }

  private boolean bool() {
    skipSpace();
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw wrong("True or False");
  }

  /** (), (3,), (3, 4) or (3, 4,). */
  private List<Long> tuple() {
    List<Long> lengths = new ArrayList<>();
    expect('(');
    while (!accept(')')) {
      lengths.add(integer());
      if (!accept(',')) {
        if (lengths.size() == 1) {
          throw wrong("a comma");
        }
        expect(')');
        break;
      }
    }
    return lengths;
  }

  private long integer() {
    skipSpace();
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from || at - from > MOST_DIGITS) {
      at = from;
      throw wrong("a length of at most " + MOST_DIGITS + " digits");
    }
    long value = Long.parseLong(text, from, at, 10);
    if (at < text.length() && text.charAt(at) == 'L') {
      at++; // Python 2 wrote it
    }
    return value;
  }

  private boolean accept(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw wrong("\"" + c + '"');
    }
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private VeilsumException wrong(String expected) {
    String found = at < text.length() ? "\"" + text.charAt(at) + '"' : "the end";
    return new VeilsumException(
        ErrorCode.BAD_INPUT,
        "%s: its header has %s at character %d where %s belongs; save it again with numpy.save"
            .formatted(place, found, at, expected));
  }
}
