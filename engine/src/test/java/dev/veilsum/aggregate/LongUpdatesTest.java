package dev.veilsum.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.parallel.OrderedPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates of many chunks, several of which are read and added at once. */
class LongUpdatesTest {
  private static final int CHUNKS = 150;

  @TempDir Path folder;

  /** Wherever one is damaged or cut, all that was added of it is taken back. */
  @Test
  void onlyWholeUpdatesCount() throws IOException {
    GradientParameters small = new GradientRequest(8, 64).maxWeight(3).solveFor(1000);
    int length = CHUNKS * small.chunkNumbers() - 7;
    for (int threads : new int[] {1, 3}) {
      try (OrderedPool pool = new OrderedPool(threads);
          Cohort cohort = new Cohort(small, length);
          GradientAggregator round = new GradientAggregator(RoundOptions.byDefault(), pool)) {
        List<Path> files = new ArrayList<>();
        for (int client = 0; client < 11; client++) {
          files.add(cohort.file(folder, "good" + client, 1 + client % 3));
        }
        long[] expected = cohort.sums.clone();
        Path template = cohort.file(folder, "template", 2);
        byte[] bytes = Files.readAllBytes(template);
        Files.delete(template);
        for (int chunk : new int[] {0, 1, 36, 37, 38, 74, 75, CHUNKS - 2, CHUNKS - 1}) {
          byte[] damaged = bytes.clone();
          damaged[100 + chunk * small.polynomialBytes()] ^= 4;
          Path file = folder.resolve("damaged" + chunk + ".vsm");
          files.add(2 + chunk % 7, Files.write(file, damaged));
        }
        Map<Path, VeilsumException> refused = new HashMap<>();
        round.addFiles(
            files,
            new RoundListener() {
              @Override
              public void refused(Path file, VeilsumException reason) {
                refused.put(file, reason);
              }
            });
        assertThat(round.clients()).isEqualTo(11);
        assertThat(refused).hasSize(9);
        refused.forEach(
            (file, reason) -> {
              String chunk = file.getFileName().toString().replaceAll("\\D", "");
              assertThat(reason.code()).isEqualTo(ErrorCode.CORRUPT);
              assertThat(reason.getMessage()).contains(file.toString(), "piece " + chunk + " ");
            });
        try (GradientAggregate sum = round.finish()) {
          assertThat(sum.frame().chunks()).isEqualTo(CHUNKS);
          assertThat(cohort.decryptor().sums(sum)).isEqualTo(expected);
        }
      }
    }
  }

  /** Files, updates in memory and partial sums give the same sum, byte for byte. */
  @Test
  void theSameFromFilesAndMemory() {
    GradientParameters small = new GradientRequest(16, 64).solveFor(1000);
    try (Cohort cohort = new Cohort(small, CHUNKS * small.chunkNumbers());
        GradientAggregator fromFiles = Cohort.round();
        GradientAggregator fromMemory = Cohort.round()) {
      List<GradientUpdate> updates = new ArrayList<>();
      List<Path> files = new ArrayList<>();
      for (int client = 0; client < 5; client++) {
        GradientUpdate update = cohort.update("client" + client, 1 + 3 * client);
        Path file = folder.resolve(client + ".vsm");
        update.write(Cohort.output(file));
        updates.add(update);
        files.add(file);
      }
      assertThat(fromMemory.addAll(updates)).isEmpty();
      fromFiles.addFiles(files.subList(0, 2), new RoundListener() {});
      Path checkpoint = folder.resolve("partial");
      fromFiles.checkpoint(checkpoint);
      try (GradientAggregator resumed =
              GradientAggregator.resume(checkpoint, RoundOptions.byDefault(), Cohort.POOL);
          GradientAggregate sum = fromMemory.finish()) {
        resumed.addFiles(files, new RoundListener() {});
        try (GradientAggregate same = resumed.finish()) {
          assertThat(same.digest()).isEqualTo(sum.digest());
          assertThat(cohort.decryptor().sums(same)).isEqualTo(cohort.sums);
        }
      }
    }
  }
}
