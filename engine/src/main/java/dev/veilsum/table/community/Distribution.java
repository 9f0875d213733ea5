package dev.veilsum.table.community;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * How many owners are in each bucket of a scale, decrypted and exact. It names nobody; who shows it
 * to the owners shows them the counts, and a bucket of one is somebody's. To show each owner no
 * more than a {@link Standing} is the owner's of the key to decide.
 */
public final class Distribution {
  private final ColumnKind.Ordered scale;
  private final long[] counts;
  private final long owners;

  /**
   * @param counts one for each bucket of the scale, none negative; not all 0
   */
  Distribution(ColumnKind.Ordered scale, long[] counts) {
    this.scale = scale;
    this.counts = counts.clone();
    this.owners = Arrays.stream(counts).sum();
  }

  /** What is between two numbers; where both are equal, that number. */
  public record Between(BigDecimal from, BigDecimal until) {
    /** Whether it is one number. */
    public boolean exact() {
      return from.compareTo(until) == 0;
    }
  }

  /** Where somebody stands among the others: how many are below, beside and above. */
  public record Standing(long below, long beside, long above) {
    /** The percentage of the others that are below, rounded down; 0 where there are none. */
    public int betterThanPercent() {
      long others = below + beside + above;
      return others == 0 ? 0 : (int) (100 * below / others);
    }
  }

  /** How many owners have contributed. */
  public long owners() {
    return owners;
  }

  /** The counts, one for each bucket; a copy. */
  public long[] counts() {
    return counts.clone();
  }

  /**
   * The average of the values: exact, to 34 digits, on a grid; else between that of the buckets'
   * starts and that of their ends.
   */
  public Between average() {
    return new Between(average(false), average(true));
  }

  private BigDecimal average(boolean ends) {
    BigInteger sum = BigInteger.ZERO;
    for (int j = 0; j < counts.length; j++) {
      BigInteger value = BigInteger.valueOf(ends ? end(j) : start(j));
      sum = sum.add(value.multiply(BigInteger.valueOf(counts[j])));
    }
    return new BigDecimal(sum, scale.places())
        .divide(BigDecimal.valueOf(owners), MathContext.DECIMAL128);
  }

  /**
   * The value of nearest rank: the smallest that at least so many percent do not exceed.
   *
   * @param percent 0 to 100
   */
  public Between percentile(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a percentile's rank is from 0 to 100, not " + percent);
    }
    BigDecimal exact = new BigDecimal(percent).multiply(BigDecimal.valueOf(owners));
    long rank =
        Math.max(1, exact.movePointLeft(2).setScale(0, RoundingMode.CEILING).longValueExact());
    int bucket = 0;
    for (long reached = counts[0]; reached < rank; reached += counts[bucket]) {
      bucket++;
    }
    return new Between(scale.number(start(bucket)), scale.number(end(bucket)));
  }

  /**
   * Where an owner stands who has contributed this value, and is not counted himself. Worked out
   * from the distribution alone: an owner who has it learns nothing of anybody, and tells nobody
   * his value.
   *
   * @throws VeilsumException OUT_OF_RANGE for a value in whose bucket nobody is
   */
  public Standing standing(BigDecimal own) {
    int bucket = scale.buckets().of(own);
    if (bucket < 0 || counts[bucket] == 0 || own.compareTo(scale.range().max()) > 0) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "nobody has contributed this value, so it has no standing");
    }
    long below = Arrays.stream(counts, 0, bucket).sum();
    return new Standing(below, counts[bucket] - 1, owners - below - counts[bucket]);
  }

  private long start(int bucket) {
    return scale.buckets().start(bucket);
  }

  /** Where a bucket ends; on a grid, where it starts. */
  private long end(int bucket) {
    if (!scale.floor()) {
      return start(bucket);
    }
    return bucket + 1 < counts.length ? start(bucket + 1) : scale.greatest();
  }
}
