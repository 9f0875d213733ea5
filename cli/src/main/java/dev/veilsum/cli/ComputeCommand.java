package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.Asked;
import dev.veilsum.table.ColumnOperations;
import dev.veilsum.table.ColumnOperations.Operand;
import dev.veilsum.table.EncryptedTable;
import dev.veilsum.table.Explanation;
import dev.veilsum.table.QueryFile;
import dev.veilsum.table.Question;
import dev.veilsum.table.Questions;
import dev.veilsum.table.Report;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Computes on encrypted tables; there is no way to give it a secret key. */
@Command(
    name = "compute",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Compute on encrypted tables, without any secret key.",
      "",
      "sum, count, mean, variance, min, max, argmin, argmax, top, histogram, percentile, median: a"
          + " result for each --column; several files are taken as one table, their rows one after"
          + " the other. count of a category counts each label; count without a column, the rows.",
      "dot: the sum of the products of two columns, row by row.",
      "report: the named questions of --spec FILE in one result, which decrypts to a status each.",
      "All of these take --where CONDITION on category, ordered, time (step=) and token columns, for"
          + " example --where \"type in (a, b) and not (size >= 10)\", and --explain, which says how"
          + " they would be answered and at what cost.",
      "add, sub, mul: a new column from two, row by row: two columns of one file, or one column of"
          + " each of two files.",
      "scale: a new column, --by times the column.",
      ""
    })
final class ComputeCommand implements Runnable {
  private static final String REPORT = "report";
  private static final Set<KeyChoice.Operation> QUESTIONS =
      EnumSet.complementOf(
          EnumSet.of(
              KeyChoice.Operation.ADD,
              KeyChoice.Operation.SUB,
              KeyChoice.Operation.MUL,
              KeyChoice.Operation.SCALE));

  @Spec CommandSpec command;
  @ParentCommand Main main;
  @Mixin Output output;

  @Parameters(
      index = "0",
      paramLabel = "OP",
      description =
          "add, sub, mul, scale; sum, count, mean, variance, dot, min, max, argmin, argmax, top,"
              + " histogram, percentile or median; or report.")
  String operation;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "IN",
      defaultValue = "-",
      description = "Encrypted tables; standard input where none is named, and where it is -.")
  List<String> inputs;

  @Option(
      names = {"-c", "--column"},
      paramLabel = "NAME",
      description = "A column to compute on; repeatable. The only one where a table has one.")
  List<String> columns = new ArrayList<>();

  @Option(names = "--by", paramLabel = "NUMBER", description = "The factor of scale.")
  Double factor;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description = "Ask about the rows that fulfil it.")
  String where;

  @Option(
      names = "--query",
      paramLabel = "FILE",
      description = "Ask about the rows of an encrypted condition, as veilsum query writes it.")
  String query;

  @Option(names = "--k", paramLabel = "K", description = "How many values top gives, 1 to 8.")
  Integer k;

  @Option(
      names = "--rank",
      paramLabel = "PERCENT",
      description = "The rank of a percentile, 0 to 100.")
  Double rank;

  @Option(names = "--spec", paramLabel = "FILE", description = "The checks of report, as JSON.")
  Path spec;

  @Option(
      names = "--explain",
      description = "Say how the question would be answered and at what cost; compute nothing.")
  boolean explain;

  @Override
  public void run() {
    if (where != null && query != null) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--where and --query are two conditions; give one of them");
    }
    if ((spec != null) != operation.equals(REPORT)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          spec == null
              ? "report needs --spec FILE"
              : "--spec belongs to report, not to " + operation);
    }
    if (spec != null) {
      report();
      return;
    }
    KeyChoice.Operation op = KeyChoice.Operation.computed(operation);
    boolean question = QUESTIONS.contains(op);
    if (!question && (where != null || query != null || k != null || rank != null || explain)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "--where, --query, --k, --rank and --explain belong to questions, not to " + operation);
    }
    if ((op == KeyChoice.Operation.SCALE) == (factor == null)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          factor == null
              ? "scale needs --by NUMBER"
              : "--by belongs to scale, not to " + operation);
    }
    if (explain) {
      explain(this::asked);
      return;
    }
    Backend backend = main.settings.backend();
    try (AtomicOutput out = output.openBinary(main.streams());
        Tables tables = Tables.open(main.streams(), inputs, query, backend);
        OrderedPool pool = new OrderedPool(main.settings.threads());
        Progress progress = main.ticking("computing")) {
      switch (op) {
        case SCALE -> {
          Operand only = operands(tables.all(), 1).get(0);
          new ColumnOperations(pool).scale(only, factor, out);
        }
        case ADD, SUB, MUL -> {
          List<Operand> both = operands(tables.all(), 2);
          new ColumnOperations(pool)
              .combine(ColumnOperations.Binary.valueOf(op.name()), both.get(0), both.get(1), out);
        }
        default -> {
          Questions questions = new Questions(tables.all(), pool);
          questions.ask(asked(questions, tables.query()), out);
        }
      }
    }
    if (!output.isStandard()) {
      main.note("wrote " + output.name());
    }
  }

  /** Answers, or explains, all checks of a specification. */
  private void report() {
    if (!columns.isEmpty()
        || where != null
        || query != null
        || k != null
        || rank != null
        || factor != null) {
      throw new VeilsumException(
          ErrorCode.USAGE, "the questions of a report stand in its --spec, with their options");
    }
    Report report = Report.read(spec);
    if (explain) {
      explain((questions, none) -> report.asked(questions));
      return;
    }
    try (AtomicOutput out = output.openBinary(main.streams());
        Tables tables = Tables.open(main.streams(), inputs, query, main.settings.backend());
        OrderedPool pool = new OrderedPool(main.settings.threads());
        Progress progress = main.ticking("computing")) {
      Questions questions = new Questions(tables.all(), pool);
      questions.ask(report.asked(questions), out);
    }
    if (!output.isStandard()) {
      main.note("wrote " + output.name());
    }
  }

  private void explain(BiFunction<Questions, QueryFile, List<Asked>> asking) {
    try (Tables tables = Tables.open(main.streams(), inputs, query, main.settings.backend());
        OrderedPool pool = new OrderedPool(1)) {
      Questions questions = new Questions(tables.all(), pool);
      List<Explanation> all =
          asking.apply(questions, tables.query()).stream().map(questions::explain).toList();
      if (main.settings.json) {
        Json.print(command, json -> json.objects("explanations", all, ExplanationText::describe));
      } else {
        all.forEach(each -> ExplanationText.print(command.commandLine().getOut(), each));
      }
    }
  }

  /** The questions: one for each column. */
  private List<Asked> asked(Questions questions, QueryFile selected) {
    Question question = Question.named(operation);
    boolean some = where != null || query != null;
    List<String> named =
        question == Question.COUNT && some && columns.isEmpty()
            ? List.of()
            : columnsOf(questions.kinds().keySet());
    List<Asked> asked = new ArrayList<>();
    for (Asked each : questions.each(question, named, number(question))) {
      asked.add(
          where != null
              ? each.where(questions.where(where))
              : selected == null ? each : each.where(questions.where(selected)));
    }
    return asked;
  }

  private OptionalDouble number(Question question) {
    if (k != null && question != Question.TOP || rank != null && question != Question.PERCENTILE) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--k belongs to top and --rank to percentile, not to " + operation);
    }
    return k != null
        ? OptionalDouble.of(k)
        : rank != null ? OptionalDouble.of(rank) : OptionalDouble.empty();
  }

  /** The named columns, or the only one there is. */
  private List<String> columnsOf(Set<String> names) {
    return columns.isEmpty() && names.size() == 1 ? List.copyOf(names) : columns;
  }

  private List<String> columnsOf(EncryptedTable table) {
    Set<String> names = new LinkedHashSet<>();
    table.columns().forEach(column -> names.add(column.name()));
    return columnsOf(names);
  }

  /** One operand for each file, or several columns of one file. */
  private List<Operand> operands(List<EncryptedTable> tables, int count) {
    List<Operand> operands = new ArrayList<>();
    if (tables.size() == 1 && (columns.size() == count || count == 1)) {
      for (String column : columnsOf(tables.get(0))) {
        operands.add(new Operand(tables.get(0), column));
      }
    } else if (tables.size() == count) {
      for (int i = 0; i < count; i++) {
        List<String> names = columnsOf(tables.get(i));
        if (names.size() == count) {
          operands.add(new Operand(tables.get(i), names.get(i)));
        } else if (names.size() == 1) {
          operands.add(new Operand(tables.get(i), names.get(0)));
        }
      }
    }
    if (operands.size() != count) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "%s is about %s; name --column among %s"
              .formatted(
                  operation,
                  count == 1
                      ? "one column of one file"
                      : "two columns of one file, or one of each of two files",
                  tables.get(0).columns().stream().map(ColumnEntry::name).toList()));
    }
    return operands;
  }

  /** Tables that are open together, with a query or null. */
  private static final class Tables implements AutoCloseable {
    private final List<EncryptedTable> all = new ArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private QueryFile query;

    static Tables open(Streams streams, List<String> names, String query, Backend backend) {
      Tables tables = new Tables();
      try {
        for (String name : names) {
          ContainerReader reader = Inputs.container(streams, name, ContainerKind.TABLE);
          tables.open.push(reader);
          EncryptedTable table = EncryptedTable.open(reader, backend);
          tables.open.push(table);
          tables.all.add(table);
        }
        if (query != null) {
          ContainerReader reader = Inputs.container(streams, query, ContainerKind.QUERY);
          tables.open.push(reader);
          tables.query = QueryFile.read(reader);
        }
        return tables;
      } catch (RuntimeException e) {
        tables.close();
        throw e;
      }
    }

    List<EncryptedTable> all() {
      return all;
    }

    QueryFile query() {
      return query;
    }

    @Override
    public void close() {
      for (AutoCloseable each : open) {
        try {
          each.close();
        } catch (Exception e) {
          throw e instanceof VeilsumException known
              ? known
              : new VeilsumException(ErrorCode.INTERNAL, "closing a table: " + e, e);
        }
      }
    }
  }
}
