package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.threshold.KeyShare;
import dev.veilsum.threshold.OpenShare;
import dev.veilsum.threshold.OpeningLedger;
import dev.veilsum.threshold.PartMaker;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A party's part of opening a sum. */
@Command(
    name = "share",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Make this party's part of opening the aggregate of a round.",
      "",
      "Once for an aggregate: a second part of the same one is refused, whoever else takes part. All"
          + " participants give the same --parties.",
      ""
    })
final class ThresholdShareCommand implements Runnable {
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
      names = "--share",
      paramLabel = "FILE",
      required = true,
      description = "This party's share, as threshold finish wrote it; its ledger lies beside it.")
  Path share;

  @Option(
      names = "--parties",
      paramLabel = "I,J,...",
      split = ",",
      required = true,
      description = "The parties that open it: as many as the threshold says, this one among them.")
  List<Integer> participants;

  @Mixin OpeningCohort cohort;

  @Parameters(paramLabel = "IN", description = "An aggregate.")
  Path input;

  @Override
  public void run() {
    Main main = parent.main;
    KeyShare own;
    try (ContainerReader reader = ContainerReader.open(share)) {
      own = KeyShare.read(reader);
    }
    OpeningLedger ledger = OpeningLedger.of(OpeningLedger.beside(share), own);
    try (AtomicOutput out = output.openBinary(main.streams());
        GradientAggregate aggregate = GradientAggregate.open(input);
        MasterKey master = secrets.open(key, main.streams().terminal());
        OpenShare opened = own.open(master);
        OrderedPool pool = new OrderedPool(main.settings.threads());
        Progress progress = main.progress("opening", aggregate.frame().chunks())) {
      long bytes =
          new PartMaker(opened, ledger, cohort.minimum, pool)
              .make(aggregate, participants, out, progress::reach);
      progress.close();
      main.note(
          "wrote %s: the part of party %d in opening round %s, %s"
              .formatted(
                  output.name(),
                  own.party(),
                  Text.printable(aggregate.frame().round()),
                  Text.bytes(bytes)));
    }
  }
}
