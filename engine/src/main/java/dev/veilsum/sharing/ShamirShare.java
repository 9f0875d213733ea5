package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Set;

/** A share of {@link ShamirSharing}: each residue is a polynomial's value at the party's number. */
public final class ShamirShare extends Share<ShamirShare> {
  private final int threshold;

  ShamirShare(SharingRound round, int threshold, int party, Set<String> clients, long[] residues) {
    super(round, party, clients, residues);
    this.threshold = threshold;
  }

  /** t: how many parties it takes. */
  public int threshold() {
    return threshold;
  }

  /**
   * The share that {@link #toBytes} wrote.
   *
   * @throws VeilsumException CORRUPT where the bytes were cut or altered; BAD_INPUT for an additive
   *     share; UNSUPPORTED for another version
   */
  public static ShamirShare fromBytes(byte[] bytes) {
    ShareBytes.Parts parts = ShareBytes.decode(bytes);
    if (parts.threshold() < 2) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "an additive share; a Shamir share is needed");
    }
    return of(parts);
  }

  static ShamirShare of(ShareBytes.Parts parts) {
    if (parts.threshold() < 2) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, "a damaged share: a threshold of " + parts.threshold());
    }
    return new ShamirShare(
        parts.round(), parts.threshold(), parts.party(), parts.clients(), parts.residues());
  }

  @Override
  public byte[] toBytes() {
    return ShareBytes.encode(this, threshold);
  }

  @Override
  ShamirShare with(Set<String> clients, long[] residues) {
    return new ShamirShare(round(), threshold, party(), clients, residues);
  }

  @Override
  void requireSameRound(ShamirShare other) {
    super.requireSameRound(other);
    if (threshold != other.threshold) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "shares of two thresholds: %d and %d".formatted(threshold, other.threshold));
    }
  }
}
