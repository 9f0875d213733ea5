package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Set;

/** A share of {@link AdditiveSharing}: all parties' residues add up to the vector. */
public final class AdditiveShare extends Share<AdditiveShare> {
  AdditiveShare(SharingRound round, int party, Set<String> clients, long[] residues) {
    super(round, party, clients, residues);
  }

  /**
   * The share that {@link #toBytes} wrote.
   *
   * @throws VeilsumException CORRUPT where the bytes were cut or altered; BAD_INPUT for a Shamir
   *     share; UNSUPPORTED for another version
   */
  public static AdditiveShare fromBytes(byte[] bytes) {
    ShareBytes.Parts parts = ShareBytes.decode(bytes);
    if (parts.threshold() != 0) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, "a Shamir share; an additive one is needed");
    }
    return of(parts);
  }

  static AdditiveShare of(ShareBytes.Parts parts) {
    return new AdditiveShare(parts.round(), parts.party(), parts.clients(), parts.residues());
  }

  @Override
  public byte[] toBytes() {
    return ShareBytes.encode(this, 0);
  }

  @Override
  AdditiveShare with(Set<String> clients, long[] residues) {
    return new AdditiveShare(round(), party(), clients, residues);
  }
}
