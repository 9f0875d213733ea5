package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.EncryptedTable;
import dev.veilsum.table.QueryFile;
import dev.veilsum.table.TableKey;
import dev.veilsum.table.where.Condition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Encrypts a condition, so that whoever computes with it does not learn what is asked. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Encrypt a condition on category, ordered and time (step=) columns, to be given to compute"
          + " --query.",
      "",
      "Whoever computes with the file sees which columns it is about and how many labels or buckets"
          + " they have; not which of them it selects, and not how many rows. Columns are joined by"
          + " \"and\" only or by \"or\" only, which is seen too; labels and buckets of one column in any way. The file has one ciphertext for"
          + " each label or bucket of its columns, whatever is asked. The key holder who decrypts"
          + " the result sees the answer, and is not told the question.",
      ""
    })
final class QueryCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Secrets secrets;
  @Mixin Output output;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "PUB|KEY",
      required = true,
      description = "Public keys; or the secret key, for a query of about half the size.")
  Path key;

  @Option(
      names = {"-w", "--where"},
      paramLabel = "COND",
      required = true,
      description =
          "The condition, as for compute --where: for example \"weather in (rain, fog)\".")
  String where;

  @Option(
      names = "--table-of",
      paramLabel = "TABLE",
      description = "The table that will be asked; its columns and parameters are taken from it.")
  String table;

  @Option(
      names = {"-c", "--column"},
      paramLabel = "NAME=KIND",
      description = "Without a table: what a column holds, as it was encrypted; repeatable.")
  List<String> columns = new ArrayList<>();

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Only for masks under these parameters (repeatable): a smaller file. By default for all"
              + " of the table's; table-integer without a table.")
  List<String> presets = new ArrayList<>();

  @Option(names = "--predict", description = "Only say how large the file would be.")
  boolean predict;

  @Override
  public void run() {
    Condition condition = Condition.parse(where);
    if ((table == null) == columns.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "give the table as --table-of, or its columns as --column NAME=KIND");
    }
    Asked asked = table == null ? ofDeclarations() : ofTable(condition.columns());
    if (predict) {
      long bytes =
          QueryFile.predictedBytes(condition, asked.kinds(), asked.sets(), Inputs.isKeyFile(key));
      print(condition, bytes);
      return;
    }
    try (AtomicOutput out = output.openBinary(main.streams())) {
      if (Inputs.isKeyFile(key)) {
        try (MasterKey master = secrets.open(key, main.streams().terminal());
            TableKey tableKey = TableKey.ofSecret(master, main.settings.backend())) {
          write(condition, asked, tableKey, out);
        }
      } else {
        Backend backend = main.settings.backend();
        try (ContainerReader keys =
                Inputs.container(main.streams(), key.toString(), ContainerKind.PUBLIC_KEYS);
            TableKey tableKey = TableKey.ofPublic(keys, backend)) {
          write(condition, asked, tableKey, out);
        }
      }
    }
  }

  /** The columns that may be named, the parameters of their masks, and the table's key. */
  private record Asked(
      Map<String, ColumnKind> kinds, List<BfvParameters> sets, Optional<KeyId> keyId) {}

  private Asked ofTable(Set<String> named) {
    try (ContainerReader container = Inputs.container(main.streams(), table, ContainerKind.TABLE);
        EncryptedTable opened = EncryptedTable.open(container, main.settings.backend())) {
      Map<String, ColumnKind> kinds = new LinkedHashMap<>();
      for (ColumnEntry column : opened.columns()) {
        kinds.put(column.name(), column.kind());
      }
      List<BfvParameters> sets = QueryFile.setsOf(opened, named);
      return new Asked(kinds, chosen(sets), Optional.of(opened.keyId()));
    }
  }

  private Asked ofDeclarations() {
    Map<String, ColumnKind> kinds = new LinkedHashMap<>();
    for (String column : columns) {
      ColumnDeclaration declared = EncryptCommand.declaration(column);
      kinds.put(declared.name(), declared.kind());
    }
    List<BfvParameters> sets =
        presets.isEmpty() ? List.of(Presets.TABLE_INTEGER.parameters()) : chosen(null);
    return new Asked(kinds, sets, Optional.empty());
  }

  /** The named presets, which are among these sets where there are any to choose from. */
  private List<BfvParameters> chosen(List<BfvParameters> sets) {
    if (presets.isEmpty()) {
      return sets;
    }
    List<BfvParameters> chosen = new ArrayList<>();
    for (String preset : presets) {
      RlweParameters named = Presets.named(preset).parameters();
      if (!(named instanceof BfvParameters exact) || sets != null && !sets.contains(exact)) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "--preset %s: %s"
                .formatted(
                    preset,
                    sets == null
                        ? "conditions are encrypted under parameters of whole numbers"
                        : "the table has no masks of these columns under it"));
      }
      if (!chosen.contains(exact)) {
        chosen.add(exact);
      }
    }
    return chosen;
  }

  private void write(Condition condition, Asked asked, TableKey tableKey, AtomicOutput out) {
    if (asked.keyId().isPresent() && !asked.keyId().get().equals(tableKey.keyId())) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "%s is encrypted for key %s, and %s is of key %s; give that table's key"
              .formatted(table, asked.keyId().get(), key, tableKey.keyId()));
    }
    try (Progress progress = main.ticking("encrypting the condition")) {
      long bytes = QueryFile.write(out, tableKey, condition, asked.kinds(), asked.sets());
      progress.close();
      if (main.settings.json && !output.isStandard()) {
        print(condition, bytes);
      } else {
        main.note(
            "wrote %s: a condition on %s, %s"
                .formatted(
                    output.name(), String.join(", ", condition.columns()), Text.bytes(bytes)));
      }
    }
  }

  private void print(Condition condition, long bytes) {
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.text("file", output.name())
                  .text("columns", String.join(", ", condition.columns()))
                  .number("bytes", bytes));
    } else {
      spec.commandLine().getOut().println("about " + Text.bytes(bytes));
    }
  }
}
