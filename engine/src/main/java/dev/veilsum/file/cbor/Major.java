package dev.veilsum.file.cbor;

/**
 * Initial bytes of RFC 8949, section 3: major type in the high three bits, argument in the rest.
 */
final class Major {
  static final int UNSIGNED = 0 << 5;
  static final int NEGATIVE = 1 << 5;
  static final int BYTES = 2 << 5;
  static final int TEXT = 3 << 5;
  static final int ARRAY = 4 << 5;
  static final int MAP = 5 << 5;
  static final int SIMPLE = 7 << 5;

  static final int FALSE = 20;
  static final int TRUE = 21;

  static final int ONE_BYTE = 24;
  static final int TWO_BYTES = 25;
  static final int FOUR_BYTES = 26;
  static final int EIGHT_BYTES = 27;

  private Major() {}
}
