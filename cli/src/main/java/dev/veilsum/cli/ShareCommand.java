package dev.veilsum.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sums of integers by secret sharing: several servers and no key. */
@Command(
    name = "share",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Add up clients' integers without any key, between servers who do not collude.",
      "",
      "Each client splits its integers into a share for each server; each server adds the shares that"
          + " it got; the sums of enough servers are opened to the sum of all clients. Shares are"
          + " secret: bring each to its server over a channel that nobody else reads.",
      ""
    },
    subcommands = {ShareSplitCommand.class, ShareAddCommand.class, ShareOpenCommand.class})
final class ShareCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "split, add or open is missing");
  }
}
