package dev.veilsum.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.TestSets;
import dev.veilsum.backend.clear.ClearBackend;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEncryptor;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.circuit.SortedMatch.Side;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.IntegerNoise;
import dev.veilsum.params.Presets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The last and the first match against a loop over cleartext, slot by slot. */
@Tag("exact")
class SortedMatchTest {
  private static final BfvParameters SET = Presets.BFV_8192.parameters();
  private static final long T = SET.plainModulus();

  private static BfvParameters setFor(IntegerScheme scheme) {
    return scheme == IntegerScheme.BFV ? SET : Presets.BGV_8192.parameters();
  }

  /** Every backend with: layers, layers a group, groups joined, side. */
  static List<Arguments> shapes() {
    List<Arguments> all = new ArrayList<>();
    for (Backend backend : Backends.all()) {
      for (IntegerScheme scheme : IntegerScheme.values()) {
        if (scheme == IntegerScheme.BGV && backend.name().equals("seal")) {
          continue;
        }
        all.add(Arguments.of(backend, scheme, SortedMatch.last(1, 2, 1)));
        all.add(Arguments.of(backend, scheme, SortedMatch.last(3, 3, 1)));
        all.add(Arguments.of(backend, scheme, SortedMatch.first(5, 2, 2)));
        all.add(Arguments.of(backend, scheme, SortedMatch.last(9, 2, 8)));
        all.add(Arguments.of(backend, scheme, SortedMatch.last(7, 1, 2).joining(2)));
        all.add(Arguments.of(backend, scheme, SortedMatch.first(5, 2, 1).joining(5)));
      }
    }
    Backend clear = new ClearBackend();
    for (int groupLayers = 1; groupLayers <= 8; groupLayers++) {
      for (int layers : new int[] {1, 2, 7, 8, 17}) {
        all.add(Arguments.of(clear, IntegerScheme.BFV, SortedMatch.last(layers, 3, groupLayers)));
        all.add(Arguments.of(clear, IntegerScheme.BFV, SortedMatch.first(layers, 3, groupLayers)));
      }
    }
    for (int groups = 2; groups <= 5; groups++) {
      all.add(Arguments.of(clear, IntegerScheme.BFV, SortedMatch.last(11, 2, 2).joining(groups)));
      all.add(Arguments.of(clear, IntegerScheme.BFV, SortedMatch.first(11, 2, 2).joining(groups)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithCleartext(Backend backend, IntegerScheme scheme, SortedMatch circuit) {
    TestSets.assumePresent(backend);
    Columns columns = new Columns(circuit, SET.slots(), new Random(circuit.layers()));
    BfvContext bfv = BfvContext.create(TestSets.fitting(backend, setFor(scheme)), backend, scheme);
    List<long[]> found = run(bfv, circuit, columns);
    assertThat(found).hasSize(circuit.spans());
    for (int span = 0; span < found.size(); span++) {
      assertThat(found.get(span)).as("span %d", span).isEqualTo(columns.expected(circuit, span));
    }
  }

  /**
   * Columns of every kind: no match, all match, one match, ties, random; the last layer is short.
   */
  private static final class Columns {
    final Digits digits;
    final long[][] values;
    final long[][] masks;

    Columns(SortedMatch circuit, int slots, Random random) {
      int layers = circuit.layers();
      digits = new Digits(1 << 16, circuit.digits());
      values = new long[layers][slots];
      masks = new long[layers][slots];
      for (int s = 0; s < slots; s++) {
        long bound = s % 7 == 3 ? Math.min(digits.largest(), 4) : digits.largest();
        long[] column = random.longs(layers, 1, bound + 1).sorted().toArray();
        int chosen = random.nextInt(layers);
        for (int g = 0; g < layers; g++) {
          boolean exists = g < layers - 1 || s < slots - 5;
          values[g][s] = exists ? column[g] : 0;
          boolean match =
              switch (s % 4) {
                case 0 -> false;
                case 1 -> true;
                case 2 -> g == chosen;
                default -> random.nextBoolean();
              };
          masks[g][s] = exists && match ? 1 : 0;
        }
      }
    }

    long[] expected(SortedMatch circuit, int span) {
      int from = span * circuit.groupLayers() * circuit.groups();
      int to = Math.min(from + circuit.groupLayers() * circuit.groups(), circuit.layers());
      long[] expected = new long[values[0].length];
      for (int s = 0; s < expected.length; s++) {
        for (int g = from; g < to; g++) {
          boolean better = circuit.side() == Side.LAST || expected[s] == 0;
          if (masks[g][s] == 1 && better) {
            expected[s] = values[g][s];
          }
        }
      }
      return expected;
    }
  }

  private static List<long[]> run(BfvContext bfv, SortedMatch circuit, Columns columns) {
    List<long[]> found = new ArrayList<>();
    AtomicInteger open = new AtomicInteger();
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(21));
        BfvEvaluationKeys keys = secret.evaluationKeys(circuit.keys());
        OrderedPool pool = new OrderedPool(2)) {
      int level = circuit.plan(bfv.scheme(), bfv.parameters()).level();
      IntFunction<BfvCiphertext> masks =
          g -> secret.encryptor().encrypt(columns.masks[g], IntegerRange.BITS);
      List<IntFunction<BfvCiphertext>> values = new ArrayList<>();
      for (int d = 0; d < circuit.digits(); d++) {
        int digit = d;
        values.add(
            g -> {
              long[] digits = columns.digits.of(columns.values[g], digit, T);
              try (BfvPlaintext plain = bfv.encodeModular(digits)) {
                return secret.encryptor().encrypt(plain, level);
              }
            });
      }
      circuit.apply(
          bfv.evaluator(keys),
          masks,
          values,
          pool,
          result -> {
            open.incrementAndGet();
            long[][] digits = new long[result.size()][];
            for (int d = 0; d < digits.length; d++) {
              digits[d] = secret.decryptor().decrypt(result.get(d));
              assertThat(result.get(d).level()).isZero();
              result.get(d).close();
            }
            found.add(columns.digits.join(digits, T));
          });
    }
    assertThat(open.get()).isEqualTo(circuit.spans());
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    // layers, digits, layers a group, groups, depth, multiplications, tensors, relins, results
    "128, 3, 8, 1, 4, 192, 384, 48, 48", // queries: layout A
    "64, 2, 8, 8, 7, 107, 142, 18, 2", // layout B: two sums joined take one relinearization
    "1, 1, 8, 8, 1, 0, 1, 1, 1",
    "5, 2, 1, 1, 1, 0, 10, 10, 10",
    "3, 1, 4, 1, 3, 3, 3, 1, 1"
  })
  void saysWhatItCosts(
      int layers,
      int digits,
      int groupLayers,
      int groups,
      int depth,
      int multiplications,
      int tensors,
      int relinearizations,
      int results) {
    SortedMatch circuit = SortedMatch.last(layers, digits, groupLayers).joining(groups);
    assertThat(circuit.cost())
        .isEqualTo(
            new SortedMatch.Cost(depth, multiplications, tensors, relinearizations, results));
  }

  /** The prediction is a bound on what the core then states, and not far above. */
  @ParameterizedTest
  @EnumSource
  void noiseIsKnownBeforehand(IntegerScheme scheme) {
    BfvContext bfv = BfvContext.create(setFor(scheme), Backends.byDefault(), scheme);
    for (SortedMatch circuit :
        List.of(SortedMatch.last(8, 1, 8), SortedMatch.last(6, 1, 2).joining(3))) {
      try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(22));
          BfvPublicKey key = secret.publicKey();
          BfvEvaluationKeys keys = secret.evaluationKeys(circuit.keys());
          OrderedPool pool = new OrderedPool(1)) {
        MatchPlan plan = circuit.plan(scheme, bfv.parameters());
        IntFunction<BfvCiphertext> masks =
            g -> secret.encryptor().encrypt(new long[] {1}, IntegerRange.BITS);
        IntFunction<BfvCiphertext> values =
            g -> key.encryptor().encrypt(bfv.encodeModular(new long[] {g}), plan.level());
        circuit.apply(
            bfv.evaluator(keys),
            masks,
            List.of(values),
            pool,
            result -> {
              // At the lowest level rounding takes a bit or two of what the plan left.
              BfvCiphertext c = result.get(0);
              IntegerNoise noise = MatchPlan.noiseOf(bfv.parameters(), scheme);
              double before = plan.budgetBits();
              assertThat(c.noiseBudgetBits()).isLessThan(before + 8);
              assertThat(before).isPositive();
              double stated = freshBits(key.encryptor());
              assertThat(noise.fresh(0).bits()).isBetween(stated, stated + 1);
              stated = freshBits(secret.encryptor());
              assertThat(noise.freshSecret(0).bits()).isBetween(stated, stated + 1);
              assertThat(secret.decryptor().decrypt(c)[0]).isEqualTo(circuit.layers() - 1);
              c.close();
            });
      }
    }
  }

  private static double freshBits(BfvEncryptor encryptor) {
    try (BfvCiphertext c = encryptor.encrypt(new long[] {1}, IntegerRange.BITS)) {
      return c.noiseBoundBits();
    }
  }

  /** Every step of the prediction against the bound that the core states, product by product. */
  @ParameterizedTest
  @EnumSource
  void boundsFollowTheCore(IntegerScheme scheme) {
    BfvParameters parameters = setFor(scheme);
    BfvContext bfv = BfvContext.create(parameters, Backends.byDefault(), scheme);
    IntegerNoise noise = MatchPlan.noiseOf(parameters, scheme);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(24));
        BfvEvaluationKeys keys = secret.evaluationKeys(SortedMatch.last(2, 1, 2).keys());
        Scope scope = new Scope()) {
      BfvCiphertext c = scope.add(secret.encryptor().encrypt(new long[] {1}, IntegerRange.BITS));
      IntegerNoise.Bound bound = new IntegerNoise.Bound(c.level(), c.noiseBoundBits());
      for (int product = 0; product < 3; product++) {
        c = scope.add(bfv.evaluator(keys).multiply(c, c));
        bound = noise.product(bound, bound);
        assertThat(c.level()).isEqualTo(bound.level());
        assertThat(c.noiseBoundBits()).isBetween(bound.bits() - 3, bound.bits());
      }
      BfvCiphertext low = scope.add(bfv.evaluator().switchToLevel(c, 1));
      IntegerNoise.Bound switched = noise.switched(bound, 1);
      assertThat(low.noiseBoundBits()).isBetween(switched.bits() - 3, switched.bits());
      assertThat(low.noiseBudgetBits())
          .isBetween(noise.budget(switched), noise.budget(switched) + 3);
    }
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeItRuns() {
    SortedMatch circuit = SortedMatch.last(16, 1, 16).joining(1);
    for (Backend backend : List.of(new ClearBackend(), Backends.byDefault())) {
      BfvContext bfv = BfvContext.create(SET, backend);
      AtomicInteger loaded = new AtomicInteger();
      try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(23));
          BfvEvaluationKeys keys = secret.evaluationKeys(circuit.keys());
          OrderedPool pool = new OrderedPool(1)) {
        IntFunction<BfvCiphertext> masks =
            g -> secret.encryptor().encrypt(new long[] {1}, IntegerRange.BITS);
        List<IntFunction<BfvCiphertext>> values =
            List.of(
                g -> {
                  loaded.incrementAndGet();
                  return masks.apply(g);
                });
        assertThatThrownBy(
                () ->
                    circuit.apply(
                        bfv.evaluator(keys), masks, values, pool, r -> loaded.incrementAndGet()))
            .isInstanceOfSatisfying(
                VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOISE_BUDGET))
            .hasMessageContaining("groups of 16 layers takes 5 multiplications in a row");
      }
      assertThat(loaded).hasValue(0);
    }
  }

  @Test
  void digitsGoThereAndBack() {
    Digits digits = new Digits(1 << 21, 2);
    long t = Presets.BFV_16384.parameters().plainModulus();
    long[] values = {0, 1, (1 << 21) - 1, 1 << 21, digits.largest(), 123_456_789_012L};
    long[][] split = {digits.of(values, 0, t), digits.of(values, 1, t)};
    assertThat(
            Arrays.stream(split).flatMapToLong(Arrays::stream).allMatch(d -> Math.abs(d) <= t / 2))
        .isTrue();
    assertThat(digits.join(split, t)).isEqualTo(values);
    assertThatThrownBy(() -> new Digits(1L << 32, 2)).isInstanceOf(VeilsumException.class);
  }
}
