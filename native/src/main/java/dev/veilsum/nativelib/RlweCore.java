package dev.veilsum.nativelib;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Contexts and keys, which CKKS and BFV share. An element names a switching key: 0 is the
 * relinearization key, anything else the Galois element of a rotation or conjugation. Packed bytes
 * are given by address and length.
 */
@Platform(include = "bindings/rlwe.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::rlwe_face")
public final class RlweCore {
  private RlweCore() {}

  /** A context of the ring degree n, the chain q and the special primes p. */
  public static native long context(
      long n,
      @Const @Cast("const int64_t*") long[] q,
      int qCount,
      @Const @Cast("const int64_t*") long[] p,
      int pCount,
      int digitPrimes)
      throws NativeException;

  /** The Galois element of a rotation by {@code steps} to the left. */
  public static native long galoisElement(long n, long steps) throws NativeException;

  /** The Galois element of the conjugation (CKKS) and of the row swap (BFV). */
  public static native long galoisElementOfConjugation(long n) throws NativeException;

  /**
   * The secret key of 32 bytes in a direct buffer ({@link SecretBytes}), which JNI never copies.
   */
  public static native long secretKey(long context, @Const ByteBuffer seed) throws NativeException;

  public static native long publicKey(long secret) throws NativeException;

  public static native long publicKeyBytes(long context) throws NativeException;

  public static native void packPublicKey(long key, long out, long bytes) throws NativeException;

  public static native long loadPublicKey(long context, long in, long bytes) throws NativeException;

  /** No keys yet: they are added before the object is shared. */
  public static native long evaluationKeys(long context) throws NativeException;

  public static native void generateSwitchKey(long keys, long secret, long element)
      throws NativeException;

  public static native long switchKeyBytes(long context) throws NativeException;

  public static native void packSwitchKey(long keys, long element, long out, long bytes)
      throws NativeException;

  public static native void loadSwitchKey(long keys, long element, long in, long bytes)
      throws NativeException;
}
