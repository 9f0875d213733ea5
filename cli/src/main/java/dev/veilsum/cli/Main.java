package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.Veilsum;
import dev.veilsum.VeilsumException;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.AutoComplete.GenerateCompletion;
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
    footer = {
      "",
      "Exit codes: 0 ok; 1 internal or input/output; 2 usage; 3 bad or corrupt input; 4 cannot",
      "decrypt, wrong key; 5 parameters or keys do not match; 6 noise budget or depth; 7 the output",
      "exists; 8 unsupported backend or processor; 9 a passphrase is needed."
    },
    subcommands = {
      KeygenCommand.class,
      PubkeyCommand.class,
      ParamsCommand.class,
      EncryptCommand.class,
      ComputeCommand.class,
      DecryptCommand.class,
      InspectCommand.class,
      InfoCommand.class,
      SelftestCommand.class,
      DemoCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  @Spec CommandSpec spec;
  @Mixin Settings settings;

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"veilsum " + Veilsum.version()};
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing; try veilsum --help");
  }

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command line and gives its exit code. */
  static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.addSubcommand(
        "completion",
        new CommandLine(new GenerateCompletion())
            .setUsageHelpWidth(100));
    line.getSubcommands()
        .get("completion")
        .getCommandSpec()
        .usageMessage()
        .description("Print a completion script for bash and zsh: source <(veilsum completion)");
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command, args));
    line.setParameterExceptionHandler((failure, all) -> reportUsage(failure));
    line.setUsageHelpAutoWidth(true);
    return line.execute(args);
  }

  private static int report(Exception failure, CommandLine command, String[] args) {
    VeilsumException error =
        failure instanceof VeilsumException known
            ? known
            : new VeilsumException(
                ErrorCode.INTERNAL,
                failure + "; please report this, with the output of the same command and -v",
                failure);
    PrintWriter out = command.getErr();
    out.println("veilsum: " + error.code() + ": " + error.getMessage());
    if (Arrays.asList(args).contains("-v") || Arrays.asList(args).contains("--verbose")) {
      error.printStackTrace(out);
    }
    out.flush();
    return error.code().exitCode();
  }

  /** One line, as for every other error. */
  private static int reportUsage(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    PrintWriter out = command.getErr();
    out.println(
        "veilsum: "
            + ErrorCode.USAGE
            + ": "
            + failure.getMessage().replaceAll("\\s*\\R\\s*", " ")
            + "; see "
            + command.getCommandSpec().qualifiedName()
            + " --help");
    out.flush();
    return ErrorCode.USAGE.exitCode();
  }
}
