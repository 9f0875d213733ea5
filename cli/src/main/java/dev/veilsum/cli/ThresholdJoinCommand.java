package dev.veilsum.cli;

import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.threshold.ThresholdParty;
import dev.veilsum.threshold.ThresholdSession;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A party's first message. */
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Join a session as one of its parties, with a key file of your own (veilsum keygen).",
      ""
    })
final class ThresholdJoinCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand ThresholdCommand parent;
  @Mixin Secrets secrets;
  @Mixin Output output;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      required = true,
      description = "This party's key file.")
  Path key;

  @Option(
      names = "--party",
      paramLabel = "I",
      required = true,
      description = "This party's number, from 1.")
  int party;

  @Parameters(
      arity = "1..*",
      paramLabel = "IN",
      description = "The session's file, or a folder with it.")
  List<Path> inputs;

  @Override
  public void run() {
    Main main = parent.main;
    try (AtomicOutput out = output.openBinary(main.streams())) {
      ThresholdSession session = ThresholdMessages.in(inputs).session();
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          ThresholdParty own = new ThresholdParty(master, session, party)) {
        own.join().write(out);
      }
    }
    main.note(
        "wrote %s: party %d has joined; send it to all parties".formatted(output.name(), party));
  }
}
