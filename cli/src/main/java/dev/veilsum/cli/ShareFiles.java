package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.FileStart;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.sharing.Share;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/** Files that hold one share of a secret sharing each; they are as secret as the share. */
final class ShareFiles {
  private static final String KIND = "a share of a secret sharing";

  /** Of the longest vectors, 2^27 integers, with names of clients. */
  private static final int MAX_BYTES = (1 << 30) + (1 << 29);

  private ShareFiles() {}

  /** Whether a file starts as a share does. */
  static boolean isShare(Path file) {
    return FileStart.of(file).filter(KIND::equals).isPresent();
  }

  /**
   * Reads a share of either kind, which its reader closes.
   *
   * @throws VeilsumException BAD_INPUT where the file is something else; CORRUPT; IO
   */
  static Share<?> read(Path file) {
    Inputs.refuse(file, KIND);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(FileStart.BYTES);
      if (FileStart.of(start).isEmpty()) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "%s is not %s".formatted(file, KIND) + "; see veilsum share");
      }
      byte[] rest = in.readNBytes(MAX_BYTES);
      bytes = Arrays.copyOf(start, start.length + rest.length);
      System.arraycopy(rest, 0, bytes, start.length, rest.length);
      Arrays.fill(rest, (byte) 0);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
    try {
      return naming(file, () -> Share.fromBytes(bytes));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Writes a share to a new file that only its owner may read. */
  static void write(Share<?> share, Path file) {
    byte[] bytes = share.toBytes();
    try (AtomicOutput out = AtomicOutput.create(file, false, AtomicOutput.Access.OWNER_ONLY)) {
      out.write(bytes);
      out.commit();
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** What {@code use} returns; its errors are told as this file's. */
  static <T> T naming(Path file, Supplier<T> use) {
    try {
      return use.get();
    } catch (VeilsumException e) {
      throw new VeilsumException(e.code(), file + ": " + e.getMessage(), e);
    }
  }
}
