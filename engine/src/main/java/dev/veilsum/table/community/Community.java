package dev.veilsum.table.community;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvDecryptor;
import dev.veilsum.bfv.BfvEncryptor;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.params.BfvParameters;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Optional;

/**
 * Statistics of many owners: each encrypts a one-hot vector over public buckets, one bucket a slot;
 * a server adds them up, and the key holder decrypts the sum, which is the distribution and nothing
 * else. Additions alone: no switching keys, and any number of servers may add in any order.
 *
 * <p>Why the sum shows no more than the distribution: the noise of an honest contribution is that
 * of a fresh encryption, which is independent of the value, and a rounding of the plaintext, which
 * is a function of the bucket; the sum over owners of the latter is a function of the distribution.
 * So the key holder, who sees the sum and its noise, learns nothing beyond the counts, provided
 * that he gets no single contribution: key holder and server must not work together.
 *
 * <p>Owners are trusted to contribute once, and one bucket: nobody can see whether they do.
 *
 * @param scale the buckets, public; of a scale with {@code floor} a bucket holds a range of values
 * @param owners at most so many contribute; below t / 2
 * @param minimumCohort nothing is decrypted of fewer, at least 2
 */
public record Community(ColumnKind.Ordered scale, long owners, long minimumCohort) {
  /** Beyond the sum itself: what {@link BfvDecryptor#decryptForRelease} asks for. */
  private static final double MARGIN_BITS = 8;

  public Community {
    if (minimumCohort < 2 || owners < minimumCohort) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a minimum cohort of %d among at most %d owners: take at least 2, and not more than all"
              .formatted(minimumCohort, owners));
    }
  }

  /** The number of buckets. */
  public int buckets() {
    return scale.masks() + 1;
  }

  /** Refuses parameters that do not hold it, with the numbers: {@code OUT_OF_RANGE}. */
  public void requireFits(BfvParameters parameters) {
    if (!parameters.batches() || buckets() > parameters.slots() || owners > parameters.maxValue()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%d buckets and %d owners: these parameters have %d slots and hold counts up to %d"
              .formatted(
                  buckets(),
                  owners,
                  parameters.batches() ? parameters.slots() : 0,
                  parameters.maxValue()));
    }
  }

  /**
   * An owner's value, encrypted: one ciphertext of as few primes as the sum of all owners leaves.
   *
   * @param encryptor of a public key; the secret one's would tell the key holder more
   * @throws VeilsumException OUT_OF_RANGE for a value outside of the scale, or off its grid
   */
  public Contributions contribute(BfvContext context, BfvEncryptor encryptor, BigDecimal value) {
    requireFits(context.parameters());
    try (BfvPlaintext oneHot = context.encode(oneHot(fixed(value)), IntegerRange.BITS)) {
      double needed = Math.log(owners) / Math.log(2) + MARGIN_BITS;
      for (int level = 0; level < context.parameters().maxLevel(); level++) {
        BfvCiphertext contribution = encryptor.encrypt(oneHot, level);
        if (contribution.noiseBudgetBits() >= needed) {
          return new Contributions(this, 1, Optional.of(contribution));
        }
        contribution.close();
      }
      return new Contributions(this, 1, Optional.of(encryptor.encrypt(oneHot)));
    }
  }

  /** The value in fixed point, rounded down; that it is not on the scale is told. */
  private long fixed(BigDecimal value) {
    boolean inside =
        value.compareTo(scale.range().min()) >= 0 && value.compareTo(scale.range().max()) <= 0;
    BigDecimal floor = inside ? value.setScale(scale.places(), RoundingMode.FLOOR) : null;
    if (inside && (scale.floor() || isOnGrid(value, floor))) {
      return floor.unscaledValue().longValueExact();
    }
    throw new VeilsumException(
        ErrorCode.OUT_OF_RANGE, "the value is not on the scale %s".formatted(scale.text()));
  }

  private boolean isOnGrid(BigDecimal value, BigDecimal floor) {
    long fixed = floor.unscaledValue().longValueExact();
    return value.compareTo(floor) == 0 && Math.floorMod(fixed - scale.least(), scale.step()) == 0;
  }

  /** [v in bucket j] for every j, without a branch on the value: T_j - T_{j+1}. */
  private long[] oneHot(long fixed) {
    long[] starts = scale.buckets().starts();
    long[] slots = new long[starts.length];
    long reached = 1;
    for (int j = 0; j < starts.length; j++) {
      long next = j + 1 < starts.length ? (starts[j + 1] - fixed - 1) >>> (Long.SIZE - 1) : 0;
      slots[j] = reached - next;
      reached = next;
    }
    return slots;
  }

  /** Nobody's contributions: what a server starts from. */
  public Contributions none() {
    return new Contributions(this, 0, Optional.empty());
  }

  /** A contribution as a server receives it; the ciphertext is then its own to close. */
  public Contributions received(BfvCiphertext contribution) {
    requireFits(contribution.context().parameters());
    return new Contributions(this, 1, Optional.of(contribution));
  }

  /**
   * The key holder's side: what all contributions come to.
   *
   * @throws VeilsumException USAGE where fewer than the minimum cohort have contributed; CORRUPT
   *     where the sum is not that of so many contributions, each in one bucket; NOISE_BUDGET
   */
  public Distribution open(BfvDecryptor decryptor, Contributions all) {
    if (!all.community().equals(this) || all.owners() < minimumCohort) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d owners have contributed to this community; nothing is decrypted of fewer than %d"
              .formatted(all.community().equals(this) ? all.owners() : 0, minimumCohort));
    }
    long[] slots =
        decryptor.decryptForRelease(
            all.sum().orElseThrow(), all.sum().orElseThrow().context().parameters().slots());
    long[] counts = Arrays.copyOf(slots, buckets());
    boolean beyond = Arrays.stream(slots).skip(buckets()).anyMatch(slot -> slot != 0);
    boolean negative = Arrays.stream(counts).anyMatch(count -> count < 0);
    if (beyond || negative || Arrays.stream(counts).sum() != all.owners()) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "the sum is not that of %d contributions of one bucket each: one of them is no vote"
              .formatted(all.owners()));
    }
    return new Distribution(scale, counts);
  }
}
