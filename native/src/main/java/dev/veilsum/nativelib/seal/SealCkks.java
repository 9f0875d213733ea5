package dev.veilsum.nativelib.seal;

import dev.veilsum.nativelib.NativeException;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/** CKKS by Microsoft SEAL: the functions of {@code native/seal_backend/face.h}. */
@Platform(include = "seal_backend/face.h", library = "jniveilsumseal")
@Namespace("veilsum::seal_face::ckks_face")
public final class SealCkks {
  private SealCkks() {}

  public static native long add(long engine, long a, long b) throws NativeException;

  public static native long sub(long engine, long a, long b) throws NativeException;

  public static native long negate(long engine, long a) throws NativeException;

  public static native long sum(long engine, @Const @Cast("const int64_t*") long[] terms, int count)
      throws NativeException;

  public static native long addPlain(long engine, long a, long plaintext) throws NativeException;

  public static native long subPlain(long engine, long a, long plaintext) throws NativeException;

  public static native long addScalar(long engine, long a, double value) throws NativeException;

  public static native long multiplyPlain(long engine, long a, long plaintext)
      throws NativeException;

  public static native long multiplyScalar(long engine, long a, double value, double scale)
      throws NativeException;

  public static native long multiplyInteger(long engine, long a, long factor)
      throws NativeException;

  public static native long innerProductPlain(
      long engine,
      @Const @Cast("const int64_t*") long[] a,
      @Const @Cast("const int64_t*") long[] plaintexts,
      int count)
      throws NativeException;

  public static native long multiply(long engine, long a, long b) throws NativeException;

  public static native long innerProduct(
      long engine,
      @Const @Cast("const int64_t*") long[] a,
      @Const @Cast("const int64_t*") long[] b,
      int count)
      throws NativeException;

  public static native long relinearize(long engine, long a, long keys) throws NativeException;

  public static native long rescale(long engine, long a, int levels) throws NativeException;

  public static native long dropTo(long engine, long a, int level) throws NativeException;

  public static native long rotate(long engine, long a, long steps, long keys)
      throws NativeException;

  /** One result for each of steps, to out. */
  public static native void rotateMany(
      long engine,
      long a,
      @Const @Cast("const int64_t*") long[] steps,
      int count,
      long keys,
      @Cast("int64_t*") long[] out)
      throws NativeException;

  public static native long conjugate(long engine, long a, long keys) throws NativeException;

  public static native long decrypt(long engine, long secretKey, long c, int count)
      throws NativeException;
}
