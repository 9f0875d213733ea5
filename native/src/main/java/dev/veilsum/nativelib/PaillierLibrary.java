package dev.veilsum.nativelib;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Paillier over GMP, in a library of its own: where libgmp.so.10 is missing, it alone is. The
 * functions are those of {@code native/paillier/face.h}, one for one; {@link
 * NativeLibrary#paillier} must have been loaded before the first call. What is public comes in byte
 * arrays, which JNI copies; what is secret comes in direct buffers ({@link SecretBytes}), which it
 * does not.
 */
@Platform(
    include = {"bindings/core.h", "paillier/face.h"},
    link = {"gmp", "veilsum_core", "veilsum_paillier"},
    library = "jniveilsumpaillier")
@Namespace("veilsum::paillier::face")
public final class PaillierLibrary {
  private PaillierLibrary() {}

  /** A hash of the native sources. */
  @NoException
  @Namespace("::veilsum::bindings")
  static native String buildId();

  /** Bytes that this library's buffers hold now: keys, tables, what was prepared. */
  @NoException
  public static native long allocatedBytes();

  /** The key of 32 bytes of seed. */
  public static native long generate(@Cast("const uint8_t*") ByteBuffer seed, int bits)
      throws NativeException;

  /** The public half of a secret key, with a life of its own. */
  public static native long publicHalf(long secretKey) throws NativeException;

  /** A foreign modulus, big-endian; validated. */
  public static native long readModulus(@Const @Cast("const uint8_t*") byte[] modulus, int length)
      throws NativeException;

  @NoException
  public static native void releasePublic(long publicKey);

  @NoException
  public static native void releaseSecret(long secretKey);

  /** Bytes of a plaintext; a ciphertext has twice as many. */
  public static native int modulusBytes(long publicKey) throws NativeException;

  public static native void writeModulus(long publicKey, @Cast("uint8_t*") byte[] modulus)
      throws NativeException;

  /** Every check of ciphertexts from outside. */
  public static native void validate(
      long publicKey, @Const @Cast("const uint8_t*") byte[] ciphertexts, int count)
      throws NativeException;

  /** {@code exponents}: 0 textbook, 1 full, 2 half, 3 short. */
  public static native void encrypt(
      long publicKey,
      int exponents,
      @Cast("const uint8_t*") ByteBuffer plaintexts,
      @Cast("uint8_t*") byte[] ciphertexts,
      int count)
      throws NativeException;

  public static native void encryptAsOwner(
      long secretKey,
      @Cast("const uint8_t*") ByteBuffer plaintexts,
      @Cast("uint8_t*") byte[] ciphertexts,
      int count)
      throws NativeException;

  /** Computes ahead, until that many are ready, what encryptions need besides plaintexts. */
  public static native void prepare(long publicKey, int exponents, int count)
      throws NativeException;

  public static native int prepared(long publicKey, int exponents) throws NativeException;

  public static native void forget(long publicKey, int exponents) throws NativeException;

  public static native void prepareAsOwner(long secretKey, int count) throws NativeException;

  public static native int preparedAsOwner(long secretKey) throws NativeException;

  public static native void forgetAsOwner(long secretKey) throws NativeException;

  public static native void decrypt(
      long secretKey,
      @Const @Cast("const uint8_t*") byte[] ciphertexts,
      @Cast("uint8_t*") ByteBuffer plaintexts,
      int count)
      throws NativeException;

  public static native void add(
      long publicKey,
      @Const @Cast("const uint8_t*") byte[] a,
      @Const @Cast("const uint8_t*") byte[] b,
      @Cast("uint8_t*") byte[] out,
      int count)
      throws NativeException;

  public static native void subtract(
      long publicKey,
      @Const @Cast("const uint8_t*") byte[] a,
      @Const @Cast("const uint8_t*") byte[] b,
      @Cast("uint8_t*") byte[] out,
      int count)
      throws NativeException;

  public static native void negate(
      long publicKey,
      @Const @Cast("const uint8_t*") byte[] a,
      @Cast("uint8_t*") byte[] out,
      int count)
      throws NativeException;

  public static native void addPlain(
      long publicKey,
      @Const @Cast("const uint8_t*") byte[] a,
      @Cast("const uint8_t*") ByteBuffer plaintexts,
      @Cast("uint8_t*") byte[] out,
      int count)
      throws NativeException;

  /** Each ciphertext times its factor, whose magnitude has at most {@code bits} bits. */
  public static native void multiply(
      long publicKey,
      @Const @Cast("const uint8_t*") byte[] a,
      @Cast("const uint8_t*") ByteBuffer factors,
      int bits,
      @Cast("uint8_t*") byte[] out,
      int count)
      throws NativeException;

  public static native void rerandomize(
      long publicKey,
      @Const @Cast("const uint8_t*") byte[] a,
      @Cast("uint8_t*") byte[] out,
      int count)
      throws NativeException;

  /** One ciphertext: the sum of at least one. */
  public static native void sum(
      long publicKey,
      @Const @Cast("const uint8_t*") byte[] a,
      int count,
      @Cast("uint8_t*") byte[] out)
      throws NativeException;

  /** Bits of a packed slot; OUT_OF_RANGE where they pass 62. */
  public static native int slotBits(int valueBits, long capacity) throws NativeException;

  public static native void pack(
      long publicKey,
      int valueBits,
      long capacity,
      @Cast("const std::int64_t*") LongBuffer values,
      long length,
      @Cast("uint8_t*") ByteBuffer plaintexts)
      throws NativeException;

  public static native void unpack(
      long publicKey,
      int valueBits,
      long capacity,
      @Cast("const uint8_t*") ByteBuffer plaintexts,
      @Cast("std::int64_t*") LongBuffer values,
      long length)
      throws NativeException;

  public static native long sumWeight(int valueBits, long capacity, long a, long b)
      throws NativeException;

  public static native long productWeight(int valueBits, long capacity, long weight, long magnitude)
      throws NativeException;
}
