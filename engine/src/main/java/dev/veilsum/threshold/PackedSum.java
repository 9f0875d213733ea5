package dev.veilsum.threshold;

import dev.veilsum.aggregate.GradientCodec;
import dev.veilsum.backend.core.Calls;
import dev.veilsum.nativelib.GradientCore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Sums of packed polynomials modulo Q. */
final class PackedSum {
  private PackedSum() {}

  /**
   * The sum of {@code count} polynomials that lie one after the other in a direct buffer, in a new
   * direct buffer. What it is computed in is wiped.
   */
  static ByteBuffer of(GradientCodec codec, ByteBuffer polynomials, int count) {
    int bytes = codec.parameters().polynomialBytes();
    ByteBuffer sum = ByteBuffer.allocateDirect(codec.sumBytes());
    ByteBuffer packed = ByteBuffer.allocateDirect(bytes);
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    GradientCodec.at(
        polynomials,
        count * bytes,
        from ->
            GradientCodec.at(
                sum,
                sum.capacity(),
                into ->
                    GradientCodec.at(
                        packed,
                        bytes,
                        to -> {
                          long[] addresses = new long[count];
                          for (int i = 0; i < count; i++) {
                            addresses[i] = from + (long) i * bytes;
                          }
                          run(
                              codec,
                              own -> {
                                GradientCore.add(own, addresses, ones, count, 1, into);
                                GradientCore.pack(own, 1, into, to, bytes);
                              });
                        })));
    wipe(sum);
    return packed;
  }

  static void run(GradientCodec codec, LongConsumer call) {
    Calls.run(
        () ->
            codec
                .handle()
                .apply(
                    own -> {
                      call.accept(own);
                      return 0;
                    }));
  }

  static void wipe(ByteBuffer direct) {
    direct.clear();
    while (direct.remaining() >= Long.BYTES) {
      direct.putLong(0);
    }
    while (direct.hasRemaining()) {
      direct.put((byte) 0);
    }
    direct.clear();
  }
}
