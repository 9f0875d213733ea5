package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.threshold.OpeningPart;
import dev.veilsum.threshold.PartsOpener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--min-cohort",
      paramLabel = "N",
      defaultValue = "3",
      description = "Refuse the sum of fewer clients; 3 by default.")
  int minimumCohort;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = {
        "The type of the numbers. Of tensors: float16, bfloat16, float32 or float64; by default"
            + " what each was. Of bare numbers: float32 (default), float64, or int64 for the"
            + " exact sums of the integers."
      })
  String type;

  @Option(names = "--sum", description = "Weighted sums of the numbers instead of their means.")
  boolean sum;

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
      DecryptedNumbers decrypted =
          DecryptedNumbers.start(out, aggregate.frame().tensors(), type, sum);
      try (OrderedPool pool = new OrderedPool(main.settings.threads());
          Progress progress = main.progress("opening", aggregate.frame().numbers())) {
        new GradientDecryptor(opener, minimumCohort, pool)
            .decrypt(
                aggregate,
                decrypted.kind(),
                part -> {
                  progress.advance(part.remaining() / decrypted.kind().bytes());
                  decrypted.write(part);
                });
      }
      decrypted.finish();
      out.commit();
      main.note(
          "wrote %s: %d numbers of %d clients"
              .formatted(output.name(), aggregate.frame().numbers(), aggregate.clients().size()));
    } finally {
      parts.forEach(OpeningPart::close);
    }
  }
}
