package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.Operation;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.where.RowSelection;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** One way of answering one question without a key, and of saying beforehand what it costs. */
abstract sealed class Strategy
    permits PublicCount, TotalsStrategy, ExtremesStrategy, MatchStrategy, RowsStrategy {
  /** The note by which an answer says how it was computed. */
  static final String STRATEGY = "strategy";

  /** The note with the condition. */
  static final String WHERE = "where";

  /** The number k, or the rank of a percentile. */
  static final String NUMBER = "number";

  final Sources sources;
  final Asked asked;

  Strategy(Sources sources, Asked asked) {
    this.sources = sources;
    this.asked = asked;
  }

  /** The name in results and explanations. */
  abstract String name();

  /** The parameter sets that the answer is under. */
  abstract List<RlweParameters> sets();

  /** Computes, and writes the answer as one column. */
  abstract void write(TableWriter writer);

  /** What it will do; rehearses one chunk where there is something to compute. */
  abstract Explanation explain();

  /** What was computed, as it stands in the result. */
  final Operation operation(Map<String, Double> numbers) {
    Map<String, Double> all = new LinkedHashMap<>(numbers);
    asked.number().ifPresent(number -> all.put(NUMBER, number));
    Map<String, String> texts = new LinkedHashMap<>(asked.notes());
    texts.put(STRATEGY, name());
    asked.where().ifPresent(where -> texts.put(WHERE, where.text()));
    return new Operation(asked.question().text(), asked.columns(), all, texts);
  }

  /** The question with its condition, for people. */
  final String text() {
    String number =
        asked.number().isPresent()
            ? " "
                + new BigDecimal(asked.number().getAsDouble()).stripTrailingZeros().toPlainString()
            : "";
    return asked.question().text()
        + number
        + " of "
        + (asked.columns().isEmpty() ? "rows" : asked.label())
        + asked.where().map(where -> " where " + where.text()).orElse("");
  }

  /** What whoever computes learns from the condition. */
  final String serverSees() {
    return asked.where().isEmpty()
        ? "the question"
        : asked.where().get().form() == RowSelection.Form.PUBLIC
            ? "the question, its tokens, and which rows have them"
            : "the question and its condition as shown";
  }

  /**
   * What {@code computing} returns; what the noise budget, or the modulus, does not hold is told in
   * products and with what to do.
   *
   * @param set that it is computed under
   * @param layers products in a row, those with public bits among them; asked for the message only
   */
  final <T> T fitting(RlweParameters set, IntSupplier layers, Supplier<T> computing) {
    try {
      return computing.get();
    } catch (VeilsumException e) {
      if (e.code() != ErrorCode.NOISE_BUDGET && e.code() != ErrorCode.DEPTH) {
        throw e;
      }
      boolean real = set instanceof CkksParameters;
      boolean shallow = set.equals(TableScheme.integer(TableScheme.Depth.SHALLOW));
      throw new VeilsumException(
          ErrorCode.NOISE_BUDGET,
          "%s takes %d product%s in a row, more than %s of this table afford; %s"
              .formatted(
                  text(),
                  layers.getAsInt(),
                  layers.getAsInt() == 1 ? "" : "s",
                  real ? "real columns" : TableScheme.isSorted(set) ? "sorted columns" : "integers",
                  real
                      ? "declare the column decimal(min..max), which affords more"
                          + (asked.question() == Question.VARIANCE
                              ? ", or with squares, for a condition on one column"
                              : "")
                      : shallow
                          ? "encrypt it with --depth deep, or ask with conditions on fewer columns"
                          : "ask with conditions on fewer columns"),
          e);
    }
  }

  static ByteBuffer packed(SchemeBackend scheme, Reference.Ciphertext c) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(scheme.packedBytes(c));
    scheme.packCiphertext(c, bytes);
    return bytes.flip();
  }
}
