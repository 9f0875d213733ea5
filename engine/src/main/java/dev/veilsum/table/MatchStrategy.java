package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.circuit.SortedMatch;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.SortedLayout;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.Sources.Piece;
import dev.veilsum.table.where.MaskCost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The largest or smallest selected value of every slot (E1): in a sorted column the last or first
 * match of the condition, exact. Segments stand side by side in the answer, so that it relies on
 * the order of rows inside a segment only.
 */
final class MatchStrategy extends Strategy {
  static final String NAME = "match";

  /** The number of layers that one result stands for. */
  static final String GROUP_LAYERS = "layers";

  /** The most layers that are scanned together, and the most groups that layout b joins. */
  private static final int MOST = 8;

  private final String column;
  private final ColumnKind.Digits kind;
  private final BfvParameters set;
  private final OrderedPool pool;
  private final RowMasks masks;
  private final BfvContext context;

  MatchStrategy(Sources sources, Asked asked, BfvParameters set, OrderedPool pool) {
    super(sources, asked);
    this.column = asked.columns().get(0);
    this.kind = (ColumnKind.Digits) sources.first().column(column).kind();
    this.set = set;
    this.pool = pool;
    this.masks = new RowMasks(sources, asked.where().orElseThrow(), set);
    this.context =
        BfvContext.of((BfvBackend) sources.scheme(set), sources.first().integerScheme(set));
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<RlweParameters> sets() {
    return List.of(set);
  }

  /** The digits of the value, and the place of its layer in the group, plus 1. */
  private int digits() {
    return kind.layout().digits() + 1;
  }

  @Override
  void write(TableWriter writer) {
    Groups groups = fitting(set, this::leastLayers, this::groups);
    int layers = groups.layers();
    TableWriter.Encoding out =
        writer
            .addColumn(column, kind, Optional.of(operation(Map.of(GROUP_LAYERS, (double) layers))))
            .addEncoding(
                EncodingRole.DIGITS, set, TableScheme.rowsPerChunk(set) * layers, digits());
    BfvEvaluator evaluator = context.evaluatorOf(sources.keys(set));
    for (Piece piece : sources.pieces()) {
      piece
          .table()
          .naming(
              () ->
                  fitting(
                      set,
                      this::leastLayers,
                      () -> {
                        run(
                            evaluator,
                            circuit(piece, groups),
                            piece,
                            groups,
                            results -> add(out, results));
                        return null;
                      }));
    }
  }

  /** The mask's products, and its product with the values: of groups of one layer. */
  private int leastLayers() {
    return masks.selection().cost().layers() + 1;
  }

  private void run(
      BfvEvaluator evaluator,
      SortedMatch circuit,
      Piece piece,
      Groups groups,
      Consumer<List<BfvCiphertext>> results) {
    circuit.apply(
        evaluator,
        layer -> context.ciphertextOf(masks.mask(piece, layer)),
        values(piece, groups),
        pool,
        results);
  }

  private void add(TableWriter.Encoding out, List<BfvCiphertext> results) {
    for (int digit = 0; digit < results.size(); digit++) {
      try (BfvCiphertext result = results.get(digit)) {
        out.addChunk(digit, packed(context.references(), result.reference()));
      }
    }
  }

  /**
   * The loaders of the digits. The place of a layer among those of its result stands where its mask
   * is 1: as only matches are selected, the mask times the place serves for it.
   */
  private List<IntFunction<BfvCiphertext>> values(Piece piece, Groups groups) {
    List<IntFunction<BfvCiphertext>> values = new ArrayList<>();
    for (int digit = 0; digit < kind.layout().digits(); digit++) {
      Chunks chunks = piece.chunks(column, EncodingRole.DIGITS, set, digit);
      values.add(layer -> context.ciphertextOf(chunks.load(layer)));
    }
    values.add(
        layer -> {
          try (Reference.Ciphertext mask = masks.mask(piece, layer)) {
            return context.ciphertextOf(
                context.references().multiplyScalar(mask, layer % groups.layers() + 1));
          }
        });
    return values;
  }

  /**
   * How layers are put together.
   *
   * @param scanned layers of a group
   * @param joined groups of a result
   */
  private record Groups(int scanned, int joined) {
    static final Groups ONE = new Groups(1, 1);

    int layers() {
      return scanned * joined;
    }
  }

  private SortedMatch circuit(Piece piece, Groups groups) {
    return circuit(piece.segment().chunks(TableScheme.rowsPerChunk(set)), groups);
  }

  private SortedMatch circuit(int layers, Groups groups) {
    SortedMatch match =
        asked.question().isSmallest()
            ? SortedMatch.first(layers, digits(), groups.scanned)
            : SortedMatch.last(layers, digits(), groups.scanned);
    return groups.joined > 1 ? match.joining(groups.joined) : match;
  }

  /** As many layers for a result as the noise that the mask leaves allows, and as there are. */
  private Groups groups() {
    if (sources.rows() == 0) {
      return Groups.ONE;
    }
    Piece piece = sources.pieces().get(0);
    try (Reference.Ciphertext mask = masks.mask(piece, 0)) {
      return candidates()
          .filter(groups -> budget(groups, mask) >= 0)
          .findFirst()
          .orElse(Groups.ONE);
    }
  }

  /** The largest first: layout b joins groups, where layout a leaves their results side by side. */
  private Stream<Groups> candidates() {
    int most =
        sources.pieces().stream()
            .mapToInt(each -> each.segment().chunks(TableScheme.rowsPerChunk(set)))
            .max()
            .orElseThrow();
    List<Groups> all = new ArrayList<>();
    for (int scanned = MOST; scanned >= 1; scanned /= 2) {
      for (int joined = kind.layout() == SortedLayout.B ? MOST : 1; joined >= 1; joined /= 2) {
        all.add(new Groups(scanned, joined));
      }
    }
    all.sort(Comparator.comparingInt(Groups::layers).reversed());
    return all.stream().filter(groups -> groups.layers() == 1 || groups.layers() / 2 < most);
  }

  private double budget(Groups groups, Reference.Ciphertext mask) {
    BfvBackend bfv = context.references();
    return circuit(groups.layers(), groups)
        .plan(context.scheme(), set, bfv.level(mask), bfv.noiseBoundBits(mask))
        .budgetBits();
  }

  @Override
  Explanation explain() {
    MaskCost mask = masks.selection().cost();
    int rowsPerChunk = TableScheme.rowsPerChunk(set);
    Groups groups = fitting(set, this::leastLayers, this::groups);
    long products = 0;
    long relinearizations = 0;
    long read = 0;
    long results = 0;
    int depth = 0;
    for (Piece piece : sources.pieces()) {
      SortedMatch.Cost cost = circuit(piece, groups).cost();
      long chunks = piece.segment().chunks(rowsPerChunk);
      products += cost.multiplications() + cost.tensors() + 2 * mask.products() * chunks;
      relinearizations +=
          cost.multiplications() + cost.relinearizations() + 2 * mask.relinearizations() * chunks;
      read += (kind.layout().digits() + 2L * mask.ciphertexts()) * chunks;
      results += cost.results();
      depth = Math.max(depth, cost.depth());
    }
    Rehearsal rehearsal = fitting(set, this::leastLayers, () -> rehearse(groups));
    return new Explanation(
        text(),
        NAME,
        "the column is sorted: the %s match of each slot, of %d layer%s a result"
            .formatted(
                asked.question().isSmallest() ? "first" : "last",
                groups.layers(),
                groups.layers() == 1 ? "" : "s"),
        "exact",
        depth + mask.depth(),
        products,
        relinearizations,
        0,
        read,
        results * set.ciphertextBytes(0, false),
        rehearsal.noise,
        rehearsal.seconds,
        "one matching value for each of %d slots of every %d rows, and its row"
            .formatted(rowsPerChunk, (long) rowsPerChunk * groups.layers()),
        serverSees());
  }

  private record Rehearsal(OptionalDouble noise, OptionalDouble seconds) {}

  /** Runs what one result of the first segment takes, and throws it away. */
  private Rehearsal rehearse(Groups groups) {
    if (sources.pieces().isEmpty()) {
      return new Rehearsal(OptionalDouble.empty(), OptionalDouble.empty());
    }
    Piece first = sources.pieces().get(0);
    int rowsPerChunk = TableScheme.rowsPerChunk(set);
    int layers = Math.min(groups.layers(), first.segment().chunks(rowsPerChunk));
    double all = sources.pieces().stream().mapToInt(p -> p.segment().chunks(rowsPerChunk)).sum();
    double[] noise = {Double.POSITIVE_INFINITY};
    long start = System.nanoTime();
    run(
        context.evaluatorOf(sources.keys(set)),
        circuit(layers, groups),
        first,
        groups,
        results -> {
          for (BfvCiphertext result : results) {
            noise[0] = Math.min(noise[0], result.noiseBudgetBits());
            result.close();
          }
        });
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new Rehearsal(OptionalDouble.of(noise[0]), OptionalDouble.of(seconds * all / layers));
  }
}
