package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.params.SecurityLevel;
import dev.veilsum.threshold.ThresholdSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Begins a session: what all parties agree on. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Say how many parties make a key, how many of them open a sum, and what is summed.",
      "Nothing of it is secret; anybody can do it, and everybody gets the file.",
      ""
    })
final class ThresholdInitCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand ThresholdCommand parent;
  @Mixin Output output;

  @Option(
      names = "--parties",
      paramLabel = "N",
      required = true,
      description = "How many parties, 2 to 32.")
  int parties;

  @Option(
      names = "--threshold",
      paramLabel = "T",
      required = true,
      description = "How many of them open a sum, from 2.")
  int threshold;

  @Option(
      names = "--bits",
      paramLabel = "B",
      defaultValue = "8",
      description = "Bits of a number, 2 to 32; 8 by default.")
  int bits;

  @Option(
      names = "--weight-sum",
      paramLabel = "W",
      defaultValue = "1024",
      description = "The most that the weights of a round add up to; 1024 by default.")
  long weightSum;

  @Option(
      names = "--max-weight",
      paramLabel = "W",
      description = "The largest weight of one client; --weight-sum by default, 1 is smallest.")
  Long maxWeight;

  @Option(
      names = "--security",
      paramLabel = "LEVEL",
      description = "The security level; classical-128 by default.")
  String security;

  @Override
  public void run() {
    Main main = parent.main;
    GradientRequest request =
        new GradientRequest(bits, weightSum)
            .maxWeight(maxWeight == null ? weightSum : maxWeight)
            .security(security == null ? SecurityLevel.DEFAULT : SecurityLevel.ofId(security));
    try (AtomicOutput out = output.openBinary(main.streams())) {
      ThresholdSession session = ThresholdSession.create(parties, threshold, request);
      session.write(out);
      double bytes =
          2.0 * session.parameters().polynomialBytes() / session.parameters().chunkNumbers();
      if (main.settings.json && !output.isStandard()) {
        Json.print(
            spec,
            json ->
                json.text("file", output.name())
                    .text("session", session.digest())
                    .number("bytes_per_number", bytes));
      } else {
        main.note(
            "wrote %s: %d of %d parties, %.2f bytes a number; %s"
                .formatted(output.name(), threshold, parties, bytes, session.parameters()));
      }
    }
  }
}
