package dev.veilsum.table;

import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.rows.ColumnDeclaration;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;

/** Random rows of every kind of column, kept in the clear, and random conditions on them. */
final class RandomTable {
  private static final long DAY = 86_400_000L;
  private static final long START = Instant.parse("2024-02-20T00:00:00Z").toEpochMilli();
  private static final List<String> LABELS = List.of("sun", "rain", "snow, hail", "it's \"odd\"");

  private final Random random;
  private final int rows;
  private final Map<String, ColumnDeclaration> columns = new LinkedHashMap<>();
  private final Map<String, BigDecimal[]> numbers = new LinkedHashMap<>();
  private final Map<String, String[]> texts = new LinkedHashMap<>();

  /** A condition, and which rows truly fulfil it. */
  record Where(String text, IntPredicate holds) {}

  /**
   * @param segments at how many places sorted columns may start again
   */
  RandomTable(Random random, int rows, List<Integer> segmentStarts) {
    this.random = random;
    this.rows = rows;
    if (chance(0.7)) {
      add(
          "n",
          chance(0.5) ? "integer(-500..500; squares)" : "integer(-500..500)",
          i -> whole(-500, 500));
    }
    if (chance(0.5)) {
      add("d", "decimal(-9.99..9.99)", i -> BigDecimal.valueOf(random.nextInt(1999) - 999, 2));
    }
    if (chance(0.5)) {
      add(
          "x",
          "real(-50..50; where; squares)",
          i -> new BigDecimal(-50 + 100 * random.nextDouble()));
    }
    if (chance(0.8)) {
      List<String> labels = LABELS.subList(0, 1 + random.nextInt(4));
      String kind = new ColumnKind.Category(labels).text();
      declare("c", kind);
      String[] cells = new String[rows];
      for (int i = 0; i < rows; i++) {
        cells[i] = labels.get(Math.min(random.nextInt(labels.size()), random.nextInt(4)));
      }
      texts.put("c", cells);
    }
    if (chance(0.7)) {
      switch (random.nextInt(3)) {
        case 0 -> add("o", "ordered(1, 0..9)", i -> whole(0, 9));
        case 1 ->
            add(
                "o",
                "ordered(0.5, -2..2)",
                i -> BigDecimal.valueOf(random.nextInt(9) * 5L - 20, 1));
        default ->
            add(
                "o",
                "ordered(0.25, 0..2.1; floor)",
                i -> BigDecimal.valueOf(random.nextInt(211), 2));
      }
    }
    if (chance(0.6)) {
      addAscending(
          "s",
          chance(0.5) ? "sorted(-100..2000000000; layout=b)" : "sorted(-1.00..99999.99)",
          segmentStarts);
    }
    if (chance(0.5) || columns.isEmpty()) {
      addTimes(
          "t",
          chance(0.6) ? "time(2024-02-20..2024-03-05; step=1d)" : "time(2024-02-20..2024-03-05)",
          segmentStarts);
    }
  }

  private interface Cell {
    BigDecimal at(int row);
  }

  private boolean chance(double p) {
    return random.nextDouble() < p;
  }

  private BigDecimal whole(int least, int greatest) {
    return BigDecimal.valueOf(least + random.nextInt(greatest - least + 1));
  }

  private void declare(String name, String kind) {
    columns.put(name, new ColumnDeclaration(name, ColumnKind.parse(kind)));
  }

  private void add(String name, String kind, Cell cell) {
    declare(name, kind);
    BigDecimal[] cells = new BigDecimal[rows];
    boolean same = chance(0.1);
    for (int i = 0; i < rows; i++) {
      cells[i] = same && i > 0 ? cells[0] : cell.at(i);
    }
    numbers.put(name, cells);
  }

  private void addAscending(String name, String kind, List<Integer> starts) {
    declare(name, kind);
    ColumnKind.FixedPoint fixed = (ColumnKind.FixedPoint) columns.get(name).kind();
    BigDecimal[] cells = new BigDecimal[rows];
    long now = fixed.least();
    long step = Math.max(1, (fixed.greatest() - fixed.least()) / Math.max(1, rows));
    for (int i = 0; i < rows; i++) {
      if (starts.contains(i)) {
        now = fixed.least() + random.nextInt(5);
      }
      now =
          Math.min(fixed.greatest(), now + (chance(0.3) ? 0 : (long) (random.nextDouble() * step)));
      cells[i] = fixed.number(now);
    }
    numbers.put(name, cells);
  }

  private void addTimes(String name, String kind, List<Integer> starts) {
    declare(name, kind);
    BigDecimal[] cells = new BigDecimal[rows];
    long now = START;
    long step = 14 * DAY / Math.max(1, rows);
    for (int i = 0; i < rows; i++) {
      if (starts.contains(i)) {
        now = START;
      }
      now += chance(0.2) ? 0 : (long) (random.nextDouble() * step);
      cells[i] = BigDecimal.valueOf(now);
    }
    numbers.put(name, cells);
  }

  int rows() {
    return rows;
  }

  List<ColumnDeclaration> columns() {
    return List.copyOf(columns.values());
  }

  ColumnKind kind(String column) {
    return columns.get(column).kind();
  }

  BigDecimal number(String column, int row) {
    return numbers.get(column)[row];
  }

  String label(String column, int row) {
    return texts.get(column)[row];
  }

  /** The rows as CSV, times as ISO 8601 in some zone. */
  String csv(int from, int until) {
    StringBuilder csv = new StringBuilder(String.join(",", columns.keySet())).append('\n');
    for (int i = from; i < until; i++) {
      List<String> cells = new ArrayList<>();
      for (String name : columns.keySet()) {
        if (texts.containsKey(name)) {
          cells.add('"' + texts.get(name)[i].replace("\"", "\"\"") + '"');
        } else if (kind(name) instanceof ColumnKind.Time) {
          Instant instant = Instant.ofEpochMilli(number(name, i).longValueExact());
          cells.add(
              i % 2 == 0
                  ? instant.toString()
                  : instant.atOffset(ZoneOffset.ofHours(i % 12)).toString());
        } else if (kind(name) instanceof ColumnKind.Real) {
          cells.add(String.valueOf(number(name, i).doubleValue()));
        } else {
          cells.add(number(name, i).toPlainString());
        }
      }
      csv.append(String.join(",", cells)).append('\n');
    }
    return csv.toString();
  }

  /** A random condition on the masked columns; null where there is none. */
  Where condition(int depth) {
    List<String> masked =
        columns.values().stream().filter(c -> c.kind().isMasked()).map(c -> c.name()).toList();
    if (masked.isEmpty()) {
      return null;
    }
    if (depth > 0 && chance(0.6)) {
      Where a = condition(depth - 1);
      Where b = condition(depth - 1);
      return chance(0.5)
          ? new Where(
              "(" + a.text + " and " + b.text + ")", i -> a.holds.test(i) && b.holds.test(i))
          : new Where(
              "(" + a.text + " or " + b.text + ")", i -> a.holds.test(i) || b.holds.test(i));
    }
    if (chance(0.15)) {
      Where a = condition(0);
      return new Where("not (" + a.text + ")", i -> !a.holds.test(i));
    }
    String name = masked.get(random.nextInt(masked.size()));
    if (kind(name) instanceof ColumnKind.Category category) {
      String label = category.labels().get(random.nextInt(category.labels().size()));
      String quoted = "'" + label.replace("'", "''") + "'";
      return chance(0.5)
          ? new Where(name + " = " + quoted, i -> label(name, i).equals(label))
          : new Where(name + " != " + quoted, i -> !label(name, i).equals(label));
    }
    if (kind(name) instanceof ColumnKind.Time) {
      long day = START + random.nextInt(14) * DAY;
      String date = Instant.ofEpochMilli(day).toString().substring(0, 10);
      return switch (random.nextInt(4)) {
        case 0 -> new Where(name + " >= " + date, i -> time(name, i) >= day);
        case 1 -> new Where(name + " < " + date + "T00:00:00Z", i -> time(name, i) < day);
        case 2 -> new Where(name + " <= " + date, i -> time(name, i) < day + DAY);
        default ->
            new Where(name + " = " + date, i -> time(name, i) >= day && time(name, i) < day + DAY);
      };
    }
    ColumnKind.Ordered ordered = (ColumnKind.Ordered) kind(name);
    BigDecimal bound = ordered.buckets().boundary(random.nextInt(ordered.buckets().count()));
    BigDecimal upper =
        bound.add(ordered.number(ordered.step()).multiply(BigDecimal.valueOf(random.nextInt(3))));
    if (ordered.floor() || chance(0.5)) {
      return chance(0.5)
          ? new Where(name + " >= " + bound, i -> number(name, i).compareTo(bound) >= 0)
          : new Where(name + " < " + bound, i -> number(name, i).compareTo(bound) < 0);
    }
    if (upper.compareTo(ordered.number(ordered.greatest())) > 0 || chance(0.4)) {
      return new Where(name + " = " + bound, i -> number(name, i).compareTo(bound) == 0);
    }
    return new Where(
        name + " between " + bound + " and " + upper,
        i -> number(name, i).compareTo(bound) >= 0 && number(name, i).compareTo(upper) <= 0);
  }

  private long time(String name, int row) {
    return number(name, row).longValueExact();
  }
}
