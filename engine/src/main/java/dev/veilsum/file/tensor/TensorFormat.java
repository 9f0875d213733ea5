package dev.veilsum.file.tensor;

import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of files that hold tensors. */
public enum TensorFormat {
  /** One array, as {@code numpy.save} writes it. */
  NPY(".npy"),
  /** Arrays with names, as {@code numpy.savez} and {@code numpy.savez_compressed} write them. */
  NPZ(".npz"),
  /** Tensors with names, as the libraries of that name write them. */
  SAFETENSORS(".safetensors");

  private static final byte[] ZIP_START = {'P', 'K', 3, 4};
  private static final byte[] EMPTY_ZIP_START = {'P', 'K', 5, 6};

  private final String extension;

  TensorFormat(String extension) {
    this.extension = extension;
  }

  /** What names of its files end in, with the dot. */
  public String extension() {
    return extension;
  }

  /** The format whose extension a file's name has; empty where it has none of them. */
  public static Optional<TensorFormat> ofName(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(format -> name.endsWith(format.extension)).findFirst();
  }

  /**
   * The format that a file starts like; empty where it is like none.
   *
   * @throws VeilsumException where the file cannot be read: BAD_INPUT, IO
   */
  public static Optional<TensorFormat> ofStart(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(Long.BYTES + 1);
      if (startsWith(start, NpyHeader.MAGIC)) {
        return Optional.of(NPY);
      }
      if (startsWith(start, ZIP_START) || startsWith(start, EMPTY_ZIP_START)) {
        return Optional.of(NPZ);
      }
      return isSafetensors(start, Files.size(file)) ? Optional.of(SAFETENSORS) : Optional.empty();
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  private static boolean isSafetensors(byte[] start, long size) {
    if (start.length <= Long.BYTES || start[Long.BYTES] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length >= 2 && length <= Math.min(size - Long.BYTES, SafetensorsHeader.MOST_BYTES);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }
}
