package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the sum of a round is written once it is opened, with whatever key. */
final class OpenedSum {
  @Mixin OpeningCohort cohort;

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

  /** Begins the output; what it cannot hold is refused here, before any key is asked for. */
  DecryptedNumbers start(AtomicOutput out, GradientAggregate aggregate) {
    return DecryptedNumbers.start(out, aggregate.frame().tensors(), type, sum);
  }

  /**
   * Opens the sum and ends the output.
   *
   * @param key makes the decryptor, which is given the cohort
   */
  void write(
      Main main,
      String doing,
      GradientAggregate aggregate,
      Function<OrderedPool, GradientDecryptor> key,
      DecryptedNumbers decrypted,
      AtomicOutput out,
      String name) {
    long numbers = aggregate.frame().numbers();
    try (OrderedPool pool = new OrderedPool(main.settings.threads());
        Progress progress = main.progress(doing, numbers)) {
      key.apply(pool)
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
        "wrote %s: %d numbers of %d clients".formatted(name, numbers, aggregate.clients().size()));
  }
}
