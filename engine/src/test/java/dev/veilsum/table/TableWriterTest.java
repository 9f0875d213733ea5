package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWriterTest {
  private static final RlweParameters SET = Presets.TABLE_REAL.parameters();

  @TempDir Path folder;

  /** Chunks, empty here, until the writer refuses one; then the table without that one. */
  @Test
  void whatIsWrittenCanBeReadBackUpToTheLargestTable() {
    Path file = folder.resolve("large.vsm");
    int chunks = 0;
    try (MasterKey master = MasterKey.generate();
        ContainerWriter container =
            new ContainerWriter(
                AtomicOutput.create(file, false, AtomicOutput.Access.USUAL), ContainerKind.TABLE)) {
      TableWriter writer = new TableWriter(container, master.keyId(), List.of(SET));
      TableWriter.Encoding column =
          writer
              .addColumn("x", ColumnKind.Real.DEFAULT, Optional.empty())
              .addEncoding(EncodingRole.VALUES, SET, 1);
      VeilsumException refused = null;
      while (refused == null) {
        refused =
            catchThrowableOfType(
                VeilsumException.class, () -> column.addChunk(0, ByteBuffer.allocate(0)));
        chunks += refused == null ? 1 : 0;
      }
      assertThat(refused.code()).isEqualTo(ErrorCode.OUT_OF_RANGE);
      assertThat(chunks).isGreaterThan(500_000);
      writer.finish(1);
    }
    try (ContainerReader container = ContainerReader.open(file)) {
      assertThat(TableMetadata.read(container).columns().get(0).encodings().get(0).parts().get(0))
          .hasSize(chunks);
    }
  }
}
