package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.random.RandomStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A client's numbers as integers of b bits with noise, handed out once and in order. An integer is
 *
 * <pre>round(x f) + noise + 2^(b-1) - coin,</pre>
 *
 * <p>with f the scale, made smaller where the norm is beyond C. The decoder of sums takes (2^b - 1)
 * / 2 for zero, which lies between two integers: a fair coin, which knows nothing of x, makes up
 * for the half. It is independent noise of variance 1/4, and does no harm to privacy.
 *
 * <p>What privacy rests on is checked in integers: the squared norm of the rounded numbers is at
 * most the sensitivity that the noise is made for, whatever floating point has done before. Not
 * constant time. Not thread-safe.
 */
public final class PrivateValues implements GradientValues, AutoCloseable {
  private static final int BLOCK = 4096;
  private static final int ATTEMPTS = 16; // each fails below 2^-10

  private final PrivacyParameters parameters;
  private final DiscreteGaussian gaussian;
  private final long squaredNorm; // of the rounded numbers
  private final RoundedNumbers rounded;
  private final RandomStream random = RandomStream.ofSystem();
  private final long[] numbers = new long[BLOCK];
  private final long[] noise = new long[BLOCK];
  private long coins;
  private long handedOut;
  private long squaredSoFar;

  private PrivateValues(PrivacyParameters parameters, long squaredNorm, RoundedNumbers rounded) {
    this.parameters = parameters;
    this.gaussian = new DiscreteGaussian(parameters.cost().sigma(), parameters.cost().noiseBound());
    this.squaredNorm = squaredNorm;
    this.rounded = rounded;
  }

  static PrivateValues of(PrivacyParameters parameters, Supplier<? extends GradientValues> source) {
    double norm = norm(parameters, source);
    double clipped = Math.min(1, parameters.request().norm() / norm); // norm 0: 1
    double factor = parameters.scale() * clipped;
    byte[] seed = RandomStream.systemSeed();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        long squared = squaredNorm(parameters, source, factor, seed);
        if (squared <= parameters.cost().sensitivitySquared()) {
          return new PrivateValues(
              parameters,
              squared,
              new RoundedNumbers(parameters, open(parameters, source), factor, seed));
        }
        System.arraycopy(RandomStream.systemSeed(), 0, seed, 0, seed.length);
      }
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
    throw new VeilsumException(
        ErrorCode.INTERNAL, "rounding went beyond the sensitivity %d times".formatted(ATTEMPTS));
  }

  private static NumberBlocks open(
      PrivacyParameters parameters, Supplier<? extends GradientValues> source) {
    return NumberBlocks.of(source.get(), parameters.request().numbers(), BLOCK);
  }

  private static double norm(
      PrivacyParameters parameters, Supplier<? extends GradientValues> source) {
    double sum = 0;
    try (NumberBlocks blocks = open(parameters, source)) {
      double[] block = new double[BLOCK];
      for (int count = blocks.next(block); count > 0; count = blocks.next(block)) {
        for (int i = 0; i < count; i++) {
          sum += block[i] * block[i];
        }
      }
      Arrays.fill(block, 0);
    }
    if (sum == Double.POSITIVE_INFINITY) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "the numbers are so large that their norm overflows");
    }
    return Math.sqrt(sum);
  }

  /** The squared norm of the rounded numbers; more than the sensitivity's where it is beyond. */
  private static long squaredNorm(
      PrivacyParameters parameters,
      Supplier<? extends GradientValues> source,
      double factor,
      byte[] seed) {
    long limit = parameters.cost().sensitivitySquared();
    long sum = 0;
    long[] block = new long[BLOCK];
    try (RoundedNumbers rounded =
        new RoundedNumbers(parameters, open(parameters, source), factor, seed)) {
      for (long left = parameters.request().numbers(); left > 0 && sum <= limit; left -= BLOCK) {
        int count = (int) Math.min(left, BLOCK);
        rounded.next(block, count);
        sum = addSquares(sum, block, count, limit);
      }
    }
    Arrays.fill(block, 0);
    return sum;
  }

  /** Stops at the first sum beyond the limit; with that at most 2^62, and squares too, exact. */
  private static long addSquares(long sum, long[] block, int count, long limit) {
    long result = sum;
    for (int i = 0; i < count && result <= limit; i++) {
      result += block[i] * block[i];
    }
    return result;
  }

  @Override
  public Kind kind() {
    return Kind.INTEGER;
  }

  @Override
  public long count() {
    return parameters.request().numbers();
  }

  /**
   * The next integers.
   *
   * @throws VeilsumException BAD_INPUT where the source gave other numbers than before
   */
  @Override
  public void next(ByteBuffer into, int count) {
    for (int done = 0; done < count; ) {
      int some = Math.min(BLOCK, count - done);
      rounded.next(numbers, some);
      squaredSoFar =
          addSquares(squaredSoFar, numbers, some, parameters.cost().sensitivitySquared());
      gaussian.sample(random, noise, 0, some);
      long middle = 1L << (parameters.request().bits() - 1);
      for (int i = 0; i < some; i++) {
        into.putLong(numbers[i] + noise[i] + middle - coin(i));
      }
      done += some;
      handedOut += some;
    }
    if (handedOut == count() && squaredSoFar != squaredNorm
        || squaredSoFar > parameters.cost().sensitivitySquared()) {
      close();
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "the numbers changed while they were read; nothing was released");
    }
    if (handedOut == count()) {
      close();
    }
  }

  private long coin(int i) {
    if ((i & 63) == 0) {
      coins = random.nextLong();
    }
    return (coins >>> (i & 63)) & 1;
  }

  /** Wipes what is buffered, and closes the source; done by itself after the last number. */
  @Override
  public void close() {
    rounded.close();
    random.close();
    Arrays.fill(numbers, 0);
    Arrays.fill(noise, 0);
    coins = 0;
  }
}
