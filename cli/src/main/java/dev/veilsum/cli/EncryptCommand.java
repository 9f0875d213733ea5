package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.TableEncryptor;
import dev.veilsum.table.TableKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Encrypts the declared columns of rows. */
@Command(
    name = "encrypt",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Encrypt the declared columns of a CSV or NDJSON file; a column that is not declared is left"
          + " out.",
      "",
      "KIND is real, real(min..max), integer(min..max) or category(label,label,...). The kind, with"
          + " its range and labels, is public; the values are not.",
      ""
    })
final class EncryptCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Secrets secrets;
  @Mixin Output output;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "PUB|KEY",
      required = true,
      description = "Public keys; or the secret key, for a table of about half the size.")
  Path key;

  @Option(
      names = {"-c", "--column"},
      paramLabel = "NAME=KIND",
      description = "A column to encrypt and what it holds; repeatable.")
  List<String> columns = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv or ndjson; by default what the input's name says, else csv.")
  RowFormat format;

  @Parameters(
      arity = "0..1",
      paramLabel = "IN",
      defaultValue = "-",
      description = "The rows; - is standard input, which is the default.")
  String input;

  @Override
  public void run() {
    List<ColumnDeclaration> declared = declarations();
    try (AtomicOutput out = output.openBinary(main.streams())) {
      if (Inputs.isKeyFile(key)) {
        try (MasterKey master = secrets.open(key, main.streams().terminal());
            TableKey tableKey = TableKey.ofSecret(master, main.settings.backend())) {
          encrypt(declared, tableKey, out);
        }
      } else {
        Backend backend = main.settings.backend();
        try (ContainerReader keys =
                Inputs.container(main.streams(), key.toString(), ContainerKind.PUBLIC_KEYS);
            TableKey tableKey = TableKey.ofPublic(keys, backend)) {
          encrypt(declared, tableKey, out);
        }
      }
    }
  }

  private void encrypt(List<ColumnDeclaration> declared, TableKey tableKey, AtomicOutput out) {
    try (CountedInput in = CountedInput.open(main.streams(), input);
        RowSource rows = RowSource.open(in, in.name(), rowFormat(), declared);
        OrderedPool pool = new OrderedPool(main.settings.threads());
        Progress progress = main.progress("encrypting", in.size())) {
      TableEncryptor.Summary written =
          new TableEncryptor(tableKey, pool)
              .encrypt(
                  rows,
                  declared,
                  out,
                  count -> progress.advance(in.size() > 0 ? in.takeCount() : count));
      progress.close();
      report(declared.size(), tableKey, written);
    }
  }

  private void report(int columnCount, TableKey tableKey, TableEncryptor.Summary written) {
    if (main.settings.json && !output.isStandard()) {
      Json.print(
          spec,
          json ->
              json.text("file", output.name())
                  .text("key_id", tableKey.keyId())
                  .number("columns", columnCount)
                  .number("rows", written.rows())
                  .number("bytes", written.bytes()));
      return;
    }
    main.note(
        "wrote %s: %d %s, %d %s, %s"
            .formatted(
                output.name(),
                columnCount,
                columnCount == 1 ? "column" : "columns",
                written.rows(),
                written.rows() == 1 ? "row" : "rows",
                Text.bytes(written.bytes())));
  }

  private RowFormat rowFormat() {
    if (format != null) {
      return format;
    }
    return input.equals("-") ? RowFormat.CSV : RowFormat.of(Path.of(input));
  }

  private List<ColumnDeclaration> declarations() {
    if (columns.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "no column is declared, so nothing would be encrypted; give --column NAME=KIND, for"
              + " example --column temperature=real");
    }
    return columns.stream().map(EncryptCommand::declaration).toList();
  }

  /** Splits at the first = after which a kind stands; a name may have one too. */
  static ColumnDeclaration declaration(String text) {
    int first = text.indexOf('=');
    if (first <= 0) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "--column " + text + ": NAME=KIND is needed, for example " + text + "=real");
    }
    for (int split = first; split > 0; split = text.indexOf('=', split + 1)) {
      if (text.substring(split + 1).matches("(?s)\\s*(real|integer|category)\\b.*")) {
        return new ColumnDeclaration(
            text.substring(0, split), ColumnKind.parse(text.substring(split + 1)));
      }
    }
    return new ColumnDeclaration(
        text.substring(0, first), ColumnKind.parse(text.substring(first + 1)));
  }
}
