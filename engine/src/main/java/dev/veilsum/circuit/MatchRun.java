package dev.veilsum.circuit;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.IntegerRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** One evaluation of a {@link SortedMatch}. */
final class MatchRun {
  private final SortedMatch circuit;
  private final BfvEvaluator evaluator;
  private final IntFunction<BfvCiphertext> masks;
  private final List<IntFunction<BfvCiphertext>> values;

  MatchRun(
      SortedMatch circuit,
      BfvEvaluator evaluator,
      IntFunction<BfvCiphertext> masks,
      List<IntFunction<BfvCiphertext>> values) {
    this.circuit = circuit;
    this.evaluator = evaluator;
    this.masks = masks;
    this.values = values;
  }

  /**
   * What one group gives.
   *
   * @param selected the digits of its match
   * @param none whether nothing matches; null where there is no second scan
   */
  record Group(List<BfvCiphertext> selected, BfvCiphertext none) implements AutoCloseable {
    @Override
    public void close() {
      selected.forEach(BfvCiphertext::close);
      if (none != null) {
        none.close();
      }
    }
  }

  Group group(int group) {
    int n = circuit.sizeOf(group);
    try (Scope scope = new Scope()) {
      List<BfvCiphertext> q = new ArrayList<>();
      for (int place = 0; place < n; place++) {
        q.add(complement(scope, masks.apply(circuit.layerOf(group, place))));
      }
      int level = plan(q).level();
      scan(scope, q);
      BfvCiphertext none = circuit.groups() > 1 ? q.get(0) : null;
      List<BfvCiphertext> selectors = switched(scope, q, level);
      List<BfvCiphertext> selected = new ArrayList<>();
      for (IntFunction<BfvCiphertext> digit : values) {
        selected.add(select(scope, selectors, group, digit, level));
      }
      selected.forEach(scope::keep);
      return new Group(selected, none == null ? null : scope.keep(none));
    }
  }

  /** 1 - m, which has the range of a bit. */
  private BfvCiphertext complement(Scope scope, BfvCiphertext mask) {
    scope.add(mask);
    boolean bits = mask.range().map(IntegerRange.BITS::equals).orElse(true);
    BfvCiphertext m = bits ? mask : scope.add(evaluator.modular(mask));
    BfvCiphertext minus = scope.add(evaluator.negate(m));
    BfvCiphertext q = scope.add(evaluator.add(minus, 1));
    scope.end(minus);
    scope.end(m);
    scope.end(mask);
    return q;
  }

  private MatchPlan plan(List<BfvCiphertext> q) {
    int level = q.stream().mapToInt(BfvCiphertext::level).min().orElseThrow();
    double noise = q.stream().mapToDouble(BfvCiphertext::noiseBoundBits).max().orElseThrow();
    BfvContext context = evaluator.context();
    return circuit
        .plan(context.scheme(), context.parameters(), level, Math.max(noise, 0))
        .require(circuit, context.parameters());
  }

  private void scan(Scope scope, List<BfvCiphertext> q) {
    SuffixScan.run(
        q,
        (a, b) -> {
          BfvCiphertext product = scope.add(evaluator.multiply(a, b));
          scope.end(a);
          return product;
        });
  }

  /** The level at which values are selected, once for all digits. */
  private List<BfvCiphertext> switched(Scope scope, List<BfvCiphertext> all, int level) {
    return all.stream()
        .map(c -> c.level() > level ? scope.add(evaluator.switchToLevel(c, level)) : c)
        .toList();
  }

  /** v_{n-1} + sum_g q_g (v_{g-1} - v_g), v_{-1} = 0. */
  private BfvCiphertext select(
      Scope scope, List<BfvCiphertext> q, int group, IntFunction<BfvCiphertext> digit, int level) {
    List<BfvCiphertext> steps = new ArrayList<>();
    BfvCiphertext before = null;
    for (int place = 0; place < q.size(); place++) {
      BfvCiphertext v = value(scope, digit.apply(circuit.layerOf(group, place)), level);
      BfvCiphertext step = before == null ? evaluator.negate(v) : evaluator.subtract(before, v);
      steps.add(scope.add(step));
      if (before != null) {
        scope.end(before);
      }
      before = v;
    }
    BfvCiphertext sum = innerProduct(scope, q, steps);
    steps.forEach(scope::end);
    BfvCiphertext selected = scope.add(evaluator.add(before, sum));
    scope.end(sum);
    scope.end(before);
    return selected;
  }

  /** Modulo t, and at the level where it is needed. */
  private BfvCiphertext value(Scope scope, BfvCiphertext loaded, int level) {
    scope.add(loaded);
    BfvCiphertext value = loaded;
    if (value.level() > level) {
      value = scope.add(evaluator.switchToLevel(loaded, level));
      scope.end(loaded);
    }
    if (value.range().isPresent()) {
      BfvCiphertext modular = scope.add(evaluator.modular(value));
      scope.end(value);
      value = modular;
    }
    return value;
  }

  private BfvCiphertext innerProduct(Scope scope, List<BfvCiphertext> a, List<BfvCiphertext> b) {
    BfvCiphertext tensors = scope.add(evaluator.innerProduct(a, b));
    BfvCiphertext product = scope.add(evaluator.relinearize(tensors));
    scope.end(tensors);
    return product;
  }

  Joining joining(Consumer<List<BfvCiphertext>> results) {
    return new Joining(results);
  }

  /** Takes the groups in order, and gives a result for every span of them. */
  final class Joining implements AutoCloseable {
    private final Consumer<List<BfvCiphertext>> results;
    private final Scope held = new Scope();
    private final List<Group> span = new ArrayList<>();
    private int spans;

    private Joining(Consumer<List<BfvCiphertext>> results) {
      this.results = results;
    }

    void add(Group group) {
      span.add(held.add(group));
      if (span.size() == circuit.groupsOf(spans).size()) {
        spans++;
        List<BfvCiphertext> joined = join();
        span.forEach(held::end);
        span.clear();
        results.accept(joined);
      }
    }

    /** y_last + sum_a y_a p_{a+1}, p the suffix products of "nothing matches". */
    private List<BfvCiphertext> join() {
      List<BfvCiphertext> last = span.get(span.size() - 1).selected();
      try (Scope scope = new Scope()) {
        List<BfvCiphertext> p = new ArrayList<>();
        span.subList(1, span.size()).forEach(group -> p.add(group.none()));
        scan(scope, p);
        int level = last.get(0).level();
        List<BfvCiphertext> selectors = switched(scope, p, level);
        List<BfvCiphertext> joined = new ArrayList<>();
        for (int digit = 0; digit < values.size(); digit++) {
          BfvCiphertext result = last.get(digit);
          if (!selectors.isEmpty()) {
            List<BfvCiphertext> others = new ArrayList<>();
            for (Group group : span.subList(0, span.size() - 1)) {
              others.add(group.selected().get(digit));
            }
            BfvCiphertext sum = innerProduct(scope, others, selectors);
            result = scope.add(evaluator.add(result, sum));
          }
          joined.add(scope.add(LowestLevel.of(evaluator, result, 0)));
        }
        joined.forEach(scope::keep);
        return joined;
      }
    }

    @Override
    public void close() {
      held.close();
    }
  }
}
