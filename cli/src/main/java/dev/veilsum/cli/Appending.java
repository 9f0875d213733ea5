package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.table.EncryptedTable;
import dev.veilsum.table.TableEncryptor;
import dev.veilsum.table.TablePlan;
import java.util.List;

/** {@code encrypt --append}: the table that is there, with more rows, in its place. */
final class Appending {
  private Appending() {}

  static void run(EncryptCommand command) {
    if (command.output.isStandard()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--append adds rows to a table: name it with -o FILE");
    }
    if (command.depth != null) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--depth is chosen when a table is begun, not with --append");
    }
    try (ContainerReader reader = ContainerReader.open(command.output.existing());
        EncryptedTable table = EncryptedTable.open(reader, command.main.settings.backend())) {
      List<ColumnDeclaration> columns = TableEncryptor.columnsOf(table, command.declared());
      TablePlan plan = TablePlan.of(table, columns);
      if (command.predict) {
        command.size(plan).print(command.spec, command.main.settings.json);
        return;
      }
      command.announce(plan);
      command.withKey(
          key -> {
            try (AtomicOutput out = command.output.replace()) {
              command.report(
                  columns.size(),
                  key,
                  command.reading(
                      columns,
                      (encryptor, rows, progress) ->
                          encryptor.append(table, rows, columns, out, progress),
                      key));
            }
          });
    }
  }
}
