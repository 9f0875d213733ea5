package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/** The functions of the native core, one for one. Callers load the library first. */
@Platform(include = "bindings/version.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings")
public final class Core {
  private Core() {}

  /** The Maven version that the library was built for. */
  @NoException
  public static native String version();

  /** A hash of the native sources. */
  @NoException
  public static native String buildId();
}
