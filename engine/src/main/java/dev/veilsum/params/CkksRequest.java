package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * What is to be computed on real numbers, for {@link ParameterSolver}.
 *
 * @param depth multiplications in a row, those with constants included: {@code Circuit.depth()}
 * @param bound the largest absolute value of an input and of every product
 * @param terms how many such values are added up in one result at most: rows and slots
 * @param error the largest absolute error of a result
 * @param keys the key-switching keys that the circuits need
 * @param security the level to be held
 */
public record CkksRequest(
    int depth,
    double bound,
    long terms,
    double error,
    KeyRequirements keys,
    SecurityLevel security) {
  public CkksRequest {
    boolean finite = Double.isFinite(bound) && Double.isFinite(error);
    if (depth < 0 || terms < 1 || !finite || bound <= 0 || error <= 0) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          ("depth %d (at least 0), bound %s (above 0), terms %d (at least 1), error %s (above 0)")
              .formatted(depth, bound, terms, error));
    }
  }

  /** One multiplication deep or none, without keys, at the default security level. */
  public static CkksRequest of(int depth, double bound, long terms, double error) {
    return new CkksRequest(
        depth, bound, terms, error, KeyRequirements.none(), SecurityLevel.DEFAULT);
  }

  public CkksRequest withKeys(KeyRequirements newKeys) {
    return new CkksRequest(depth, bound, terms, error, newKeys, security);
  }

  public CkksRequest withSecurity(SecurityLevel newSecurity) {
    return new CkksRequest(depth, bound, terms, error, keys, newSecurity);
  }
}
