package dev.veilsum.io;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An output that appears whole or not at all: bytes go to a temporary file beside the target, which
 * {@link #commit} syncs and renames. Closing without a commit, a failure, and the end of the
 * process remove the temporary file and leave what was at the target as it was.
 *
 * <p>Standard output, pipes and devices such as /dev/null take the bytes as they come. Failures are
 * {@link VeilsumException}s of code {@link ErrorCode#IO}; a target that exists and may not be
 * overwritten is {@link ErrorCode#OUTPUT_EXISTS}. Not thread-safe.
 */
public final class AtomicOutput extends OutputStream {
  /** Who may read the file. */
  public enum Access {
    /** As the process' umask says; an overwritten file keeps its mode. */
    USUAL,
    /** Only the owner (mode 0600), for files that hold a secret. */
    OWNER_ONLY
  }

  private static final int BUFFER_BYTES = 1 << 18;
  private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> UNFINISHED.forEach(AtomicOutput::drop)));
  }

  private final String name;
  private final Path target; // null where the bytes go straight to the channel
  private final Path temporary; // null likewise
  private final boolean overwrite;
  private final WritableByteChannel channel;
  private final boolean ownsChannel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private boolean open = true;
  private boolean failed;

  private AtomicOutput(
      String name,
      Path target,
      Path temporary,
      boolean overwrite,
      WritableByteChannel channel,
      boolean ownsChannel) {
    this.name = name;
    this.target = target;
    this.temporary = temporary;
    this.overwrite = overwrite;
    this.channel = channel;
    this.ownsChannel = ownsChannel;
  }

  /** Standard output; closing leaves it open. */
  public static AtomicOutput standardOutput() {
    return passThrough("standard output", new FileOutputStream(FileDescriptor.out).getChannel());
  }

  /** An output whose bytes go to {@code channel} as they come; closing leaves that open. */
  public static AtomicOutput passThrough(String name, WritableByteChannel channel) {
    return new AtomicOutput(name, null, null, false, channel, false);
  }

  /**
   * An output that becomes the file {@code target}.
   *
   * @param overwrite whether a file that is there may be replaced
   * @throws VeilsumException OUTPUT_EXISTS where it may not be; BAD_INPUT where the target is a
   *     folder or lies in none; IO
   */
  public static AtomicOutput create(Path target, boolean overwrite, Access access) {
    try {
      if (Files.isDirectory(target)) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, target + " is a folder; name a file to write to");
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        return new AtomicOutput(
            target.toString(),
            null,
            null,
            false,
            FileChannel.open(target, StandardOpenOption.WRITE),
            true);
      }
      if (!overwrite && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw exists(target.toString());
      }
      Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      Path folder = real.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "writing " + target + ": there is no folder " + folder);
      }
      Path temporary = folder.resolve("." + real.getFileName() + "." + randomName() + ".tmp");
      UNFINISHED.add(temporary);
      FileChannel channel;
      try {
        channel =
            FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes(real, access));
      } catch (IOException e) {
        UNFINISHED.remove(temporary);
        throw e;
      }
      return new AtomicOutput(target.toString(), real, temporary, overwrite, channel, true);
    } catch (IOException e) {
      throw VeilsumException.io("writing " + target, e);
    }
  }

  /** What this output is called in messages. */
  public String name() {
    return name;
  }

  @Override
  public void write(int b) {
    if (!buffer.hasRemaining()) {
      flush();
    }
    checkOpen();
    buffer.put((byte) b);
  }

  @Override
  public void write(byte[] bytes) {
    write(ByteBuffer.wrap(bytes));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    write(ByteBuffer.wrap(bytes, offset, length));
  }

  /** Writes what remains of {@code bytes}, from Java's or from native memory. */
  public void write(ByteBuffer bytes) {
    checkOpen();
    while (bytes.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), bytes.remaining());
      buffer.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
    }
  }

  @Override
  public void flush() {
    checkOpen();
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw fail(e);
    }
    buffer.clear();
  }

  /** Makes the file appear under its name, on disk before it does. Call once, at the end. */
  public void commit() {
    flush();
    try {
      if (target == null) {
        return;
      }
      ((FileChannel) channel).force(true);
      channel.close();
      if (overwrite) {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        publishWithoutReplacing();
      }
      UNFINISHED.remove(temporary);
      syncFolder(target.getParent());
    } catch (IOException e) {
      throw fail(e);
    } finally {
      close();
    }
  }

  /** Drops what was not committed. Never throws; closing twice is harmless. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    if (ownsChannel) {
      closeQuietly();
    }
    if (temporary != null && UNFINISHED.contains(temporary)) {
      drop(temporary);
    }
  }

  /** A hard link fails where the name is taken; a placeholder does where links cannot be made. */
  private void publishWithoutReplacing() throws IOException {
    try {
      Files.createLink(target, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException noLinks) {
      Files.createFile(target);
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        Files.deleteIfExists(target);
        throw e;
      }
    }
    drop(temporary);
  }

  private VeilsumException fail(IOException e) {
    failed = true;
    close();
    return e instanceof FileAlreadyExistsException
        ? exists(name)
        : VeilsumException.io("writing " + name, e);
  }

  private void checkOpen() {
    if (failed) {
      throw new VeilsumException(ErrorCode.IO, "writing " + name + " failed before");
    }
    if (!open) {
      throw new VeilsumException(ErrorCode.CLOSED, "the output " + name + " is closed");
    }
  }

  private void closeQuietly() {
    try {
      channel.close();
    } catch (IOException e) {
      // The file is dropped, or a device is done with.
    }
  }

  private static VeilsumException exists(String name) {
    return new VeilsumException(
        ErrorCode.OUTPUT_EXISTS,
        name + " exists and is not overwritten; name another output, or say to overwrite it");
  }

  private static FileAttribute<?>[] attributes(Path target, Access access) throws IOException {
    if (!target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    if (access == Access.OWNER_ONLY) {
      return of(PosixFilePermissions.fromString("rw-------"));
    }
    return Files.exists(target)
        ? of(Files.getPosixFilePermissions(target))
        : new FileAttribute<?>[0];
  }

  private static FileAttribute<?>[] of(Set<PosixFilePermission> mode) {
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)};
  }

  private static void syncFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system opens folders; the file itself is on disk and the rename is atomic.
    }
  }

  private static void drop(Path temporary) {
    UNFINISHED.remove(temporary);
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // Nothing more can be done; the target is untouched.
    }
  }

  private static String randomName() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
