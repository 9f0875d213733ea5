package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.Operation;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers questions about columns without any key: the server's part. Several tables under one key
 * are taken as one, their rows one after the other.
 */
public final class Questions {
  private final List<EncryptedTable> tables;
  private final OrderedPool pool;

  /**
   * @param tables at least one, all under the same key
   * @param pool where sums are taken; stays open
   * @throws VeilsumException KEY_MISMATCH where they are not; USAGE where there is none
   */
  public Questions(List<EncryptedTable> tables, OrderedPool pool) {
    if (tables.isEmpty()) {
      throw new VeilsumException(ErrorCode.USAGE, "no table was given");
    }
    for (EncryptedTable table : tables) {
      SameKey.require(tables.get(0), table);
    }
    this.tables = List.copyOf(tables);
    this.pool = pool;
  }

  /**
   * Answers one question, about each of the columns (or about their product, for {@link
   * Question#DOT}), and writes the encrypted result.
   *
   * @throws VeilsumException BAD_INPUT for a column that is not there; USAGE for one that cannot
   *     answer; OUT_OF_RANGE for a total that could wrap; NOISE_BUDGET; MISSING_KEY
   */
  public void ask(Question question, List<String> columns, AtomicOutput out) {
    List<Asked> asked = resolve(question, columns);
    long rows = tables.stream().mapToLong(EncryptedTable::rows).reduce(0, Math::addExact);
    if (rows == 0) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, tables.get(0).name() + " has no rows");
    }
    asked.forEach(each -> each.requireRange(rows));
    List<RlweParameters> sets = asked.stream().map(Asked::parameters).distinct().toList();
    try (ContainerWriter container = new ContainerWriter(out, ContainerKind.RESULT)) {
      TableWriter writer = new TableWriter(container, tables.get(0).keyId(), sets);
      asked.forEach(each -> each.answer(writer));
      writer.finish(rows);
    }
  }

  private List<Asked> resolve(Question question, List<String> columns) {
    if (columns.isEmpty() || columns.size() < question.columns()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s is about %d column%s; name %s"
              .formatted(
                  question.text(),
                  question.columns(),
                  question.columns() == 1 ? "" : "s",
                  tables.get(0).columns().stream().map(ColumnEntry::name).toList()));
    }
    if (question == Question.DOT) {
      if (columns.size() > 2) {
        throw new VeilsumException(
            ErrorCode.USAGE, "dot is about 2 columns, not " + columns.size());
      }
      return List.of(new Asked(question, columns));
    }
    return columns.stream().distinct().map(c -> new Asked(question, List.of(c))).toList();
  }

  /** One question about one column, or two. */
  private final class Asked {
    private final Question question;
    private final List<String> names;
    private final ColumnEntry first;

    Asked(Question question, List<String> names) {
      this.question = question;
      this.names = names;
      this.first = tables.get(0).column(names.get(0));
      for (EncryptedTable table : tables) {
        for (String name : names) {
          ColumnEntry column = table.column(name);
          question.requireKind(name, column.kind());
          requireAlike(table, column);
        }
      }
    }

    RlweParameters parameters() {
      return tables.get(0).parametersOf(tables.get(0).mainEncoding(first));
    }

    /** All columns of a question are of one kind and under the same parameters. */
    private void requireAlike(EncryptedTable table, ColumnEntry column) {
      boolean alike =
          column.kind().getClass() == first.kind().getClass()
              && table.parametersOf(table.mainEncoding(column)).equals(parameters());
      boolean sameLabels =
          !(column.kind() instanceof ColumnKind.Category) || column.kind().equals(first.kind());
      if (!alike || !sameLabels) {
        throw new VeilsumException(
            ErrorCode.PARAMETER_MISMATCH,
            "%s of %s (%s) and %s (%s) of %s: columns of one kind are needed; declare both alike"
                .formatted(
                    question.text(),
                    first.name(),
                    first.kind().text(),
                    column.name(),
                    column.kind().text(),
                    table.name()));
      }
    }

    void requireRange(long rows) {
      for (Question.Total total : question.totals()) {
        for (EncryptedTable table : tables) {
          var magnitude = TotalBounds.magnitude(table.column(names.get(0)).kind());
          if (total != Question.Total.SUM) {
            String other = names.get(names.size() - 1);
            magnitude = magnitude.multiply(TotalBounds.magnitude(table.column(other).kind()));
          }
          String what = "the %s of %s".formatted(question.text(), String.join(" and ", names));
          TotalBounds.require(table.name(), parameters(), what, rows, magnitude);
        }
      }
    }

    void answer(TableWriter writer) {
      List<Reference.Ciphertext> totals = new ArrayList<>();
      try {
        if (question == Question.COUNT) {
          int masks = first.kind() instanceof ColumnKind.Category c ? c.masks() : 0;
          for (int label = 0; label < masks; label++) {
            totals.add(total(Question.Total.SUM, label));
          }
        }
        for (Question.Total total : question.totals()) {
          totals.add(total(total, 0));
        }
        write(writer, totals);
      } finally {
        totals.forEach(Reference::close);
      }
    }

    /** A total over all rows of all tables, in every slot. */
    private Reference.Ciphertext total(Question.Total total, int part) {
      Reference.Ciphertext sum = null;
      for (EncryptedTable table : tables) {
        if (table.rows() == 0) {
          continue;
        }
        Reference.Ciphertext ofTable = table.naming(() -> slotTotals(table, total, part));
        if (sum == null) {
          sum = ofTable;
          continue;
        }
        try (Reference.Ciphertext before = sum;
            ofTable) {
          sum = Scales.add(scheme(), before, ofTable);
        }
      }
      try (Reference.Ciphertext slots = sum) {
        return tables
            .get(0)
            .naming(() -> SlotFold.fold(scheme(), slots, tables.get(0).keysOf(parameters())));
      }
    }

    /** The totals of each slot, of degree 1. */
    private Reference.Ciphertext slotTotals(EncryptedTable table, Question.Total total, int part) {
      ColumnEntry a = table.column(names.get(0));
      ColumnSums sums = new ColumnSums(scheme(), pool);
      Chunks chunks = table.chunks(table.mainEncoding(a), part);
      if (total == Question.Total.SUM) {
        return sums.sum(chunks);
      }
      String other = names.get(names.size() - 1);
      Chunks factors =
          other.equals(names.get(0))
              ? chunks
              : table.chunks(table.mainEncoding(table.column(other)), part);
      try (Reference.Ciphertext products = sums.dot(chunks, factors)) {
        return scheme().relinearize(products, tables.get(0).keysOf(parameters()));
      }
    }

    private SchemeBackend scheme() {
      return tables.get(0).schemeOf(parameters());
    }

    private void write(TableWriter writer, List<Reference.Ciphertext> totals) {
      TableWriter.Encoding column =
          writer
              .addColumn(
                  String.join("*", names),
                  first.kind(),
                  Optional.of(new Operation(question.text(), names, Map.of())))
              .addEncoding(EncodingRole.TOTALS, parameters(), totals.size());
      for (int i = 0; i < totals.size(); i++) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(scheme().packedBytes(totals.get(i)));
        scheme().packCiphertext(totals.get(i), bytes);
        column.addChunk(i, bytes.flip());
      }
    }
  }
}
