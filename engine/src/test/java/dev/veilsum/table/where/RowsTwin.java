package dev.veilsum.table.where;

import dev.veilsum.file.Buckets;
import dev.veilsum.file.ColumnKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random columns and rows in the clear, random conditions on them, and which rows fulfil a
 * condition: straight from its words and the rows' values, without any of the engine's sets.
 */
final class RowsTwin {
  private static final List<String> KINDS =
      List.of(
          "category(a,b)",
          "category(only)",
          "category(sun,rain,\"snow, hail\",fog,\"it's\",\"\",and)",
          "ordered(1, -3..3)",
          "ordered(0.25, 0..5.00)",
          "ordered(2, 0..0)",
          "ordered(10, -15..100; floor)",
          "ordered(0.5, -2.00..9.90; floor)",
          "time(2026-03-27..2026-04-02; step=1d; zone=Europe/Berlin)",
          "time(2026-10-20..2026-10-27; step=6h; zone=Europe/Berlin)",
          "time(2024-01-31..2024-12-31; step=1mo)",
          "token");

  final Map<String, ColumnKind> kinds = new LinkedHashMap<>();
  final List<Map<String, Object>> rows = new ArrayList<>();
  private final Random random;

  /** Columns c0, c1, ... of random kinds, and rows. */
  RowsTwin(Random random, int columns, int rowCount, boolean tokens) {
    this.random = random;
    for (int i = 0; i < columns; i++) {
      kinds.put("c" + i, ColumnKind.parse(pick(KINDS.subList(0, KINDS.size() - (tokens ? 0 : 1)))));
    }
    for (int row = 0; row < rowCount; row++) {
      Map<String, Object> values = new LinkedHashMap<>();
      kinds.forEach((name, kind) -> values.put(name, value(kind)));
      rows.add(values);
    }
  }

  private <T> T pick(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  /** A label, a number, an instant in milliseconds, or a token. */
  private Object value(ColumnKind kind) {
    if (kind instanceof ColumnKind.Category category) {
      return pick(category.labels());
    }
    if (kind instanceof ColumnKind.Ordered ordered) {
      long from = ordered.least();
      long count = ordered.greatest() - from;
      long above =
          ordered.floor()
              ? (long) (random.nextDouble() * (count + 1))
              : ordered.step() * random.nextInt((int) (count / ordered.step()) + 1);
      BigDecimal value = ordered.number(from + above);
      boolean finer = ordered.floor() && random.nextBoolean(); // than the declared places
      return finer ? value.add(new BigDecimal("0.7").movePointLeft(ordered.places())) : value;
    }
    if (kind instanceof ColumnKind.Time time) {
      return random.nextInt(4) == 0
          ? time.buckets().orElseThrow().start(random.nextInt(time.masks() + 1))
          : time.from() + (long) (random.nextDouble() * (time.to() - time.from() + 1));
    }
    return token(random.nextInt(4));
  }

  private static String token(int number) {
    byte[] bytes = new byte[16];
    Arrays.fill(bytes, (byte) (17 * number + 10));
    return HexFormat.of().formatHex(bytes);
  }

  /** The mask part of a column as the encryptor lays it down. */
  long[] part(String column, int part, int from, int until) {
    ColumnKind kind = kinds.get(column);
    long[] mask = new long[until - from];
    for (int row = from; row < until; row++) {
      Object value = rows.get(row).get(column);
      boolean one;
      if (kind instanceof ColumnKind.Category category) {
        one = category.labels().get(part).equals(value);
      } else if (kind instanceof ColumnKind.Ordered ordered) {
        one = ((BigDecimal) value).compareTo(ordered.buckets().boundary(part + 1)) >= 0;
      } else {
        Buckets steps = ((ColumnKind.Time) kind).buckets().orElseThrow();
        one = (Long) value >= steps.start(part + 1);
      }
      mask[row - from] = one ? 1 : 0;
    }
    return mask;
  }

  // Conditions.

  /** A condition that the columns' kinds can tell. */
  Condition condition(int depth) {
    int choice = depth == 0 ? 9 : random.nextInt(10);
    if (choice < 6) {
      List<Condition> operands = new ArrayList<>();
      for (int i = 2 + random.nextInt(2); i > 0; i--) {
        operands.add(condition(depth - 1));
      }
      return choice < 3 ? new Condition.And(operands) : new Condition.Or(operands);
    }
    return choice < 8 && depth > 0 ? new Condition.Not(condition(depth - 1)) : part();
  }

  private Condition part() {
    return part(pick(List.copyOf(kinds.keySet())));
  }

  /** A condition on one column that its kind can tell. */
  Condition part(String column) {
    ColumnKind kind = kinds.get(column);
    if (kind instanceof ColumnKind.Category category) {
      return equality(column, List.of(pick(category.labels()), pick(category.labels())));
    }
    if (kind instanceof ColumnKind.Token) {
      return equality(
          column,
          List.of("token:" + token(random.nextInt(4)), "token:" + token(random.nextInt(6))));
    }
    if (kind instanceof ColumnKind.Ordered ordered) {
      return ordered.floor() ? floored(column, ordered) : onGrid(column, ordered);
    }
    return time(column, (ColumnKind.Time) kind);
  }

  private Condition equality(String column, List<String> literals) {
    return switch (random.nextInt(4)) {
      case 0 -> new Condition.Comparison(column, Condition.Operator.NOT_EQUAL, literals.get(0));
      case 1 -> new Condition.Membership(column, literals, random.nextBoolean());
      default -> new Condition.Comparison(column, Condition.Operator.EQUAL, literals.get(0));
    };
  }

  private Condition onGrid(String column, ColumnKind.Ordered kind) {
    String a = near(kind).toPlainString();
    String b = near(kind).toPlainString();
    return switch (random.nextInt(4)) {
      case 0 -> new Condition.Between(column, a, b, random.nextBoolean());
      case 1 -> new Condition.Membership(column, List.of(a, b), random.nextBoolean());
      default -> new Condition.Comparison(column, pick(List.of(Condition.Operator.values())), a);
    };
  }

  /** A number on the grid, off it, or beyond the range. */
  private BigDecimal near(ColumnKind.Ordered kind) {
    BigDecimal value = (BigDecimal) value(kind);
    return switch (random.nextInt(4)) {
      case 0 -> value.add(new BigDecimal("0.1"));
      case 1 -> value.add(BigDecimal.valueOf(random.nextInt(9) - 4));
      default -> value;
    };
  }

  private Condition floored(String column, ColumnKind.Ordered kind) {
    Buckets buckets = kind.buckets();
    BigDecimal at = buckets.boundary(random.nextInt(buckets.count()));
    return half(column, at.toPlainString());
  }

  private Condition half(String column, String literal) {
    return new Condition.Comparison(
        column,
        random.nextBoolean() ? Condition.Operator.LESS : Condition.Operator.GREATER_OR_EQUAL,
        literal);
  }

  private Condition time(String column, ColumnKind.Time kind) {
    Buckets buckets = kind.buckets().orElseThrow();
    Instant at = Instant.ofEpochMilli(buckets.start(random.nextInt(buckets.count())));
    boolean wholeDays = kind.step().orElseThrow().text().equals("1d");
    if (!wholeDays || random.nextBoolean()) {
      String text =
          switch (random.nextInt(3)) {
            case 0 -> at.toString();
            case 1 -> at.atZone(ZoneId.of("Asia/Tokyo")).toOffsetDateTime().toString();
            default -> String.valueOf(at.toEpochMilli());
          };
      return half(column, text);
    }
    LocalDate day = at.atZone(kind.calendar()).toLocalDate();
    String a = day.toString();
    String b = day.plusDays(random.nextInt(4) - 1).toString();
    return switch (random.nextInt(4)) {
      case 0 -> new Condition.Between(column, a, b, random.nextBoolean());
      case 1 -> new Condition.Membership(column, List.of(a, b), random.nextBoolean());
      default -> new Condition.Comparison(column, pick(List.of(Condition.Operator.values())), a);
    };
  }

  // The truth.

  /** 1 in the slots of the rows that fulfil a condition. */
  long[] truth(Condition condition, int slots) {
    long[] bits = new long[slots];
    for (int row = 0; row < rows.size(); row++) {
      bits[row] = holds(condition, row) ? 1 : 0;
    }
    return bits;
  }

  /** Whether a row fulfils a condition. */
  boolean holds(Condition condition, int row) {
    if (condition instanceof Condition.And and) {
      return and.operands().stream().allMatch(each -> holds(each, row));
    }
    if (condition instanceof Condition.Or or) {
      return or.operands().stream().anyMatch(each -> holds(each, row));
    }
    if (condition instanceof Condition.Not not) {
      return !holds(not.operand(), row);
    }
    String column = ((Condition.Part) condition).column();
    ColumnKind kind = kinds.get(column);
    Object value = rows.get(row).get(column);
    if (condition instanceof Condition.Membership in) {
      return in.literals().stream().anyMatch(literal -> side(kind, value, literal) == 0)
          != in.negated();
    }
    if (condition instanceof Condition.Between between) {
      return (side(kind, value, between.low()) >= 0 && side(kind, value, between.high()) <= 0)
          != between.negated();
    }
    Condition.Comparison comparison = (Condition.Comparison) condition;
    int side = side(kind, value, comparison.literal());
    return switch (comparison.operator()) {
      case EQUAL -> side == 0;
      case NOT_EQUAL -> side != 0;
      case LESS -> side < 0;
      case LESS_OR_EQUAL -> side <= 0;
      case GREATER -> side > 0;
      case GREATER_OR_EQUAL -> side >= 0;
    };
  }

  /** Whether a value lies before what a literal means, in it, or after it. */
  private static int side(ColumnKind kind, Object value, String literal) {
    if (kind instanceof ColumnKind.Category) {
      return value.equals(literal) ? 0 : 1;
    }
    if (kind instanceof ColumnKind.Token) {
      return ("token:" + value).equals(literal) ? 0 : 1;
    }
    if (kind instanceof ColumnKind.Ordered) {
      return ((BigDecimal) value).compareTo(new BigDecimal(literal));
    }
    Instant at = Instant.ofEpochMilli((Long) value);
    if (literal.matches("\\d{4}-\\d\\d-\\d\\d")) {
      return at.atZone(((ColumnKind.Time) kind).calendar())
          .toLocalDate()
          .compareTo(LocalDate.parse(literal));
    }
    return literal.matches("-?\\d+")
        ? at.compareTo(Instant.ofEpochMilli(Long.parseLong(literal)))
        : at.compareTo(java.time.OffsetDateTime.parse(literal).toInstant());
  }
}
