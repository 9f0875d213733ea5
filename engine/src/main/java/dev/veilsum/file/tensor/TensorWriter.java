package dev.veilsum.file.tensor;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes tensors to a file as their numbers come, in bounded memory. Numbers are rounded to the
 * type of each tensor, to the nearest and ties to even. Arrays in .npz are not compressed. The same
 * tensors make the same bytes. Not thread-safe.
 */
public final class TensorWriter {
  private static final int STAGING_BYTES = 1 << 16;

  /** An early time that a zip file can tell; of the first day, Java writes the time zone's too. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final AtomicOutput out;
  private final TensorFormat format;
  private final List<TensorShape> tensors;
  private final ZipOutputStream zip; // null where the format is another
  private final ByteBuffer staging =
      ByteBuffer.allocate(STAGING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int tensor;
  private long done; // elements of the tensor

  /**
   * Starts a file.
   *
   * @param out stays the caller's, who commits it after {@link #finish}
   * @param tensors their names, types and shapes, in the order in which numbers will come
   * @throws VeilsumException BAD_INPUT where the format cannot hold them: several tensors in .npy,
   *     bfloat16 in .npy and .npz; IO
   */
  public TensorWriter(AtomicOutput out, TensorFormat format, List<TensorShape> tensors) {
    this.out = out;
    this.format = format;
    this.tensors = List.copyOf(tensors);
    requireFit();
    if (format == TensorFormat.NPZ) {
      zip = new ZipOutputStream(new Unclosed(out), StandardCharsets.UTF_8);
      zip.setLevel(Deflater.NO_COMPRESSION);
    } else {
      zip = null;
    }
    if (format == TensorFormat.SAFETENSORS) {
      out.write(SafetensorsHeader.of(tensors));
    }
    begin();
  }

  private void requireFit() {
    if (tensors.isEmpty()) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, "no tensors to write to " + out.name());
    }
    if (format == TensorFormat.NPY && tensors.size() > 1) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s holds one array and there are %d tensors; write .npz or .safetensors"
              .formatted(out.name(), tensors.size()));
    }
    for (TensorShape tensor : tensors) {
      if (format == TensorFormat.SAFETENSORS) {
        SafetensorsHeader.requireName(tensor, out.name());
      } else if (tensor.type() == ElementType.BFLOAT16) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s: NumPy's files have no bfloat16, which tensor \"%s\" is; write .safetensors, or"
                    .formatted(out.name(), tensor.name())
                + " another type");
      }
    }
  }

  /**
   * Writes the next numbers, as many as there are, across the ends of tensors.
   *
   * @param numbers double in the buffer's byte order; its position moves to its limit
   * @throws VeilsumException OUT_OF_RANGE for a number that is not finite in its tensor's type;
   *     USAGE for more than the tensors have; IO
   */
  public void write(ByteBuffer numbers) {
    while (numbers.remaining() >= Double.BYTES) {
      if (tensor == tensors.size()) {
        throw new VeilsumException(
            ErrorCode.USAGE, "more numbers for " + out.name() + " than its tensors have");
      }
      TensorShape current = tensors.get(tensor);
      int bytes = current.type().bytes();
      long most = Math.min(staging.remaining() / bytes, current.elements() - done);
      int count = (int) Math.min(most, numbers.remaining() / Double.BYTES);
      for (int i = 0; i < count; i++) {
        double number = numbers.getDouble();
        if (!ElementCodec.put(current.type(), number, staging)) {
          throw new VeilsumException(
              ErrorCode.OUT_OF_RANGE,
              "%s: element %d of tensor \"%s\" is %s, beyond %s; write it as a wider type"
                  .formatted(out.name(), done + i, current.name(), number, current.type().id()));
        }
      }
      done += count;
      if (done == current.elements()) {
        flush();
        end();
      } else if (staging.remaining() < bytes) {
        flush();
      }
    }
  }

  /** Ends the file; USAGE where numbers are missing. */
  public void finish() {
    if (tensor < tensors.size()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s lacks numbers of tensor \"%s\"".formatted(out.name(), tensors.get(tensor).name()));
    }
    Arrays.fill(staging.array(), (byte) 0);
    if (zip != null) {
      zipped(zip::finish);
    }
  }

  private void begin() {
    TensorShape next = tensors.get(tensor);
    switch (format) {
      case NPY -> out.write(NpyHeader.of(next));
      case NPZ -> {
        ZipEntry entry = new ZipEntry(next.name() + TensorFormat.NPY.extension());
        entry.setTimeLocal(NO_TIME);
        zipped(() -> zip.putNextEntry(entry));
        zipped(() -> zip.write(NpyHeader.of(next)));
      }
      case SAFETENSORS -> {}
    }
  }

  private void end() {
    if (zip != null) {
      zipped(zip::closeEntry);
    }
    tensor++;
    done = 0;
    if (tensor < tensors.size()) {
      begin();
    }
  }

  private void flush() {
    if (zip == null) {
      out.write(staging.array(), 0, staging.position());
    } else {
      zipped(() -> zip.write(staging.array(), 0, staging.position()));
    }
    staging.clear();
  }

  @FunctionalInterface
  private interface ZipWrite {
    void run() throws IOException;
  }

  private void zipped(ZipWrite write) {
    try {
      write.run();
    } catch (IOException e) {
      throw VeilsumException.io("writing " + out.name(), e);
    }
  }

  /** Passes bytes on in blocks, and leaves the output open. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
