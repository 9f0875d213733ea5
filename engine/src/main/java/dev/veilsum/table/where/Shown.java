package dev.veilsum.table.where;

import java.util.List;

/** Texts in messages, cut where they are long. */
final class Shown {
  private static final int MOST = 80;
  private static final int MOST_ITEMS = 12;

  private Shown() {}

  static String text(String text) {
    return text.length() <= MOST ? text : text.substring(0, MOST - 3) + "...";
  }

  static String list(List<String> items) {
    String shown = String.join(", ", items.stream().limit(MOST_ITEMS).map(Shown::text).toList());
    return items.size() <= MOST_ITEMS
        ? shown
        : shown + " and " + (items.size() - MOST_ITEMS) + " more";
  }
}
