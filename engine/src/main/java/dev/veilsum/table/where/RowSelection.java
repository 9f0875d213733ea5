package dev.veilsum.table.where;

import java.util.List;

/** Which rows are meant: the plan of a condition, or a condition that is itself encrypted. */
public sealed interface RowSelection permits MaskPlan, EncryptedSelection {
  /** What is known of the rows without any key. */
  enum Form {
    /** All of them: there is nothing to compute. */
    ALL,
    /** None of them: there is nothing to compute. */
    NONE,
    /** Those of a public vector of bits, made of tokens: {@link MaskEvaluator#publicBits}. */
    PUBLIC,
    /** Those of an encrypted mask: {@link MaskEvaluator#mask}. */
    ENCRYPTED
  }

  Form form();

  /** What it takes for one chunk of rows. */
  MaskCost cost();

  /** The columns whose masks or tokens are read, which whoever computes sees. */
  List<String> columns();

  /** The condition's canonical text; of an encrypted one, what is to be seen of it. */
  String text();
}
