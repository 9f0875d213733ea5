package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.circuit.SortedMatch;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.Sources.Piece;
import dev.veilsum.table.where.MaskCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/**
 * The largest or smallest selected value of every slot (E1): in a sorted column the last or first
 * match of the condition, exact. Segments stand side by side in the answer, so that it relies on
 * the order of rows inside a segment only.
 */
final class MatchStrategy extends Strategy {
  static final String NAME = "match";

  /**
   * The number of layers that were scanned together: an answer has a result for each such group.
   */
  static final String GROUP_LAYERS = "layers";

  /** The most layers that are scanned together (queries of layout A). */
  private static final int MOST_LAYERS = 8;

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
    int group = sources.rows() == 0 ? 1 : groupLayers();
    TableWriter.Encoding out =
        writer
            .addColumn(column, kind, Optional.of(operation(Map.of(GROUP_LAYERS, (double) group))))
            .addEncoding(EncodingRole.DIGITS, set, TableScheme.rowsPerChunk(set) * group, digits());
    BfvEvaluator evaluator = context.evaluatorOf(sources.keys(set));
    for (Piece piece : sources.pieces()) {
      piece
          .table()
          .naming(
              () -> {
                run(evaluator, piece, group, out);
                return null;
              });
    }
  }

  private void run(BfvEvaluator evaluator, Piece piece, int group, TableWriter.Encoding out) {
    circuit(piece, group)
        .apply(
            evaluator,
            layer -> context.ciphertextOf(masks.mask(piece, layer)),
            values(piece, group),
            pool,
            results -> {
              for (int digit = 0; digit < results.size(); digit++) {
                try (BfvCiphertext result = results.get(digit)) {
                  out.addChunk(digit, packed(context.references(), result.reference()));
                }
              }
            });
  }

  /**
   * The loaders of the digits. The place of a layer in its group stands where its mask is 1: as
   * only matches are selected, the mask times the place serves for it.
   */
  private List<IntFunction<BfvCiphertext>> values(Piece piece, int group) {
    List<IntFunction<BfvCiphertext>> values = new ArrayList<>();
    for (int digit = 0; digit < kind.layout().digits(); digit++) {
      Chunks chunks = piece.chunks(column, EncodingRole.DIGITS, set, digit);
      values.add(layer -> context.ciphertextOf(chunks.load(layer)));
    }
    values.add(
        layer -> {
          try (Reference.Ciphertext mask = masks.mask(piece, layer)) {
            return context.ciphertextOf(
                context.references().multiplyScalar(mask, layer % group + 1));
          }
        });
    return values;
  }

  private SortedMatch circuit(Piece piece, int group) {
    int layers = piece.segment().chunks(TableScheme.rowsPerChunk(set));
    return asked.question().isSmallest()
        ? SortedMatch.first(layers, digits(), group)
        : SortedMatch.last(layers, digits(), group);
  }

  /** As many layers in a group as the noise that the mask leaves allows. */
  private int groupLayers() {
    Piece piece = sources.pieces().get(0);
    BfvBackend bfv = context.references();
    try (Reference.Ciphertext mask = masks.mask(piece, 0)) {
      int most =
          sources.pieces().stream()
              .mapToInt(each -> each.segment().chunks(TableScheme.rowsPerChunk(set)))
              .max()
              .orElseThrow();
      for (int group = MOST_LAYERS; group > 1; group /= 2) {
        double left =
            circuit(piece, group)
                .plan(context.scheme(), set, bfv.level(mask), bfv.noiseBoundBits(mask))
                .budgetBits();
        if (group / 2 < most && left >= 0) {
          return group;
        }
      }
      return 1;
    }
  }

  @Override
  Explanation explain() {
    MaskCost mask = masks.selection().cost();
    int rowsPerChunk = TableScheme.rowsPerChunk(set);
    int group = sources.rows() == 0 ? 1 : groupLayers();
    long products = 0;
    long relinearizations = 0;
    long read = 0;
    long results = 0;
    int depth = 0;
    for (Piece piece : sources.pieces()) {
      SortedMatch.Cost cost = circuit(piece, group).cost();
      long chunks = piece.segment().chunks(rowsPerChunk);
      products += cost.multiplications() + cost.tensors() + 2 * mask.products() * chunks;
      relinearizations +=
          cost.multiplications() + cost.relinearizations() + 2 * mask.relinearizations() * chunks;
      read += (kind.layout().digits() + 2L * mask.ciphertexts()) * chunks;
      results += cost.results();
      depth = Math.max(depth, cost.depth());
    }
    OptionalDouble noise = OptionalDouble.empty();
    if (!sources.pieces().isEmpty()) {
      try (Reference.Ciphertext first = masks.mask(sources.pieces().get(0), 0)) {
        BfvBackend bfv = context.references();
        noise =
            OptionalDouble.of(
                circuit(sources.pieces().get(0), group)
                    .plan(context.scheme(), set, bfv.level(first), bfv.noiseBoundBits(first))
                    .budgetBits());
      }
    }
    return new Explanation(
        text(),
        NAME,
        "the column is sorted: the %s match of each slot, in groups of %d layers"
            .formatted(asked.question().isSmallest() ? "first" : "last", group),
        "exact",
        depth + mask.depth(),
        products,
        relinearizations,
        0,
        read,
        results * set.ciphertextBytes(0, false),
        noise,
        OptionalDouble.empty(),
        "one matching value for each of %d slots of every %d rows, and its row"
            .formatted(rowsPerChunk, (long) rowsPerChunk * group),
        serverSees());
  }
}
