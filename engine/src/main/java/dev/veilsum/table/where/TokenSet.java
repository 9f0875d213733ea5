package dev.veilsum.table.where;

import java.util.HashSet;
import java.util.Set;

/**
 * Some of all possible blind tokens: those listed, or all but those.
 *
 * @param listed tokens in hexadecimal, small letters
 * @param others whether the set is what is not listed
 */
record TokenSet(Set<String> listed, boolean others) implements RowSet {
  TokenSet {
    listed = Set.copyOf(listed);
  }

  boolean contains(String token) {
    return listed.contains(token) != others;
  }

  @Override
  public TokenSet and(RowSet other) {
    TokenSet that = (TokenSet) other;
    if (others && that.others) {
      return new TokenSet(union(listed, that.listed), true);
    }
    return others ? that.without(this) : without(that);
  }

  /** Those of these listed ones that are also in the other set. */
  private TokenSet without(TokenSet that) {
    Set<String> both = new HashSet<>(listed);
    both.removeIf(token -> !that.contains(token));
    return new TokenSet(both, false);
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> either = new HashSet<>(a);
    either.addAll(b);
    return either;
  }

  @Override
  public TokenSet or(RowSet other) {
    return not().and(other.not()).not();
  }

  @Override
  public TokenSet not() {
    return new TokenSet(listed, !others);
  }

  @Override
  public boolean isEmpty() {
    return listed.isEmpty() && !others;
  }

  @Override
  public boolean isFull() {
    return listed.isEmpty() && others;
  }
}
