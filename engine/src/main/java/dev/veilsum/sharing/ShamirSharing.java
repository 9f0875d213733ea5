package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Shamir's sharing (Communications of the ACM 22 (11), 1979) of t among n parties modulo 2^61 - 1:
 * an integer is the constant term of a polynomial of degree t - 1 with uniform coefficients, whose
 * value at x is party x's share. Any t values determine it, and any t - 1 tell nothing.
 *
 * @param round what clients and parties agree on
 * @param threshold t, 2 to n
 */
public record ShamirSharing(SharingRound round, int threshold) {
  /** Refuses other thresholds: OUT_OF_RANGE. */
  public ShamirSharing {
    SharingRound.requireRange("threshold", threshold, 2, round.parties());
  }

  /**
   * One share for each party, in order, for one client's vector.
   *
   * @throws VeilsumException USAGE for another length, OUT_OF_RANGE for integers beyond the bound,
   *     BAD_INPUT for a bad name
   */
  public List<ShamirShare> share(String client, long[] values) {
    try (RandomStream random = RandomStream.ofSystem()) {
      return share(client, values, () -> PrimeField.uniform(random));
    }
  }

  List<ShamirShare> share(String client, long[] values, LongSupplier uniform) {
    long[] constants = round.residues(values);
    long[][] residues = new long[round.parties()][constants.length];
    long[] polynomial = new long[threshold];
    for (int i = 0; i < constants.length; i++) {
      polynomial[0] = constants[i];
      for (int k = 1; k < threshold; k++) {
        polynomial[k] = uniform.getAsLong();
      }
      for (int party = 1; party <= round.parties(); party++) {
        residues[party - 1][i] = evaluate(polynomial, party);
      }
    }
    Arrays.fill(polynomial, 0);
    Arrays.fill(constants, 0);
    List<ShamirShare> shares = new ArrayList<>();
    for (int party = 1; party <= round.parties(); party++) {
      shares.add(new ShamirShare(round, threshold, party, Set.of(client), residues[party - 1]));
    }
    return shares;
  }

  /** The polynomial's value at x, by Horner's rule. */
  private static long evaluate(long[] polynomial, long x) {
    long value = 0;
    for (int k = polynomial.length - 1; k >= 0; k--) {
      value = PrimeField.add(PrimeField.multiply(value, x), polynomial[k]);
    }
    return value;
  }

  /**
   * The vector, or the sum of vectors, of which these are shares of t parties or more. What more
   * there is has to lie on the same polynomials.
   *
   * @throws VeilsumException BAD_INPUT for too few shares, two of one party, and shares of other
   *     rounds, thresholds or clients; CORRUPT where shares do not fit together
   */
  public long[] open(List<ShamirShare> shares) {
    List<ShamirShare> parties = List.copyOf(Opening.byParty(shares, threshold, round).values());
    if (parties.get(0).threshold() != threshold) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "shares of threshold %d; this is %d".formatted(parties.get(0).threshold(), threshold));
    }
    List<ShamirShare> first = parties.subList(0, threshold);
    for (ShamirShare more : parties.subList(threshold, parties.size())) {
      if (!Arrays.equals(interpolate(first, more.party()), more.residues())) {
        throw new VeilsumException(
            ErrorCode.CORRUPT,
            "the share of party %d does not fit to those of %s: one was altered"
                .formatted(more.party(), first.stream().map(ShamirShare::party).toList()));
      }
    }
    return Opening.integers(interpolate(first, 0), round, parties.get(0).clients().size());
  }

  /** The values at x of the polynomials through these shares, by Lagrange's formula. */
  private static long[] interpolate(List<ShamirShare> shares, long x) {
    long[] values = new long[shares.get(0).residues().length];
    for (ShamirShare share : shares) {
      long coefficient = lagrange(shares, share.party(), x);
      long[] residues = share.residues();
      for (int i = 0; i < values.length; i++) {
        values[i] = PrimeField.add(values[i], PrimeField.multiply(coefficient, residues[i]));
      }
    }
    return values;
  }

  /** The product over the other parties j of (x - j) / (party - j); public. */
  private static long lagrange(List<ShamirShare> shares, int party, long x) {
    long numerator = 1;
    long denominator = 1;
    for (ShamirShare other : shares) {
      if (other.party() != party) {
        numerator = PrimeField.multiply(numerator, PrimeField.subtract(x, other.party()));
        denominator = PrimeField.multiply(denominator, PrimeField.subtract(party, other.party()));
      }
    }
    return PrimeField.multiply(numerator, PrimeField.invert(denominator));
  }
}
