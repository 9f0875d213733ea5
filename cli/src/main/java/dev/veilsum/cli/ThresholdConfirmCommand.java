package dev.veilsum.cli;

import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.threshold.Joins;
import dev.veilsum.threshold.ThresholdParty;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A party's third message. */
@Command(
    name = "confirm",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Check what was dealt to this party, and give away its part of the public key.",
      ""
    })
final class ThresholdConfirmCommand implements Runnable {
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

  @Parameters(
      arity = "1..*",
      paramLabel = "IN",
      description =
          "The session, and the join and deal messages of all parties, or a folder with them.")
  List<Path> inputs;

  @Override
  public void run() {
    Main main = parent.main;
    int party;
    try (AtomicOutput out = output.openBinary(main.streams())) {
      ThresholdMessages messages = ThresholdMessages.in(inputs);
      Joins joins = messages.joins();
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          ThresholdParty own = ThresholdParty.of(master, joins);
          Progress progress = main.ticking("checking shares")) {
        party = own.party();
        own.confirm(messages.deals(joins, party)).write(out);
      }
    }
    main.note("wrote %s, of party %d; send it to all parties".formatted(output.name(), party));
  }
}
