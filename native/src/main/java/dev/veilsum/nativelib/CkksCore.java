package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/** CKKS: the functions of {@code native/bindings/ckks.h}, which documents them. */
@Platform(include = "bindings/ckks.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::ckks_face")
public final class CkksCore {
  private CkksCore() {}

  /** CKKS over a context of RlweCore. */
  public static native long context(long rlweContext) throws NativeException;

  /** Values at an address. */
  public static native long encode(
      long context,
      @Cast("const double*") long values,
      int count,
      double bound,
      int slots,
      int level,
      double scale)
      throws NativeException;

  /** Real and imaginary parts at addresses. */
  public static native long encodeComplex(
      long context,
      @Cast("const double*") long real,
      @Cast("const double*") long imaginary,
      int count,
      double bound,
      int slots,
      int level,
      double scale)
      throws NativeException;

  public static native long encodeConstant(
      long context, double value, double bound, int level, double scale) throws NativeException;

  public static native int plaintextLevel(long plaintext) throws NativeException;

  public static native double plaintextScale(long plaintext) throws NativeException;

  public static native long encrypt(long publicKey, long plaintext) throws NativeException;

  public static native long encryptSeeded(long secretKey, long plaintext) throws NativeException;

  /** Writes the real parts of the slots to an address; gives the bound on the error of each. */
  public static native double decrypt(
      long secretKey, long c, @Cast("double*") long values, int count) throws NativeException;

  /** Writes the slots to addresses; gives the bound on the error of each. */
  public static native double decryptComplex(
      long secretKey,
      long c,
      @Cast("double*") long real,
      @Cast("double*") long imaginary,
      int count)
      throws NativeException;

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
}
