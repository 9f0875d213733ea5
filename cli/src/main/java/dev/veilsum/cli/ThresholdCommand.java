package dev.veilsum.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Keys whose secret nobody holds whole. */
@Command(
    name = "threshold",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Keys for encrypted sums that several parties make together, and of which so many open a sum.",
      "",
      "init once; then join, deal, confirm and finish by each party, each with the messages of all"
          + " parties before it; pubkey for the clients, who encrypt with gradient encrypt. Whoever"
          + " aggregates needs no key. share by each party that opens a sum, and combine.",
      ""
    },
    subcommands = {
      ThresholdInitCommand.class,
      ThresholdJoinCommand.class,
      ThresholdDealCommand.class,
      ThresholdConfirmCommand.class,
      ThresholdFinishCommand.class,
      ThresholdPubkeyCommand.class,
      ThresholdShareCommand.class,
      ThresholdCombineCommand.class
    })
final class ThresholdCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "init, join, deal, confirm, finish, pubkey, share or combine is missing");
  }
}
