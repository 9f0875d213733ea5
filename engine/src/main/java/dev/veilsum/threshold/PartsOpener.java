package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientCodec;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.SumOpener;
import dev.veilsum.keys.KeyId;
import dev.veilsum.nativelib.ThresholdCore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Opens a sum with the parts of all participants, for {@link
 * dev.veilsum.aggregate.GradientDecryptor}. Thread-safe.
 */
public final class PartsOpener implements SumOpener {
  private final List<OpeningPart> parts;
  private final GradientCodec codec;
  private final ConcurrentLinkedQueue<ByteBuffer> spare = new ConcurrentLinkedQueue<>();

  private PartsOpener(List<OpeningPart> parts, GradientCodec codec) {
    this.parts = parts;
    this.codec = codec;
  }

  /**
   * Puts the parts for an aggregate together.
   *
   * @param parts stay open and belong to the caller
   * @throws VeilsumException BAD_INPUT where there are two of one party, one lacks, their
   *     participants differ, or one is for another aggregate; KEY_MISMATCH where one is of another
   *     key; CORRUPT
   */
  public static PartsOpener of(GradientAggregate aggregate, List<OpeningPart> parts) {
    if (parts.isEmpty()) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, "there are no shares to open with");
    }
    OpeningId expected = OpeningId.of(aggregate, parts.get(0).opening().participants());
    Set<Integer> parties = new HashSet<>();
    for (OpeningPart part : parts) {
      requireFor(aggregate, expected, part);
      if (!parties.add(part.party())) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s is a second share of party %d".formatted(part.name(), part.party()));
      }
    }
    List<Integer> missing = new ArrayList<>(expected.participants());
    missing.removeAll(parties);
    if (!missing.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%d shares of %d: those of parties %s are missing"
              .formatted(parties.size(), expected.participants().size(), OpeningId.text(missing)));
    }
    return new PartsOpener(List.copyOf(parts), new GradientCodec(aggregate.frame().parameters()));
  }

  private static void requireFor(
      GradientAggregate aggregate, OpeningId expected, OpeningPart part) {
    OpeningId found = part.opening();
    if (!found.keyId().equals(expected.keyId())
        || !part.parameters().equals(aggregate.frame().parameters())) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "%s is of key %s, and %s is under key %s"
              .formatted(part.name(), found.keyId(), aggregate.name(), expected.keyId()));
    }
    if (!found.participants().equals(expected.participants())) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s was made for parties %s, and another share for parties %s: they do not combine"
              .formatted(
                  part.name(),
                  OpeningId.text(found.participants()),
                  OpeningId.text(expected.participants())));
    }
    if (!found.aggregate().equals(expected.aggregate())
        || !found.ciphertext().equals(expected.ciphertext())) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s opens another aggregate than %s: digest %s, not %s"
              .formatted(part.name(), aggregate.name(), found.aggregate(), expected.aggregate()));
    }
    if (!part.hasChunks(aggregate.frame().chunks())) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, part.name() + " has other chunks than its aggregate; get a new copy");
    }
  }

  @Override
  public KeyId keyId() {
    return parts.get(0).opening().keyId();
  }

  @Override
  public GradientParameters parameters() {
    return codec.parameters();
  }

  @Override
  public void open(int chunk, ByteBuffer pair, long most, ByteBuffer sums) {
    int bytes = parameters().polynomialBytes();
    ByteBuffer taken = spare.poll();
    ByteBuffer all = taken == null ? ByteBuffer.allocateDirect(parts.size() * bytes) : taken;
    all.clear();
    parts.forEach(part -> part.readChunk(chunk, all));
    combine(codec, pair, all.clear(), parts.size(), most, sums);
    spare.add(all);
  }

  /** Opens one chunk with so many parts, which lie one after the other. */
  static void combine(
      GradientCodec codec,
      ByteBuffer pair,
      ByteBuffer parts,
      int count,
      long most,
      ByteBuffer sums) {
    int bytes = codec.parameters().polynomialBytes();
    GradientCodec.at(
        parts,
        count * bytes,
        from ->
            GradientCodec.at(
                pair.duplicate().clear(),
                2 * bytes,
                c0 ->
                    GradientCodec.at(
                        sums,
                        sums.capacity(),
                        to -> {
                          long[] addresses = new long[count];
                          for (int i = 0; i < count; i++) {
                            addresses[i] = from + (long) i * bytes;
                          }
                          PackedSum.run(
                              codec,
                              own ->
                                  ThresholdCore.combine(
                                      own,
                                      c0,
                                      addresses,
                                      count,
                                      bytes,
                                      most,
                                      to,
                                      codec.parameters().chunkNumbers()));
                        })));
  }
}
