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
import dev.veilsum.table.TablePlan;
import dev.veilsum.table.TableScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
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
      "KIND is one of",
      "  real, real(min..max[; where])    approximate numbers",
      "  integer(min..max[; squares])     exact whole numbers",
      "  decimal(min..max[; squares])     exact numbers of as many places as the bounds",
      "  category(label,label,...)        labels",
      "  ordered(step, min..max[; floor]) numbers in buckets",
      "  sorted(min..max[; layout=b])     numbers, rows ascending",
      "  time(from..to[; step=1h][; zone=Europe/Berlin][; layout=b])  times, rows ascending",
      "  token                            texts to be searched for; with the secret key",
      "The kind, with its range and labels, is public; the values are not.",
      ""
    })
final class EncryptCommand implements Runnable {
  private static final Pattern KIND =
      Pattern.compile("(?s)\\s*(real|integer|decimal|category|ordered|sorted|time|token)\\b.*");

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
      description =
          "A column to encrypt and what it holds; repeatable. 'SOURCE as NAME=KIND' gives it another"
              + " name, so that one column of the input may be laid down in several kinds.")
  List<String> columns = new ArrayList<>();

  @Option(
      names = "--depth",
      paramLabel = "DEPTH",
      description =
          "shallow or deep: how many multiplications the integers afford, 1 or 3; by default what"
              + " conditions over all columns take.")
  TableScheme.Depth depth;

  @Option(
      names = "--append",
      description =
          "Add the rows to the table that -o names; columns are the table's, and need not be"
              + " declared.")
  boolean append;

  @Option(names = "--predict", description = "Only say how large the table would be.")
  boolean predict;

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
    if (append) {
      Appending.run(this);
      return;
    }
    TablePlan plan = TablePlan.of(declarations(), Optional.ofNullable(depth));
    if (predict) {
      size(plan).print(spec, main.settings.json);
      return;
    }
    try (AtomicOutput out = output.openBinary(main.streams())) {
      announce(plan);
      withKey(tableKey -> encrypt(plan, tableKey, out));
    }
  }

  SizePrediction size(TablePlan plan) {
    return SizePrediction.of(plan, !append, Inputs.isKeyFile(key), input, rowFormat());
  }

  /** Says how large the table will be, where somebody watches. */
  void announce(TablePlan plan) {
    if (main.streams().terminal().isError()) {
      main.note(size(plan).text());
    }
  }

  /** Opens the key, the secret one or public ones. */
  void withKey(Consumer<TableKey> use) {
    if (Inputs.isKeyFile(key)) {
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          TableKey tableKey = TableKey.ofSecret(master, main.settings.backend())) {
        use.accept(tableKey);
      }
      return;
    }
    Backend backend = main.settings.backend();
    try (ContainerReader keys =
            Inputs.container(main.streams(), key.toString(), ContainerKind.PUBLIC_KEYS);
        TableKey tableKey = TableKey.ofPublic(keys, backend)) {
      use.accept(tableKey);
    }
  }

  private void encrypt(TablePlan plan, TableKey tableKey, AtomicOutput out) {
    TableEncryptor.Summary written =
        reading(
            plan.declarations(),
            (encryptor, rows, progress) -> encryptor.encrypt(rows, plan, out, progress),
            tableKey);
    report(plan.declarations().size(), tableKey, written);
  }

  /** What is done with the rows of the input. */
  @FunctionalInterface
  interface Reading {
    TableEncryptor.Summary run(TableEncryptor encryptor, RowSource rows, LongConsumer progress);
  }

  /** Opens the input, and shows how far it was read. */
  TableEncryptor.Summary reading(
      List<ColumnDeclaration> declared, Reading work, TableKey tableKey) {
    if (!input.equals("-")) {
      Inputs.refuse(Path.of(input), "rows of CSV or JSON lines");
    }
    try (CountedInput in = CountedInput.open(main.streams(), input);
        RowSource rows = RowSource.open(in, in.name(), rowFormat(), declared);
        OrderedPool pool = new OrderedPool(main.settings.threads());
        Progress progress = main.progress("encrypting", in.size())) {
      return work.run(
          new TableEncryptor(tableKey, pool),
          rows,
          count -> progress.advance(in.size() > 0 ? in.takeCount() : count));
    }
  }

  void report(int columnCount, TableKey tableKey, TableEncryptor.Summary written) {
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

  RowFormat rowFormat() {
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
    return declared();
  }

  /** The columns as they are given, perhaps none. */
  List<ColumnDeclaration> declared() {
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
    int split = first;
    for (int at = first; at > 0; at = text.indexOf('=', at + 1)) {
      if (KIND.matcher(text.substring(at + 1)).matches()) {
        split = at;
        break;
      }
    }
    return named(text.substring(0, split), ColumnKind.parse(text.substring(split + 1)));
  }

  private static ColumnDeclaration named(String name, ColumnKind kind) {
    int as = name.lastIndexOf(" as ");
    return as <= 0
        ? new ColumnDeclaration(name, kind)
        : new ColumnDeclaration(name.substring(as + 4).strip(), kind, name.substring(0, as));
  }
}
