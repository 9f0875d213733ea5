package dev.veilsum.table;

import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.Chunks.Loaded;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Slot by slot sums over the chunks of columns, a batch at a time on several threads: memory does
 * not grow with the number of rows.
 */
final class ColumnSums {
  /** Ciphertexts that are summed in one pass. */
  private static final int BATCH = 16;

  private final SchemeBackend scheme;
  private final OrderedPool pool;

  ColumnSums(SchemeBackend scheme, OrderedPool pool) {
    this.scheme = scheme;
    this.pool = pool;
  }

  /** The sum of all chunks; there is at least one. */
  Reference.Ciphertext sum(Chunks column) {
    return inBatches(
        column.count(),
        (from, to) -> {
          try (Loaded terms = column.load(from, to)) {
            return scheme.sum(terms.ciphertexts());
          }
        });
  }

  /** The sum of the products of chunks with the same number, of degree 2; at least one. */
  Reference.Ciphertext dot(Chunks a, Chunks b) {
    return inBatches(
        a.count(),
        (from, to) -> {
          try (Loaded left = a.load(from, to);
              Loaded right = a == b ? Loaded.NONE : b.load(from, to)) {
            return scheme.innerProduct(
                left.ciphertexts(), a == b ? left.ciphertexts() : right.ciphertexts());
          }
        });
  }

  private Reference.Ciphertext inBatches(
      int count, BiFunction<Integer, Integer, Reference.Ciphertext> batch) {
    Total total = new Total();
    pool.map(
        IntStream.iterate(0, from -> from < count, from -> from + BATCH).iterator(),
        from -> batch.apply(from, Math.min(count, from + BATCH)),
        total::add);
    return total.sum;
  }

  private final class Total {
    private Reference.Ciphertext sum;

    void add(Reference.Ciphertext part) {
      if (sum == null) {
        sum = part;
        return;
      }
      try (Reference.Ciphertext before = sum;
          part) {
        sum = scheme.sum(List.of(before, part));
      }
    }
  }
}
