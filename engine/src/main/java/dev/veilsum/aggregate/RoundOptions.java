package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * How a round is aggregated.
 *
 * @param minimumCohort fewer clients give no result; at least 1
 * @param round the round's name; where there is none, the first update tells it
 * @param memoryLimit the most bytes of memory that the accumulator takes; a larger one is a file
 * @param folder where that file goes
 * @param weights what an update is multiplied by: what it asks for, where nothing else is said
 */
public record RoundOptions(
    int minimumCohort,
    Optional<String> round,
    long memoryLimit,
    Path folder,
    ToLongFunction<GradientUpdate> weights) {
  /** Checks the cohort. */
  public RoundOptions {
    if (minimumCohort < 1) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a minimum cohort of " + minimumCohort + "; it must be at least 1");
    }
  }

  /** Three clients at least, four gigabytes of memory at most. */
  public static RoundOptions byDefault() {
    return new RoundOptions(
        3,
        Optional.empty(),
        4L << 30,
        Path.of(System.getProperty("java.io.tmpdir")),
        GradientUpdate::weight);
  }

  public RoundOptions minimumCohort(int clients) {
    return new RoundOptions(clients, round, memoryLimit, folder, weights);
  }

  public RoundOptions round(String name) {
    return new RoundOptions(minimumCohort, Optional.of(name), memoryLimit, folder, weights);
  }

  public RoundOptions memoryLimit(long bytes) {
    return new RoundOptions(minimumCohort, round, bytes, folder, weights);
  }

  public RoundOptions folder(Path where) {
    return new RoundOptions(minimumCohort, round, memoryLimit, where, weights);
  }

  /** Other weights than those that the updates ask for. */
  public RoundOptions weights(ToLongFunction<GradientUpdate> weightOf) {
    return new RoundOptions(minimumCohort, round, memoryLimit, folder, weightOf);
  }
}
