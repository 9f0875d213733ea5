package dev.veilsum.table.where;

import java.util.Locale;
import java.util.Set;

/** Which words of a condition stand for themselves, and how the others are quoted. */
final class Words {
  private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "in", "between");

  private Words() {}

  /** Whether a bare word is one of the grammar's own, in any case. */
  static boolean isKeyword(String word) {
    return KEYWORDS.contains(word.toLowerCase(Locale.ROOT));
  }

  /** Whether a character may stand in a bare word. */
  static boolean isWordCharacter(char c) {
    return c > ' '
        && "(),=!<>\"'".indexOf(c) < 0
        && !Character.isWhitespace(c)
        && !Character.isSpaceChar(c)
        && !Character.isISOControl(c);
  }

  /** A column's name as a condition has it. */
  static String name(String name) {
    return quoted(name, '"');
  }

  /** A literal as a condition has it. */
  static String literal(String literal) {
    return quoted(literal, '\'');
  }

  private static String quoted(String text, char quote) {
    boolean bare =
        !text.isEmpty()
            && text.chars().allMatch(c -> isWordCharacter((char) c))
            && !isKeyword(text);
    String mark = String.valueOf(quote);
    return bare ? text : mark + text.replace(mark, mark + mark) + mark;
  }
}
