package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.FileStart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Opens what the user names: a file, or "-" for standard input. */
final class Inputs {
  private static final byte[] KEY_FILE_START =
      "-----BEGIN VEILSUM MASTER KEY".getBytes(StandardCharsets.US_ASCII);

  /** Magic, version 1, kind 5 (docs/formats.md). */
  private static final byte[] AGGREGATE_START = {'V', 'S', 'U', 'M', 1, 0, 5};

  private Inputs() {}

  /** A container of one of the kinds; a secret key is refused as what it is. */
  static ContainerReader container(Streams streams, String name, ContainerKind... kinds) {
    if (name.equals("-")) {
      requirePiped(streams);
      return ofKind(ContainerReader.open(streams.in(), "standard input"), kinds);
    }
    Path file = Path.of(name);
    if (isKeyFile(file)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is a secret key file, and none is taken here; name %s"
              .formatted(
                  name,
                  kinds.length == ContainerKind.values().length
                      ? "another of Veilsum's files"
                      : "a file of kind " + kinds[0]));
    }
    return ofKind(ContainerReader.open(file), kinds);
  }

  /** Nobody types binary. */
  static void requirePiped(Streams streams) {
    if (streams.terminal().isInput()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "standard input is the keyboard; name a file, or pipe one in");
    }
  }

  /** Whether a file holds a secret key, sealed or not. */
  static boolean isKeyFile(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(KEY_FILE_START.length), KEY_FILE_START);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  /** Refuses what is seen to be something else than a secret key, and says what it is. */
  static void requireKeyFile(Path file) {
    if (isKeyFile(file)) {
      return;
    }
    refuseFolder(file);
    refuse(file, "a secret key; name the file that veilsum keygen wrote");
  }

  /**
   * Refuses files whose first bytes say that they are something else.
   *
   * @param wanted what the file is to be
   */
  static void refuse(Path file, String wanted) {
    FileStart.of(file)
        .filter(found -> !found.equals(wanted))
        .ifPresent(
            found -> {
              throw new VeilsumException(
                  ErrorCode.BAD_INPUT, "%s is %s, not %s".formatted(file, found, wanted));
            });
  }

  private static void refuseFolder(Path file) {
    if (Files.isDirectory(file)) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, file + " is a folder; name a file");
    }
  }

  /** Whether a file starts as an aggregate does; what it is worth is seen when it is opened. */
  static boolean isAggregate(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(AGGREGATE_START.length);
      return Arrays.equals(start, AGGREGATE_START);
    } catch (IOException e) {
      return false; // opening it says why
    }
  }

  private static ContainerReader ofKind(ContainerReader reader, ContainerKind... kinds) {
    try {
      return reader.require(kinds);
    } catch (VeilsumException otherKind) {
      reader.close();
      throw otherKind;
    }
  }
}
