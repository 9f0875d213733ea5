package dev.veilsum.aggregate;

import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.MetadataFuzz;
import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.params.SecurityLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/** Updates and aggregates of gradients. */
public final class AggregateFuzz {
  private AggregateFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        MetadataFuzz.ofFiles(
            "gradientUpdate",
            ContainerKind.GRADIENT,
            () -> file((cohort, file) -> cohort.update("a", 1).write(Cohort.output(file))),
            bytes -> read(bytes, file -> GradientUpdate.open(file).close())),
        MetadataFuzz.ofFiles(
            "gradientAggregate",
            ContainerKind.AGGREGATE,
            () -> file(AggregateFuzz::aggregate),
            bytes -> read(bytes, file -> GradientAggregate.open(file).close())));
  }

  private static void aggregate(Cohort cohort, Path file) {
    try (GradientAggregator round = Cohort.round()) {
      for (String client : List.of("a", "b", "c")) {
        round.add(cohort.update(client, 1));
      }
      try (GradientAggregate sum = round.finish()) {
        sum.write(Cohort.output(file), AggregateForm.COMPACT, Cohort.POOL, done -> {});
      }
    }
  }

  private static byte[] file(BiConsumer<Cohort, Path> write) {
    GradientParameters parameters = GradientParameters.solve(8, 1 << 10, SecurityLevel.DEFAULT);
    try (Cohort cohort = new Cohort(parameters, 10)) {
      Path file = Files.createTempFile("fuzz", ".vsm");
      write.accept(cohort, file);
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FunctionalInterface
  private interface Use {
    void of(Path file);
  }

  private static void read(byte[] bytes, Use use) {
    try {
      Path file = Files.write(Files.createTempFile("fuzz", ".vsm"), bytes);
      try {
        use.of(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
