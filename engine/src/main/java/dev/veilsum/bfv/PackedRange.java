package dev.veilsum.bfv;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.BfvParameters;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A ciphertext's range in front of its packed bytes: 1, min, max (big-endian), or 0 for none. */
final class PackedRange {
  static final int BYTES = 1 + 2 * Long.BYTES;

  private PackedRange() {}

  static void write(Optional<IntegerRange> range, ByteBuffer out) {
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    range.ifPresent(
        r ->
            header
                .put((byte) 1)
                .putLong(r.min().longValueExact())
                .putLong(r.max().longValueExact()));
    out.put(header.rewind());
  }

  static Optional<IntegerRange> read(ByteBuffer in, BfvParameters parameters) {
    if (in.remaining() < BYTES) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, "a packed ciphertext ends after " + in.remaining() + " bytes");
    }
    byte[] bytes = new byte[BYTES];
    in.get(bytes);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    byte present = header.get();
    long min = header.getLong();
    long max = header.getLong();
    if (present == 0 && min == 0 && max == 0) {
      return Optional.empty();
    }
    if (present != 1 || min > max || min < parameters.minValue() || max > parameters.maxValue()) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, "a packed ciphertext has the range %d..%d".formatted(min, max));
    }
    return Optional.of(IntegerRange.of(min, max));
  }
}
