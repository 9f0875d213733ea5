package dev.veilsum.nativelib;

/**
 * What the core's kernels did for some work: {@code native/kernel/counting.h}.
 *
 * @param transforms number-theoretic transforms of one residue, forward and inverse
 * @param butterflies theirs: N/2 log2 N for each
 * @param products word products of dyadic kernels and base conversions
 * @param bytes words that these read and wrote, in bytes
 */
public record KernelCounts(long transforms, long butterflies, long products, long bytes) {

  /** Counts all kernels of the process while this work runs. One count at a time. */
  public static synchronized KernelCounts of(Runnable work) {
    NativeLibrary.core().require();
    Core.startCounting();
    long[] counts = new long[4];
    try {
      work.run();
    } finally {
      Core.stopCounting(counts);
    }
    return new KernelCounts(counts[0], counts[1], counts[2], counts[3]);
  }
}
