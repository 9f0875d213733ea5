package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.keys.KeyId;
import dev.veilsum.nativelib.GradientCore;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.parallel.OrderedPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Decrypts the sum of a round: exact integers, or the mean or sum of real numbers. Refuses sums of
 * few clients, in which one could be seen. Thread-safe.
 */
public final class GradientDecryptor {
  /** What the sums become. */
  public enum Output {
    /** The exact integer sums, long. */
    INTEGER_SUMS(8),
    /** Weighted means of real numbers, float. */
    FLOAT_MEANS(4),
    /** Weighted means of real numbers, double. */
    DOUBLE_MEANS(8),
    /** Weighted sums of real numbers, float. */
    FLOAT_SUMS(4),
    /** Weighted sums of real numbers, double. */
    DOUBLE_SUMS(8);

    private final int bytes;

    Output(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one number. */
    public int bytes() {
      return bytes;
    }
  }

  private final SumOpener key;
  private final int minimumCohort;
  private final OrderedPool pool;

  /**
   * @param key stays open and belongs to the caller
   * @param minimumCohort sums of fewer clients are refused; 3 where nothing speaks for another
   * @param pool the threads that decrypt
   */
  public GradientDecryptor(CohortKey key, int minimumCohort, OrderedPool pool) {
    this(new WithSecret(key), minimumCohort, pool);
  }

  /**
   * @param opener belongs to the caller
   * @param minimumCohort sums of fewer clients are refused; 3 where nothing speaks for another
   * @param pool the threads that decrypt
   */
  public GradientDecryptor(SumOpener opener, int minimumCohort, OrderedPool pool) {
    this.key = opener;
    this.minimumCohort = minimumCohort;
    this.pool = pool;
  }

  /** Opens sums with the whole secret. */
  private record WithSecret(CohortKey key) implements SumOpener {
    @Override
    public KeyId keyId() {
      return key.keyId();
    }

    @Override
    public GradientParameters parameters() {
      return key.parameters();
    }

    @Override
    public void open(int chunk, ByteBuffer pair, long most, ByteBuffer sums) {
      int bytes = parameters().polynomialBytes();
      NativeHandle codec = key.codec().handle();
      GradientCodec.at(
          pair,
          2 * bytes,
          from ->
              GradientCodec.at(
                  sums,
                  sums.capacity(),
                  to ->
                      codec.apply(
                          key.secret(),
                          (own, secret) -> {
                            GradientCore.decrypt(
                                own,
                                secret,
                                from,
                                from + bytes,
                                bytes,
                                most,
                                to,
                                parameters().chunkNumbers());
                            return 0;
                          })));
    }
  }

  /**
   * Decrypts chunk after chunk, in bounded memory.
   *
   * @param output is handed the numbers of all tensors in order, in native byte order, a part at a
   *     time, and must not keep the buffer
   * @throws VeilsumException WRONG_KEY; PARAMETER_MISMATCH; BAD_INPUT for too few clients and for
   *     an unfinished round; CORRUPT; IO
   */
  public void decrypt(GradientAggregate aggregate, Output as, Consumer<ByteBuffer> output) {
    requireReadable(aggregate);
    GradientFrame frame = aggregate.frame();
    GradientAggregate.PairReader pairs = new GradientAggregate.PairReader(aggregate);
    Buffers buffers = new Buffers(frame.parameters());
    try {
      pool.map(
          IntStream.range(0, frame.chunks()).mapToObj(buffers::take).iterator(),
          work -> decrypt(aggregate, pairs, as, work),
          work -> {
            output.accept(work.numbers.asReadOnlyBuffer().order(ByteOrder.nativeOrder()));
            buffers.giveBack(work);
          });
    } finally {
      buffers.wipe();
    }
  }

  /** The exact sums of all numbers. */
  public long[] sums(GradientAggregate aggregate) {
    long[] sums = new long[arrayLength(aggregate)];
    int[] at = {0};
    decrypt(
        aggregate,
        Output.INTEGER_SUMS,
        part -> {
          int count = part.remaining() / Long.BYTES;
          part.asLongBuffer().get(sums, at[0], count);
          at[0] += count;
        });
    return sums;
  }

  /** The weighted means of all numbers. */
  public double[] means(GradientAggregate aggregate) {
    double[] means = new double[arrayLength(aggregate)];
    int[] at = {0};
    decrypt(
        aggregate,
        Output.DOUBLE_MEANS,
        part -> {
          int count = part.remaining() / Double.BYTES;
          part.asDoubleBuffer().get(means, at[0], count);
          at[0] += count;
        });
    return means;
  }

  /** The weighted means of all numbers. */
  public float[] meansAsFloats(GradientAggregate aggregate) {
    float[] means = new float[arrayLength(aggregate)];
    int[] at = {0};
    decrypt(
        aggregate,
        Output.FLOAT_MEANS,
        part -> {
          int count = part.remaining() / Float.BYTES;
          part.asFloatBuffer().get(means, at[0], count);
          at[0] += count;
        });
    return means;
  }

  private static int arrayLength(GradientAggregate aggregate) {
    long numbers = aggregate.frame().numbers();
    if (numbers > Integer.MAX_VALUE - 8) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, numbers + " numbers do not fit an array; decrypt part by part");
    }
    return (int) numbers;
  }

  private void requireReadable(GradientAggregate aggregate) {
    GradientFrame frame = aggregate.frame();
    if (!frame.keyId().equals(key.keyId())) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          "%s is under key %s, and this is key %s"
              .formatted(aggregate.name(), frame.keyId(), key.keyId()));
    }
    if (!frame.parameters().equals(key.parameters())) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "%s has parameters %s, and the key was derived for %s"
              .formatted(aggregate.name(), frame.parameters(), key.parameters()));
    }
    if (!aggregate.isFinished()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          aggregate.name() + " is the checkpoint of a round that goes on; finish the round first");
    }
    if (aggregate.clients().size() < minimumCohort) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is the sum of %d clients; at least %d are asked for here"
              .formatted(aggregate.name(), aggregate.clients().size(), minimumCohort));
    }
  }

  private Work decrypt(
      GradientAggregate aggregate, GradientAggregate.PairReader pairs, Output as, Work work) {
    GradientFrame frame = aggregate.frame();
    GradientParameters parameters = frame.parameters();
    long weight = aggregate.weight();
    pairs.read(work.chunk, work.pair.clear());
    key.open(work.chunk, work.pair.clear(), weight * parameters.largestNumber(), work.sums);
    int count = frame.numbersOf(work.chunk);
    work.numbers = work.sums;
    if (as != Output.INTEGER_SUMS) {
      work.numbers = work.reals;
      dequantize(work, as, weight, frame, count);
    }
    work.numbers.clear().limit(count * as.bytes());
    return work;
  }

  private static void dequantize(
      Work work, Output as, long weight, GradientFrame frame, int count) {
    double scale = as == Output.FLOAT_SUMS || as == Output.DOUBLE_SUMS ? (double) weight : 1;
    int bits = frame.parameters().bits();
    GradientCodec.at(
        work.sums,
        count * Long.BYTES,
        sums ->
            GradientCodec.at(
                work.reals.clear(),
                count * as.bytes(),
                out -> {
                  if (as.bytes() == Float.BYTES) {
                    GradientCore.dequantizeFloats(
                        sums, count, weight, frame.clip(), bits, scale, out);
                  } else {
                    GradientCore.dequantizeDoubles(
                        sums, count, weight, frame.clip(), bits, scale, out);
                  }
                }));
  }

  /** One chunk on its way. */
  private static final class Work {
    private final ByteBuffer pair;
    private final ByteBuffer sums;
    private final ByteBuffer reals;
    private int chunk;
    private ByteBuffer numbers;

    Work(GradientParameters parameters) {
      this.pair = direct(2 * parameters.polynomialBytes());
      this.sums = direct(parameters.chunkNumbers() * Long.BYTES);
      this.reals = direct(parameters.chunkNumbers() * Double.BYTES);
    }

    private static ByteBuffer direct(int bytes) {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
  }

  /** Buffers that are used again, and wiped at the end. Of one thread. */
  private static final class Buffers {
    private final GradientParameters parameters;
    private final Deque<Work> spare = new ArrayDeque<>();
    private final Deque<Work> all = new ArrayDeque<>();

    Buffers(GradientParameters parameters) {
      this.parameters = parameters;
    }

    Work take(int chunk) {
      Work work = spare.poll();
      if (work == null) {
        work = new Work(parameters);
        all.add(work);
      }
      work.chunk = chunk;
      work.sums.clear();
      return work;
    }

    void giveBack(Work work) {
      spare.add(work);
    }

    void wipe() {
      ByteBuffer zeros = ByteBuffer.allocate(parameters.chunkNumbers() * Long.BYTES);
      for (Work work : all) {
        work.sums.clear().put(zeros.clear());
        work.reals.clear().put(zeros.clear());
      }
    }
  }
}
