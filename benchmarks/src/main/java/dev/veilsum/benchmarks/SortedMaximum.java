package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backends;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.circuit.Digits;
import dev.veilsum.circuit.MatchPlan;
import dev.veilsum.circuit.SortedMatch;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.Preset;
import dev.veilsum.params.Presets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The exact largest value under an encrypted predicate over random values of 41 bits, every slot
 * checked, and the count of the rows that match: what the server's pass takes on one thread.
 *
 * <pre>java -cp benchmarks.jar dev.veilsum.benchmarks.SortedMaximum [--layout a|b]
 *     [--scheme bgv|bfv] [--rows 1048576] [--runs 3]</pre>
 */
public final class SortedMaximum {
  /** How values stand in slots (docs/queries.md). */
  enum Layout {
    /** Many groups, a result for each: shallow. */
    A(Presets.BFV_8192, Presets.BGV_8192, new Digits(1 << 16, 3), 1),
    /** Eight groups joined by a second scan: deeper, one result. */
    B(Presets.BFV_16384, Presets.BGV_16384, new Digits(1 << 21, 2), 8);

    final Preset<BfvParameters> bfv;
    final Preset<BfvParameters> bgv;
    final Digits digits;
    final int groups;

    Layout(Preset<BfvParameters> bfv, Preset<BfvParameters> bgv, Digits digits, int groups) {
      this.bfv = bfv;
      this.bgv = bgv;
      this.digits = digits;
      this.groups = groups;
    }

    BfvParameters parameters(IntegerScheme scheme) {
      return (scheme == IntegerScheme.BFV ? bfv : bgv).parameters();
    }

    SortedMatch circuit(int layers) {
      return SortedMatch.last(layers, digits.count(), 8).joining(groups);
    }
  }

  /** The clock of processor time has steps of up to 10 ms. */
  private static final int COUNTS = 50;

  private final Layout layout;
  private final BfvContext bfv;
  private final SortedColumns columns;
  private final SortedMatch circuit;
  private final List<ByteBuffer> masks = new ArrayList<>();
  private final List<List<ByteBuffer>> digits = new ArrayList<>();
  private long bytesDown;
  private double budgetLeft = Double.POSITIVE_INFINITY;

  SortedMaximum(Layout layout, IntegerScheme scheme, int rows) {
    BfvParameters parameters = layout.parameters(scheme);
    this.layout = layout;
    this.bfv = BfvContext.create(parameters, Backends.byDefault(), scheme);
    this.columns = new SortedColumns(rows, parameters.slots(), 1);
    this.circuit = layout.circuit(columns.layers());
  }

  /** Prints what it finds; exits with 1 where a slot is wrong. */
  public static void main(String[] arguments) {
    Layout layout = Layout.A;
    IntegerScheme scheme = IntegerScheme.BGV;
    int rows = 1 << 20;
    int runs = 3;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--layout" -> layout = Layout.valueOf(value.toUpperCase(Locale.ROOT));
        case "--scheme" -> scheme = IntegerScheme.valueOf(value.toUpperCase(Locale.ROOT));
        case "--rows" -> rows = Integer.parseInt(value);
        case "--runs" -> runs = Integer.parseInt(value);
        default -> throw new IllegalArgumentException("no option " + arguments[i]);
      }
    }
    System.out.println(Machine.description());
    int wrong = new SortedMaximum(layout, scheme, rows).measure(runs);
    if (wrong > 0) {
      System.exit(1);
    }
  }

  /** Encrypts, computes, checks and prints; returns how many slots are wrong. */
  int measure(int runs) {
    try (BfvSecretKey secret = bfv.secretKey(Seeds.fixed());
        BfvEvaluationKeys keys = secret.evaluationKeys(circuit.keys())) {
      BfvEvaluator evaluator = bfv.evaluator(keys);
      encrypt(secret);
      ProcessorTime loading = null;
      ProcessorTime computing = null;
      ProcessorTime[] counting = new ProcessorTime[2];
      int wrong = 0;
      int lowest = lowestCountLevel(evaluator);
      for (int run = 0; run < runs; run++) {
        List<long[]> found = new ArrayList<>();
        loading = ProcessorTime.least(loading, pass(secret, evaluator, found, true));
        wrong = Math.max(wrong, wrongSlots(found));
        found.clear();
        computing = ProcessorTime.least(computing, pass(secret, evaluator, found, false));
        wrong = Math.max(wrong, wrongSlots(found));
        counting[0] = ProcessorTime.least(counting[0], count(secret, evaluator, lowest));
        int highest = bfv.parameters().maxLevel();
        counting[1] = ProcessorTime.least(counting[1], count(secret, evaluator, highest));
      }
      print(wrong, loading, computing, counting, lowest);
      return wrong;
    }
  }

  private void encrypt(BfvSecretKey secret) {
    MatchPlan plan = circuit.plan(bfv.scheme(), bfv.parameters());
    for (long[] mask : columns.masks) {
      try (BfvCiphertext c = secret.encryptor().encrypt(mask, IntegerRange.BITS)) {
        masks.add(packed(c));
      }
    }
    long t = bfv.parameters().plainModulus();
    for (int digit = 0; digit < layout.digits.count(); digit++) {
      List<ByteBuffer> all = new ArrayList<>();
      for (long[] values : columns.values) {
        try (BfvPlaintext plain = bfv.encodeModular(layout.digits.of(values, digit, t));
            BfvCiphertext c = secret.encryptor().encrypt(plain, plan.level())) {
          all.add(packed(c));
        }
      }
      digits.add(all);
    }
  }

  private static ByteBuffer packed(BfvCiphertext c) {
    ByteBuffer bytes = ByteBuffer.allocate(c.packedBytes());
    c.pack(bytes);
    return bytes.flip();
  }

  /**
   * One pass of the server.
   *
   * @param fromBytes whether loading packed ciphertexts (seeds expanded, residues unpacked and
   *     checked) is part of it; otherwise they are in memory before
   */
  private ProcessorTime pass(
      BfvSecretKey secret, BfvEvaluator evaluator, List<long[]> found, boolean fromBytes) {
    IntFunction<BfvCiphertext> mask = loader(masks, fromBytes);
    List<IntFunction<BfvCiphertext>> values =
        digits.stream().map(all -> loader(all, fromBytes)).toList();
    List<List<BfvCiphertext>> results = new ArrayList<>();
    ProcessorTime time;
    try (OrderedPool pool = new OrderedPool(1)) {
      time = ProcessorTime.of(() -> circuit.apply(evaluator, mask, values, pool, results::add));
    }
    bytesDown = 0;
    for (List<BfvCiphertext> result : results) {
      long[][] decrypted = new long[result.size()][];
      for (int d = 0; d < decrypted.length; d++) {
        BfvCiphertext c = result.get(d);
        bytesDown += c.packedBytes();
        budgetLeft = Math.min(budgetLeft, c.noiseBudgetBits());
        decrypted[d] = secret.decryptor().decrypt(c);
        c.close();
      }
      found.add(layout.digits.join(decrypted, bfv.parameters().plainModulus()));
    }
    return time;
  }

  private IntFunction<BfvCiphertext> loader(List<ByteBuffer> packed, boolean fromBytes) {
    if (fromBytes) {
      return i -> bfv.loadCiphertext(packed.get(i).duplicate());
    }
    List<BfvCiphertext> loaded =
        packed.stream().map(bytes -> bfv.loadCiphertext(bytes.duplicate())).toList();
    return loaded::get;
  }

  private int wrongSlots(List<long[]> found) {
    int span = circuit.groupLayers() * circuit.groups();
    int wrong = 0;
    for (int i = 0; i < found.size(); i++) {
      long[] truth = columns.largest(i * span, (i + 1) * span);
      long[] slots = found.get(i);
      wrong += (int) IntStream.range(0, truth.length).filter(s -> truth[s] != slots[s]).count();
    }
    return wrong;
  }

  /** The lowest level where the noise of all masks together still fits. */
  private int lowestCountLevel(BfvEvaluator evaluator) {
    double needed = Math.log(masks.size()) / Math.log(2);
    try (BfvCiphertext mask = bfv.loadCiphertext(masks.get(0).duplicate())) {
      for (int level = 0; ; level++) {
        try (BfvCiphertext lower = evaluator.switchToLevel(mask, level)) {
          if (level == bfv.parameters().maxLevel() || lower.noiseBudgetBits() > needed) {
            return level;
          }
        }
      }
    }
  }

  /** The count of the rows that match, a total in each slot: additions in memory. */
  private ProcessorTime count(BfvSecretKey secret, BfvEvaluator evaluator, int level) {
    List<BfvCiphertext> loaded = new ArrayList<>();
    for (ByteBuffer bytes : masks) {
      try (BfvCiphertext c = bfv.loadCiphertext(bytes.duplicate())) {
        loaded.add(evaluator.switchToLevel(c, level));
      }
    }
    try (BfvCiphertext sum = evaluator.sum(loaded)) {
      if (!Arrays.equals(secret.decryptor().decrypt(sum), columns.counts())) {
        throw new AssertionError("a count is wrong");
      }
    }
    ProcessorTime time = ProcessorTime.of(COUNTS, () -> evaluator.sum(loaded).close());
    loaded.forEach(BfvCiphertext::close);
    return time;
  }

  private void print(
      int wrong,
      ProcessorTime loading,
      ProcessorTime computing,
      ProcessorTime[] counting,
      int lowest) {
    long rows = (long) columns.layers() * bfv.parameters().slots();
    long up = masks.stream().mapToLong(ByteBuffer::capacity).sum();
    long valuesUp = digits.stream().flatMap(List::stream).mapToLong(ByteBuffer::capacity).sum();
    System.out.printf(
        "layout %s in %s: %d rows, %d layers as %d results of %d groups of %d, %s%n",
        layout,
        bfv.scheme(),
        rows,
        columns.layers(),
        circuit.spans(),
        circuit.groups(),
        circuit.groupLayers(),
        circuit.cost());
    System.out.printf("wrong slots: %d%n", wrong);
    System.out.printf("the pass, in memory: %s%n", computing);
    System.out.printf("the pass, with loading: %s%n", loading);
    System.out.printf(
        "up: %d mask ciphertexts %.1f MB, %d digit ciphertexts at level %d %.1f MB%n",
        masks.size(),
        up * 1e-6,
        masks.size() * digits.size(),
        circuit.plan(bfv.scheme(), bfv.parameters()).level(),
        valuesUp * 1e-6);
    System.out.printf(
        "down: %d ciphertexts, %.2f MB%n", circuit.cost().results(), bytesDown * 1e-6);
    System.out.printf("noise budget left in the results: %.1f bits%n", budgetLeft);
    for (int i = 0; i < counting.length; i++) {
      System.out.printf(
          "masked count in memory, masks at level %d: %s, %.0f million rows a second%n",
          i == 0 ? lowest : bfv.parameters().maxLevel(),
          counting[i],
          rows / counting[i].processor() * 1e-6);
    }
  }
}
