package dev.veilsum.table;

import dev.veilsum.file.ContainerReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import java.util.List;

/**
 * A question about the rows of open tables that knows the type of its answer; nothing is computed
 * until it is asked. Immutable; its tables stay open until then.
 *
 * @param <T> what the answer is, once it is decrypted
 */
public final class TypedQuestion<T> {
  private final List<EncryptedTable> tables;
  private final Asked asked;
  private final AnswerType<T> type;

  TypedQuestion(List<EncryptedTable> tables, Asked asked, AnswerType<T> type) {
    this.tables = tables;
    this.asked = asked;
    this.type = type;
  }

  /** The question without its type, to be asked with others in one file ({@link Questions#ask}). */
  public Asked asked() {
    return asked;
  }

  /** What the answer is read as. */
  public AnswerType<T> type() {
    return type;
  }

  /**
   * How it will be answered, and at what cost; computes no more than a rehearsal on one chunk, on
   * one thread.
   *
   * @throws dev.veilsum.VeilsumException as {@link #ask}
   */
  public Explanation explain() {
    try (OrderedPool one = new OrderedPool(1)) {
      return new Questions(tables, one).explain(asked);
    }
  }

  /**
   * Computes the answer without any key. It is kept in a private temporary file until it is closed.
   *
   * @param pool where work is done; stays open
   * @throws dev.veilsum.VeilsumException as {@link Questions#ask}
   */
  public EncryptedResult<T> ask(OrderedPool pool) {
    return EncryptedResult.open(
        ContainerReader.spooled("the answer of " + asked.label(), out -> ask(pool, out)), type);
  }

  /** Computes the answer into a file of its own, which {@link EncryptedResult#open} takes up. */
  public void ask(OrderedPool pool, AtomicOutput out) {
    new Questions(tables, pool).ask(List.of(asked), out);
  }
}
