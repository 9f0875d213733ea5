package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.Operation;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.RlweParameters;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decrypts results: the key holder's part. */
public final class ResultDecryptor implements AutoCloseable {
  private final EncryptedTable result;
  private final TableSecret secret;
  private final Map<RlweParameters, Reference.SecretKey> secrets = new HashMap<>();

  private ResultDecryptor(EncryptedTable result, TableSecret secret) {
    this.result = result;
    this.secret = secret;
  }

  /**
   * The answers in a result, in the order in which they were asked.
   *
   * @throws VeilsumException BAD_INPUT for a file of another kind; CORRUPT; WRONG_KEY
   */
  public static List<Answer> decrypt(ContainerReader container, MasterKey master, Backend backend) {
    return decrypt(container, TableSecret.of(master), backend);
  }

  /** With any secret. */
  public static List<Answer> decrypt(
      ContainerReader container, TableSecret secret, Backend backend) {
    try (EncryptedTable result = EncryptedTable.openResult(container, backend)) {
      requireKey(result, secret);
      try (ResultDecryptor decryptor = new ResultDecryptor(result, secret)) {
        return result.naming(() -> result.columns().stream().map(decryptor::answer).toList());
      }
    }
  }

  /**
   * The answer of a typed question.
   *
   * @throws VeilsumException as the others; BAD_INPUT where the result is of another type, or of
   *     several questions
   */
  public static <T> T decrypt(EncryptedResult<T> result, MasterKey master, Backend backend) {
    return decrypt(result, TableSecret.of(master), backend);
  }

  /** With any secret. */
  public static <T> T decrypt(EncryptedResult<T> result, TableSecret secret, Backend backend) {
    List<Answer> answers = decrypt(result.container(), secret, backend);
    if (answers.size() != 1) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s answers %d questions; read them as a list of answers"
              .formatted(result.container().name(), answers.size()));
    }
    return result.type().read(answers.get(0).value());
  }

  static void requireKey(EncryptedTable table, TableSecret secret) {
    if (!secret.mayOpen(table.keyId())) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          "%s is under the key %s, and this is the key %s; use the key it was made for"
              .formatted(table.name(), table.keyId(), secret.keyId()));
    }
  }

  private Answer answer(ColumnEntry column) {
    Operation operation =
        column.operation().orElseThrow(() -> result.corrupt("a column has no operation"));
    Question question;
    try {
      question = Question.named(operation.name());
    } catch (VeilsumException e) {
      throw result.corrupt("it answers the unknown question " + operation.name());
    }
    Answer.Value value =
        switch (operation.texts().getOrDefault(Strategy.STRATEGY, "")) {
          case PublicCount.NAME -> new OfNumber(question, column, operation).value();
          case TotalsStrategy.NAME -> new OfTotals(question, column, operation).value();
          case ExtremesStrategy.NAME, MatchStrategy.NAME, RowsStrategy.NAME ->
              new OfValues(question, column, operation).value();
          default -> throw result.corrupt("it was computed in an unknown way");
        };
    return new Answer(column.name(), question.text(), value, operation.texts());
  }

  private Reference.SecretKey keyOf(SchemeBackend scheme) {
    return secrets.computeIfAbsent(scheme.parameters(), set -> secret.secretKey(scheme));
  }

  private VeilsumException unfit(Question question) {
    return result.corrupt("it has not what a " + question.text() + " is made of");
  }

  private static double number(Operation operation) {
    return operation.numbers().getOrDefault(Strategy.NUMBER, 0.0);
  }

  /** A count that a file states, as a long. */
  private long rows(Operation operation, String name) {
    double rows = operation.numbers().getOrDefault(name, -1.0);
    if (!(rows >= 0 && rows <= 0x1p53 && rows == Math.rint(rows))) {
      throw result.corrupt("its number of rows is " + rows);
    }
    return (long) rows;
  }

  /** The answer of a sum that is empty, or of a number of rows. */
  private final class OfNumber {
    private final Question question;
    private final ColumnEntry column;
    private final long rows;

    OfNumber(Question question, ColumnEntry column, Operation operation) {
      this.question = question;
      this.column = column;
      this.rows = rows(operation, PublicCount.ROWS);
      if (question != Question.COUNT && rows != 0) {
        throw unfit(question);
      }
    }

    Answer.Value value() {
      return switch (question) {
        case COUNT ->
            column.kind() instanceof ColumnKind.Category category
                ? counts(category, new long[category.masks()])
                : new Answer.Whole(BigInteger.valueOf(rows));
        case SUM, DOT ->
            column.kind() instanceof ColumnKind.Real
                ? new Answer.Approximate(0, 0)
                : Finish.fixed(BigInteger.ZERO, 0);
        case HISTOGRAM -> noRows(column.kind());
        case TOP -> new Answer.Top(List.of());
        default -> new Answer.None();
      };
    }

    private Answer.Value noRows(ColumnKind kind) {
      if (kind instanceof ColumnKind.Category category) {
        return counts(category, new long[category.masks()]);
      }
      if (!(kind instanceof ColumnKind.FixedPoint fixed) || !kind.isMasked()) {
        throw unfit(question);
      }
      return Results.ofBuckets(question, 0, fixed, new long[kind.masks() + 1]);
    }
  }

  private static Answer.Value counts(ColumnKind.Category category, long[] counts) {
    Map<String, Long> byLabel = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      byLabel.put(category.labels().get(i), counts[i]);
    }
    return new Answer.Counts(byLabel);
  }

  /** What totals come to. */
  private final class OfTotals {
    private final Question question;
    private final ColumnEntry column;
    private final Operation operation;
    private final ColumnEncoding encoding;
    private final boolean empty;

    OfTotals(Question question, ColumnEntry column, Operation operation) {
      this.question = question;
      this.column = column;
      this.operation = operation;
      if (column.encodings().size() != 1
          || column.encodings().get(0).role() != EncodingRole.TOTALS) {
        throw unfit(question);
      }
      this.encoding = column.encodings().get(0);
      this.empty = result.rows() == 0;
      int wanted = empty ? 0 : terms() + (publicRows() ? 0 : selectedTerms());
      if (encoding.parts().size() != wanted
          || encoding.parts().stream().anyMatch(part -> part.size() != 1)) {
        throw unfit(question);
      }
    }

    private boolean publicRows() {
      return operation.numbers().containsKey(TotalsStrategy.ROWS);
    }

    /** The totals before that of the selected rows. */
    private int terms() {
      return switch (question) {
        case SUM, DOT, MEAN -> 1;
        case VARIANCE -> 2;
        case COUNT -> column.kind() instanceof ColumnKind.Category c ? c.masks() : 0;
        default -> column.kind().masks();
      };
    }

    /** Whether the number of selected rows is a total too. */
    private int selectedTerms() {
      return switch (question) {
        case SUM, DOT -> 0;
        case COUNT, HISTOGRAM -> column.kind() instanceof ColumnKind.Category ? 0 : 1;
        default -> 1;
      };
    }

    Answer.Value value() {
      SchemeBackend scheme = result.schemeOf(encoding);
      return scheme instanceof CkksBackend ckks ? real(ckks) : whole((BfvBackend) scheme);
    }

    private Answer.Value real(CkksBackend ckks) {
      if (!(column.kind() instanceof ColumnKind.Real)) {
        throw unfit(question);
      }
      List<Finish.Real> totals = new ArrayList<>();
      double[] slot = new double[1];
      for (int part = 0; part < encoding.parts().size(); part++) {
        try (Reference.Ciphertext total = result.chunks(encoding, part).load(0)) {
          double error = ckks.decrypt(keyOf(ckks), total, slot, 0, 1);
          requirePlausible(part, Math.abs(slot[0]) - error);
          totals.add(new Finish.Real(slot[0], error));
        }
      }
      if (question == Question.SUM || question == Question.DOT) {
        return empty
            ? new Answer.Approximate(0, 0)
            : new Answer.Approximate(totals.get(0).value(), totals.get(0).error());
      }
      long n = empty ? 0 : publicRows() ? rows(operation, TotalsStrategy.ROWS) : rounded(totals);
      if (n == 0) {
        return new Answer.None();
      }
      return question == Question.MEAN
          ? Finish.mean(totals.get(0), n)
          : Finish.variance(totals.get(0), totals.get(1), n);
    }

    /** The number of selected rows: a whole number within its error. */
    private long rounded(List<Finish.Real> totals) {
      Finish.Real count = totals.get(totals.size() - 1);
      long n = Math.round(count.value());
      if (Math.abs(count.value() - n) + count.error() >= 0.5 || n < 0) {
        throw new VeilsumException(
            ErrorCode.NOISE_BUDGET,
            "the number of selected rows is known within %.3g only; ask decimal columns instead"
                .formatted(count.error()));
      }
      return n;
    }

    private Answer.Value whole(BfvBackend bfv) {
      if (column.kind() instanceof ColumnKind.Real && question != Question.COUNT) {
        throw unfit(question);
      }
      List<BigInteger> totals = new ArrayList<>();
      long[] slot = new long[1];
      for (int part = 0; part < encoding.parts().size(); part++) {
        try (Reference.Ciphertext total = result.chunks(encoding, part).load(0)) {
          bfv.decrypt(keyOf(bfv), total, slot, 0, 1);
          requirePlausible(part, Math.abs((double) slot[0]));
          totals.add(BigInteger.valueOf(slot[0]));
        }
      }
      int places = RangeArithmetic.places(column.kind());
      return switch (question) {
        case SUM -> Finish.fixed(empty ? BigInteger.ZERO : totals.get(0), places);
        case DOT -> Finish.fixed(empty ? BigInteger.ZERO : totals.get(0), 2 * places);
        case MEAN, VARIANCE -> moment(totals, places);
        default -> ofMasks(totals);
      };
    }

    /** Sums of values and of squares; the other factor of a product is not known here. */
    private void requirePlausible(int part, double atLeast) {
      boolean sum = question == Question.SUM || question == Question.MEAN;
      if (part == 0 && (sum || question == Question.VARIANCE)) {
        Plausible.requireTotal(result, secret, column.kind(), 1, atLeast);
      } else if (part == 1 && question == Question.VARIANCE) {
        Plausible.requireTotal(result, secret, column.kind(), 2, atLeast);
      }
    }

    private long selected(List<BigInteger> totals) {
      if (empty) {
        return 0;
      }
      long n =
          publicRows()
              ? rows(operation, TotalsStrategy.ROWS)
              : totals.get(totals.size() - 1).longValueExact();
      if (n < 0) {
        throw result.corrupt("it counts " + n + " rows");
      }
      return n;
    }

    private Answer.Value moment(List<BigInteger> totals, int places) {
      long n = selected(totals);
      if (n == 0) {
        return new Answer.None();
      }
      return question == Question.MEAN
          ? Finish.mean(totals.get(0), places, n)
          : Finish.variance(totals.get(0), totals.get(1), places, n);
    }

    private Answer.Value ofMasks(List<BigInteger> totals) {
      int masks = terms();
      long[] sums = new long[masks];
      for (int i = 0; i < masks && !empty; i++) {
        sums[i] = totals.get(i).longValueExact();
      }
      if (column.kind() instanceof ColumnKind.Category category) {
        return counts(category, sums);
      }
      if (question == Question.COUNT) {
        return new Answer.Whole(BigInteger.valueOf(selected(totals)));
      }
      if (!(column.kind() instanceof ColumnKind.FixedPoint kind) || !column.kind().isMasked()) {
        throw unfit(question);
      }
      long[] counts = new long[masks + 1]; // thresholds: bucket j has T_j - T_(j+1)
      long above = selected(totals);
      for (int j = 0; j <= masks; j++) {
        long next = j < masks ? sums[j] : 0;
        counts[j] = above - next;
        if (counts[j] < 0) {
          throw result.corrupt("a bucket has " + counts[j] + " rows");
        }
        above = next;
      }
      return Results.ofBuckets(question, number(operation), kind, counts);
    }
  }

  /** What values with their rows come to. */
  private final class OfValues {
    private final Question question;
    private final Operation operation;
    private final ColumnKind.FixedPoint kind;
    private final ColumnEncoding encoding;
    private final BfvBackend bfv;
    private final List<EncryptedTable.Segment> segments = result.segments();

    OfValues(Question question, ColumnEntry column, Operation operation) {
      this.question = question;
      this.operation = operation;
      if (!question.isOrder()
          || !(column.kind() instanceof ColumnKind.FixedPoint fixed)
          || column.encodings().size() != 1
          || !(result.schemeOf(column.encodings().get(0)) instanceof BfvBackend exact)) {
        throw unfit(question);
      }
      this.kind = fixed;
      this.encoding = column.encodings().get(0);
      this.bfv = exact;
    }

    Answer.Value value() {
      Results.Found found = new Results.Found();
      switch (operation.texts().get(Strategy.STRATEGY)) {
        case ExtremesStrategy.NAME -> extremes(found);
        case MatchStrategy.NAME -> matches(found);
        default -> rows(found);
      }
      return found.answer(question, number(operation), kind);
    }

    private void extremes(Results.Found found) {
      if (encoding.role() != EncodingRole.EXTREMES || !BlockExtremes.fits(kind, bfv.parameters())) {
        throw unfit(question);
      }
      BlockExtremes layout = BlockExtremes.of(kind, bfv.parameters());
      boolean smallest = question.isSmallest();
      Slots slots = new Slots(1);
      for (EncryptedTable.Segment segment : segments) {
        int chunks = segment.chunks(layout.rowsPerCiphertext());
        for (int chunk = 0; chunk < chunks; chunk++) {
          long first = (long) chunk * layout.rowsPerCiphertext();
          layout
              .read(slots.next()[0], smallest, first, segment.rows() - first)
              .forEach(
                  each -> {
                    require(each.value(), each.row(), segment);
                    found.add(each.value(), segment.firstRow() + each.row());
                  });
        }
      }
      slots.requireEnd();
    }

    private void matches(Results.Found found) {
      int group = (int) ResultDecryptor.this.rows(operation, MatchStrategy.GROUP_LAYERS);
      if (group < 1 || group > 1 << 16 || !(kind instanceof ColumnKind.Digits)) {
        throw unfit(question);
      }
      int n = bfv.parameters().slots();
      Slots slots = new Slots(digits() + 1);
      for (EncryptedTable.Segment segment : segments) {
        long groups = ColumnShape.chunks(segment.chunks(n), group);
        for (long g = 0; g < groups; g++) {
          long[][] of = slots.next();
          for (int slot = 0; slot < n; slot++) {
            long code = code(of, slot);
            if (code != 0) {
              long place = residue(of[digits()][slot]) - 1;
              long row = (g * group + place) * n + slot;
              if (place < 0 || place >= group) {
                throw result.corrupt("a match has no row");
              }
              add(found, code, row, segment);
            }
          }
        }
      }
      slots.requireEnd();
    }

    private void rows(Results.Found found) {
      if (encoding.role() != EncodingRole.DIGITS) {
        throw unfit(question);
      }
      int n = bfv.parameters().slots();
      boolean single = operation.numbers().containsKey(RowsStrategy.ROW);
      long only = single ? ResultDecryptor.this.rows(operation, RowsStrategy.ROW) : -1;
      Slots slots = new Slots(digits());
      for (EncryptedTable.Segment segment : segments) {
        for (int chunk = 0; chunk < segment.chunks(n); chunk++) {
          long first = (long) chunk * n;
          int count = (int) Math.min(n, segment.rows() - first);
          long inChunk = only - segment.firstRow() - first;
          if (single && (inChunk < 0 || inChunk >= count)) {
            continue;
          }
          long[][] of = slots.next();
          for (int slot = 0; slot < count; slot++) {
            long code = code(of, slot);
            if (code != 0) {
              add(found, code, first + slot, segment);
            }
          }
        }
      }
      slots.requireEnd();
    }

    private void add(Results.Found found, long code, long row, EncryptedTable.Segment segment) {
      long value = kind.ofCode(code);
      require(value, row, segment);
      found.add(value, segment.firstRow() + row);
    }

    /** A slot that no honest computation made. */
    private void require(long value, long row, EncryptedTable.Segment segment) {
      if (value < kind.least() || value > kind.greatest() || row < 0 || row >= segment.rows()) {
        throw result.corrupt(
            "a value or its row is out of range: it was not computed from this column");
      }
    }

    private int digits() {
      return kind instanceof ColumnKind.Digits sorted ? sorted.layout().digits() : 1;
    }

    private long code(long[][] of, int slot) {
      if (!(kind instanceof ColumnKind.Digits sorted)) {
        return residue(of[0][slot]);
      }
      long[] digits = new long[sorted.layout().digits()];
      for (int i = 0; i < digits.length; i++) {
        digits[i] = residue(of[i][slot]);
      }
      return sorted.layout().code(digits);
    }

    /** The representative in [0, t). */
    private long residue(long slot) {
      return slot < 0 ? slot + bfv.parameters().plainModulus() : slot;
    }

    /** The slots of the parts' chunks, one chunk after the other. */
    private final class Slots {
      private final List<Chunks> parts = new ArrayList<>();
      private int next;

      Slots(int count) {
        if (encoding.parts().size() != count) {
          throw unfit(question);
        }
        for (int part = 0; part < count; part++) {
          parts.add(result.chunks(encoding, part));
        }
      }

      long[][] next() {
        long[][] slots = new long[parts.size()][bfv.parameters().slots()];
        for (int part = 0; part < slots.length; part++) {
          if (next >= parts.get(part).count()) {
            throw unfit(question);
          }
          try (Reference.Ciphertext c = parts.get(part).load(next)) {
            bfv.decrypt(keyOf(bfv), c, slots[part], 0, slots[part].length);
          }
        }
        next++;
        return slots;
      }

      void requireEnd() {
        if (parts.stream().anyMatch(part -> part.count() != next)) {
          throw unfit(question);
        }
      }
    }
  }

  @Override
  public void close() {
    secrets.values().forEach(Reference.SecretKey::close);
    secrets.clear();
  }
}
