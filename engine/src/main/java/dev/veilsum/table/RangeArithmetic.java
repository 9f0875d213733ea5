package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.FixedRange;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The range of a computed column from the ranges of its operands: interval arithmetic. */
final class RangeArithmetic {
  private RangeArithmetic() {}

  static ColumnKind combine(
      RlweParameters set, ColumnOperations.Binary operation, ColumnKind a, ColumnKind b) {
    if (a instanceof ColumnKind.Real x && b instanceof ColumnKind.Real y) {
      return switch (operation) {
        case ADD -> new ColumnKind.Real(x.min() + y.min(), x.max() + y.max());
        case SUB -> new ColumnKind.Real(x.min() - y.max(), x.max() - y.min());
        case MUL ->
            real(x.min() * y.min(), x.min() * y.max(), x.max() * y.min(), x.max() * y.max());
      };
    }
    ColumnKind.FixedPoint x = (ColumnKind.FixedPoint) a;
    ColumnKind.FixedPoint y = (ColumnKind.FixedPoint) b;
    BigInteger[] ends = {big(x.least()), big(x.greatest())};
    BigInteger[] others = {big(y.least()), big(y.greatest())};
    int places = x.places();
    return switch (operation) {
      case ADD -> whole(set, places, ends[0].add(others[0]), ends[1].add(others[1]));
      case SUB -> whole(set, places, ends[0].subtract(others[1]), ends[1].subtract(others[0]));
      case MUL ->
          whole(
              set,
              2 * places,
              Stream.of(ends)
                  .flatMap(end -> Stream.of(others).map(end::multiply))
                  .toArray(BigInteger[]::new));
    };
  }

  static ColumnKind scale(RlweParameters set, String column, ColumnKind kind, double factor) {
    if (kind instanceof ColumnKind.Real x) {
      return real(x.min() * factor, x.max() * factor);
    }
    if (!isNumber(kind)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "scale of column %s (%s): only real, integer and decimal columns are scaled"
              .formatted(column, kind.text()));
    }
    ColumnKind.FixedPoint x = (ColumnKind.FixedPoint) kind;
    if (factor != Math.rint(factor)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "column %s holds whole numbers, which are scaled by whole numbers, not by %s"
              .formatted(column, factor));
    }
    BigInteger by = new BigDecimal(factor).toBigIntegerExact();
    return whole(set, x.places(), big(x.least()).multiply(by), big(x.greatest()).multiply(by));
  }

  private static ColumnKind real(double... ends) {
    return new ColumnKind.Real(
        DoubleStream.of(ends).min().orElseThrow(), DoubleStream.of(ends).max().orElseThrow());
  }

  /** Whether a kind's cells are numbers that are summed and multiplied. */
  static boolean isNumber(ColumnKind kind) {
    return kind instanceof ColumnKind.Real
        || kind instanceof ColumnKind.Integer
        || kind instanceof ColumnKind.Decimal;
  }

  /** Decimal places of exact numbers; 0 for all others. */
  static int places(ColumnKind kind) {
    return kind instanceof ColumnKind.FixedPoint fixed ? fixed.places() : 0;
  }

  /** OUT_OF_RANGE where a slot could wrap around the plain modulus. */
  private static ColumnKind whole(RlweParameters set, int places, BigInteger... ends) {
    BigInteger min = Stream.of(ends).reduce(BigInteger::min).orElseThrow();
    BigInteger max = Stream.of(ends).reduce(BigInteger::max).orElseThrow();
    BfvParameters bfv = (BfvParameters) set;
    if (min.compareTo(big(bfv.minValue())) < 0 || max.compareTo(big(bfv.maxValue())) > 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "the result could lie anywhere in %s..%s, and whole numbers from %d to %d are held exactly"
              .formatted(min, max, bfv.minValue(), bfv.maxValue()));
    }
    if (places > FixedRange.MAX_PLACES) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "the result has %d decimal places; at most %d are held"
              .formatted(places, FixedRange.MAX_PLACES));
    }
    return places == 0
        ? new ColumnKind.Integer(min.longValueExact(), max.longValueExact())
        : new ColumnKind.Decimal(
            new FixedRange(min.longValueExact(), max.longValueExact(), places), false);
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }
}
