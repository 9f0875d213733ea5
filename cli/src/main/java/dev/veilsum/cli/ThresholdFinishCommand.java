package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.threshold.Joins;
import dev.veilsum.threshold.KeyShare;
import dev.veilsum.threshold.OpeningLedger;
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

/** What a party keeps. */
@Command(
    name = "finish",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Write this party's share of the key, sealed to its key file, and an empty ledger beside it.",
      "",
      "The ledger (the share's name and .ledger) records which sums the share has opened: keep it as"
          + " well as the share, and never go back to an older copy.",
      ""
    })
final class ThresholdFinishCommand implements Runnable {
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
          "The session, and the join, deal and confirm messages of all parties, or a folder with"
              + " them.")
  List<Path> inputs;

  @Override
  public void run() {
    Main main = parent.main;
    if (output.isStandard()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a share is written to a file, beside which its ledger lies; give -o");
    }
    KeyShare share;
    try (AtomicOutput out = output.openSecret()) {
      ThresholdMessages messages = ThresholdMessages.in(inputs);
      Joins joins = messages.joins();
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          ThresholdParty own = ThresholdParty.of(master, joins);
          Progress progress = main.ticking("adding shares")) {
        share = own.finish(messages.deals(joins, own.party()), messages.confirmations());
      }
      OpeningLedger.of(OpeningLedger.beside(Path.of(output.name())), share).create();
      share.write(out);
    }
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.text("file", output.name())
                  .number("party", share.party())
                  .text("key_id", share.keyId()));
    } else {
      main.note(
          "wrote %s, the share of party %d of key %s"
              .formatted(output.name(), share.party(), share.keyId()));
    }
  }
}
