package dev.veilsum.aggregate;

import dev.veilsum.backend.core.Calls;
import dev.veilsum.nativelib.GradientCore;
import dev.veilsum.nativelib.NativeBytes;
import dev.veilsum.nativelib.NativeHandle;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.nativelib.RlweCore;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * The native codec of a parameter set, for packages that open sums in their own way. Thread-safe;
 * freed by the collector.
 */
public final class GradientCodec {
  private final GradientParameters parameters;
  private final NativeHandle context;
  private final NativeHandle codec;

  public GradientCodec(GradientParameters parameters) {
    this.parameters = parameters;
    Calls.run(NativeLibrary.core()::require);
    long[] q = parameters.primes().stream().mapToLong(Long::longValue).toArray();
    this.context =
        Calls.own(() -> RlweCore.context(parameters.ringDegree(), q, q.length, new long[0], 0, 1));
    this.codec =
        Calls.own(
            () ->
                context.apply(
                    address ->
                        GradientCore.codec(
                            address,
                            parameters.bits(),
                            parameters.digitBits(),
                            parameters.perCoefficient())));
  }

  /** The parameter set. */
  public GradientParameters parameters() {
    return parameters;
  }

  /** The RLWE context, for keys. */
  NativeHandle context() {
    return context;
  }

  /** The codec's own handle. */
  public NativeHandle handle() {
    return codec;
  }

  /** Bytes of an accumulator for one polynomial of one chunk. */
  public int sumBytes() {
    return 8 * parameters.ringDegree() * parameters.primes().size();
  }

  /**
   * Adds {@code weights.length} chunks, which lie one after the other in a direct buffer, to the
   * accumulator at an address.
   */
  void add(ByteBuffer chunks, long[] weights, int polynomials, long sum) {
    int stride = polynomials * parameters.polynomialBytes();
    at(
        chunks,
        weights.length * stride,
        address -> {
          long[] addresses = new long[weights.length];
          for (int k = 0; k < addresses.length; k++) {
            addresses[k] = address + (long) k * stride;
          }
          run(own -> GradientCore.add(own, addresses, weights, weights.length, polynomials, sum));
        });
  }

  /** Packs the accumulator at an address to the position of a direct buffer, which moves. */
  void pack(int polynomials, long sum, ByteBuffer out) {
    int bytes = polynomials * parameters.polynomialBytes();
    at(out, bytes, address -> run(own -> GradientCore.pack(own, polynomials, sum, address, bytes)));
    out.position(out.position() + bytes);
  }

  /** Packs the weighted sum of the seeds' random halves to the position of {@code out}. */
  void expand(ByteBuffer seeds, long[] weights, int chunk, ByteBuffer out) {
    int bytes = parameters.polynomialBytes();
    at(
        seeds,
        Contributions.SEED_BYTES * weights.length,
        from ->
            at(
                out,
                bytes,
                to ->
                    run(
                        own ->
                            GradientCore.expand(
                                own, from, weights, weights.length, chunk, to, bytes))));
    out.position(out.position() + bytes);
  }

  private void run(LongConsumer call) {
    Calls.run(
        () ->
            codec.apply(
                address -> {
                  call.accept(address);
                  return 0;
                }));
  }

  /** The address of a direct buffer's position, for the length of one call; nothing moves. */
  public static void at(ByteBuffer direct, int bytes, LongConsumer call) {
    Calls.run(
        () ->
            NativeBytes.write(
                direct.duplicate(),
                bytes,
                (address, count) -> {
                  call.accept(address);
                  return count;
                }));
  }
}
