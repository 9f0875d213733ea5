package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvDecryptor;
import dev.veilsum.bfv.BfvEncryptor;
import dev.veilsum.bfv.BfvFlooding;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalInt;

/**
 * The largest of many owners' values, of which the decryptor learns that and nothing else: neither
 * whose it is, nor how many have it, nor how any other is distributed.
 *
 * <p>Each owner encrypts a thermometer of its bucket v: slot j of {@code reached} holds [v >= j],
 * slot j of {@code above} holds [v >= j + 1]. The server adds both up to S_j and S_{j+1}, so that
 * C_j = S_j - S_{j+1} owners are in bucket j, and blinds them:
 *
 * <pre>y_j = r'_j C_j + r_j S_{j+1} modulo t,   r'_j uniform and not 0, r_j uniform</pre>
 *
 * Above the maximum both are 0, and so is y_j. At the maximum S_{j+1} is 0 and C_j is not, so y_j
 * is uniform among the residues that are not 0. Below, S_{j+1} is not 0, so y_j is uniform. With t
 * a prime above the number of owners that is exact: y is a function of the maximum and of chance.
 * The highest slot that is not 0 is the maximum. No multiplication of ciphertexts, no switching
 * keys.
 *
 * <p>Owners are trusted to encrypt thermometers; the server sees ciphertexts alone. Decryptor and
 * server must not work together.
 *
 * @param buckets from 1 to the slots
 * @param owners at most so many; below t / 2
 */
public record BlindedMaximum(int buckets, long owners) implements Circuit {
  private static final SecureRandom RANDOM = new SecureRandom();

  public BlindedMaximum {
    if (buckets < 1 || owners < 1) {
      throw new VeilsumException(
          ErrorCode.USAGE, "%d buckets, %d owners: at least 1".formatted(buckets, owners));
    }
  }

  @Override
  public int depth() {
    return 0;
  }

  @Override
  public KeyRequirements keys() {
    return KeyRequirements.none();
  }

  /** Refuses parameters that do not hold it, with the numbers: {@code OUT_OF_RANGE}. */
  public void requireFits(BfvParameters parameters) {
    if (!parameters.batches() || buckets > parameters.slots() || owners > parameters.maxValue()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%d buckets and %d owners: these parameters have %d slots and hold counts up to %d"
              .formatted(
                  buckets,
                  owners,
                  parameters.batches() ? parameters.slots() : 0,
                  parameters.maxValue()));
    }
  }

  /** What one owner uploads. */
  public record Contribution(BfvCiphertext reached, BfvCiphertext above) implements AutoCloseable {
    @Override
    public void close() {
      reached.close();
      above.close();
    }
  }

  /**
   * An owner's bucket, encrypted.
   *
   * @param bucket from 0 to {@code buckets - 1}; {@code OUT_OF_RANGE} otherwise
   */
  public Contribution contribute(BfvContext context, BfvEncryptor encryptor, int bucket) {
    requireFits(context.parameters());
    if (bucket < 0 || bucket >= buckets) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "the bucket is not from 0 to %d".formatted(buckets - 1));
    }
    BfvCiphertext reached = encryptor.encrypt(thermometer(bucket, 0), IntegerRange.BITS);
    return new Contribution(reached, encryptor.encrypt(thermometer(bucket, 1), IntegerRange.BITS));
  }

  /** [bucket >= j + shift] for every bucket j, without a branch on the bucket. */
  private long[] thermometer(int bucket, int shift) {
    long[] slots = new long[buckets];
    for (int j = 0; j < buckets; j++) {
      slots[j] = (j + shift - bucket - 1) >>> (Integer.SIZE - 1);
    }
    return slots;
  }

  /** The server's side: takes contributions one at a time. */
  public Tally tally(BfvContext context) {
    requireFits(context.parameters());
    return new Tally(context);
  }

  /** Two running sums; not for several threads at once. */
  public final class Tally implements AutoCloseable {
    private final BfvContext context;
    private BfvCiphertext reached;
    private BfvCiphertext above;
    private long added;

    private Tally(BfvContext context) {
      this.context = context;
    }

    /**
     * Adds one owner's, which the caller closes; {@code OUT_OF_RANGE} beyond the declared number.
     */
    public void add(Contribution contribution) {
      if (added == owners) {
        throw new VeilsumException(
            ErrorCode.OUT_OF_RANGE, "%d owners were declared, and one more came".formatted(owners));
      }
      BfvCiphertext first = plus(reached, contribution.reached());
      reached = first;
      above = plus(above, contribution.above());
      added++;
    }

    private BfvCiphertext plus(BfvCiphertext sum, BfvCiphertext term) {
      if (sum == null) {
        return context.evaluator().modular(term);
      }
      try (sum) {
        return context.evaluator().add(sum, term);
      }
    }

    /**
     * What the decryptor gets: blinded anew at each call, and flooded.
     *
     * @param publicKey the encryptor of the public key
     * @throws VeilsumException {@code USAGE} without a contribution, {@code NOISE_BUDGET} where the
     *     parameters have no room for the flooding
     */
    public BfvCiphertext release(BfvEncryptor publicKey, BfvFlooding flooding) {
      if (added == 0) {
        throw new VeilsumException(ErrorCode.USAGE, "nobody has contributed");
      }
      try (BfvCiphertext blinded = blind(reached, above);
          BfvCiphertext flooded = flooding.apply(blinded, publicKey)) {
        return LowestLevel.of(context.evaluator(), flooded, LowestLevel.RELEASE_BITS);
      }
    }

    /** r' S_j + (r - r') S_{j+1} = r' C_j + r S_{j+1}. */
    private BfvCiphertext blind(BfvCiphertext reached, BfvCiphertext above) {
      long t = context.parameters().plainModulus();
      int slots = context.parameters().slots();
      long[] factor = new long[slots];
      long[] difference = new long[slots];
      for (int j = 0; j < slots; j++) {
        long notZero = RANDOM.nextLong(1, t);
        long any = RANDOM.nextLong(t);
        factor[j] = centred(notZero, t);
        difference[j] = centred(Math.floorMod(any - notZero, t), t);
      }
      try (BfvPlaintext first = context.encodeModular(factor);
          BfvPlaintext second = context.encodeModular(difference)) {
        return context
            .evaluator()
            .innerProductPlain(List.of(reached, above), List.of(first, second));
      }
    }

    private static long centred(long residue, long t) {
      return residue > (t - 1) / 2 ? residue - t : residue;
    }

    @Override
    public void close() {
      if (reached != null) {
        reached.close();
      }
      if (above != null) {
        above.close();
      }
    }
  }

  /** The decryptor's side: the largest bucket; none where every slot is 0. */
  public OptionalInt open(BfvDecryptor decryptor, BfvCiphertext released) {
    long[] slots = decryptor.decryptForRelease(released, buckets);
    for (int j = buckets - 1; j >= 0; j--) {
      if (slots[j] != 0) {
        return OptionalInt.of(j);
      }
    }
    return OptionalInt.empty();
  }
}
