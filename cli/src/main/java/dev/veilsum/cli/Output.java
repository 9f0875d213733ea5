package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a command writes: a file that appears whole or not at all, or standard output. */
final class Output {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "-",
      description = "Where to write; - is standard output, which is the default.")
  private String file;

  @Option(names = "--force", description = "Overwrite the output where it exists.")
  private boolean force;

  /** Opens the output for bytes that no terminal can show, before any work is done. */
  AtomicOutput openBinary(Streams streams) {
    if (isStandard() && streams.terminal().isOutput()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "binary is not written to a terminal; give -o FILE, or a pipe");
    }
    return open(streams, AtomicOutput.Access.USUAL);
  }

  /** Opens the output for decrypted values, which only the owner may read where it is a file. */
  AtomicOutput openDecrypted(Streams streams) {
    return open(streams, AtomicOutput.Access.OWNER_ONLY);
  }

  /** Opens a new file for a secret: only the owner may read it, and nothing is overwritten. */
  AtomicOutput openSecret() {
    requireNew();
    return AtomicOutput.create(Path.of(file), false, AtomicOutput.Access.OWNER_ONLY);
  }

  /** Refuses a file that is there, whatever --force says: it could be the only copy of a key. */
  void requireNew() {
    if (Files.exists(Path.of(file), LinkOption.NOFOLLOW_LINKS)) {
      throw new VeilsumException(
          ErrorCode.OUTPUT_EXISTS,
          file + " exists, and a secret key never overwrites a file; name another");
    }
  }

  /** The file that is to be added to; BAD_INPUT where it is not there. */
  Path existing() {
    Path target = Path.of(file);
    if (!Files.isRegularFile(target)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "there is no table " + file + " to append to");
    }
    return target;
  }

  /** Opens the output in the place of the file that is there. */
  AtomicOutput replace() {
    return AtomicOutput.create(Path.of(file), true, AtomicOutput.Access.USUAL);
  }

  boolean isStandard() {
    return file.equals("-");
  }

  /** What people call it. */
  String name() {
    return isStandard() ? "standard output" : file;
  }

  private AtomicOutput open(Streams streams, AtomicOutput.Access access) {
    if (isStandard()) {
      return AtomicOutput.passThrough("standard output", Channels.newChannel(streams.out()));
    }
    Path target = Path.of(file);
    if (!force && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new VeilsumException(
          ErrorCode.OUTPUT_EXISTS,
          file + " exists and is not overwritten; name another output or give --force");
    }
    return AtomicOutput.create(target, force, access);
  }
}
