package dev.veilsum.table.where;

import dev.veilsum.table.where.Condition.Operator;
import dev.veilsum.table.where.ConditionTokens.Token;
import dev.veilsum.table.where.ConditionTokens.Type;
import java.util.ArrayList;
import java.util.List;

/** Reads the text of a {@link Condition} by recursive descent, as deep as conditions may nest. */
final class ConditionParser {
  private final ConditionTokens tokens;
  private int nesting;

  ConditionParser(String text) {
    this.tokens = new ConditionTokens(text);
  }

  Condition parse() {
    Condition condition = condition();
    Token rest = tokens.peek();
    if (rest.type() != Type.END) {
      throw tokens.expected("\"and\", \"or\" or the end", rest);
    }
    return condition;
  }

  private Condition condition() {
    List<Condition> terms = new ArrayList<>(List.of(term()));
    while (tokens.takeIf("or")) {
      terms.add(term());
    }
    return terms.size() == 1 ? terms.get(0) : new Condition.Or(terms);
  }

  private Condition term() {
    List<Condition> factors = new ArrayList<>(List.of(factor()));
    while (tokens.takeIf("and")) {
      factors.add(factor());
    }
    return factors.size() == 1 ? factors.get(0) : new Condition.And(factors);
  }

  private Condition factor() {
    Token first = tokens.peek();
    if (!first.is("not") && !first.is("(")) {
      return part();
    }
    tokens.take();
    if (++nesting > Condition.MAX_NESTING) {
      throw tokens.error(
          "parentheses and nots nest at most %d deep".formatted(Condition.MAX_NESTING),
          first.position());
    }
    Condition inner;
    if (first.is("not")) {
      inner = new Condition.Not(factor());
    } else {
      inner = condition();
      if (!tokens.takeIf(")")) {
        throw tokens.expected(
            "\"and\", \"or\" or the \")\" of position " + (first.position() + 1), tokens.peek());
      }
    }
    nesting--;
    return inner;
  }

  private Condition part() {
    Token name = tokens.peek();
    if (name.type() != Type.WORD && name.type() != Type.NAME) {
      throw tokens.expected(
          name.type() == Type.KEYWORD
              ? "a column (in double quotes where its name is a keyword)"
              : "a column (in double quotes where its name is more than a word)",
          name);
    }
    tokens.take();
    String column = name.text();
    Token relation = tokens.take();
    boolean negated = relation.is("not");
    if (negated) {
      relation = tokens.take();
    }
    if (relation.is("in")) {
      return new Condition.Membership(column, list(), negated);
    }
    if (relation.is("between")) {
      String low = literal();
      if (!tokens.takeIf("and")) {
        throw tokens.expected("the \"and\" of \"between\"", tokens.peek());
      }
      return new Condition.Between(column, low, literal(), negated);
    }
    if (negated) {
      throw tokens.expected("\"in\" or \"between\" after \"not\"", relation);
    }
    return new Condition.Comparison(column, operator(relation), literal());
  }

  private Operator operator(Token relation) {
    if (relation.is("<>")) {
      return Operator.NOT_EQUAL;
    }
    for (Operator operator : Operator.values()) {
      if (relation.is(operator.text())) {
        return operator;
      }
    }
    throw tokens.expected("=, !=, <, <=, >, >=, in, not in, between or not between", relation);
  }

  private List<String> list() {
    Token open = tokens.peek();
    if (!tokens.takeIf("(")) {
      throw tokens.expected("the \"(\" of \"in\"", open);
    }
    List<String> literals = new ArrayList<>(List.of(literal()));
    while (tokens.takeIf(",")) {
      literals.add(literal());
    }
    if (!tokens.takeIf(")")) {
      throw tokens.expected("\",\" or \")\"", tokens.peek());
    }
    return literals;
  }

  private String literal() {
    Token literal = tokens.peek();
    switch (literal.type()) {
      case WORD, LITERAL -> {
        tokens.take();
        return literal.text();
      }
      case NAME ->
          throw tokens.expected("a literal (single quotes; double quotes are for names)", literal);
      default -> throw tokens.expected("a literal (in single quotes, or a word)", literal);
    }
  }
}
