package dev.veilsum.params;

import static dev.veilsum.params.PrimeChain.repeat;
import static dev.veilsum.params.PrimeChain.withFirst;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.List;

/**
 * The named parameter sets. All are secure at 128 bits by the 2024 classical table and made of
 * primes of at most 46 bits. Their primes are fixed by a test.
 */
public final class Presets {
  /**
   * Columns of real numbers. A value v of a column with |v| <= B is encoded as v / B at scale 2^56.
   * Sums cost no level, and a product of two columns is left at scale 2^112 without a rescale: Q
   * has 138 bits, which holds totals up to 2^24 B^2 of such products.
   */
  public static final Preset<CkksParameters> TABLE_REAL =
      ckks(
          "table-real",
          "columns of real numbers: sums, means, variances and dot products, one multiplication"
              + " deep",
          8192,
          repeat(3, 46),
          repeat(1, 46),
          1,
          56);

  /**
   * Columns of integers and categories: exact counts, sums and one level of products. t has 54
   * bits: totals up to 9.0 * 10^15, with the noise budget for a sum of products over 2^24 rows;
   * what could wrap is refused beforehand.
   */
  public static final Preset<BfvParameters> TABLE_INTEGER =
      bfv(
          "table-integer",
          "columns of integers and categories: exact counts, sums and dot products up to 9.0e15",
          8192,
          repeat(4, 42),
          repeat(1, 46),
          1,
          NttPrimes.largest(54, 8192, 1).get(0));

  /**
   * As {@link #TABLE_INTEGER}, three products deep: for tables whose conditions combine several
   * columns before anything is multiplied by them.
   */
  public static final Preset<BfvParameters> TABLE_INTEGER_DEEP =
      bfv(
          "table-integer-deep",
          "as table-integer, three multiplications deep: for conditions over several columns",
          16384,
          repeat(8, 42),
          repeat(2, 46),
          2,
          NttPrimes.largest(54, 16384, 1).get(0));

  public static final Preset<CkksParameters> CKKS_8192 =
      ckks(
          "ckks-8192",
          "approximate arithmetic, 3 multiplications deep, 4096 numbers, about 25 bits of"
              + " precision",
          8192,
          withFirst(46, 3, 40),
          repeat(1, 46),
          1,
          40);

  public static final Preset<CkksParameters> CKKS_16384 =
      ckks(
          "ckks-16384",
          "approximate arithmetic, 7 multiplications deep, 8192 numbers, about 25 bits of"
              + " precision",
          16384,
          withFirst(46, 7, 40),
          repeat(2, 46),
          2,
          40);

  public static final Preset<CkksParameters> CKKS_32768 =
      ckks(
          "ckks-32768",
          "approximate arithmetic, 14 multiplications deep, 16384 numbers, about 28 bits of"
              + " precision",
          32768,
          withFirst(46, 14, 44),
          repeat(4, 46),
          4,
          44);

  public static final Preset<CkksParameters> CKKS_32768_DEEP =
      ckks(
          "ckks-32768-deep",
          "approximate arithmetic, 19 multiplications deep, larger keys and slower key switching",
          32768,
          withFirst(46, 19, 40),
          repeat(1, 46),
          1,
          40);

  public static final Preset<BfvParameters> BFV_8192 =
      bfv(
          "bfv-8192",
          "exact integers modulo 65537, 4 multiplications deep, 8192 numbers",
          8192,
          repeat(4, 42),
          repeat(1, 46),
          1,
          65537);

  public static final Preset<BfvParameters> BFV_16384 =
      bfv(
          "bfv-16384",
          "exact integers modulo 3735553 (22 bits), 7 multiplications deep, 16384 numbers",
          16384,
          repeat(8, 42),
          repeat(2, 46),
          2,
          3735553);

  public static final Preset<BfvParameters> BFV_32768 =
      bfv(
          "bfv-32768",
          "exact integers modulo 65537, about 20 multiplications deep, 32768 numbers",
          32768,
          repeat(15, 45),
          repeat(4, 46),
          4,
          65537);

  /**
   * For products of BGV (queries over sorted columns, layout A). The special prime is small, on
   * purpose: relinearization adds noise of N Q_d / P, 2^41, which a product's own, t 2^32 or more,
   * outweighs before both are divided by a prime of the chain; so the bits go to the chain. A
   * rotation is best done at a high level.
   */
  public static final Preset<BfvParameters> BGV_8192 =
      bgv(
          "bgv-8192",
          "exact integers modulo 65537 with products of BGV, 4 multiplications deep, 8192 numbers",
          8192,
          new int[] {46, 37, 34, 34, 39},
          repeat(1, 24),
          1,
          65537);

  /** For products of BGV (queries over sorted columns, layout B). */
  public static final Preset<BfvParameters> BGV_16384 =
      bgv(
          "bgv-16384",
          "exact integers modulo 3735553 (22 bits) with products of BGV, 7 multiplications deep,"
              + " 16384 numbers",
          16384,
          new int[] {46, 44, 42, 42, 42, 42, 42, 46},
          repeat(2, 43),
          2,
          3735553);

  private static final List<Preset<? extends RlweParameters>> ALL =
      List.of(
          TABLE_REAL,
          TABLE_INTEGER,
          TABLE_INTEGER_DEEP,
          CKKS_8192,
          CKKS_16384,
          CKKS_32768,
          CKKS_32768_DEEP,
          BFV_8192,
          BFV_16384,
          BFV_32768,
          BGV_8192,
          BGV_16384);

  private Presets() {}

  /** All presets, in the order in which they are listed to people. */
  public static List<Preset<? extends RlweParameters>> all() {
    return ALL;
  }

  /** The preset of a name; {@code USAGE} with the names there are where there is none. */
  public static Preset<? extends RlweParameters> named(String name) {
    return ALL.stream()
        .filter(preset -> preset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.USAGE,
                    "no preset \"%s\"; there are %s"
                        .formatted(name, ALL.stream().map(Preset::name).toList())));
  }

  private static Preset<CkksParameters> ckks(
      String name, String purpose, int n, int[] q, int[] p, int digitPrimes, int scaleBits) {
    PrimeChain primes = PrimeChain.of(n, q, p);
    return new Preset<>(
        name,
        purpose,
        new CkksParameters(
            n,
            primes.modulusChain(),
            primes.specialPrimes(),
            digitPrimes,
            Math.scalb(1.0, scaleBits),
            SecurityLevel.DEFAULT));
  }

  private static Preset<BfvParameters> bfv(
      String name, String purpose, int n, int[] q, int[] p, int digitPrimes, long t) {
    return exact(name, purpose, n, PrimeChain.of(n, q, p), digitPrimes, t);
  }

  private static Preset<BfvParameters> bgv(
      String name, String purpose, int n, int[] q, int[] p, int digitPrimes, long t) {
    return exact(name, purpose, n, PrimeChain.forBgv(n, q, p, t), digitPrimes, t);
  }

  private static Preset<BfvParameters> exact(
      String name, String purpose, int n, PrimeChain primes, int digitPrimes, long t) {
    return new Preset<>(
        name,
        purpose,
        new BfvParameters(
            n,
            primes.modulusChain(),
            primes.specialPrimes(),
            digitPrimes,
            t,
            SecurityLevel.DEFAULT));
  }
}
