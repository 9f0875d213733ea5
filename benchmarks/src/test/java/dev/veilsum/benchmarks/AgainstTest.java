package dev.veilsum.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgainstTest {
  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final Against.Plan TINY = new Against.Plan(1, 2, 1, 1);

  /** Each worker checks its results before it is ready. */
  @Test
  void theSameRevisionIsComparedWithItself() throws IOException {
    List<RevisionRow> rows = new ArrayList<>();
    for (String group : List.of("ckks-8192", "bfv-8192")) {
      new Against(worker(CLASS_PATH), worker(CLASS_PATH), TINY).compare(group, rows::add);
    }
    assertThat(rows).hasSize(12).allMatch(row -> row.ratio().median() > 0);
    assertThat(rows).extracting(RevisionRow::operation).doesNotHaveDuplicates();
    assertThat(rows.get(0).markdown()).startsWith("| CKKS encode | `ckks-8192` | ");
    assertThat(rows.get(0).json()).contains("\"operation\":\"CKKS encode\"", "\"null\":");
  }

  @Test
  void aRevisionWithoutTheGroupIsLeftOut() throws IOException {
    assertThat(WorkerProcess.start(worker(workerAlone()), "ckks-8192")).isEmpty();
  }

  private static List<String> worker(String classPath) {
    return WorkerProcess.onClassPath(classPath);
  }

  /** The worker's classes, and no engine. */
  private static String workerAlone() {
    return Arrays.stream(CLASS_PATH.split(File.pathSeparator))
        .filter(entry -> Files.exists(Path.of(entry, "dev/veilsum/benchmarks/worker")))
        .findFirst()
        .orElseThrow();
  }

  /** Rounds that differ among themselves widen the interval; the null decides with it. */
  @Test
  void aVerdictNeedsTheIntervalAndTheNull() {
    Random random = new Random(4);
    double[] one = random.doubles(50, 0.04, 0.06).toArray();
    double[] two = random.doubles(50, 0.14, 0.16).toArray();
    PairedRatio close = PairedRatio.ofRounds(List.of(one, one, one));
    PairedRatio wide = PairedRatio.ofRounds(List.of(one, two, one));
    assertThat(close.median()).isCloseTo(Math.exp(0.05), within(0.01));
    assertThat(wide.high() - wide.low()).isGreaterThan(5 * (close.high() - close.low()));
    assertThat(row(0.90, 0.95, 0.99, 1.01).verdict()).isEqualTo("faster");
    assertThat(row(1.02, 1.05, 0.99, 1.01).verdict()).isEqualTo("slower");
    assertThat(row(0.97, 0.99, 0.98, 1.02).verdict()).isEmpty();
    assertThat(row(0.99, 1.05, 0.99, 1.01).verdict()).isEmpty();
  }

  private static RevisionRow row(double low, double high, double nullLow, double nullHigh) {
    return new RevisionRow(
        "x",
        "g",
        1,
        1,
        new PairedRatio((low + high) / 2, low, high),
        new PairedRatio(1, nullLow, nullHigh));
  }
}
