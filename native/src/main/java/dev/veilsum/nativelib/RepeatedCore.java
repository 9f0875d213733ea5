package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Operations repeated and timed within one native call: the functions of {@code
 * native/bindings/repeated.h}, which documents them. All return nanoseconds on {@link #clock}.
 */
@Platform(include = "bindings/repeated.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::repeated_face")
public final class RepeatedCore {
  private RepeatedCore() {}

  /** The processor time of this thread. */
  @NoException
  public static native long clock();

  public static native long ckksEncode(
      long context,
      @Const double[] values,
      int count,
      double bound,
      int level,
      double scale,
      int times)
      throws NativeException;

  public static native long ckksEncrypt(long publicKey, long plaintext, int times)
      throws NativeException;

  public static native long ckksDecrypt(long secretKey, long c, int count, int times)
      throws NativeException;

  public static native long ckksAdd(long a, long b, int times) throws NativeException;

  public static native long ckksMultiply(long a, long b, int times) throws NativeException;

  public static native long ckksRelinearize(long a, long keys, int times) throws NativeException;

  public static native long ckksRescale(long a, int times) throws NativeException;

  public static native long ckksRotate(long a, int steps, long keys, int times)
      throws NativeException;

  public static native long ckksMultiplyRelinearizeRescale(long a, long b, long keys, int times)
      throws NativeException;

  public static native long bfvEncode(
      long context, @Const @Cast("const int64_t*") long[] values, int count, int times)
      throws NativeException;

  public static native long bfvEncrypt(long publicKey, long plaintext, int level, int times)
      throws NativeException;

  public static native long bfvDecrypt(long context, long secretKey, long c, int count, int times)
      throws NativeException;

  public static native long bfvAdd(long a, long b, int times) throws NativeException;

  public static native long bfvMultiply(long a, long b, int times) throws NativeException;

  public static native long bfvRelinearize(long a, long keys, int times) throws NativeException;

  public static native long bfvRotate(long a, int steps, long keys, int times)
      throws NativeException;

  public static native long bfvMultiplyRelinearize(long a, long b, long keys, int times)
      throws NativeException;
}
