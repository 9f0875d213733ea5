package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Encrypts updates of a cohort: values are clipped, rounded at random to integers of b bits, packed
 * and encrypted under the shared secret key or a joint public key, chunk after chunk in bounded
 * memory. Each call takes fresh seeds, so that a retry gives another ciphertext. Thread-safe.
 */
public final class GradientEncryptor {
  private final ClientKey key;
  private final OrderedPool pool;

  private GradientEncryptor(ClientKey key, OrderedPool pool) {
    this.key = key;
    this.pool = pool;
  }

  /**
   * @param key stays open and belongs to the caller
   * @param pool the threads that encrypt
   */
  public GradientEncryptor(CohortKey key, OrderedPool pool) {
    this((ClientKey) key, pool);
  }

  /**
   * @param key stays open and belongs to the caller
   * @param pool the threads that encrypt
   */
  public GradientEncryptor(JointKey key, OrderedPool pool) {
    this((ClientKey) key, pool);
  }

  /** The frame that updates of this declaration get. */
  public GradientFrame frame(UpdateDeclaration declared) {
    return new GradientFrame(
        key.parameters(),
        key.keyId(),
        declared.round(),
        declared.clip(),
        declared.tensors(),
        key.form());
  }

  /**
   * Encrypts an update to memory.
   *
   * @throws VeilsumException BAD_INPUT, with the index, for a value that is not finite;
   *     OUT_OF_RANGE for an integer beyond b bits, or a weight beyond the parameters; USAGE where
   *     the values are not as many as the tensors' elements
   */
  public GradientUpdate encrypt(UpdateDeclaration declared, GradientValues values) {
    GradientFrame frame = frame(declared);
    List<byte[]> chunks = new ArrayList<>();
    byte[] seed =
        encrypt(
            frame,
            declared.weight(),
            values,
            chunk -> {
              byte[] bytes = new byte[chunk.remaining()];
              chunk.get(bytes);
              chunks.add(bytes);
            },
            count -> {});
    return GradientUpdate.inMemory(frame, declared.client(), declared.weight(), seed, chunks);
  }

  /**
   * Encrypts an update to a file.
   *
   * @param out is closed
   * @param progress is told of the values as they are done
   * @return the bytes written
   * @throws VeilsumException as {@link #encrypt(UpdateDeclaration, GradientValues)}; IO
   */
  public long encrypt(
      UpdateDeclaration declared, GradientValues values, AtomicOutput out, LongConsumer progress) {
    GradientFrame frame = frame(declared);
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.GRADIENT)) {
      ContainerWriter.BulkPieces pieces = GradientUpdate.writeHead(writer, frame);
      byte[] seed = encrypt(frame, declared.weight(), values, pieces::add, progress);
      GradientUpdate.writeEnd(writer, frame, declared.client(), declared.weight(), seed);
      return writer.bytesWritten();
    }
  }

  /** One chunk on its way: its numbers, which are secret, and its packed polynomials. */
  private record Work(int chunk, int count, ByteBuffer numbers, ByteBuffer packed) {}

  private byte[] encrypt(
      GradientFrame frame,
      long weight,
      GradientValues values,
      Consumer<ByteBuffer> chunks,
      LongConsumer progress) {
    GradientValues.requireCount(values, frame.numbers());
    if (weight > key.parameters().maxWeight()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "a weight of %d; these parameters take weights from 1 to %d"
              .formatted(weight, key.parameters().maxWeight()));
    }
    Buffers buffers = new Buffers(frame, values.kind());
    try (ClientKey.Encryption encryption = key.begin()) {
      pool.map(
          new Pulled(frame, values, buffers),
          work -> encrypt(encryption, frame, values.kind(), work),
          work -> {
            chunks.accept(work.packed().flip());
            buffers.giveBack(work);
            progress.accept(work.count());
          });
      return encryption.seed();
    } finally {
      buffers.wipe();
    }
  }

  private Work encrypt(
      ClientKey.Encryption encryption, GradientFrame frame, GradientValues.Kind kind, Work work) {
    int bytes = frame.chunkBytes();
    long first = (long) work.chunk() * frame.parameters().chunkNumbers();
    GradientCodec.at(
        work.numbers(),
        work.count() * kind.bytes(),
        from ->
            GradientCodec.at(
                work.packed(),
                bytes,
                to ->
                    encryption.encrypt(
                        work.chunk(), kind, from, work.count(), frame.clip(), first, to, bytes)));
    work.packed().position(bytes);
    return work;
  }

  /** Buffers that are used again, and wiped at the end. Of one thread. */
  private static final class Buffers {
    private final int numberBytes;
    private final int packedBytes;
    private final Deque<Work> spare = new ArrayDeque<>();
    private final List<ByteBuffer> secret = new ArrayList<>();

    Buffers(GradientFrame frame, GradientValues.Kind kind) {
      this.numberBytes = frame.parameters().chunkNumbers() * kind.bytes();
      this.packedBytes = frame.chunkBytes();
    }

    Work take(int chunk, int count) {
      Work old = spare.poll();
      if (old != null) {
        return new Work(chunk, count, old.numbers().clear(), old.packed().clear());
      }
      ByteBuffer numbers = direct(numberBytes);
      secret.add(numbers);
      return new Work(chunk, count, numbers, direct(packedBytes));
    }

    void giveBack(Work work) {
      spare.add(work);
    }

    void wipe() {
      ByteBuffer zeros = ByteBuffer.allocate(numberBytes);
      secret.forEach(numbers -> numbers.clear().put(zeros.clear()));
    }

    private static ByteBuffer direct(int bytes) {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
  }

  /** Pulls the numbers of chunk after chunk. */
  private static final class Pulled implements Iterator<Work> {
    private final GradientFrame frame;
    private final GradientValues values;
    private final Buffers buffers;
    private int chunk;

    Pulled(GradientFrame frame, GradientValues values, Buffers buffers) {
      this.frame = frame;
      this.values = values;
      this.buffers = buffers;
    }

    @Override
    public boolean hasNext() {
      return chunk < frame.chunks();
    }

    @Override
    public Work next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Work work = buffers.take(chunk, frame.numbersOf(chunk));
      values.next(work.numbers(), work.count());
      work.numbers().clear();
      chunk++;
      return work;
    }
  }
}
