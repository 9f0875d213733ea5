package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.threshold.Joins;
import dev.veilsum.threshold.ThresholdParty;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A party's second message. */
@Command(
    name = "deal",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Deal shares of this party's secret to all parties, each sealed to its party.",
      "",
      "Prints the digest of the join messages: compare it with the other parties over a channel that"
          + " you trust before you send what this writes, or give it with --expect.",
      ""
    })
final class ThresholdDealCommand implements Runnable {
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
      names = "--expect",
      paramLabel = "DIGEST",
      description = "Refuse where the join messages have another digest.")
  String expected;

  @Parameters(
      arity = "1..*",
      paramLabel = "IN",
      description = "The session and the join messages of all parties, or a folder with them.")
  List<Path> inputs;

  @Override
  public void run() {
    Main main = parent.main;
    Joins joins;
    int party;
    try (AtomicOutput out = output.openBinary(main.streams())) {
      joins = ThresholdMessages.in(inputs).joins();
      requireExpected(joins);
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          ThresholdParty own = ThresholdParty.of(master, joins);
          Progress progress = main.ticking("dealing")) {
        party = own.party();
        own.deal(joins).write(out);
      }
    }
    if (main.settings.json && !output.isStandard()) {
      Json.print(
          spec,
          json ->
              json.text("file", output.name())
                  .number("party", party)
                  .text("joins", joins.digest()));
    } else {
      main.note("wrote %s, of party %d".formatted(output.name(), party));
      main.note("the join messages are %s: compare that first".formatted(joins.digest()));
    }
  }

  private void requireExpected(Joins joins) {
    if (expected != null && !expected.toLowerCase(Locale.ROOT).equals(joins.digest().toString())) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "the join messages are %s, not what was expected: a party has others"
              .formatted(joins.digest()));
    }
  }
}
