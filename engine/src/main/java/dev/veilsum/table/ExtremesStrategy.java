package dev.veilsum.table;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.SectionType;
import dev.veilsum.params.RlweParameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The extremes of a whole column (E0): the encryptor laid down the largest and smallest values of
 * each block of rows, and the key holder takes the extremes of these. Nothing is computed.
 */
final class ExtremesStrategy extends Strategy {
  static final String NAME = "extremes";

  private final String column;
  private final RlweParameters set;

  ExtremesStrategy(Sources sources, Asked asked, RlweParameters set) {
    super(sources, asked);
    this.column = asked.columns().get(0);
    this.set = set;
  }

  @Override
  String name() {
    return NAME;
  }

  @Override
  List<RlweParameters> sets() {
    return List.of(set);
  }

  @Override
  void write(TableWriter writer) {
    ColumnEntry first = sources.first().column(column);
    int rowsPerChunk = encoding(sources.first()).rowsPerChunk();
    TableWriter.Encoding out =
        writer
            .addColumn(column, first.kind(), Optional.of(operation(Map.of())))
            .addEncoding(EncodingRole.EXTREMES, set, rowsPerChunk, 1);
    for (EncryptedTable table : sources.tables()) {
      for (int section : encoding(table).parts().get(0)) {
        out.addChunk(0, table.container().read(SectionType.CIPHERTEXT, section));
      }
    }
  }

  private ColumnEncoding encoding(EncryptedTable table) {
    return Sources.encoding(table, column, EncodingRole.EXTREMES, set);
  }

  @Override
  Explanation explain() {
    long chunks = sources.tables().stream().mapToLong(t -> encoding(t).chunks()).sum();
    OptionalDouble noise = OptionalDouble.empty();
    OptionalDouble seconds = OptionalDouble.empty();
    long bytes = 0;
    for (EncryptedTable table : sources.tables()) {
      for (int section : encoding(table).parts().get(0)) {
        bytes += table.container().length(SectionType.CIPHERTEXT, section);
      }
      if (noise.isEmpty() && encoding(table).chunks() > 0) {
        long start = System.nanoTime();
        try (Reference.Ciphertext first = table.chunks(encoding(table), 0).load(0)) {
          noise = OptionalDouble.of(((BfvBackend) sources.scheme(set)).noiseBudgetBits(first));
        }
        seconds = OptionalDouble.of((System.nanoTime() - start) * 1e-9 * chunks);
      }
    }
    return new Explanation(
        text(),
        NAME,
        "the extremes of each block of rows were laid down when they were encrypted",
        "exact",
        0,
        0,
        0,
        0,
        chunks,
        bytes,
        noise,
        seconds,
        "the %d largest and smallest values of each block of %d rows, and their rows"
            .formatted(BlockExtremes.KEPT, TableScheme.rowsPerChunk(set)),
        serverSees());
  }
}
