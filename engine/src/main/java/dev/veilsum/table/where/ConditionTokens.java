package dev.veilsum.table.where;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.List;
import java.util.Locale;

/** The text of a condition as a row of tokens, each read when it is come to. */
final class ConditionTokens {
  /** Longer ones first where one is the start of another. */
  private static final List<String> SYMBOLS =
      List.of("<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ",");

  private static final int SHOWN = 24;

  /** What a token is. */
  enum Type {
    WORD,
    KEYWORD,
    /** In double quotes. */
    NAME,
    /** In single quotes. */
    LITERAL,
    SYMBOL,
    END
  }

  /**
   * @param text without quotes; of keywords in small letters
   * @param position in the condition, from 0
   */
  record Token(Type type, String text, int position) {
    boolean is(String symbolOrKeyword) {
      return (type == Type.SYMBOL || type == Type.KEYWORD) && text.equals(symbolOrKeyword);
    }
  }

  private final String text;
  private int position;
  private Token next;

  /** Reads from the start; USAGE where the text is beyond the limit. */
  ConditionTokens(String text) {
    if (text.length() > Condition.MAX_LENGTH) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a condition has at most %d characters, not %d"
              .formatted(Condition.MAX_LENGTH, text.length()));
    }
    this.text = text;
    this.next = read();
  }

  /** The token that comes next. */
  Token peek() {
    return next;
  }

  /** Takes the token that comes next. */
  Token take() {
    Token taken = next;
    next = read();
    return taken;
  }

  /** Takes the next token where it is this symbol or keyword. */
  boolean takeIf(String symbolOrKeyword) {
    boolean found = next.is(symbolOrKeyword);
    if (found) {
      take();
    }
    return found;
  }

  /** An error at a token. */
  VeilsumException expected(String what, Token found) {
    return error("expected " + what + ", found " + shown(found), found.position());
  }

  /** An error at a position. */
  VeilsumException error(String what, int at) {
    return new VeilsumException(
        ErrorCode.USAGE, "condition, position %d: %s".formatted(at + 1, what));
  }

  private String shown(Token found) {
    if (found.type() == Type.END) {
      return "the end";
    }
    int end = Math.min(text.length(), found.position() + SHOWN);
    return text.substring(found.position(), end) + (end < text.length() ? "..." : "");
  }

  private Token read() {
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
    int start = position;
    if (start == text.length()) {
      return new Token(Type.END, "", start);
    }
    char first = text.charAt(start);
    if (first == '"' || first == '\'') {
      return new Token(first == '"' ? Type.NAME : Type.LITERAL, quoted(first), start);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, start)) {
        position += symbol.length();
        return new Token(Type.SYMBOL, symbol, start);
      }
    }
    while (position < text.length() && Words.isWordCharacter(text.charAt(position))) {
      position++;
    }
    if (position == start) {
      throw error(
          first == '!'
              ? "! stands only in !=; write \"not\""
              : "the character U+%04X has no meaning here".formatted((int) first),
          start);
    }
    String word = text.substring(start, position);
    return Words.isKeyword(word)
        ? new Token(Type.KEYWORD, word.toLowerCase(Locale.ROOT), start)
        : new Token(Type.WORD, word, start);
  }

  private String quoted(char quote) {
    int start = position++;
    StringBuilder inner = new StringBuilder();
    while (true) {
      int close = text.indexOf(quote, position);
      if (close < 0) {
        throw error("the quote " + quote + " is not closed", start);
      }
      inner.append(text, position, close);
      position = close + 1;
      if (position >= text.length() || text.charAt(position) != quote) {
        return inner.toString();
      }
      inner.append(quote);
      position++;
    }
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
