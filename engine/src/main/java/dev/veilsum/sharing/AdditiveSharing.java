package dev.veilsum.sharing;

import dev.veilsum.VeilsumException;
import dev.veilsum.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Additive sharing among n parties modulo 2^61 - 1: the first n - 1 shares are uniform, the last is
 * what is missing to the vector. Any n - 1 of them are uniform and tell nothing.
 *
 * @param round what clients and parties agree on
 */
public record AdditiveSharing(SharingRound round) {
  /**
   * One share for each party, in order, for one client's vector.
   *
   * @throws VeilsumException USAGE for another length, OUT_OF_RANGE for integers beyond the bound,
   *     BAD_INPUT for a bad name
   */
  public List<AdditiveShare> share(String client, long[] values) {
    try (RandomStream random = RandomStream.ofSystem()) {
      return share(client, values, () -> PrimeField.uniform(random));
    }
  }

  List<AdditiveShare> share(String client, long[] values, LongSupplier uniform) {
    long[] missing = round.residues(values);
    List<AdditiveShare> shares = new ArrayList<>();
    for (int party = 1; party < round.parties(); party++) {
      long[] residues = new long[missing.length];
      for (int i = 0; i < residues.length; i++) {
        residues[i] = uniform.getAsLong();
        missing[i] = PrimeField.subtract(missing[i], residues[i]);
      }
      shares.add(new AdditiveShare(round, party, Set.of(client), residues));
    }
    shares.add(new AdditiveShare(round, round.parties(), Set.of(client), missing));
    return shares;
  }

  /**
   * The vector, or the sum of vectors, of which these are all parties' shares.
   *
   * @throws VeilsumException BAD_INPUT where a party is missing or there twice, and for shares of
   *     other rounds or of different clients; CORRUPT for a sum that cannot be
   */
  public long[] open(List<AdditiveShare> shares) {
    long[] sum = new long[round.length()];
    for (AdditiveShare share : Opening.byParty(shares, round.parties(), round).values()) {
      long[] residues = share.residues();
      for (int i = 0; i < sum.length; i++) {
        sum[i] = PrimeField.add(sum[i], residues[i]);
      }
    }
    return Opening.integers(sum, round, shares.get(0).clients().size());
  }
}
