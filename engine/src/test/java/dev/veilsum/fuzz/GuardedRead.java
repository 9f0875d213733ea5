package dev.veilsum.fuzz;

import com.sun.management.ThreadMXBean;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.nativelib.NativeMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One read of untrusted bytes, held to what readers promise: a value or a {@code VeilsumException}
 * that speaks of the input, and less than 64 MB, of the heap and of the core, for an input below a
 * megabyte. Heap is counted as everything that the read allocated, also what it dropped again.
 */
public final class GuardedRead {
  private static final long MOST = 64 << 20;
  private static final int SMALL = 1_000_000;

  /** What no input may cause: the caller made no mistake, and the engine should make none. */
  private static final Set<ErrorCode> OURS =
      EnumSet.of(
          ErrorCode.INTERNAL,
          ErrorCode.USAGE,
          ErrorCode.OUT_OF_MEMORY,
          ErrorCode.CLOSED,
          ErrorCode.IO,
          ErrorCode.OUTPUT_EXISTS);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static long largest;

  private GuardedRead() {}

  /** Starts to look for the largest read. */
  static void forgetLargest() {
    largest = 0;
  }

  /** The bytes of the heap that the largest read so far took. */
  static long largestHeap() {
    return largest;
  }

  /**
   * Reads.
   *
   * @return what the input was refused with; empty where it was taken
   * @throws AssertionError where the reader did what it must not
   */
  public static Optional<VeilsumException> read(FuzzTarget target, byte[] input) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Optional<VeilsumException> refusal = limited(target, input);
    long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (heap > largest) { // classes may have been loaded meanwhile: once more, without
      before = THREADS.getCurrentThreadAllocatedBytes();
      limited(target, input);
      heap = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    largest = Math.max(largest, heap);
    if (heap > MOST && input.length < SMALL) {
      throw failure(target, input, heap + " bytes of the heap", null);
    }
    return refusal;
  }

  /** A read within the core's share of memory, with the right kind of failure. */
  private static Optional<VeilsumException> limited(FuzzTarget target, byte[] input) {
    NativeMemory.setLimit(NativeMemory.allocatedBytes() + MOST);
    try {
      target.reader().read(input.clone());
      return Optional.empty();
    } catch (VeilsumException e) {
      if (OURS.contains(e.code())) {
        throw failure(target, input, e.toString(), e);
      }
      return Optional.of(e);
    } catch (RuntimeException | Error e) {
      throw failure(target, input, e.toString(), e);
    } finally {
      NativeMemory.setLimit(0);
    }
  }

  /** What was read and is written again has the bytes that it had. */
  public static void requireSame(byte[] written, byte[] input) {
    if (!Arrays.equals(written, input)) {
      throw new AssertionError("what was read is written differently");
    }
  }

  private static AssertionError failure(
      FuzzTarget target, byte[] input, String what, Throwable cause) {
    try {
      Path file = Files.write(Files.createTempFile(target.name() + "-", ".input"), input);
      return new AssertionError(
          "%d bytes given to %s caused %s; they are in %s"
              .formatted(input.length, target, what, file),
          cause);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
