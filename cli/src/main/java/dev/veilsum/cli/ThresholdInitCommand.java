package dev.veilsum.cli;

import dev.veilsum.io.AtomicOutput;
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
  @Mixin RequestOptions agreed;

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

  @Override
  public void run() {
    Main main = parent.main;
    try (AtomicOutput out = output.openBinary(main.streams())) {
      ThresholdSession session = ThresholdSession.create(parties, threshold, agreed.request());
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
