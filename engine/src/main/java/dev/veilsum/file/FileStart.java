package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a file seems to be by its first bytes, in words: for messages that refuse it where something
 * else is wanted. Nothing more of it is read, and nothing rests on it.
 */
public final class FileStart {
  /** So many bytes tell it. */
  public static final int BYTES = 32;

  private FileStart() {}

  /**
   * What a file seems to be, for example {@code a Veilsum file of kind "table"}; empty where its
   * start tells nothing, and where it cannot be read.
   */
  public static Optional<String> of(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return of(in.readNBytes(BYTES));
    } catch (IOException e) {
      return Optional.empty(); // opening it says why
    }
  }

  /** As {@link #of(Path)}, of a file that starts with these bytes. */
  public static Optional<String> of(byte[] start) {
    Optional<String> other = otherThanContainer(start);
    if (other.isPresent()) {
      return other;
    }
    if (!starts(start, "VSUM") || start.length < ContainerHeader.BYTES) {
      return Optional.empty();
    }
    ContainerKind kind = ContainerKind.ofCode(start[6] & 0xff);
    return Optional.of(
        kind == null
            ? "a container of a newer Veilsum"
            : "a Veilsum file of kind \"" + kind + "\"");
  }

  /** Refuses what does not start as a container, and says what it seems to be. */
  static void requireContainer(byte[] start, String name) {
    Optional<String> other = otherThanContainer(start);
    if (other.isPresent()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, name + " is " + other.get() + ", not a Veilsum container");
    }
    int there = Math.min(start.length, 4);
    if (!starts(start, "VSUM".substring(0, there))) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          name + " is not a Veilsum container: it does not start with \"VSUM\"");
    }
  }

  private static Optional<String> otherThanContainer(byte[] start) {
    if (starts(start, "-----BEGIN VEILSUM MASTER KEY")) {
      return Optional.of("a secret key file");
    }
    if (starts(start, "VSUMPRIV")) {
      return Optional.of("a privacy budget");
    }
    if (starts(start, "VSUMSHAR")) {
      return Optional.of("a share of a secret sharing");
    }
    if (starts(start, "veilsum threshold ledger")) {
      return Optional.of("the ledger of a threshold share");
    }
    if (starts(start, "\u0093NUMPY")) {
      return Optional.of("a NumPy array");
    }
    if (starts(start, "PK\u0003\u0004")) {
      return Optional.of("a ZIP archive");
    }
    // The magic number, the header's length, and version 3 or 4.
    if (starts(start, "\u005e\u00a1\u0010")
        && start.length > 3
        && (start[3] == 3 || start[3] == 4)) {
      return Optional.of("an object of Microsoft SEAL");
    }
    return Optional.empty();
  }

  private static boolean starts(byte[] start, String with) {
    byte[] expected = with.getBytes(StandardCharsets.ISO_8859_1);
    return start.length >= expected.length
        && Arrays.equals(start, 0, expected.length, expected, 0, expected.length);
  }
}
