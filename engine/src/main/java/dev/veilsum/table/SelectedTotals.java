package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.Sources.Piece;
import dev.veilsum.table.where.RowSelection.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Totals over the selected rows: for each term the sum of mask times term over all rows, in every
 * slot. Tensors are summed before they are relinearized, a batch of chunks at a time on several
 * threads, so that memory grows neither with the rows nor with the number of terms.
 */
final class SelectedTotals {
  /** Chunks that are loaded together. */
  private static final int BATCH = 16;

  /** The scale of public bits under CKKS: their rounding is far below that of the values. */
  private static final double BITS_SCALE = 0x1p40;

  /** Terms whose sums are held together. */
  private static final int PASS = 64;

  private final Sources sources;
  private final RlweParameters set;
  private final SchemeBackend scheme;
  private final OrderedPool pool;
  private final Form form;
  private final RowMasks masks; // null where all rows are meant

  SelectedTotals(Sources sources, RlweParameters set, Optional<Selection> where, OrderedPool pool) {
    this.sources = sources;
    this.set = set;
    this.scheme = sources.scheme(set);
    this.pool = pool;
    this.form = where.map(Selection::form).orElse(Form.ALL);
    this.masks =
        form == Form.ENCRYPTED || form == Form.PUBLIC
            ? new RowMasks(sources, where.orElseThrow(), set)
            : null;
  }

  /** What is summed. */
  sealed interface Term {
    /** 1: so that the total is the number of rows. Needs an encrypted mask. */
    record Ones() implements Term {}

    /** One part of a column. */
    record Part(String column, EncodingRole role, int part) implements Term {}

    /** The product of two columns' values: one multiplication more. */
    record Product(String a, String b) implements Term {}
  }

  /** Some chunks of one segment. */
  private record Batch(Piece piece, int from, int until) {}

  /** Ciphertexts that are closed together. */
  private record Group(List<Reference.Ciphertext> all) implements AutoCloseable {
    @Override
    public void close() {
      all.forEach(Reference::close);
    }
  }

  /** The totals in the order of the terms, of degree 1; there is at least one row. */
  List<Reference.Ciphertext> of(List<Term> terms) {
    List<Reference.Ciphertext> totals = new ArrayList<>();
    try {
      for (int from = 0; from < terms.size(); from += PASS) {
        List<Term> pass = terms.subList(from, Math.min(terms.size(), from + PASS));
        try (Group sums = new Group(sums(pass))) {
          pool.map(
              sums.all.iterator(),
              sum -> SlotFold.fold(scheme, sum, sources.keys(set)),
              totals::add);
        }
      }
      return totals;
    } catch (RuntimeException e) {
      totals.forEach(Reference::close);
      throw e;
    }
  }

  /**
   * What totals leave and take, from one chunk.
   *
   * @param budgetBits of the total with the least left; of CKKS the bits above the scale
   * @param chunkSeconds to sum one chunk's terms
   * @param foldSeconds to fold one total
   * @param bytes of one total in the answer
   */
  record Rehearsal(double budgetBits, double chunkSeconds, double foldSeconds, long bytes) {}

  /** Sums one chunk's terms, and folds the one that has the least noise budget left. */
  Rehearsal rehearse(List<Term> terms) {
    List<Term> some = new ArrayList<>(terms.subList(0, Math.min(terms.size(), PASS)));
    some.set(some.size() - 1, terms.get(terms.size() - 1)); // the count of rows, where there is one
    long start = System.nanoTime();
    try (Group first = batch(new Batch(sources.pieces().get(0), 0, 1), some)) {
      double chunkSeconds = (System.nanoTime() - start) * 1e-9 * terms.size() / some.size();
      Reference.Ciphertext least =
          first.all.stream().min(Comparator.comparingDouble(this::budget)).orElseThrow();
      start = System.nanoTime();
      try (Reference.Ciphertext sum = linear(least);
          Reference.Ciphertext total = SlotFold.fold(scheme, sum, sources.keys(set))) {
        double foldSeconds = (System.nanoTime() - start) * 1e-9;
        try (Reference.Ciphertext small = Smallest.of(scheme, total)) {
          return new Rehearsal(budget(total), chunkSeconds, foldSeconds, scheme.packedBytes(small));
        }
      }
    }
  }

  private double budget(Reference.Ciphertext c) {
    return scheme instanceof BfvBackend bfv
        ? bfv.noiseBudgetBits(c)
        : scheme.parameters().logQ(scheme.level(c))
            - Math.log(((CkksBackend) scheme).scale(c)) / Math.log(2);
  }

  /** The sums slot by slot, of degree 1. */
  private List<Reference.Ciphertext> sums(List<Term> terms) {
    List<Reference.Ciphertext> totals = new ArrayList<>();
    try {
      for (Piece piece : sources.pieces()) {
        try (Group ofPiece = new Group(sums(piece, terms))) {
          for (int i = 0; i < terms.size(); i++) {
            Reference.Ciphertext sum = linear(ofPiece.all.get(i));
            if (totals.size() < terms.size()) {
              totals.add(sum);
              continue;
            }
            try (Reference.Ciphertext before = totals.get(i);
                sum) {
              totals.set(i, Scales.add(scheme, before, sum));
            }
          }
        }
      }
      return totals;
    } catch (RuntimeException e) {
      totals.forEach(Reference::close);
      throw e;
    }
  }

  private Reference.Ciphertext linear(Reference.Ciphertext sum) {
    return scheme.degree(sum) == 1
        ? scheme.sum(List.of(sum))
        : scheme.relinearize(sum, sources.keys(set));
  }

  /** The sums over one segment; those of tensors have degree 2. */
  private List<Reference.Ciphertext> sums(Piece piece, List<Term> terms) {
    List<Reference.Ciphertext> sums = new ArrayList<>();
    int chunks = piece.segment().chunks(TableScheme.rowsPerChunk(set));
    try {
      pool.map(
          IntStream.iterate(0, from -> from < chunks, from -> from + BATCH).iterator(),
          from -> batch(new Batch(piece, from, Math.min(chunks, from + BATCH)), terms),
          batch -> addTo(sums, batch));
      return sums;
    } catch (RuntimeException e) {
      sums.forEach(Reference::close);
      throw e;
    }
  }

  private void addTo(List<Reference.Ciphertext> sums, Group batch) {
    if (sums.isEmpty()) {
      sums.addAll(batch.all);
      return;
    }
    try (batch) {
      for (int i = 0; i < batch.all.size(); i++) {
        try (Reference.Ciphertext before = sums.get(i)) {
          sums.set(i, scheme.sum(List.of(before, batch.all.get(i))));
        }
      }
    }
  }

  private Group batch(Batch batch, List<Term> terms) {
    List<Reference.Ciphertext> sums = new ArrayList<>();
    List<Reference.Ciphertext> encrypted = new ArrayList<>();
    List<Reference.Plaintext> open = new ArrayList<>();
    try {
      for (int chunk = batch.from; chunk < batch.until; chunk++) {
        if (form == Form.ENCRYPTED) {
          encrypted.add(masks.mask(batch.piece, chunk));
        } else if (form == Form.PUBLIC) {
          open.add(encoded(masks.bits(batch.piece, chunk)));
        }
      }
      for (Term term : terms) {
        sums.add(sum(batch, term, encrypted, open));
      }
      return new Group(sums);
    } catch (RuntimeException e) {
      sums.forEach(Reference::close);
      throw e;
    } finally {
      encrypted.forEach(Reference::close);
      open.forEach(Reference::close);
    }
  }

  private Reference.Ciphertext sum(
      Batch batch,
      Term term,
      List<Reference.Ciphertext> encrypted,
      List<Reference.Plaintext> open) {
    if (term instanceof Term.Ones) {
      return scheme.sum(encrypted);
    }
    if (term instanceof Term.Product product && form == Form.ALL) {
      try (Group a = load(batch, product.a(), EncodingRole.VALUES, 0);
          Group b =
              product.b().equals(product.a())
                  ? new Group(List.of())
                  : load(batch, product.b(), EncodingRole.VALUES, 0)) {
        return scheme.innerProduct(a.all, b.all.isEmpty() ? a.all : b.all);
      }
    }
    try (Group factors =
        term instanceof Term.Part part
            ? load(batch, part.column(), part.role(), part.part())
            : products(batch, (Term.Product) term)) {
      return switch (form) {
        case ENCRYPTED -> scheme.innerProduct(encrypted, factors.all);
        case PUBLIC -> scheme.innerProductPlain(factors.all, open);
        default -> scheme.sum(factors.all);
      };
    }
  }

  private Group load(Batch batch, String column, EncodingRole role, int part) {
    Chunks chunks = batch.piece.chunks(column, role, set, part);
    return new Group(chunks.load(batch.from, batch.until).ciphertexts());
  }

  private Group products(Batch batch, Term.Product product) {
    List<Reference.Ciphertext> products = new ArrayList<>();
    Chunks a = batch.piece.chunks(product.a(), EncodingRole.VALUES, set, 0);
    Chunks b = batch.piece.chunks(product.b(), EncodingRole.VALUES, set, 0);
    try {
      for (int chunk = batch.from; chunk < batch.until; chunk++) {
        try (Reference.Ciphertext x = a.load(chunk);
            Reference.Ciphertext y = product.b().equals(product.a()) ? x : b.load(chunk)) {
          products.add(scheme.multiplyRelinearize(x, y, sources.keys(set)));
        }
      }
      return new Group(products);
    } catch (RuntimeException e) {
      products.forEach(Reference::close);
      throw e;
    }
  }

  private Reference.Plaintext encoded(long[] bits) {
    if (scheme instanceof BfvBackend bfv) {
      return bfv.encode(bits, 0, bits.length);
    }
    CkksBackend ckks = (CkksBackend) scheme;
    CkksParameters parameters = ckks.parameters();
    double[] values = Arrays.stream(bits).asDoubleStream().toArray();
    return ckks.encode(
        values, 0, values.length, 1, parameters.slots(), parameters.maxLevel(), BITS_SCALE);
  }
}
