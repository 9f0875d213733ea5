package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.Sources.Piece;
import dev.veilsum.table.where.MaskCost;
import dev.veilsum.table.where.RowSelection.Form;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sends the codes of the selected rows, and 0 for all others, at the fewest primes: exact for
 * whatever is asked of them, one multiplication deep, and as long as the table has rows. The last
 * resort where a column is not sorted.
 */
final class RowsStrategy extends Strategy {
  static final String NAME = "rows";

  /** The number of the only row that the answer holds. */
  static final String ROW = "row";

  private final String column;
  private final ColumnKind.FixedPoint kind;
  private final EncodingRole role;
  private final RlweParameters set;
  private final OrderedPool pool;
  private final Form form;
  private final RowMasks masks; // null where all rows are meant
  private final OptionalLong only;

  /**
   * @param only the one row that is meant, where it is known without a key
   */
  RowsStrategy(
      Sources sources,
      Asked asked,
      EncodingRole role,
      RlweParameters set,
      OrderedPool pool,
      OptionalLong only) {
    super(sources, asked);
    this.column = asked.columns().get(0);
    this.kind = (ColumnKind.FixedPoint) sources.first().column(column).kind();
    this.role = role;
    this.set = set;
    this.pool = pool;
    this.form = asked.where().map(Selection::form).orElse(Form.ALL);
    this.masks = form == Form.ALL ? null : new RowMasks(sources, asked.where().orElseThrow(), set);
    this.only = only;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<RlweParameters> sets() {
    return List.of(set);
  }

  /**
   * The ciphertexts of one chunk, one a digit.
   *
   * @param budgetBits what the least of them had left before it was brought to the fewest primes
   */
  private record Selected(List<ByteBuffer> digits, double budgetBits) {}

  private record Place(Piece piece, int chunk) {}

  @Override
  void write(TableWriter writer) {
    TableWriter.Encoding out =
        writer
            .addColumn(column, kind, Optional.of(operation(numbers())))
            .addEncoding(EncodingRole.DIGITS, set, digits());
    pool.map(
        places().iterator(),
        place -> place.piece.table().naming(() -> fitting(set, this::layers, () -> select(place))),
        selected -> {
          for (int digit = 0; digit < selected.digits.size(); digit++) {
            out.addChunk(digit, selected.digits.get(digit));
          }
        });
  }

  private Map<String, Double> numbers() {
    return only.isPresent() ? Map.of(ROW, (double) only.getAsLong()) : Map.of();
  }

  /** The chunks that are read. */
  private Stream<Place> places() {
    int rowsPerChunk = TableScheme.rowsPerChunk(set);
    return sources.pieces().stream()
        .flatMap(
            piece ->
                IntStream.range(0, piece.segment().chunks(rowsPerChunk))
                    .filter(
                        chunk -> only.isEmpty() || piece.has(chunk, rowsPerChunk, only.getAsLong()))
                    .mapToObj(chunk -> new Place(piece, chunk)));
  }

  /** Numbers have one code, sorted columns its digits. */
  private int digits() {
    return kind instanceof ColumnKind.Digits sorted ? sorted.layout().digits() : 1;
  }

  private BfvBackend bfv() {
    return (BfvBackend) sources.scheme(set);
  }

  private Selected select(Place place) {
    List<ByteBuffer> packed = new ArrayList<>();
    double budget = Double.POSITIVE_INFINITY;
    try (Masked mask = new Masked(place)) {
      for (int digit = 0; digit < digits(); digit++) {
        try (Reference.Ciphertext code = code(place, digit);
            Reference.Ciphertext selected = mask.times(code);
            Reference.Ciphertext small = Smallest.of(bfv(), selected)) {
          budget = Math.min(budget, bfv().noiseBudgetBits(selected));
          packed.add(packed(bfv(), small));
        }
      }
    }
    return new Selected(packed, budget);
  }

  /** A digit of the code; of a number v, v - min + 1 modulo t. */
  private Reference.Ciphertext code(Place place, int digit) {
    Reference.Ciphertext loaded = place.piece.chunks(column, role, set, digit).load(place.chunk);
    if (role == EncodingRole.DIGITS) {
      return loaded;
    }
    try (loaded) {
      return bfv().addScalar(loaded, centred(1 - kind.least()));
    }
  }

  /** The representative in [-t/2, t/2). */
  private long centred(long value) {
    long t = ((BfvParameters) set).plainModulus();
    long residue = Math.floorMod(value, t);
    return residue > ((BfvParameters) set).maxValue() ? residue - t : residue;
  }

  /** The mask of a chunk in its form. */
  private final class Masked implements AutoCloseable {
    private final Reference.Ciphertext encrypted;
    private final Reference.Plaintext open;

    Masked(Place place) {
      encrypted = form == Form.ENCRYPTED ? masks.mask(place.piece, place.chunk) : null;
      open = open(place);
    }

    private Reference.Plaintext open(Place place) {
      if (only.isPresent()) {
        int rowsPerChunk = TableScheme.rowsPerChunk(set);
        long[] bits = new long[place.piece.rowsOf(place.chunk, rowsPerChunk)];
        long before = place.piece.firstRow() + (long) place.chunk * rowsPerChunk;
        bits[(int) (only.getAsLong() - before)] = 1;
        return bfv().encode(bits, 0, bits.length);
      }
      if (form != Form.PUBLIC) {
        return null;
      }
      long[] bits = masks.bits(place.piece, place.chunk);
      return bfv().encode(bits, 0, bits.length);
    }

    Reference.Ciphertext times(Reference.Ciphertext code) {
      if (encrypted != null) {
        return bfv().multiplyRelinearize(encrypted, code, sources.keys(set));
      }
      return open != null ? bfv().multiplyPlain(code, open) : bfv().sum(List.of(code));
    }

    @Override
    public void close() {
      if (encrypted != null) {
        encrypted.close();
      }
      if (open != null) {
        open.close();
      }
    }
  }

  private Optional<MaskCost> mask() {
    return form == Form.ENCRYPTED
        ? asked.where().map(where -> where.under(set).cost())
        : Optional.empty();
  }

  /** The mask's products, and its product with the values. */
  private int depth() {
    return mask().map(MaskCost::depth).orElse(-1) + 1;
  }

  /** The same, those with public bits among them. */
  private int layers() {
    return 1 + mask().map(MaskCost::layers).orElse(0);
  }

  @Override
  Explanation explain() {
    List<Place> places = places().toList();
    long chunks = places.size();
    Optional<MaskCost> mask = mask();
    long products = form == Form.ENCRYPTED ? digits() * chunks : 0;
    OptionalDouble noise = OptionalDouble.empty();
    OptionalDouble seconds = OptionalDouble.empty();
    long bytes = 0;
    if (chunks > 0) {
      long start = System.nanoTime();
      Selected first = fitting(set, this::layers, () -> select(places.get(0)));
      seconds = OptionalDouble.of((System.nanoTime() - start) * 1e-9 * chunks);
      noise = OptionalDouble.of(first.budgetBits);
      bytes = first.digits.stream().mapToLong(ByteBuffer::remaining).sum() * chunks;
    }
    return new Explanation(
        text(),
        NAME,
        only.isPresent()
            ? "the column is sorted: which row has the rank is public"
            : form == Form.ALL
                ? "the column stands in several segments, so that no row's rank is public"
                : "the column is not sorted, or more than one value of each slot is asked for",
        "exact",
        depth(),
        products + mask.map(MaskCost::products).orElse(0) * chunks,
        products + mask.map(MaskCost::relinearizations).orElse(0) * chunks,
        0,
        (digits() + mask.map(MaskCost::ciphertexts).orElse(0)) * chunks,
        bytes,
        noise,
        seconds,
        only.isPresent()
            ? "the value"
            : "the values of all rows that are selected, and which rows they are",
        serverSees());
  }
}
