package dev.veilsum.bfv;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Residues;
import dev.veilsum.params.BfvParameters;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.List;

/**
 * Circuit privacy: makes a result fit for a key holder who is to learn its integers and nothing of
 * how they came about. The noise of a ciphertext is a function of all that was computed on, and the
 * key holder sees it; so it is drowned (Gentry, STOC 2009, section 4.1; smudging, Asharov et al.,
 * EUROCRYPT 2012, lemma 2.1), and a fresh encryption of zero makes the ciphertext's public half
 * anew.
 *
 * <p>To each of the N coefficients is added a uniform integer of [-2^k, 2^k), from the system's
 * generator. A noise of at most 2^b shifts each by a statistical distance of at most 2^b / 2^(k+1),
 * so with 2^(k+1) >= N 2^(b+s) the result is within 2^-s of one that depends on its integers alone;
 * the bound b itself fails with a probability below 2^-64. It takes log2 N + s bits of noise
 * budget, and a few for the tail.
 *
 * @param statisticalBits s, 1 to 64
 */
public record BfvFlooding(int statisticalBits) {
  /** 40 statistical bits, which is what threshold and multi-party protocols commonly take. */
  public static final BfvFlooding DEFAULT = new BfvFlooding(40);

  /** The norm of a slot passes 8 deviations with probability below 2^-84. */
  private static final double TAIL = 8;

  private static final SecureRandom RANDOM = new SecureRandom();

  public BfvFlooding {
    if (statisticalBits < 1 || statisticalBits > 64) {
      throw new VeilsumException(
          ErrorCode.USAGE, "statistical bits %d: take 1 to 64".formatted(statisticalBits));
    }
  }

  /**
   * The flooded ciphertext: the same integers, by arithmetic modulo t.
   *
   * @param c of degree 1
   * @param publicKey the encryptor of a public key: whoever holds the secret one cannot tell its
   *     encryptions of zero
   * @throws VeilsumException {@code NOISE_BUDGET} with the numbers, where too little is left; on
   *     backends that keep no residues and have noise, {@code UNSUPPORTED}
   */
  public BfvCiphertext apply(BfvCiphertext c, BfvEncryptor publicKey) {
    BfvContext context = c.context();
    if (c.degree() != 1) {
      throw new VeilsumException(
          ErrorCode.USAGE, "flooding takes a ciphertext of degree 1: relinearize it first");
    }
    BfvEvaluator evaluator = context.evaluator();
    try (BfvPlaintext none = context.encodeModular(new long[0]);
        BfvCiphertext zero = publicKey.encrypt(none, c.level());
        BfvCiphertext fresh = evaluator.add(c, zero)) {
      return fresh.noiseBoundBits() == Double.NEGATIVE_INFINITY
          ? evaluator.modular(fresh) // in the clear there is no noise to hide
          : flooded(context, fresh);
    }
  }

  /** The bits that {@link #apply} takes beyond the noise that is there. */
  public double bits(BfvParameters parameters) {
    return width(0, parameters.ringDegree()) + tailBits(parameters.ringDegree()) + 0.01;
  }

  private BfvCiphertext flooded(BfvContext context, BfvCiphertext c) {
    BfvParameters parameters = context.parameters();
    int n = parameters.ringDegree();
    double noise = c.noiseBoundBits();
    int width = width(noise, n);
    double high = width + tailBits(n);
    double after = high + Math.log1p(Math.pow(2, noise - high)) / Math.log(2);
    double limit = noise + c.noiseBudgetBits();
    if (after > limit) {
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          ("hiding a noise of 2^%.1f with %d statistical bits takes %.1f bits of noise budget, and"
                  + " %.1f are left: flood before levels are dropped, or take larger parameters")
              .formatted(noise, statisticalBits, after - noise, c.noiseBudgetBits()));
    }
    List<Long> primes = parameters.modulusChain().subList(0, c.level() + 1);
    ByteBuffer words =
        ByteBuffer.allocateDirect(2 * n * primes.size() * Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    context.residues().write(c, words);
    words.flip();
    addUniform(words, n, width, primes);
    return context.residues().ciphertext(c.level(), 2, Residues.full(words), after);
  }

  /** The least k with 2^(k+1) >= N 2^(b+s). */
  private int width(double noise, int n) {
    return (int) Math.ceil(noise + Math.log(n) / Math.log(2) + statisticalBits) - 1;
  }

  /** Uniform in [-2^k, 2^k), of variance below 4^k / 3, in the canonical norm. */
  private static double tailBits(int n) {
    return Math.log(TAIL * Math.sqrt(n / 3.0)) / Math.log(2);
  }

  /** Adds to c_0, whose residues stand first, one prime after the other. */
  private static void addUniform(ByteBuffer words, int n, int width, List<Long> primes) {
    BigInteger half = BigInteger.ONE.shiftLeft(width);
    BigInteger[] moduli = primes.stream().map(BigInteger::valueOf).toArray(BigInteger[]::new);
    for (int i = 0; i < n; i++) {
      BigInteger u = new BigInteger(width + 1, RANDOM).subtract(half);
      for (int r = 0; r < moduli.length; r++) {
        int position = (r * n + i) * Long.BYTES;
        long sum = words.getLong(position) + u.mod(moduli[r]).longValueExact();
        long q = primes.get(r);
        words.putLong(position, sum >= q ? sum - q : sum);
      }
    }
  }
}
