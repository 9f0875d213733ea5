package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.Veilsum;
import dev.veilsum.VeilsumException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: what is common to all commands, and how errors reach people. */
@Command(
    name = "veilsum",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Encrypt, compute on what is encrypted, decrypt.",
    synopsisSubcommandLabel = "COMMAND",
    footer =
        "%nExit codes: 0 ok; 1 internal or input/output; 2 usage; 3 bad or corrupt input; 4 cannot"
            + " decrypt, wrong key; 5 parameters or keys do not match; 6 noise budget, depth,"
            + " privacy budget;"
            + " 7 the output exists; 8 unsupported backend or processor; 9 a passphrase is needed.",
    subcommands = {
      KeygenCommand.class,
      PubkeyCommand.class,
      ParamsCommand.class,
      EncryptCommand.class,
      QueryCommand.class,
      TokenCommand.class,
      ComputeCommand.class,
      DecryptCommand.class,
      GradientCommand.class,
      AggregateCommand.class,
      PrivacyCommand.class,
      ThresholdCommand.class,
      ShareCommand.class,
      InspectCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      InfoCommand.class,
      SelftestCommand.class,
      BenchCommand.class,
      DemoCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  @Spec CommandSpec spec;
  @Mixin Settings settings;

  private final Streams streams;

  private Main(Streams streams) {
    this.streams = streams;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"veilsum " + Veilsum.version()};
    }
  }

  public static void main(String[] args) {
    System.exit(run(Streams.ofProcess(), args));
  }

  /** Runs one command line and gives its exit code. */
  static int run(Streams streams, String... args) {
    Main main = new Main(streams);
    PrintWriter out = writer(streams.out());
    PrintWriter err = writer(streams.err());
    CommandLine line = new CommandLine(main);
    line.setOut(out).setErr(err).setUsageHelpAutoWidth(true);
    line.setExpandAtFiles(false).setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> main.report(failure, err));
    line.setParameterExceptionHandler((failure, all) -> reportUsage(failure, err));
    try {
      int code = line.execute(args);
      return code == 0 && out.checkError() ? main.report(outputFailed(), err) : code;
    } catch (Error failure) { // an Exception never gets here
      return main.report(failure, err);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  Streams streams() {
    return streams;
  }

  /** A progress line on standard error, or none where it was not wanted or nobody watches. */
  Progress progress(String what, long total) {
    boolean wanted = !settings.quiet && !settings.noProgress && streams.terminal().isError();
    return new Progress(wanted ? spec.commandLine().getErr() : null, what, total);
  }

  /** A line on standard error that only shows that something is going on, and for how long. */
  Progress ticking(String what) {
    return progress(what, 0).ticking();
  }

  /** A remark on standard error, unless it is to be quiet. */
  void note(String remark) {
    if (!settings.quiet) {
      spec.commandLine().getErr().println(remark);
      spec.commandLine().getErr().flush();
    }
  }

  private int report(Throwable failure, PrintWriter err) {
    VeilsumException error = known(failure);
    err.println("veilsum: " + error.code() + ": " + error.getMessage());
    if (settings.verbose) {
      error.printStackTrace(err);
    }
    err.flush();
    return error.code().exitCode();
  }

  private static VeilsumException known(Throwable failure) {
    if (failure instanceof VeilsumException known) {
      return known;
    }
    if (failure instanceof InvalidPathException path) {
      return new VeilsumException(
          ErrorCode.USAGE,
          "\"%s\" is no path here: %s; where it has letters beyond ASCII, set LC_ALL=C.UTF-8"
              .formatted(path.getInput(), path.getReason()),
          failure);
    }
    if (failure instanceof OutOfMemoryError) {
      return new VeilsumException(
          ErrorCode.OUT_OF_MEMORY,
          "Java's heap is full; give it more, for example with JAVA_TOOL_OPTIONS=-Xmx4g",
          failure);
    }
    return new VeilsumException(
        ErrorCode.INTERNAL,
        failure + "; please report this, with what the same command prints with -v",
        failure);
  }

  private static VeilsumException outputFailed() {
    return new VeilsumException(
        ErrorCode.IO,
        "writing standard output failed: the disk is full or the reader has gone; what was printed"
            + " is not complete");
  }

  /** One line, as for every other error. */
  private static int reportUsage(ParameterException failure, PrintWriter err) {
    VeilsumException error =
        failure.getCause() instanceof VeilsumException known
            ? known
            : new VeilsumException(
                ErrorCode.USAGE,
                failure.getMessage().replaceAll("\\s*\\R\\s*", " ")
                    + "; see "
                    + failure.getCommandLine().getCommandSpec().qualifiedName()
                    + " --help");
    err.println("veilsum: " + error.code() + ": " + error.getMessage());
    err.flush();
    return error.code().exitCode();
  }

  private static PrintWriter writer(OutputStream out) {
    return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), false);
  }
}
