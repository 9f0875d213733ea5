package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.threshold.OpeningPart;
import dev.veilsum.threshold.PartsOpener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Opens a sum with the parts of all who take part. */
@Command(
    name = "combine",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Open the aggregate of a round with the parts of all participants. Takes no secret.",
      "",
      "The output is that of gradient decrypt: tensors where its name ends in .npy, .npz or"
          + " .safetensors, and else bare numbers.",
      ""
    })
final class ThresholdCombineCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand ThresholdCommand parent;
  @Mixin Output output;
  @Mixin OpenedSum opened;

  @Parameters(index = "0", paramLabel = "IN", description = "An aggregate.")
  Path input;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PART",
      description = "The parts of all participants, as threshold share wrote them.")
  List<Path> files;

  @Override
  public void run() {
    Main main = parent.main;
    List<OpeningPart> parts = new ArrayList<>();
    try (AtomicOutput out = output.openDecrypted(main.streams());
        GradientAggregate aggregate = GradientAggregate.open(input)) {
      for (Path file : files) {
        parts.add(OpeningPart.open(file));
      }
      PartsOpener opener = PartsOpener.of(aggregate, parts);
      opened.write(
          main,
          "opening",
          aggregate,
          pool -> new GradientDecryptor(opener, opened.cohort.minimum, pool),
          opened.start(out, aggregate),
          out,
          output.name());
    } finally {
      parts.forEach(OpeningPart::close);
    }
  }
}
