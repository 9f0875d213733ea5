package dev.veilsum.table;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.io.AtomicOutput;

/**
 * The encrypted answer of one question, with the type that it has once it is decrypted ({@link
 * ResultDecryptor}). There is no key in it.
 *
 * @param <T> what the answer is
 */
public final class EncryptedResult<T> implements AutoCloseable {
  private final ContainerReader container;
  private final AnswerType<T> type;

  private EncryptedResult(ContainerReader container, AnswerType<T> type) {
    this.container = container;
    this.type = type;
  }

  /**
   * Takes up a file of one answer, as somebody else computed it; closes it in the end.
   *
   * @param type what was asked for, as {@link TypedQuestion#type} has it
   * @throws VeilsumException BAD_INPUT for a file of another kind, which is closed
   */
  public static <T> EncryptedResult<T> open(ContainerReader container, AnswerType<T> type) {
    try {
      return new EncryptedResult<>(container.require(ContainerKind.RESULT), type);
    } catch (VeilsumException e) {
      container.close();
      throw e;
    }
  }

  /** What the answer is read as. */
  public AnswerType<T> type() {
    return type;
  }

  /** Writes the file that goes to the key holder. */
  public void save(AtomicOutput out) {
    container.copyTo(out);
  }

  ContainerReader container() {
    return container;
  }

  @Override
  public void close() {
    container.close();
  }
}
