package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The largest log2(Q P) for a uniform ternary secret, by ring degree. The 2024 bounds are from
 * Bossuat et al., "Security Guidelines for Implementing Homomorphic Encryption", ePrint 2024/463;
 * the 2018 ones from the HomomorphicEncryption.org standard, kept so that parameter sets of other
 * libraries load (SEAL's default for N = 8192 has 218 bits, above 2024's 214).
 */
public enum SecurityLevel {
  CLASSICAL_128(1, "128 bits, classical, 2024", 26, 53, 106, 214, 430, 868, 1747, 3523),
  CLASSICAL_192(2, "192 bits, classical, 2024", 0, 36, 73, 147, 297, 597, 1199, 2411),
  CLASSICAL_256(3, "256 bits, classical, 2024", 0, 27, 56, 114, 230, 462, 929, 1866),
  QUANTUM_128(4, "128 bits, quantum, 2024", 25, 50, 101, 203, 409, 825, 1663, 3348),
  QUANTUM_192(5, "192 bits, quantum, 2024", 0, 34, 69, 140, 283, 570, 1145, 2301),
  QUANTUM_256(6, "256 bits, quantum, 2024", 0, 26, 53, 108, 219, 442, 888, 1784),
  COMPATIBILITY_2018_128(7, "128 bits, classical, 2018", 27, 54, 109, 218, 438, 881, 0, 0),
  COMPATIBILITY_2018_192(8, "192 bits, classical, 2018", 19, 37, 75, 152, 305, 611, 0, 0),
  COMPATIBILITY_2018_256(9, "256 bits, classical, 2018", 14, 29, 58, 118, 237, 476, 0, 0);

  /** What is used where nothing else is asked for. */
  public static final SecurityLevel DEFAULT = CLASSICAL_128;

  private static final int MIN_LOG_DEGREE = 10;
  private static final int MAX_LOG_DEGREE = 17;

  private final int code;
  private final String description;
  private final int[] bounds;

  SecurityLevel(int code, String description, int... bounds) {
    this.code = code;
    this.description = description;
    this.bounds = bounds;
  }

  /** The number that stands for this level in canonical bytes; never reused. */
  public int code() {
    return code;
  }

  /** For people: bits, model and year. */
  public String description() {
    return description;
  }

  /** The name as a person types it, for example {@code classical-128}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The level of a {@link #code}; {@code CORRUPT} where there is none. */
  public static SecurityLevel ofCode(int code) {
    return Arrays.stream(values())
        .filter(level -> level.code == code)
        .findFirst()
        .orElseThrow(
            () -> new VeilsumException(ErrorCode.CORRUPT, "no security level has code " + code));
  }

  /** The level of an {@link #id}; {@code USAGE} where there is none. */
  public static SecurityLevel ofId(String id) {
    return Arrays.stream(values())
        .filter(level -> level.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.USAGE,
                    "no security level \"%s\"; there are %s"
                        .formatted(id, Arrays.stream(values()).map(SecurityLevel::id).toList())));
  }

  /** The largest log2(Q P) at this ring degree; 0 where no modulus is secure. */
  public int maxLogQP(int ringDegree) {
    int log = Integer.numberOfTrailingZeros(ringDegree);
    if (Integer.bitCount(ringDegree) != 1 || log < MIN_LOG_DEGREE || log > MAX_LOG_DEGREE) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "ring degree " + ringDegree + " is not a power of two from 1024 to 131072");
    }
    return bounds[log - MIN_LOG_DEGREE];
  }

  /** Throws {@code INSECURE_PARAMETERS} with the numbers where log2(Q P) is above the bound. */
  public void check(int ringDegree, double logQP) {
    int bound = maxLogQP(ringDegree);
    if (logQP > bound) {
      throw new VeilsumException(
          ErrorCode.INSECURE_PARAMETERS,
          ("the moduli have %.2f bits, special primes included; %s allows %d at ring degree %d: "
                  + "take smaller or fewer primes, or a larger ring degree")
              .formatted(logQP, description, bound, ringDegree));
    }
  }
}
