package dev.veilsum.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Writes approximate numbers to the digits that mean something: rounding adds at most half the
 * error bound, and what noise left in the digits after them is not shown to anybody.
 *
 * @param places digits after the point; before it where negative
 */
record Decimals(int places) {
  /** The digits of an error bound: their last place is at most the bound. */
  static Decimals within(double errorBound) {
    if (!(errorBound > 0) || Double.isInfinite(errorBound)) {
      return new Decimals(17);
    }
    return new Decimals((int) Math.ceil(-Math.log10(errorBound)));
  }

  /** A decimal number without exponent and without trailing zeros. */
  String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
