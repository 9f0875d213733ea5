package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Threshold keys: the functions of {@code native/bindings/threshold.h}, which documents them. Seeds
 * and packed polynomials are given by address.
 */
@Platform(include = "bindings/threshold.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::threshold_face")
public final class ThresholdCore {
  private ThresholdCore() {}

  /** A party's part b of the public key, and its shares for all parties. */
  public static native void deal(
      long codec,
      long common,
      long secret,
      int threshold,
      int parties,
      long b,
      long bytes,
      long shares,
      long shareBytes)
      throws NativeException;

  /** A party's part of opening one chunk. */
  public static native void openPart(
      long codec,
      int party,
      @Const @Cast("const int64_t*") long[] participants,
      int count,
      int floodingBits,
      long share,
      long masks,
      long chunk,
      long c1,
      long out,
      long bytes)
      throws NativeException;

  /** The exact sums of a chunk from the parts of all participants. */
  public static native void combine(
      long codec,
      long c0,
      @Const @Cast("const int64_t*") long[] parts,
      int count,
      long bytes,
      long most,
      long sums,
      long numbers)
      throws NativeException;
}
