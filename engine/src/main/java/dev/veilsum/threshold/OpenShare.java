package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientCodec;
import dev.veilsum.keys.ExchangeKey;
import dev.veilsum.nativelib.SecretBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A party's share of the secret, in the clear: outside of the heap, and wiped on close. Prints
 * nothing.
 */
public final class OpenShare implements AutoCloseable {
  private final KeyShare of;
  private final ExchangeKey exchange;
  private final List<byte[]> exchangeKeys;
  private final ByteBuffer share;
  private final GradientCodec codec;

  /** Takes the exchange key, and wipes {@code clear}. */
  OpenShare(KeyShare of, ExchangeKey exchange, List<byte[]> exchangeKeys, byte[] clear) {
    int bytes = of.session().parameters().polynomialBytes();
    if (clear.length != bytes) {
      Arrays.fill(clear, (byte) 0);
      throw new VeilsumException(
          ErrorCode.CORRUPT, "a share of %d bytes, not %d".formatted(clear.length, bytes));
    }
    this.of = of;
    this.exchange = exchange;
    this.exchangeKeys = exchangeKeys;
    this.share = ByteBuffer.allocateDirect(bytes).put(clear).flip();
    Arrays.fill(clear, (byte) 0);
    this.codec = new GradientCodec(of.session().parameters());
  }

  public KeyShare of() {
    return of;
  }

  GradientCodec codec() {
    return codec;
  }

  /** The packed share. */
  ByteBuffer share() {
    return share.duplicate();
  }

  /**
   * The seeds of the masks that this party has with each of the other participants of an opening,
   * one after the other: the same on both sides, and known to nobody else.
   */
  SecretBytes masks(OpeningId opening) {
    List<Integer> others =
        opening.participants().stream().filter(each -> each != of.party()).toList();
    SecretBytes masks = SecretBytes.ofSize(Digest.BYTES * others.size());
    try {
      for (int i = 0; i < others.size(); i++) {
        int at = Digest.BYTES * i;
        exchange.withAgreed(
            exchangeKeys.get(others.get(i) - 1),
            opening.maskLabel(of.party(), others.get(i)),
            seed -> masks.bytes().put(at, seed));
      }
      return masks;
    } catch (RuntimeException | Error e) {
      masks.close();
      throw e;
    }
  }

  @Override
  public void close() {
    exchange.close();
    PackedSum.wipe(share);
  }

  /** Shows nothing. */
  @Override
  public String toString() {
    return "OpenShare";
  }
}
