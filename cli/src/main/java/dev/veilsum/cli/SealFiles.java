package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.FileStart;
import dev.veilsum.seal.SealBundle;
import dev.veilsum.seal.SealObject;
import dev.veilsum.seal.SealParameters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Files with objects of Microsoft SEAL: one, or several one after the other. */
final class SealFiles {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  private SealFiles() {}

  /**
   * One object of a file.
   *
   * @param index its number in the file, from 0
   * @param count how many there are in the file
   */
  record Entry(String file, int index, int count, ByteBuffer bytes) {
    /** What it is called in messages. */
    String name() {
      return count == 1 ? file : file + ", object " + (index + 1);
    }

    /** Reads it; its errors are told as this file's. */
    SealObject read(Optional<SealParameters> parameters) {
      return naming(() -> SealObject.read(bytes, parameters));
    }

    <T> T naming(java.util.function.Supplier<T> use) {
      try {
        return use.get();
      } catch (VeilsumException e) {
        throw new VeilsumException(e.code(), name() + ": " + e.getMessage(), e);
      }
    }

    /** Wipes the bytes, which may hold a secret. */
    void wipe() {
      int begin = bytes.arrayOffset();
      Arrays.fill(bytes.array(), begin, begin + bytes.limit(), (byte) 0);
    }
  }

  /** Whether a file starts as an object of SEAL does. */
  static boolean isSeal(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return SealBundle.isSeal(in.readNBytes(2));
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  /** The objects of a file, of which nothing but the outermost frames was read. */
  static List<Entry> read(Path file) {
    if (Files.isDirectory(file)) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, file + " is a folder; name a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  /** The objects of a stream. */
  static List<Entry> read(InputStream in, String name) throws IOException {
    byte[] all = in.readNBytes(MAX_BYTES);
    if (all.length == MAX_BYTES && in.read() != -1) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED, name + " has more than 2 GiB; split it into single objects");
    }
    if (!SealBundle.isSeal(all)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          FileStart.of(Arrays.copyOf(all, Math.min(all.length, FileStart.BYTES)))
              .map(found -> "%s is %s, not an object of Microsoft SEAL".formatted(name, found))
              .orElse(
                  name
                      + " is no object of Microsoft SEAL: it does not start with its magic number"
                      + " a15e"));
    }
    List<ByteBuffer> objects;
    try {
      objects = SealBundle.split(ByteBuffer.wrap(all));
    } catch (VeilsumException e) {
      throw new VeilsumException(e.code(), name + ": " + e.getMessage(), e);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      entries.add(new Entry(name, i, objects.size(), objects.get(i)));
    }
    return entries;
  }
}
