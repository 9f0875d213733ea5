package dev.veilsum.table;

import dev.veilsum.file.ColumnKind;
import dev.veilsum.params.RlweParameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A number of rows that anybody can see: of all, of none, or of those with some tokens. */
final class PublicCount extends Strategy {
  static final String NAME = "public";

  /** The number that stands in the result. */
  static final String ROWS = "rows";

  private final long count;

  PublicCount(Sources sources, Asked asked, long count) {
    super(sources, asked);
    this.count = count;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<RlweParameters> sets() {
    return List.of();
  }

  @Override
  void write(TableWriter writer) {
    writer.addColumn(asked.label(), kind(), Optional.of(operation(Map.of(ROWS, (double) count))));
  }

  private ColumnKind kind() {
    return asked.columns().isEmpty()
        ? new ColumnKind.Integer(0, Math.max(1, sources.rows()))
        : sources.first().column(asked.columns().get(0)).kind();
  }

  @Override
  Explanation explain() {
    return new Explanation(
        text(),
        NAME,
        "the number of rows, and which rows have which tokens, is public",
        "exact",
        0,
        0,
        0,
        0,
        0,
        0,
        OptionalDouble.empty(),
        OptionalDouble.of(0),
        "the number",
        "the number");
  }
}
