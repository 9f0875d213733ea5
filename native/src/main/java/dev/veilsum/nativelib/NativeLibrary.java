package dev.veilsum.nativelib;

import dev.veilsum.nativelib.seal.SealEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * One of the native libraries, loaded at most once. It comes, in this order, from
 *
 * <ol>
 *   <li>the folder or file that the system property {@code veilsum.native.path} or the environment
 *       variable {@code VEILSUM_NATIVE_PATH} names;
 *   <li>the jar, unpacked to a folder that only this user can write ({@link Unpacked}).
 * </ol>
 *
 * A library that was not built from the sources that these classes were built with is refused.
 */
public final class NativeLibrary {
  /** Key of the system property that names the library's folder or file. */
  public static final String PATH_PROPERTY = "veilsum.native.path";

  /** Name of the environment variable that names the library's folder or file. */
  public static final String PATH_VARIABLE = "VEILSUM_NATIVE_PATH";

  private static final NativeLibrary CORE =
      new NativeLibrary("jniveilsum", "the homomorphic core", Core::buildId, Core::activeIsa);
  private static final NativeLibrary PAILLIER =
      new NativeLibrary(
          "jniveilsumpaillier",
          "Paillier (which needs GMP: install the package libgmp10)",
          PaillierLibrary::buildId,
          () -> {});
  private static final NativeLibrary SEAL =
      new NativeLibrary(
          "jniveilsumseal", "the backend seal", SealEngine::buildId, NativeLibrary::checkSeal);

  static {
    // JavaCPP's accounting compares the process' memory with a multiple of the heap and would stall
    // and then refuse allocations; native memory is counted by NativeMemory instead. JavaCPP reads
    // these when its classes are initialized, which is later than this.
    for (String limit : new String[] {"maxBytes", "maxPhysicalBytes"}) {
      String key = "org.bytedeco.javacpp." + limit;
      if (System.getProperty(key) == null) {
        System.setProperty(key, "0");
      }
    }
  }

  private final String name;
  private final String purpose;
  private final Supplier<String> buildId;
  private final Runnable check;

  private boolean attempted; // guarded by this
  private NativeException failure; // guarded by this
  private volatile boolean loaded;

  /**
   * Describes a library; nothing is loaded yet.
   *
   * @param name the library's name without "lib" and ending
   * @param purpose what is missing without it, for messages
   * @param buildId the library's own build id, called once it is loaded
   * @param check called last: throws NativeException where the library cannot work here
   */
  NativeLibrary(String name, String purpose, Supplier<String> buildId, Runnable check) {
    this.name = name;
    this.purpose = purpose;
    this.buildId = buildId;
    this.check = check;
  }

  /** The library of CKKS and BFV. */
  public static NativeLibrary core() {
    return CORE;
  }

  /** The library of Paillier, apart because it needs GMP at run time. */
  public static NativeLibrary paillier() {
    return PAILLIER;
  }

  /** The library of Microsoft SEAL, which is in a build only where SEAL was installed. */
  public static NativeLibrary seal() {
    return SEAL;
  }

  private static void checkSeal() {
    if (SealEngine.version().isEmpty()) {
      throw NativeException.of(
          "UNSUPPORTED",
          "this build has no Microsoft SEAL; install SEAL 4.1 or later (vcpkg install seal, brew"
              + " install seal, or conda install -c conda-forge seal), set CMAKE_PREFIX_PATH to"
              + " where it is, and build Veilsum again",
          null);
    }
    CORE.require(); // the objects are the core's
  }

  /** Whether the library has been loaded; does not load it. */
  boolean isLoaded() {
    return loaded;
  }

  /** Whether the library loads; loads it. */
  public boolean isAvailable() {
    return cause().isEmpty();
  }

  /** Why the library does not load; empty where it does. */
  public synchronized Optional<NativeException> cause() {
    if (!attempted) {
      attempted = true;
      try {
        load();
        loaded = true;
      } catch (NativeException e) {
        failure = e;
      } catch (IOException | LinkageError | RuntimeException e) {
        failure =
            NativeException.of(
                "UNSUPPORTED",
                "the native library "
                    + name
                    + " for "
                    + Host.platform()
                    + " cannot be loaded, so "
                    + purpose
                    + " is not available: "
                    + e.getMessage(),
                e);
      }
    }
    return Optional.ofNullable(failure);
  }

  /**
   * Loads the library unless that is done.
   *
   * @throws NativeException UNSUPPORTED, with the cause, where it cannot be loaded
   */
  public void require() {
    if (loaded) {
      return;
    }
    NativeException failed = cause().orElse(null);
    if (failed != null) {
      throw NativeException.of(
          failed.code(), failed.getMessage().replaceFirst("^\\S+ ", ""), failed);
    }
  }

  private void load() throws IOException {
    String file = System.mapLibraryName(name);
    Path given = givenPath();
    if (given != null) {
      Path path = Files.isDirectory(given) ? given.resolve(file) : given.resolveSibling(file);
      if (!Files.isRegularFile(path)) {
        throw new IOException(
            path + " is not there; set " + PATH_PROPERTY + " to the right folder");
      }
      System.load(path.toAbsolutePath().toString());
    } else {
      try (Unpacked unpacked = Unpacked.of(file)) {
        System.load(unpacked.path().toString());
      }
    }
    handshake(buildProperties().getProperty("build.id"), buildId.get());
    check.run();
  }

  private static Path givenPath() {
    String given = System.getProperty(PATH_PROPERTY);
    if (given == null || given.isEmpty()) {
      given = System.getenv(PATH_VARIABLE);
    }
    return given == null || given.isEmpty() ? null : Path.of(given);
  }

  /** What was recorded when the classes were built: "version" and "build.id". */
  static Properties buildProperties() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = NativeLibrary.class.getResourceAsStream("build.properties")) {
      if (in == null) {
        throw new IOException("build.properties is missing from the jar; reinstall it");
      }
      properties.load(in);
    }
    return properties;
  }

  private void handshake(String expected, String found) {
    if (!found.equals(expected)) {
      throw NativeException.of(
          "UNSUPPORTED",
          "the native library "
              + name
              + " has build id "
              + found
              + " and the Java classes expect "
              + expected
              + ": they come from different builds; use the library of this jar",
          null);
    }
  }
}
