package dev.veilsum.table;

/** Keyed tokens of texts: their form in a table. */
final class Tokens {
  /** Bytes of a token: HMAC-SHA256, cut. */
  static final int BYTES = 16;

  /** Rows of one section. */
  static final int ROWS_PER_CHUNK = 1 << 16;

  private Tokens() {}
}
