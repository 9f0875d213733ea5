package dev.veilsum.nativelib;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * A library of the jar as a file. By default in a new folder with mode 0700 in {@code
 * java.io.tmpdir}, removed on close: a loaded library needs its file no more. With the system
 * property {@code veilsum.native.cache} or the environment variable {@code VEILSUM_NATIVE_CACHE} in
 * that folder instead, where it stays; the folder must be the user's own and closed to others, and
 * a file that is there already must have the bytes of the jar's.
 */
final class Unpacked implements AutoCloseable {
  static final String CACHE_PROPERTY = "veilsum.native.cache";
  static final String CACHE_VARIABLE = "VEILSUM_NATIVE_CACHE";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final boolean temporary;

  private Unpacked(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  static Unpacked of(String file) throws IOException {
    byte[] library = resource(file);
    String cache = System.getProperty(CACHE_PROPERTY);
    if (cache == null || cache.isEmpty()) {
      cache = System.getenv(CACHE_VARIABLE);
    }
    if (cache == null || cache.isEmpty()) {
      Path folder =
          Files.createTempDirectory("veilsum-", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      Unpacked unpacked = new Unpacked(folder.resolve(file), true);
      try {
        Files.write(unpacked.path, library);
        return unpacked;
      } catch (IOException e) {
        unpacked.close();
        throw new IOException(
            "unpacking to "
                + folder
                + " failed ("
                + e.getMessage()
                + "); set "
                + CACHE_PROPERTY
                + " to a folder with room",
            e);
      }
    }
    return new Unpacked(cached(Path.of(cache).toAbsolutePath(), file, library), false);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(path);
      Files.deleteIfExists(path.getParent());
    }
  }

  private static byte[] resource(String file) throws IOException {
    String name = Host.platform() + "/" + file;
    try (InputStream in = NativeLibrary.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(
            "the class path has no "
                + name
                + "; add veilsum-native with the classifier "
                + Host.platform()
                + ", or set "
                + NativeLibrary.PATH_PROPERTY);
      }
      return in.readAllBytes();
    }
  }

  private static Path cached(Path cache, String file, byte[] library) throws IOException {
    String buildId = NativeLibrary.buildProperties().getProperty("build.id");
    Path folder = cache.resolve("veilsum-" + buildId);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(cache);
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } catch (java.nio.file.FileAlreadyExistsException e) {
        // Another process was faster; its folder is checked like any other.
      }
    }
    Path path = folder.resolve(file);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Path part = Files.createTempFile(folder, file, ".part");
      try {
        Files.write(part, library);
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    }
    requireOwn(folder);
    requireOwn(path);
    if (!Arrays.equals(Files.readAllBytes(path), library)) {
      throw new IOException(path + " differs from the library in the jar; remove it");
    }
    return path;
  }

  /** Refuses what another user owns or could change. */
  private static void requireOwn(Path path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Path probe = Files.createTempFile("veilsum-", ".owner");
    try {
      boolean own = Files.getOwner(probe).equals(attributes.owner());
      Set<PosixFilePermission> open = attributes.permissions();
      if (!own
          || attributes.isSymbolicLink()
          || open.contains(PosixFilePermission.GROUP_WRITE)
          || open.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(
            path
                + " belongs to or can be changed by another user; remove it or choose another folder");
      }
    } finally {
      Files.delete(probe);
    }
  }
}
