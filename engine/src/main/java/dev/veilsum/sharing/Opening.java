package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What both kinds of sharing check before and after shares are put together. */
final class Opening {
  private Opening() {}

  /**
   * Shares by party, in order.
   *
   * @throws VeilsumException BAD_INPUT for too few, two of one party, another round, or other
   *     clients
   */
  static <S extends Share<S>> Map<Integer, S> byParty(
      List<S> shares, int needed, SharingRound round) {
    Map<Integer, S> byParty = new TreeMap<>();
    for (S share : shares) {
      if (!share.round().equals(round)) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s is of round %s; this is round %s".formatted(share, share.round(), round));
      }
      shares.get(0).requireSameRound(share);
      if (!shares.get(0).clients().equals(share.clients())) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "parties %d and %d have added up different clients: %s and %s"
                .formatted(
                    shares.get(0).party(),
                    share.party(),
                    shares.get(0).clients(),
                    share.clients()));
      }
      if (byParty.put(share.party(), share) != null) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "two shares of party %d".formatted(share.party()));
      }
    }
    if (byParty.size() < needed) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "shares of %d parties, and %d are needed; get more".formatted(byParty.size(), needed));
    }
    return byParty;
  }

  /**
   * Signed integers of the residues; CORRUPT where one is beyond what its clients can add up to.
   */
  static long[] integers(long[] residues, SharingRound round, int clients) {
    long most = round.bound() * clients;
    for (int i = 0; i < residues.length; i++) {
      residues[i] = PrimeField.toSigned(residues[i]);
      if (Math.abs(residues[i]) > most) {
        throw new VeilsumException(
            ErrorCode.CORRUPT,
            "the sum at %d is beyond %d clients of at most %d: a share was altered"
                .formatted(i, clients, round.bound()));
      }
    }
    return residues;
  }
}
