package dev.veilsum.file;

import java.util.Locale;

/** What the ciphertexts of one encoding of a column hold. The names are part of the format. */
public enum EncodingRole {
  /** The values, one a slot: one part. */
  VALUES,
  /** Their squares: one part. */
  SQUARES,
  /** 0/1 masks: one part for each label, or for each threshold of the thermometer. */
  MASKS,
  /** The digits of the codes: one part for each, least significant first. */
  DIGITS,
  /** The largest and smallest values of each block of rows: one part, one chunk or more. */
  EXTREMES,
  /** Keyed tokens in the clear: one part, of TOKENS sections. */
  TOKENS,
  /** Of a result: what its operation says. */
  TOTALS;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
