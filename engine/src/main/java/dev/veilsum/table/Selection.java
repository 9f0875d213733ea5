package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.where.MaskPlan;
import dev.veilsum.table.where.RowSelection;
import java.util.List;

/**
 * Which rows a question is about: a condition in the clear, which is the same under every parameter
 * set, or an encrypted one, whose selectors are encrypted under each set that it is used with.
 */
public interface Selection {
  /** The selection for masks of a parameter set. */
  RowSelection under(RlweParameters set);

  /** What is known of it without any parameter set. */
  RowSelection.Form form();

  /** The columns whose masks or tokens it reads. */
  List<String> columns();

  /** What whoever computes sees of the condition. */
  String text();

  /** The rows that fulfil a condition. */
  static Selection of(MaskPlan plan) {
    return new Selection() {
      @Override
      public RowSelection under(RlweParameters set) {
        return plan;
      }

      @Override
      public RowSelection.Form form() {
        return plan.form();
      }

      @Override
      public List<String> columns() {
        return plan.columns();
      }

      @Override
      public String text() {
        return plan.text();
      }
    };
  }

  /** The rows that an encrypted condition selects. */
  static Selection of(QueryFile query, Sources sources) {
    return new Selection() {
      @Override
      public RowSelection under(RlweParameters set) {
        if (sources.scheme(set) instanceof BfvBackend scheme) {
          return query.selection(scheme);
        }
        throw new VeilsumException(
            ErrorCode.PARAMETER_MISMATCH,
            "an encrypted condition selects rows of exact columns only; ask integer, decimal,"
                + " sorted or time columns");
      }

      @Override
      public RowSelection.Form form() {
        return RowSelection.Form.ENCRYPTED;
      }

      @Override
      public List<String> columns() {
        return List.copyOf(query.columns().keySet());
      }

      @Override
      public String text() {
        return "encrypted, on " + String.join(", ", columns());
      }
    };
  }
}
