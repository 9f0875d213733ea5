package dev.veilsum.table.where;

import dev.veilsum.backend.Reference;

/** The rows of one chunk of a segment, as a mask is computed from them. */
public interface MaskChunk {
  /** How many rows it has: at least 1, at most the slots of a ciphertext. */
  int rows();

  /**
   * Loads a part of a column's masks under the evaluator's parameters: the mask of label {@code
   * part}, or the thermometer mask of bucket {@code part + 1}. Fresh, of degree 1; the evaluator
   * closes it.
   */
  Reference.Ciphertext load(String column, int part);

  /**
   * The blind token of a row in a token column: 32 hexadecimal digits in small letters.
   *
   * @param row from 0, in this chunk
   */
  String token(String column, int row);
}
