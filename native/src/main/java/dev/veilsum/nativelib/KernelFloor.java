package dev.veilsum.nativelib;

/**
 * The time below which an operation cannot come with the transforms and products that it has: those
 * alone, at the limit of the ports of a core with AVX-512 IFMA (cycles as measured on AMD Zen 4),
 * at this processor's clock. Memory, sums, permutations and random numbers are left out.
 *
 * @param hertz cycles a second
 */
public record KernelFloor(double hertz) {
  private static final double LANES = 8;

  /** Three 52-bit multiply-adds, one a cycle. */
  private static final double CYCLES_OF_BUTTERFLIES = 3.0;

  /** Multiply-adds of the low and the high half, and the loads, with one reduction for many. */
  private static final double CYCLES_OF_PRODUCTS = 3.45;

  /** At the clock that the processor has now. */
  public static KernelFloor now() {
    NativeLibrary.core().require();
    return new KernelFloor(Core.clockRate());
  }

  /** Of what was counted. */
  public double seconds(KernelCounts counts) {
    return (counts.butterflies() / LANES * CYCLES_OF_BUTTERFLIES
            + counts.products() / LANES * CYCLES_OF_PRODUCTS)
        / hertz;
  }
}
