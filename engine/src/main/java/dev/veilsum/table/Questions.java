package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.where.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Answers questions without any key: the server's part. Several tables under one key are taken as
 * one, their rows one after the other.
 */
public final class Questions {
  private final Sources sources;
  private final Strategies strategies;

  /**
   * @param tables at least one, all under the same key
   * @param pool where work is done; stays open
   * @throws VeilsumException KEY_MISMATCH where they are not; USAGE where there is none
   */
  public Questions(List<EncryptedTable> tables, OrderedPool pool) {
    this.sources = new Sources(tables);
    this.strategies = new Strategies(sources, pool);
  }

  /** The kinds of the columns, by name. */
  public Map<String, ColumnKind> kinds() {
    return sources.kinds();
  }

  /**
   * The rows that fulfil a condition.
   *
   * @throws VeilsumException BAD_INPUT for a column that is not there; USAGE for what its kind
   *     cannot tell exactly; PARAMETER_MISMATCH where tables declare it differently
   */
  public Selection where(Condition condition) {
    return sources.select(condition);
  }

  /** The same, from its text. */
  public Selection where(String condition) {
    return where(Condition.parse(condition));
  }

  /**
   * The rows that an encrypted condition selects; its file stays open until the question is
   * answered.
   *
   * @throws VeilsumException KEY_MISMATCH, BAD_INPUT or PARAMETER_MISMATCH where it was not made
   *     for these tables
   */
  public Selection where(QueryFile query) {
    return sources.select(query);
  }

  /**
   * How a question will be answered, and at what cost; nothing is written.
   *
   * @throws VeilsumException as {@link #ask}
   */
  public Explanation explain(Asked asked) {
    return sources.first().naming(() -> strategies.choose(asked).explain());
  }

  /**
   * Answers questions and writes the encrypted results into one file.
   *
   * @throws VeilsumException BAD_INPUT for a column that is not there; USAGE for one whose kind
   *     cannot answer; OUT_OF_RANGE for a total that could wrap; NOISE_BUDGET; MISSING_KEY
   */
  public void ask(List<Asked> questions, AtomicOutput out) {
    if (questions.isEmpty()) {
      throw new VeilsumException(ErrorCode.USAGE, "no question was asked");
    }
    List<Strategy> chosen = questions.stream().map(strategies::choose).toList();
    try (ContainerWriter container = new ContainerWriter(out, ContainerKind.RESULT)) {
      TableWriter writer =
          new TableWriter(
              container,
              sources.first().keyId(),
              chosen.stream().flatMap(each -> each.sets().stream()).distinct().toList());
      writer.expectSegments(sources.segments().size());
      chosen.forEach(each -> each.write(writer));
      writer.finish(sources.segments());
    }
  }

  /**
   * Answers one question about each of the columns (about both of them, for {@link Question#DOT}).
   *
   * @throws VeilsumException as the other
   */
  public void ask(Question question, List<String> columns, AtomicOutput out) {
    ask(each(question, columns, OptionalDouble.empty()), out);
  }

  /**
   * One question for each column, or one about the rows or about both.
   *
   * @param number k, or the rank of a percentile
   */
  public List<Asked> each(Question question, List<String> columns, OptionalDouble number) {
    if (columns.isEmpty() && question != Question.COUNT
        || question == Question.DOT && columns.size() != 2) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s is about %d column%s, not %d; there are %s"
              .formatted(
                  question.text(),
                  question.columns(),
                  question.columns() == 1 ? "" : "s",
                  columns.size(),
                  sources.first().columns().stream().map(ColumnEntry::name).toList()));
    }
    if (columns.isEmpty() || question == Question.DOT) {
      return List.of(asked(question, columns, number));
    }
    return columns.stream()
        .distinct()
        .map(column -> asked(question, List.of(column), number))
        .toList();
  }

  private static Asked asked(Question question, List<String> columns, OptionalDouble number) {
    return new Asked(question, columns, Optional.empty(), number, Map.of());
  }
}
