package dev.veilsum.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** From decrypted totals to the value of an answer: what the key holder does in the clear. */
final class Finish {
  private Finish() {}

  /** A total of real numbers with the bound on its error. */
  record Real(double value, double error) {
    Real divided(double n) {
      double quotient = value / n;
      return new Real(quotient, error / n + Math.ulp(quotient));
    }
  }

  static Answer.Value mean(Real sum, long rows) {
    Real mean = sum.divided(rows);
    return new Answer.Approximate(mean.value(), mean.error());
  }

  /**
   * (squares - sum^2 / n) / n. The error of sum^2 / n is (2 |sum| e + e^2) / n; cancellation in the
   * subtraction of doubles is bounded by its operands' last places.
   */
  static Answer.Value variance(Real sum, Real squares, long rows) {
    double correction = sum.value() * sum.value() / rows;
    double correctionError =
        (2 * Math.abs(sum.value()) * sum.error() + sum.error() * sum.error()) / rows;
    double rounding = 4 * (Math.ulp(correction) + Math.ulp(squares.value()));
    Real total =
        new Real(squares.value() - correction, squares.error() + correctionError + rounding);
    Real variance = total.divided(rows);
    return new Answer.Approximate(Math.max(0, variance.value()), variance.error());
  }

  /** sum / n, of numbers in fixed point. */
  static Answer.Value mean(BigInteger sum, int places, long rows) {
    return quotient(sum, BigInteger.valueOf(rows).multiply(BigInteger.TEN.pow(places)));
  }

  /** (n squares - sum^2) / n^2, in whole numbers up to the last division. */
  static Answer.Value variance(BigInteger sum, BigInteger squares, int places, long rows) {
    BigInteger n = BigInteger.valueOf(rows);
    return quotient(
        n.multiply(squares).subtract(sum.multiply(sum)),
        n.multiply(n).multiply(BigInteger.TEN.pow(2 * places)));
  }

  /** A number in fixed point. */
  static Answer.Value fixed(BigInteger value, int places) {
    return places == 0
        ? new Answer.Whole(value)
        : new Answer.Decimal(new BigDecimal(value, places));
  }

  private static Answer.Value quotient(BigInteger numerator, BigInteger denominator) {
    // 40 digits are far beyond a double's 17: rounding twice changes nothing that is not a tie.
    MathContext digits = new MathContext(40);
    return new Answer.Quotient(
        new BigDecimal(numerator).divide(new BigDecimal(denominator), digits).doubleValue());
  }
}
