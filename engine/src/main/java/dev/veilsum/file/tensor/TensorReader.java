package dev.veilsum.file.tensor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a file, whose elements are read once, from the first to the last, in bounded
 * memory: .npy, .npz and .safetensors with float16, bfloat16, float32 and float64. Opening checks
 * all headers against each other and against the length of the file; nothing is allocated by what
 * they claim. What is read passes through memory that is wiped on closing. Not thread-safe.
 *
 * <p>Tensors are in the order of their data in the file, which for .npz is the order of its
 * directory. Refused are: other element types, by name; empty tensors; elements that are not
 * finite; Fortran order of more than one dimension.
 */
public final class TensorReader implements AutoCloseable {
  private static final int STAGING_BYTES = 1 << 16;
  private static final String NPY = TensorFormat.NPY.extension();

  private final TensorInput in;
  private final List<StoredTensor> stored;
  private final List<TensorShape> tensors;
  private ByteBuffer staging; // null until elements are converted
  private int tensor;
  private ElementBytes bytes; // null between tensors
  private long done; // elements of the tensor

  private TensorReader(TensorInput in, List<StoredTensor> stored) {
    this.in = in;
    this.stored = stored;
    this.tensors = stored.stream().map(StoredTensor::shape).toList();
  }

  /**
   * Opens a file.
   *
   * @throws VeilsumException BAD_INPUT where it is not of the format, or holds what is not read;
   *     CORRUPT where it was cut or altered; IO
   */
  public static TensorReader open(Path file, TensorFormat format) {
    TensorInput in = TensorInput.open(file);
    try {
      return new TensorReader(
          in,
          switch (format) {
            case NPY -> List.of(npy(in));
            case NPZ -> npz(in);
            case SAFETENSORS -> SafetensorsHeader.read(in);
          });
    } catch (RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  private static StoredTensor npy(TensorInput in) {
    NpyHeader header = NpyHeader.read(in.part(0, in.size()), in.size(), in.name());
    TensorShape shape = StoredTensor.shape(in, "", header.type(), header.shape());
    header.requireElements(shape, in.size(), in.name());
    return new StoredTensor(
        shape, header.order(), () -> in.part(header.length(), in.size() - header.length()));
  }

  private static List<StoredTensor> npz(TensorInput in) {
    List<ZipDirectory.Member> members = ZipDirectory.read(in);
    if (members.isEmpty()) {
      throw in.bad("it holds no arrays");
    }
    List<StoredTensor> stored = new ArrayList<>();
    for (ZipDirectory.Member member : members) {
      if (!member.name().endsWith(NPY)) {
        throw in.bad(
            "\"%s\" is no array; .npz files hold arrays of names that end in %s, as numpy.savez"
                    .formatted(member.name(), NPY)
                + " writes them");
      }
      stored.add(npz(in, member));
    }
    return List.copyOf(stored);
  }

  private static StoredTensor npz(TensorInput in, ZipDirectory.Member member) {
    String name = member.name().substring(0, member.name().length() - NPY.length());
    String place = in.name() + ", array \"" + name + '"';
    try (ElementBytes bytes = new ZipBytes(in, member)) {
      NpyHeader header = NpyHeader.read(bytes, member.size(), place);
      TensorShape shape = StoredTensor.shape(in, name, header.type(), header.shape());
      header.requireElements(shape, member.size(), place);
      return new StoredTensor(shape, header.order(), () -> afterHeader(in, member, header));
    }
  }

  private static ElementBytes afterHeader(
      TensorInput in, ZipDirectory.Member member, NpyHeader header) {
    ElementBytes bytes = new ZipBytes(in, member);
    bytes.read(ByteBuffer.allocate(header.length()));
    return bytes;
  }

  /** What the file is called in messages. */
  public String name() {
    return in.name();
  }

  /** The tensors, in the order in which they are read; the one of a .npy file has no name. */
  public List<TensorShape> tensors() {
    return tensors;
  }

  /** The elements of all tensors together. */
  public long elements() {
    return tensors.stream().mapToLong(TensorShape::elements).reduce(0, Math::addExact);
  }

  /** Whether a tensor has float64, so that {@link #nextFloats} would lose bits of it. */
  public boolean hasDoubles() {
    return tensors.stream().anyMatch(shape -> shape.type() == ElementType.FLOAT64);
  }

  /**
   * Writes the next {@code count} elements as float at the position of {@code into}, in its byte
   * order, and moves the position.
   *
   * @throws VeilsumException BAD_INPUT, with the tensor and the index, for NaN and infinities;
   *     USAGE where there are not as many, or for float64; CORRUPT; IO
   */
  public void nextFloats(ByteBuffer into, int count) {
    next(into, count, Float.BYTES);
  }

  /** As {@link #nextFloats}, for double and all types. */
  public void nextDoubles(ByteBuffer into, int count) {
    next(into, count, Double.BYTES);
  }

  private void next(ByteBuffer into, int count, int numberBytes) {
    for (int left = count; left > 0; ) {
      if (tensor == stored.size()) {
        throw new VeilsumException(
            ErrorCode.USAGE, "more is read than the " + elements() + " elements of " + in.name());
      }
      StoredTensor current = stored.get(tensor);
      if (bytes == null) {
        bytes = current.bytes().get();
      }
      int part = (int) Math.min(left, current.shape().elements() - done);
      part = read(current, into, part, numberBytes);
      left -= part;
      done += part;
      if (done == current.shape().elements()) {
        bytes.finish();
        bytes.close();
        bytes = null;
        done = 0;
        tensor++;
      }
    }
  }

  /** Reads a part of a tensor: straight where elements are numbers already, or as fit staging. */
  private int read(StoredTensor current, ByteBuffer into, int most, int numberBytes) {
    ElementType type = current.shape().type();
    int at = into.position();
    int count = most;
    if (type.bytes() == numberBytes && current.order() == into.order()) {
      int limit = into.limit();
      bytes.read(into.limit(at + count * numberBytes));
      into.limit(limit);
    } else {
      if (type.bytes() > numberBytes) {
        throw new VeilsumException(
            ErrorCode.USAGE, current.shape() + " of " + in.name() + " is read as double only");
      }
      if (staging == null) {
        staging = ByteBuffer.allocateDirect(STAGING_BYTES);
      }
      count = Math.min(most, STAGING_BYTES / type.bytes());
      bytes.read(staging.clear().limit(count * type.bytes()));
      staging.flip().order(current.order());
      if (numberBytes == Float.BYTES) {
        ElementCodec.toFloats(type, staging, into, count);
      } else {
        ElementCodec.toDoubles(type, staging, into, count);
      }
    }
    int wrong =
        numberBytes == Float.BYTES
            ? ElementCodec.firstNotFiniteFloat(into, at, count)
            : ElementCodec.firstNotFiniteDouble(into, at, count);
    if (wrong >= 0) {
      double value =
          numberBytes == Float.BYTES
              ? into.getFloat(at + wrong * numberBytes)
              : into.getDouble(at + wrong * numberBytes);
      throw notFinite(current.shape(), done + wrong, value);
    }
    return count;
  }

  private VeilsumException notFinite(TensorShape shape, long element, double value) {
    long[] index = new long[shape.shape().size()];
    long rest = element;
    for (int i = index.length - 1; i >= 0; i--) {
      index[i] = rest % shape.shape().get(i);
      rest /= shape.shape().get(i);
    }
    StringBuilder place = new StringBuilder();
    for (long each : index) {
      place.append(place.isEmpty() ? "" : ", ").append(each);
    }
    return in.bad(
        "element [%s]%s is %s; only finite numbers can be added up: repair or leave out this file"
            .formatted(
                place, shape.name().isEmpty() ? "" : " of tensor \"" + shape.name() + '"', value));
  }

  /** Closes the file and wipes what was read. */
  @Override
  public void close() {
    if (staging != null) {
      staging.clear().put(new byte[STAGING_BYTES]);
    }
    if (bytes != null) {
      bytes.close();
      bytes = null;
    }
    in.close();
  }
}
