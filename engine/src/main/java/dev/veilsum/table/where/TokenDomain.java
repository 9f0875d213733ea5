package dev.veilsum.table.where;

import dev.veilsum.file.ColumnKind;
import dev.veilsum.table.where.Condition.Operator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Blind tokens: equal or not, by {@code token:} and 32 hexadecimal digits. */
final class TokenDomain extends Domain {
  private static final Pattern TOKEN = Pattern.compile("token:([0-9a-fA-F]{32})");

  TokenDomain(String column, ColumnKind kind) {
    super(column, kind);
  }

  @Override
  RowSet compare(Operator operator, String literal) {
    if (operator != Operator.EQUAL && operator != Operator.NOT_EQUAL) {
      throw refused(operator, literal, "tokens have no order; ask with =, != or in");
    }
    var token = TOKEN.matcher(literal);
    if (!token.matches()) {
      throw refused(
          operator,
          literal,
          "a value is asked for by its token, token: and 32 hexadecimal digits, as \"veilsum token\""
              + " prints it for the key holder");
    }
    return new TokenSet(
        Set.of(token.group(1).toLowerCase(Locale.ROOT)), operator == Operator.NOT_EQUAL);
  }
}
