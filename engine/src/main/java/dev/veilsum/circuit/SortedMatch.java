package dev.veilsum.circuit;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.IntegerNoise;
import dev.veilsum.params.IntegerNoise.Bound;
import dev.veilsum.params.KeyRequirements;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The last match, or the first, in sorted slot columns: the exact largest or smallest value under
 * an encrypted predicate, in every slot.
 *
 * <p>Row (g, s) of a column is slot s of layer g, a ciphertext; in every slot the values ascend
 * with g. They stand as digits, shifted so that 0 is no value; m_g is the predicate, a bit in every
 * slot. Layers are taken in groups of n. In each, with q_g = (1 - m_g) (1 - m_{g+1}) ... (1 -
 * m_{n-1}) by a suffix scan, q_{g+1} - q_g selects the last match, so that
 *
 * <pre>y = sum_g (q_{g+1} - q_g) v_g = v_{n-1} + sum_g q_g (v_{g-1} - v_g),  v_{-1} = 0</pre>
 *
 * is its value, or 0 where nothing matches: one relinearization a digit. A second scan over q_0 of
 * several groups selects the last group with a match. The first match is its mirror image.
 *
 * <p>What was encrypted decides over exactness: masks that are not bits or columns that do not
 * ascend give an answer that means nothing.
 *
 * @param side which match
 * @param layers of the column, at least 1
 * @param digits of a value, at least 1
 * @param groupLayers layers that are scanned together, at least 1; one more multiplication deep at
 *     each doubling, and the fewer results
 * @param groups that the second scan joins to one result, at least 1; 1 does without
 */
public record SortedMatch(Side side, int layers, int digits, int groupLayers, int groups)
    implements Circuit {
  /** Which match is selected, and with ascending columns which extreme. */
  public enum Side {
    /** The smallest value that matches. */
    FIRST,
    /** The largest value that matches. */
    LAST
  }

  /**
   * What the server does, known beforehand.
   *
   * @param depth multiplications in a row
   * @param multiplications each with a relinearization, in the scans
   * @param tensors multiplications without one, in sums
   * @param relinearizations of those sums
   * @param results ciphertexts of the answer
   */
  public record Cost(
      int depth, int multiplications, int tensors, int relinearizations, int results) {}

  public SortedMatch {
    if (layers < 1 || digits < 1 || groupLayers < 1 || groups < 1) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%d layers, %d digits, %d groups of %d layers: each is at least 1"
              .formatted(layers, digits, groups, groupLayers));
    }
  }

  /** The last match of every group of layers. */
  public static SortedMatch last(int layers, int digits, int groupLayers) {
    return new SortedMatch(Side.LAST, layers, digits, groupLayers, 1);
  }

  /** The first match of every group of layers. */
  public static SortedMatch first(int layers, int digits, int groupLayers) {
    return new SortedMatch(Side.FIRST, layers, digits, groupLayers, 1);
  }

  /** With a second scan that joins the results of so many groups. */
  public SortedMatch joining(int newGroups) {
    return new SortedMatch(side, layers, digits, groupLayers, newGroups);
  }

  /** Results: each has {@link #digits} ciphertexts. */
  public int spans() {
    return divideUp(groupCount(), groups);
  }

  @Override
  public int depth() {
    return cost().depth();
  }

  @Override
  public KeyRequirements keys() {
    return KeyRequirements.relinearization();
  }

  /** What the server does. */
  public Cost cost() {
    int[] products = {0};
    int tensors = 0;
    int relinearizations = 0;
    int depth = 0;
    for (int span = 0; span < spans(); span++) {
      List<Integer> joined = new ArrayList<>();
      int selected = 0;
      for (int group : groupsOf(span)) {
        List<Integer> q = new ArrayList<>(Collections.nCopies(sizeOf(group), 0));
        SuffixScan.run(q, (a, b) -> deeper(a, b, products));
        tensors += digits * q.size();
        relinearizations += digits;
        selected = Math.max(selected, q.get(0) + 1);
        joined.add(q.get(0));
      }
      if (joined.size() > 1) {
        List<Integer> p = joined.subList(1, joined.size());
        SuffixScan.run(p, (a, b) -> deeper(a, b, products));
        tensors += digits * p.size();
        relinearizations += digits;
        selected = Math.max(selected, Collections.max(p)) + 1;
      }
      depth = Math.max(depth, selected);
    }
    return new Cost(depth, products[0], tensors, relinearizations, spans() * digits);
  }

  private static int deeper(int a, int b, int[] products) {
    products[0]++;
    return Math.max(a, b) + 1;
  }

  /**
   * What it takes of noise, and the level at which the digits are best encrypted: they enter in the
   * last multiplications, so that they need not bring the primes of the others.
   *
   * @param maskLevel the level of the masks
   * @param maskNoiseBits log2 of the bound on their noise
   */
  public MatchPlan plan(
      IntegerScheme scheme, BfvParameters parameters, int maskLevel, double maskNoiseBits) {
    return MatchPlan.of(
        this, MatchPlan.noiseOf(parameters, scheme), new Bound(maskLevel, maskNoiseBits));
  }

  /** The same for masks that are fresh, encrypted with the secret key. */
  public MatchPlan plan(IntegerScheme scheme, BfvParameters parameters) {
    IntegerNoise noise = MatchPlan.noiseOf(parameters, scheme);
    return MatchPlan.of(this, noise, noise.freshSecret(parameters.maxLevel()));
  }

  /**
   * Evaluates it. Groups are worked on by the pool's threads, each holding one group's layers of
   * masks and of one digit at a time.
   *
   * @param evaluator with the {@link #keys()}
   * @param masks loads the mask of a layer; closed by the circuit
   * @param values for each digit, the least significant first, what loads that of a layer; encoded
   *     modulo t or with a range; closed by the circuit. Loaders are called by several threads
   * @param results takes each span's digits, in the order of the layers, at the lowest level that
   *     holds them, and closes them
   * @throws VeilsumException {@code NOISE_BUDGET} where the masks have too little left, before the
   *     first multiplication
   */
  public void apply(
      BfvEvaluator evaluator,
      IntFunction<BfvCiphertext> masks,
      List<IntFunction<BfvCiphertext>> values,
      OrderedPool pool,
      Consumer<List<BfvCiphertext>> results) {
    if (values.size() != digits) {
      throw new VeilsumException(
          ErrorCode.USAGE, "%d digits are declared and %d given".formatted(digits, values.size()));
    }
    MatchRun run = new MatchRun(this, evaluator, masks, values);
    try (MatchRun.Joining joining = run.joining(results)) {
      pool.map(
          IntStream.range(0, spans()).boxed().flatMap(s -> groupsOf(s).stream()).iterator(),
          run::group,
          joining::add);
    }
  }

  int groupCount() {
    return divideUp(layers, groupLayers);
  }

  /** The groups of a span, the one that is to win last. */
  List<Integer> groupsOf(int span) {
    int end = Math.min((span + 1) * groups, groupCount());
    List<Integer> all = new ArrayList<>(IntStream.range(span * groups, end).boxed().toList());
    if (side == Side.FIRST) {
      Collections.reverse(all);
    }
    return all;
  }

  /** How many layers a group has: the last one may be short. */
  int sizeOf(int group) {
    return Math.min(groupLayers, layers - group * groupLayers);
  }

  /** The layer at a place of a group, the one that is to win last. */
  int layerOf(int group, int place) {
    int first = group * groupLayers;
    return side == Side.LAST ? first + place : first + sizeOf(group) - 1 - place;
  }

  private static int divideUp(int a, int b) {
    return (a + b - 1) / b;
  }
}
