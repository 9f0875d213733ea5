package dev.veilsum.nativelib.seal;

import dev.veilsum.nativelib.NativeException;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Microsoft SEAL, in a library of its own: the functions of {@code native/seal_backend/face.h}, on
 * the core's objects. {@link dev.veilsum.nativelib.NativeLibrary#seal} must have been loaded before
 * the first call.
 */
@Platform(
    include = {"bindings/core.h", "seal_backend/face.h"},
    library = "jniveilsumseal")
@Namespace("veilsum::seal_face")
public final class SealEngine {
  private SealEngine() {}

  /** A hash of the native sources. */
  @NoException
  @Namespace("::veilsum::bindings")
  public static native String buildId();

  /** The version of SEAL; empty where the library was built without it. */
  @NoException
  @Name("sealVersion")
  public static native String version();

  /**
   * Bytes that this library holds now: its results, which are not in the core's count, and SEAL's
   * memory pool, which keeps what it once had.
   */
  @NoException
  public static native long allocatedBytes();

  /** An engine for a context of CkksCore. */
  public static native long ckksEngine(long ckksContext) throws NativeException;

  /** An engine for a context of BfvCore. */
  public static native long bfvEngine(long bfvContext) throws NativeException;
}
