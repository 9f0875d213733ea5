package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Encrypted gradients: the functions of {@code native/bindings/gradient.h}, which documents them.
 * Numbers, chunks and sums are given by address.
 */
@Platform(include = "bindings/gradient.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::gradient_face")
public final class GradientCore {
  private GradientCore() {}

  /** A codec over an RLWE context without special primes. */
  public static native long codec(long context, int bits, int digitBits, int perCoefficient)
      throws NativeException;

  /** Fresh seeds for the chunks of one update. */
  public static native long update(long codec) throws NativeException;

  /** The update's public seed, 32 bytes. */
  public static native void updateSeed(long update, long out) throws NativeException;

  /** Encrypts numbers as one chunk: float (kind 0), double (1) or 64-bit integers (2). */
  public static native void encrypt(
      long update,
      long secret,
      long chunk,
      int kind,
      long numbers,
      long count,
      double clip,
      long first,
      long out,
      long bytes)
      throws NativeException;

  /** The public key of a seed of 32 bytes and the packed polynomial b. */
  public static native long publicKey(long codec, long seed, long b, long bytes)
      throws NativeException;

  /** Encrypts numbers as one chunk of two polynomials under a public key. */
  public static native void encryptPair(
      long codec,
      long key,
      int kind,
      long numbers,
      long count,
      double clip,
      long first,
      long out,
      long bytes)
      throws NativeException;

  /** Adds packed chunks times their weights to an accumulator. */
  public static native void add(
      long codec,
      @Const @Cast("const int64_t*") long[] chunks,
      @Const @Cast("const int64_t*") long[] weights,
      int count,
      int polynomials,
      long sum)
      throws NativeException;

  /** The residues of an accumulator, packed. */
  public static native void pack(long codec, int polynomials, long sum, long out, long bytes)
      throws NativeException;

  /** The weighted sum of the random halves of seeds, for one chunk. */
  public static native void expand(
      long codec,
      long seeds,
      @Const @Cast("const int64_t*") long[] weights,
      int count,
      long chunk,
      long out,
      long bytes)
      throws NativeException;

  /** Exact sums, one word a number, of two packed polynomials. */
  public static native void decrypt(
      long codec, long secret, long c0, long c1, long bytes, long most, long sums, long count)
      throws NativeException;

  /** Means times {@code scale}, as floats. */
  public static native void dequantizeFloats(
      long sums, long count, long weight, double clip, int bits, double scale, long out)
      throws NativeException;

  /** Means times {@code scale}, as doubles. */
  public static native void dequantizeDoubles(
      long sums, long count, long weight, double clip, int bits, double scale, long out)
      throws NativeException;
}
