package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Kernels on one residue: the functions of {@code native/bindings/residue.h}, which documents them.
 */
@Platform(include = "bindings/residue.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::residue_face")
public final class ResidueCore {
  private ResidueCore() {}

  /** n zeros modulo a prime q = 1 mod 2n. */
  public static native long residue(int n, long q) throws NativeException;

  public static native void set(long a, @Const @Cast("const int64_t*") long[] words)
      throws NativeException;

  public static native void get(long a, @Cast("int64_t*") long[] words) throws NativeException;

  public static native void nttForward(long a) throws NativeException;

  public static native void nttInverse(long a) throws NativeException;

  /** a = a + b. */
  public static native void add(long a, long b) throws NativeException;

  /** a = a * b, componentwise. */
  public static native void multiply(long a, long b) throws NativeException;
}
