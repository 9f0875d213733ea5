package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/** BGV: the functions of {@code native/bindings/bgv.h}, which documents them. */
@Platform(include = "bindings/bgv.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::bgv_face")
public final class BgvCore {
  private BgvCore() {}

  /** A ciphertext of BFV or BGV as one of BGV. */
  public static native long asBgv(long c) throws NativeException;

  /** A ciphertext of BFV or BGV as one of BFV. */
  public static native long asBfv(long c) throws NativeException;

  public static native long encrypt(long publicKey, long plaintext, int level)
      throws NativeException;

  public static native long encryptSeeded(long secretKey, long plaintext, int level)
      throws NativeException;

  /** The first count slots, for BfvCore.take. */
  public static native long decrypt(long context, long secretKey, long c, int count)
      throws NativeException;

  /** The first count coefficients, for BfvCore.take. */
  public static native long decryptCoefficients(long context, long secretKey, long c, int count)
      throws NativeException;

  public static native int level(long c) throws NativeException;

  public static native int degree(long c) throws NativeException;

  public static native double log2Noise(long c) throws NativeException;

  public static native double noiseBudgetBits(long c) throws NativeException;

  public static native long packedBytes(long c) throws NativeException;

  /** Writes packedBytes() bytes to an address. */
  public static native void pack(long c, long out, long bytes) throws NativeException;

  /** The ciphertext at an address; consumed[0] gets the number of bytes that it took. */
  public static native long load(
      long context, long in, long bytes, @Cast("int64_t*") long[] consumed) throws NativeException;

  public static native long add(long a, long b) throws NativeException;

  public static native long sub(long a, long b) throws NativeException;

  public static native long negate(long a) throws NativeException;

  /** The sum of a list of handles. */
  public static native long sum(@Const @Cast("const int64_t*") long[] terms, int count)
      throws NativeException;

  public static native long addPlain(long a, long plaintext) throws NativeException;

  public static native long subPlain(long a, long plaintext) throws NativeException;

  public static native long addScalar(long a, long k) throws NativeException;

  public static native long multiplyPlain(long a, long plaintext) throws NativeException;

  public static native long multiplyScalar(long a, long k) throws NativeException;

  /** sum a_i b_i over a list of ciphertexts and one of plaintexts. */
  public static native long innerProductPlain(
      @Const @Cast("const int64_t*") long[] a,
      @Const @Cast("const int64_t*") long[] plaintexts,
      int count)
      throws NativeException;

  public static native long multiply(long a, long b) throws NativeException;

  public static native long square(long a) throws NativeException;

  public static native long relinearize(long a, long keys) throws NativeException;

  public static native long multiplyRelinearize(long a, long b, long keys) throws NativeException;

  /** sum a_i b_i over lists of handles, of degree 2. */
  public static native long innerProduct(
      @Const @Cast("const int64_t*") long[] a, @Const @Cast("const int64_t*") long[] b, int count)
      throws NativeException;

  public static native long switchToLevel(long a, int level) throws NativeException;

  public static native long rotate(long a, long steps, long keys) throws NativeException;

  /** One result for each of steps, to out. */
  public static native void rotateMany(
      long a,
      @Const @Cast("const int64_t*") long[] steps,
      int count,
      long keys,
      @Cast("int64_t*") long[] out)
      throws NativeException;

  public static native long swapRows(long a, long keys) throws NativeException;
}
