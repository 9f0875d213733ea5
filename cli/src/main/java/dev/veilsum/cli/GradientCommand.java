package dev.veilsum.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The clients' side of encrypted sums: encrypt an update, decrypt the sum of many. */
@Command(
    name = "gradient",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Encrypt a client's update, or decrypt the aggregate of a round.",
      "Both take the secret key that the clients share; whoever aggregates has none."
    },
    subcommands = {GradientEncryptCommand.class, GradientDecryptCommand.class})
final class GradientCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "encrypt or decrypt is missing");
  }
}
