package dev.veilsum.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where the sections of a file lie: offset and length of each, by type and order. */
final class SectionIndex {
  private final Map<SectionType, Places> places = new EnumMap<>(SectionType.class);
  private int passed;

  private static final class Places {
    long[] offsets = new long[8];
    int[] lengths = new int[8];
    int count;
    final List<BulkCheck.Section> bulk = new ArrayList<>();

    void add(long offset, int length) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      offsets[count] = offset;
      lengths[count++] = length;
    }
  }

  /** Notes a section; those of unknown type (null) are only counted. */
  void pass(SectionType type, long offset, long length) {
    passed++;
    if (type != null) {
      places.computeIfAbsent(type, t -> new Places()).add(offset, (int) length);
    }
  }

  /** Notes the pieces of the bulk section that was passed last. */
  void passBulk(SectionType type, BulkCheck.Section section) {
    places.get(type).bulk.add(section);
  }

  /** One piece: where it lies, its check, and how many of its section come after it. */
  record Piece(long offset, int length, long check, int following) {}

  /** How many pieces the bulk sections of the type have together. */
  int pieces(SectionType type) {
    Places of = places.get(type);
    return of == null ? 0 : of.bulk.stream().mapToInt(BulkCheck.Section::pieces).sum();
  }

  /** Piece {@code i} of the bulk sections of the type, or null where there is none. */
  Piece piece(SectionType type, int i) {
    Places of = places.get(type);
    int before = 0;
    for (int section = 0; of != null && i >= 0 && section < of.bulk.size(); section++) {
      BulkCheck.Section bulk = of.bulk.get(section);
      if (i < before + bulk.pieces()) {
        int inside = i - before;
        long offset =
            of.offsets[section]
                + BulkCheck.Section.PREFIX_BYTES
                + (long) inside * bulk.pieceLength();
        return new Piece(
            offset, bulk.pieceLength(), bulk.check(inside), bulk.pieces() - inside - 1);
      }
      before += bulk.pieces();
    }
    return null;
  }

  /** How many sections there were, unknown ones included. */
  int passed() {
    return passed;
  }

  int count(SectionType type) {
    Places of = places.get(type);
    return of == null ? 0 : of.count;
  }

  long offset(SectionType type, int i) {
    return places.get(type).offsets[i];
  }

  int length(SectionType type, int i) {
    return places.get(type).lengths[i];
  }
}
