package dev.veilsum.sharing;

import java.util.Set;

/** A share of {@link AdditiveSharing}: all parties' residues add up to the vector. */
public final class AdditiveShare extends Share<AdditiveShare> {
  AdditiveShare(SharingRound round, int party, Set<String> clients, long[] residues) {
    super(round, party, clients, residues);
  }

  @Override
  AdditiveShare with(Set<String> clients, long[] residues) {
    return new AdditiveShare(round(), party(), clients, residues);
  }
}
