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
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.circuit.SortedMatch.Side;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
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

  /** Every backend with: layers, layers a group, groups joined, side. */
  static List<Arguments> shapes() {
    List<Arguments> all = new ArrayList<>();
    for (Backend backend : Backends.all()) {
      all.add(Arguments.of(backend, SortedMatch.last(1, 2, 1)));
      all.add(Arguments.of(backend, SortedMatch.last(3, 3, 1)));
      all.add(Arguments.of(backend, SortedMatch.first(5, 2, 2)));
      all.add(Arguments.of(backend, SortedMatch.last(9, 2, 8)));
      all.add(Arguments.of(backend, SortedMatch.last(7, 1, 2).joining(2)));
      all.add(Arguments.of(backend, SortedMatch.first(5, 2, 1).joining(5)));
    }
    Backend clear = new ClearBackend();
    for (int groupLayers = 1; groupLayers <= 8; groupLayers++) {
      for (int layers : new int[] {1, 2, 7, 8, 17}) {
        all.add(Arguments.of(clear, SortedMatch.last(layers, 3, groupLayers)));
        all.add(Arguments.of(clear, SortedMatch.first(layers, 3, groupLayers)));
      }
    }
    for (int groups = 2; groups <= 5; groups++) {
      all.add(Arguments.of(clear, SortedMatch.last(11, 2, 2).joining(groups)));
      all.add(Arguments.of(clear, SortedMatch.first(11, 2, 2).joining(groups)));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithCleartext(Backend backend, SortedMatch circuit) {
    TestSets.assumePresent(backend);
    Columns columns = new Columns(circuit, SET.slots(), new Random(circuit.hashCode()));
    List<long[]> found = run(backend, TestSets.fitting(backend, SET), circuit, columns);
    assertThat(found).hasSize(circuit.spans());
    for (int span = 0; span < found.size(); span++) {
      assertThat(found.get(span)).as("span %d", span).isEqualTo(columns.expected(circuit, span));
    }
  }

  static List<SortedMatch> shapesOfBgv() {
    return List.of(
        SortedMatch.last(1, 1, 1),
        SortedMatch.last(9, 3, 8),
        SortedMatch.first(5, 2, 2),
        SortedMatch.first(6, 1, 2).joining(3));
  }

  @ParameterizedTest
  @MethodSource("shapesOfBgv")
  void agreesWithCleartextInBgv(SortedMatch circuit) {
    BfvParameters set = Presets.BGV_8192.parameters();
    Columns columns = new Columns(circuit, set.slots(), new Random(circuit.hashCode()));
    BfvContext bgv = BfvContext.create(set, Backends.byDefault(), IntegerScheme.BGV);
    List<long[]> found = run(bgv, circuit, columns);
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

  private static List<long[]> run(
      Backend backend, BfvParameters parameters, SortedMatch circuit, Columns columns) {
    return run(BfvContext.create(parameters, backend), circuit, columns);
  }

  private static List<long[]> run(BfvContext bfv, SortedMatch circuit, Columns columns) {
    BfvParameters parameters = bfv.parameters();
    List<long[]> found = new ArrayList<>();
    AtomicInteger open = new AtomicInteger();
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(21));
        BfvEvaluationKeys keys = secret.evaluationKeys(circuit.keys());
        OrderedPool pool = new OrderedPool(2)) {
      int level = circuit.plan(bfv.scheme(), parameters, parameters.maxLevel(), 20).level();
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
  @EnumSource(IntegerScheme.class)
  void noiseIsKnownBeforehand(IntegerScheme scheme) {
    Backend core = Backends.byDefault();
    SortedMatch circuit = SortedMatch.last(8, 1, 8);
    boolean isBgv = scheme == IntegerScheme.BGV;
    BfvParameters set = isBgv ? Presets.BGV_8192.parameters() : SET;
    BfvContext bfv = BfvContext.create(set, core, scheme);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(22));
        BfvEvaluationKeys keys = secret.evaluationKeys(circuit.keys());
        OrderedPool pool = new OrderedPool(1);
        BfvCiphertext fresh = secret.encryptor().encrypt(new long[] {1}, IntegerRange.BITS)) {
      MatchPlan plan = circuit.plan(scheme, set, fresh.level(), fresh.noiseBoundBits());
      MatchRun run =
          new MatchRun(
              circuit,
              bfv.evaluator(keys),
              g -> secret.encryptor().encrypt(new long[] {1}, IntegerRange.BITS),
              List.of(g -> secret.encryptor().encrypt(new long[] {g}, IntegerRange.of(0, 9))));
      try (MatchRun.Group group = run.group(0)) {
        BfvCiphertext result = group.selected().get(0);
        assertThat(result.level()).isEqualTo(isBgv ? 0 : plan.level());
        assertThat(result.noiseBudgetBits()).isBetween(plan.budgetBits(), plan.budgetBits() + 4);
        assertThat(secret.decryptor().decrypt(result)[0]).isEqualTo(7);
      }
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
