package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.CriticalRegion;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/** CKKS: the functions of {@code native/bindings/ckks.h}, which documents them. */
@Platform(include = "bindings/ckks.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::ckks_face")
public final class CkksCore {
  private CkksCore() {}

  /** CKKS over a context of RlweCore. */
  public static native long context(long rlweContext) throws NativeException;

  /** Room for the values of an encoding with {@code slots}, of which {@code count} are put. */
  public static native long slots(long context, int count, int slots) throws NativeException;

  /**
   * Elements of an array become the first slots. As in all functions of a critical region the array
   * is not copied, the collector is held up for as long as it takes to walk it, and nothing may
   * fail: the caller has checked the range, and gives what {@link #slots} or {@link #decrypt} gave.
   */
  @NoException
  @CriticalRegion
  public static native void putReal(long slots, @Const double[] values, int offset, int count);

  /** As {@link #putReal}, of real and imaginary parts. */
  @NoException
  @CriticalRegion
  public static native void putComplex(
      long slots, @Const double[] real, @Const double[] imaginary, int offset, int count);

  /** The other way. */
  @NoException
  @CriticalRegion
  public static native void takeReal(long slots, double[] values, int offset, int count);

  /** The other way. */
  @NoException
  @CriticalRegion
  public static native void takeComplex(
      long slots, double[] real, double[] imaginary, int offset, int count);

  /** Uses the slots up. */
  public static native long encode(long context, long slots, double bound, int level, double scale)
      throws NativeException;

  public static native long encodeConstant(
      long context, double value, double bound, int level, double scale) throws NativeException;

  public static native int plaintextLevel(long plaintext) throws NativeException;

  public static native double plaintextScale(long plaintext) throws NativeException;

  public static native long encrypt(long publicKey, long plaintext) throws NativeException;

  public static native long encryptSeeded(long secretKey, long plaintext) throws NativeException;

  /** The first slots, for {@link #takeReal} or {@link #takeComplex}. */
  public static native long decrypt(long secretKey, long c, int count) throws NativeException;

  /** The bound on the error of each decrypted slot. */
  public static native double error(long decrypted) throws NativeException;

  public static native int level(long c) throws NativeException;

  public static native int degree(long c) throws NativeException;

  public static native double scale(long c) throws NativeException;

  public static native double noise(long c) throws NativeException;

  public static native double message(long c) throws NativeException;

  public static native double capacityBits(long c) throws NativeException;

  public static native long packedBytes(long c) throws NativeException;

  /** Writes packedBytes() bytes to an address. */
  public static native void pack(long c, long out, long bytes) throws NativeException;

  /**
   * The ciphertext of plain residues at an address. Generator 0: all polynomials are there;
   * otherwise the last is the expansion of the 64-byte seed. A noise bound that is NaN is that of a
   * fresh encryption.
   */
  public static native long readResidues(
      long rlweContext,
      int level,
      int parts,
      long in,
      long bytes,
      int generator,
      @Const byte[] seed,
      double scale,
      double noise,
      double message)
      throws NativeException;

  public static native void writeResidues(long c, long out, long bytes) throws NativeException;

  /** A fresh encryption under the secret key, its second polynomial a seed's: the first. */
  public static native void encryptOfSeed(
      long secretKey, long plaintext, int generator, @Const byte[] seed, long out, long bytes)
      throws NativeException;

  /** The plaintext of plain residues (CKKS, NTT form) or of coefficients modulo t (BFV). */
  public static native long readPlaintextResidues(
      long rlweContext, int level, long in, long bytes, double scale, double message)
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

  public static native long addScalar(long a, double value) throws NativeException;

  public static native long multiplyPlain(long a, long plaintext) throws NativeException;

  public static native long multiplyScalar(long a, double value, double scale)
      throws NativeException;

  public static native long multiplyInteger(long a, long factor) throws NativeException;

  /** sum a_i b_i over a list of ciphertexts and one of plaintexts. */
  public static native long innerProductPlain(
      @Const @Cast("const int64_t*") long[] a,
      @Const @Cast("const int64_t*") long[] plaintexts,
      int count)
      throws NativeException;

  public static native long multiply(long a, long b) throws NativeException;

  public static native long square(long a) throws NativeException;

  public static native long relinearize(long a, long keys) throws NativeException;

  public static native long relinearizeRescale(long a, long keys) throws NativeException;

  /** sum a_i b_i over lists of handles, of degree 2. */
  public static native long innerProduct(
      @Const @Cast("const int64_t*") long[] a, @Const @Cast("const int64_t*") long[] b, int count)
      throws NativeException;

  public static native long rescale(long a, int levels) throws NativeException;

  public static native long dropTo(long a, int level) throws NativeException;

  public static native long adjust(long a, int level, double scale) throws NativeException;

  public static native long rotate(long a, long steps, long keys) throws NativeException;

  /** One result for each of steps, to out. */
  public static native void rotateMany(
      long a,
      @Const @Cast("const int64_t*") long[] steps,
      int count,
      long keys,
      @Cast("int64_t*") long[] out)
      throws NativeException;

  public static native long conjugate(long a, long keys) throws NativeException;

  /** No diagonals yet; put them before anyone else has the object. */
  public static native long diagonals(long context) throws NativeException;

  /** Uses the slots up. */
  public static native void putDiagonal(long diagonals, int index, long slots)
      throws NativeException;

  /** How many baby steps a linear transform with these diagonals would choose. */
  public static native int babySteps(
      long context,
      int level,
      int dimension,
      @Const @Cast("const int64_t*") long[] indices,
      int count)
      throws NativeException;

  /** Uses the diagonals up. */
  public static native long linearTransform(
      long context, long diagonals, int dimension, int babySteps, int level, double scale)
      throws NativeException;

  public static native long apply(long transform, long a, long keys) throws NativeException;

  public static native long applyRescale(long transform, long a, long keys) throws NativeException;
}
