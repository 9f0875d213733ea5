package dev.veilsum.file;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Where the sections of a file lie: offset and length of each, by type and order. */
final class SectionIndex {
  private final Map<SectionType, Places> places = new EnumMap<>(SectionType.class);
  private int passed;

  private static final class Places {
    long[] offsets = new long[8];
    int[] lengths = new int[8];
    int count;

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
