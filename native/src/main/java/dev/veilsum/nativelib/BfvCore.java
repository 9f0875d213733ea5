package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.CriticalRegion;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/** BFV: the functions of {@code native/bindings/bfv.h}, which documents them. */
@Platform(include = "bindings/bfv.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::bfv_face")
public final class BfvCore {
  private BfvCore() {}

  /** BFV over a context of RlweCore, with the plaintext modulus t. */
  public static native long context(long rlweContext, long t) throws NativeException;

  /** Room for that many values, all of which are to lie between {@code least} and greatest. */
  public static native long values(long context, int count, long least, long greatest)
      throws NativeException;

  /**
   * Elements of an array become the values; {@link #encode} refuses what is out of their range. As
   * in all functions of a critical region the array is not copied, the collector is held up for as
   * long as it takes to walk it, and nothing may fail: the caller has checked the range of indices,
   * and gives what {@link #values} or {@link #decrypt} gave.
   */
  @NoException
  @CriticalRegion
  public static native void put(
      long context, long values, @Const @Cast("const int64_t*") long[] from, int offset, int count);

  /** The other way. */
  @NoException
  @CriticalRegion
  public static native void take(
      long context, long values, @Cast("int64_t*") long[] to, int offset, int count);

  /** In slots. Uses the values up. */
  public static native long encode(long context, long values) throws NativeException;

  /** As coefficients. Uses the values up. */
  public static native long encodeCoefficients(long context, long values) throws NativeException;

  public static native long encrypt(long publicKey, long plaintext, int level)
      throws NativeException;

  public static native long encryptSeeded(long secretKey, long plaintext, int level)
      throws NativeException;

  /** The first slots, for {@link #take}. */
  public static native long decrypt(long context, long secretKey, long c, int count)
      throws NativeException;

  /** The first coefficients, for {@link #take}. */
  public static native long decryptCoefficients(long context, long secretKey, long c, int count)
      throws NativeException;

  public static native int level(long c) throws NativeException;

  public static native int degree(long c) throws NativeException;

  public static native double log2Noise(long c) throws NativeException;

  public static native double noiseBudgetBits(long c) throws NativeException;

  public static native long packedBytes(long c) throws NativeException;

  /** Writes packedBytes() bytes to an address. */
  public static native void pack(long c, long out, long bytes) throws NativeException;

  /**
   * The ciphertext of plain residues at an address. Generator 0: all polynomials are there;
   * otherwise the last is the expansion of the 64-byte seed. A noise bound that is NaN is that of a
   * fresh encryption.
   */
  public static native long readResidues(
      long context,
      int level,
      int parts,
      long in,
      long bytes,
      int generator,
      @Const byte[] seed,
      double log2Noise)
      throws NativeException;

  public static native void writeResidues(long c, long out, long bytes) throws NativeException;

  /** A fresh encryption under the secret key, its second polynomial a seed's: the first. */
  public static native void encryptOfSeed(
      long secretKey,
      long plaintext,
      int level,
      int generator,
      @Const byte[] seed,
      long out,
      long bytes)
      throws NativeException;

  /** The plaintext of plain residues (CKKS, NTT form) or of coefficients modulo t (BFV). */
  public static native long readPlaintextResidues(long context, long in, long bytes)
      throws NativeException;

  public static native void writePlaintextResidues(long plaintext, long out, long bytes)
      throws NativeException;

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
