package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;

/**
 * What is to be computed on integers, for {@link ParameterSolver}.
 *
 * @param depth multiplications of ciphertexts in a row
 * @param largest the largest absolute value of anything in a slot: inputs, products and totals
 * @param terms how many values are added up in one result at most
 * @param keys the key-switching keys that the circuits need
 * @param security the level to be held
 */
public record BfvRequest(
    int depth, BigInteger largest, long terms, KeyRequirements keys, SecurityLevel security) {
  public BfvRequest {
    if (depth < 0 || terms < 1 || largest.signum() <= 0) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "depth %d (at least 0), terms %d (at least 1), largest value %s (above 0)"
              .formatted(depth, terms, largest));
    }
  }

  /** Totals of integers in a range: no multiplication. */
  public static BfvRequest sumOf(long terms, long min, long max) {
    return new BfvRequest(
        0,
        magnitude(min, max).multiply(BigInteger.valueOf(terms)),
        terms,
        KeyRequirements.none(),
        SecurityLevel.DEFAULT);
  }

  /** Totals of products of two integers in a range. */
  public static BfvRequest dotOf(long terms, long min, long max) {
    return new BfvRequest(
        1,
        magnitude(min, max).pow(2).multiply(BigInteger.valueOf(terms)),
        terms,
        KeyRequirements.none(),
        SecurityLevel.DEFAULT);
  }

  public BfvRequest withKeys(KeyRequirements newKeys) {
    return new BfvRequest(depth, largest, terms, newKeys, security);
  }

  public BfvRequest withSecurity(SecurityLevel newSecurity) {
    return new BfvRequest(depth, largest, terms, keys, newSecurity);
  }

  private static BigInteger magnitude(long min, long max) {
    BigInteger a = BigInteger.valueOf(min).abs();
    return a.max(BigInteger.valueOf(max).abs()).max(BigInteger.ONE);
  }
}
