package dev.veilsum.nativelib;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.CriticalRegion;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The native core itself. As in the other binding classes, the functions are those of {@code
 * native/bindings/}, one for one; {@link NativeLibrary#core} must have been loaded before the first
 * call, objects are raw addresses that a {@link NativeHandle} guards, and errors are {@link
 * NativeException}.
 */
@Platform(include = "bindings/core.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings")
public final class Core {
  private Core() {}

  /** The Maven version that the library was built for. */
  @NoException
  public static native String version();

  /** A hash of the native sources. */
  @NoException
  public static native String buildId();

  /** The instruction-set path in use: "scalar", "avx2" or "avx512ifma". */
  public static native String activeIsa() throws NativeException;

  /** Whether this processor has the path of that name. */
  public static native boolean supportsIsa(String name) throws NativeException;

  static native void startCounting() throws NativeException;

  static native void stopCounting(@Cast("int64_t*") long[] counts) throws NativeException;

  /** Cycles a second of this processor now, roughly. */
  public static native double clockRate() throws NativeException;

  @NoException
  static native long allocatedBytes();

  static native void setAllocationLimit(long bytes) throws NativeException;

  @NoException
  static native void release(long handle);

  /** Bytes that an object holds, roughly. */
  @NoException
  public static native long objectBytes(long handle);

  static native long bytes(long count) throws NativeException;

  static native long bytesAddress(long bytes) throws NativeException;

  // The arrays are not copied by JNI: a short memcpy is all that happens in the critical region.
  @NoException
  @CriticalRegion
  static native void copyIn(long to, @Const byte[] from, int offset, int count);

  @NoException
  @CriticalRegion
  static native void copyOut(long from, byte[] to, int offset, int count);

  @NoException
  static native long address(@Const ByteBuffer direct);
}
