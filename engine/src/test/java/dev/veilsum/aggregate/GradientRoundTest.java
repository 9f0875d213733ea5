package dev.veilsum.aggregate;

import static dev.veilsum.aggregate.GradientParametersTest.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.SecurityLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of encrypted updates against their clear sums. */
class GradientRoundTest {
  private static final GradientParameters EIGHT =
      GradientParameters.solve(8, 1 << 10, SecurityLevel.DEFAULT);

  @TempDir Path folder;
  private int files;

  @Test
  void meansOfRealNumbers() {
    try (Cohort cohort = new Cohort(EIGHT, 30_000);
        GradientAggregator round = Cohort.round()) {
      Random random = new Random(3);
      double[] mean = new double[30_000];
      long[] weights = {1, 5, 200, 17};
      for (int client = 0; client < weights.length; client++) {
        float[] values = new float[mean.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = 2.5f * (random.nextFloat() - 0.5f); // some are clipped
          mean[i] += weights[client] * Math.max(-1, Math.min(1, (double) values[i])) / 223;
        }
        double[] twice = new double[values.length];
        for (int i = 0; i < twice.length; i++) {
          twice[i] = values[i];
        }
        round.add(
            cohort.encryptor.encrypt(
                cohort.declaration("client " + client, weights[client]),
                client % 2 == 0 ? GradientValues.of(values) : GradientValues.of(twice)));
      }
      try (GradientAggregate sum = round.finish()) {
        double[] means = cohort.decryptor().means(sum);
        float[] floats = cohort.decryptor().meansAsFloats(sum);
        double error = 0;
        for (int i = 0; i < mean.length; i++) {
          // Rounding moves a number by less than one step of 2 / 255.
          assertThat(means[i]).isCloseTo(mean[i], within(2.0 / 255));
          assertThat(floats[i]).isEqualTo((float) means[i]);
          error += (means[i] - mean[i]) / mean.length;
        }
        assertThat(error).isCloseTo(0, within(2.0 / 255 / Math.sqrt(mean.length) * 8));
      }
    }
  }

  @Test
  void readyAndCompactFilesGiveTheSame() {
    try (Cohort cohort = new Cohort(EIGHT, 50_000);
        GradientAggregator round = Cohort.round()) {
      for (int client = 0; client < 5; client++) {
        round.add(cohort.update("client " + client, 3 + client));
      }
      Path compact = folder.resolve("compact.vsm");
      Path ready = folder.resolve("ready.vsm");
      try (GradientAggregate sum = round.finish()) {
        sum.write(Cohort.output(compact), AggregateForm.COMPACT, Cohort.POOL, done -> {});
        sum.write(Cohort.output(ready), AggregateForm.READY, Cohort.POOL, done -> {});
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
      }
      try (GradientAggregate one = GradientAggregate.open(compact);
          GradientAggregate two = GradientAggregate.open(ready)) {
        assertThat(one.clients()).isEqualTo(two.clients());
        assertThat(one.digest()).isEqualTo(one.digest()).isNotEqualTo(two.digest());
        assertThat(cohort.decryptor().sums(one)).isEqualTo(cohort.sums);
        assertThat(cohort.decryptor().sums(two)).isEqualTo(cohort.sums);
        code(ErrorCode.UNSUPPORTED, () -> Cohort.round().merge(two));
      }
    }
  }

  @Test
  void aMonoid() {
    try (Cohort cohort = new Cohort(EIGHT, 100)) {
      List<GradientUpdate> updates =
          IntStream.range(0, 12).mapToObj(i -> cohort.update("client " + i, 1 + i)).toList();
      // Parallel, sequential, and in two parts that were written in between.
      RoundOptions options = RoundOptions.byDefault();
      try (GradientAggregate sum =
              updates.parallelStream().collect(GradientAggregator.collector(options, Cohort.POOL));
          GradientAggregate same =
              updates.stream().collect(GradientAggregator.collector(options, Cohort.POOL));
          GradientAggregate first =
              updates.stream()
                  .limit(4)
                  .collect(GradientAggregator.collector(options, Cohort.POOL));
          GradientAggregator whole = Cohort.round()) {
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
        assertThat(cohort.decryptor().sums(same)).isEqualTo(cohort.sums);
        Path part = folder.resolve("part.vsm");
        first.write(Cohort.output(part), AggregateForm.COMPACT, Cohort.POOL, done -> {});
        assertThat(whole.addAll(updates.subList(4, 12))).isEmpty();
        try (GradientAggregate read = GradientAggregate.open(part)) {
          whole.merge(read);
          code(ErrorCode.BAD_INPUT, () -> whole.merge(read)); // the same clients again
        }
        assertThat(whole.clients()).isEqualTo(12);
        try (GradientAggregate merged = whole.finish()) {
          assertThat(cohort.decryptor().sums(merged)).isEqualTo(cohort.sums);
        }
      }
    }
  }

  @Test
  void anAccumulatorBeyondTheLimitIsAFile() throws IOException {
    try (Cohort cohort = new Cohort(EIGHT, 200_000);
        GradientAggregator round =
            new GradientAggregator(
                RoundOptions.byDefault().memoryLimit(1000).folder(folder), Cohort.POOL)) {
      for (int client = 0; client < 3; client++) {
        round.add(cohort.update("client " + client, 1));
      }
      try (var files = Files.list(folder)) {
        assertThat(files.count()).isZero(); // it has no name
      }
      try (GradientAggregate sum = round.finish()) {
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
      }
    }
  }

  /** Each refusal leaves the round as it was: the sum of the others is exact at the end. */
  @Test
  void whatIsRefusedLeavesTheRoundAsItWas() throws IOException {
    int length = 2 * EIGHT.chunkNumbers() + 5;
    try (Cohort cohort = new Cohort(EIGHT, length);
        GradientAggregator round = Cohort.round()) {
      List<Path> good = new ArrayList<>();
      for (int client = 0; client < 10; client++) {
        good.add(cohort.file(folder, "good" + client, 10));
      }
      long[] expected = cohort.sums.clone();
      Map<Path, ErrorCode> bad = new HashMap<>();
      Path template = cohort.file(folder, "template", 10);
      byte[] bytes = Files.readAllBytes(template);
      Files.delete(template);
      // Damage in the first, the middle and the last chunk, in the metadata, at the end; cut.
      for (int at : new int[] {200, bytes.length / 2, 3 * EIGHT.polynomialBytes()}) {
        bad.put(altered(bytes, at), ErrorCode.CORRUPT);
      }
      bad.put(altered(bytes, bytes.length - 100), ErrorCode.CORRUPT);
      bad.put(altered(bytes, bytes.length - 1), ErrorCode.CORRUPT);
      Path cut = folder.resolve("cut.vsm");
      Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      bad.put(cut, ErrorCode.CORRUPT);
      bad.put(Files.createFile(folder.resolve("empty.vsm")), ErrorCode.BAD_INPUT);
      bad.put(Files.writeString(folder.resolve("text.vsm"), "a,b\n1,2\n"), ErrorCode.BAD_INPUT);
      bad.put(folder.resolve("missing.vsm"), ErrorCode.BAD_INPUT);
      // Another round, clip, shape, key, parameters; weights beyond the headroom; a client again.
      List<TensorShape> other = List.of(TensorShape.vector("w", ElementType.FLOAT32, length - 1));
      GradientEncryptor e = cohort.encryptor;
      long[] zeros = new long[length];
      bad.put(
          write(e, new UpdateDeclaration("round 2", "a", 1, 1, cohort.tensors), zeros),
          ErrorCode.BAD_INPUT);
      bad.put(
          write(e, new UpdateDeclaration("round 1", "b", 1, 2, cohort.tensors), zeros),
          ErrorCode.BAD_INPUT);
      bad.put(
          write(e, new UpdateDeclaration("round 1", "c", 1, 1, other), new long[length - 1]),
          ErrorCode.BAD_INPUT);
      bad.put(write(e, cohort.declaration("good3", 1), zeros), ErrorCode.BAD_INPUT);
      bad.put(write(e, cohort.declaration("heavy", 1024), zeros), ErrorCode.OUT_OF_RANGE);
      try (Cohort stranger = new Cohort(EIGHT, length);
          CohortKey wider =
              CohortKey.derive(
                  cohort.master, GradientParameters.solve(9, 1 << 10, SecurityLevel.DEFAULT))) {
        bad.put(
            write(stranger.encryptor, cohort.declaration("d", 1), zeros), ErrorCode.KEY_MISMATCH);
        bad.put(
            write(new GradientEncryptor(wider, Cohort.POOL), cohort.declaration("e", 1), zeros),
            ErrorCode.PARAMETER_MISMATCH);
      }
      // The bad ones between the good ones, a damaged one first of all.
      List<Path> order = new ArrayList<>(List.of(cut));
      List<Path> rest = new ArrayList<>(bad.keySet());
      rest.remove(cut);
      order.add(good.get(0));
      for (int i = 1; i < good.size(); i++) {
        for (int k = 0; k < 3 && !rest.isEmpty(); k++) {
          order.add(rest.remove(0));
        }
        order.add(good.get(i));
      }
      order.addAll(rest);
      Path known = good.get(3);
      Map<Path, VeilsumException> refused = new HashMap<>();
      List<Path> counted = new ArrayList<>();
      // "good3" is to be counted before its double comes.
      round.addFiles(List.of(known), new RoundListener() {});
      order.remove(known);
      round.addFiles(
          order,
          new RoundListener() {
            @Override
            public void counted(Path file, GradientUpdate update) {
              counted.add(file);
            }

            @Override
            public void refused(Path file, VeilsumException reason) {
              refused.put(file, reason);
            }
          });
      assertThat(counted).hasSize(9);
      assertThat(refused.keySet()).isEqualTo(bad.keySet());
      refused.forEach(
          (file, reason) -> {
            assertThat(reason.code()).as(reason.toString()).isEqualTo(bad.get(file));
            assertThat(reason.getMessage()).contains(file.getFileName().toString());
          });
      try (GradientAggregate sum = round.finish()) {
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(expected);
      }
    }
  }

  private Path altered(byte[] bytes, int at) throws IOException {
    byte[] copy = bytes.clone();
    copy[at] ^= 0x10;
    return Files.write(folder.resolve("altered" + files++ + ".vsm"), copy);
  }

  private Path write(GradientEncryptor encryptor, UpdateDeclaration declared, long[] numbers) {
    Path file = folder.resolve("other" + files++ + ".vsm");
    encryptor.encrypt(
        declared, GradientValues.ofIntegers(numbers), Cohort.output(file), done -> {});
    return file;
  }

  /** A damaged upload and its retry may lie in one folder. */
  @Test
  void aRetryAfterADamagedUploadCounts() throws IOException {
    try (Cohort cohort = new Cohort(EIGHT, 10);
        GradientAggregator round = Cohort.round()) {
      List<Path> all = new ArrayList<>();
      for (int client = 0; client < 3; client++) {
        all.add(cohort.file(folder, "c" + client, 1));
      }
      byte[] bytes = Files.readAllBytes(all.get(2));
      all.add(1, altered(bytes, 1000));
      round.addFiles(all, new RoundListener() {});
      assertThat(round.clients()).isEqualTo(3);
      try (GradientAggregate sum = round.finish()) {
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
      }
    }
  }

  @Test
  void aBadFirstFileDoesNotBindTheOthers() throws IOException {
    try (Cohort cohort = new Cohort(EIGHT, 10);
        Cohort stranger = new Cohort(EIGHT, 20);
        GradientAggregator round = Cohort.round()) {
      Path other = stranger.file(folder, "stranger", 1);
      byte[] bytes = Files.readAllBytes(other);
      bytes[1000] ^= 1;
      Files.write(other, bytes);
      List<Path> all = new ArrayList<>(List.of(other));
      for (int client = 0; client < 3; client++) {
        all.add(cohort.file(folder, "c" + client, 1));
      }
      round.addFiles(all, new RoundListener() {});
      try (GradientAggregate sum = round.finish()) {
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
      }
    }
  }

  @Test
  void resumesFromACheckpoint() {
    try (Cohort cohort = new Cohort(EIGHT, 60_000)) {
      List<Path> all = new ArrayList<>();
      for (int client = 0; client < 9; client++) {
        all.add(cohort.file(folder, "client" + client, 1 + client));
      }
      long[] expected = cohort.sums.clone();
      Path checkpoint = folder.resolve("round.checkpoint");
      try (GradientAggregator killed = Cohort.round()) {
        code(ErrorCode.BAD_INPUT, () -> killed.checkpoint(checkpoint));
        killed.addFiles(all.subList(0, 2), new RoundListener() {});
        killed.checkpoint(checkpoint);
        killed.addFiles(all.subList(2, 5), new RoundListener() {});
        killed.checkpoint(checkpoint);
        killed.addFiles(all.subList(5, 7), new RoundListener() {}); // lost
      }
      try (GradientAggregate kept = GradientAggregate.open(checkpoint)) {
        assertThat(kept.isFinished()).isFalse();
        code(ErrorCode.BAD_INPUT, () -> cohort.decryptor().sums(kept));
      }
      List<Path> passed = new ArrayList<>();
      try (GradientAggregator round =
          GradientAggregator.resume(checkpoint, RoundOptions.byDefault(), Cohort.POOL)) {
        assertThat(round.clients()).isEqualTo(5);
        round.addFiles(
            all,
            new RoundListener() {
              @Override
              public void passed(Path file) {
                passed.add(file);
              }

              @Override
              public void refused(Path file, VeilsumException reason) {
                throw reason;
              }
            });
        assertThat(passed).isEqualTo(all.subList(0, 5));
        // Another update of a client that the checkpoint has is no retry.
        GradientUpdate second = cohort.update("client1", 1);
        code(ErrorCode.BAD_INPUT, () -> round.add(second));
        try (GradientAggregate sum = round.finish()) {
          assertThat(sum.clients()).hasSize(9);
          assertThat(cohort.decryptor().sums(sum)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void fewClientsGiveNoResult() {
    try (Cohort cohort = new Cohort(EIGHT, 10);
        GradientAggregator round = Cohort.round()) {
      round.add(cohort.update("a", 1));
      round.add(cohort.update("b", 1));
      code(ErrorCode.BAD_INPUT, round::finish);
      round.add(cohort.update("c", 1)); // the round goes on
      try (GradientAggregate sum = round.finish()) {
        code(
            ErrorCode.BAD_INPUT, () -> new GradientDecryptor(cohort.key, 4, Cohort.POOL).sums(sum));
        assertThat(new GradientDecryptor(cohort.key, 3, Cohort.POOL).sums(sum))
            .isEqualTo(cohort.sums);
      }
      code(ErrorCode.CLOSED, () -> round.add(cohort.update("d", 1)));
    }
  }

  @Test
  void theWrongKeyDoesNotOpen() {
    try (Cohort cohort = new Cohort(EIGHT, 10);
        GradientAggregator round = Cohort.round();
        MasterKey other = MasterKey.generate();
        CohortKey otherKey = CohortKey.derive(other, EIGHT)) {
      for (String client : List.of("a", "b", "c")) {
        round.add(cohort.update(client, 1));
      }
      try (GradientAggregate sum = round.finish()) {
        code(ErrorCode.WRONG_KEY, () -> new GradientDecryptor(otherKey, 3, Cohort.POOL).sums(sum));
      }
    }
  }

  @Test
  void badValuesAreRefusedWithTheirIndex() {
    int length = EIGHT.chunkNumbers() + 100;
    try (Cohort cohort = new Cohort(EIGHT, length)) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        float[] values = new float[length];
        values[length - 7] = bad;
        assertThatThrownBy(
                () ->
                    cohort.encryptor.encrypt(cohort.declaration("a", 1), GradientValues.of(values)))
            .isInstanceOfSatisfying(
                VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
            .hasMessageContaining(Integer.toString(length - 7));
      }
      code(
          ErrorCode.OUT_OF_RANGE,
          () ->
              cohort.encryptor.encrypt(
                  cohort.declaration("a", 1),
                  GradientValues.ofIntegers(new long[length - 1], new long[] {256})));
      code(
          ErrorCode.USAGE,
          () ->
              cohort.encryptor.encrypt(
                  cohort.declaration("a", 1), GradientValues.of(new float[length - 1])));
      code(
          ErrorCode.OUT_OF_RANGE,
          () ->
              cohort.encryptor.encrypt(
                  cohort.declaration("a", 1025), GradientValues.of(new float[length])));
      code(ErrorCode.OUT_OF_RANGE, () -> cohort.declaration("a", 0));
      code(ErrorCode.BAD_INPUT, () -> cohort.declaration(" ", 1));
      code(ErrorCode.BAD_INPUT, () -> TensorShape.vector("w", ElementType.FLOAT32, 0));
      code(ErrorCode.BAD_INPUT, () -> new UpdateDeclaration("r", "c", 1, 1, List.of()));
      code(
          ErrorCode.OUT_OF_RANGE,
          () -> new UpdateDeclaration("r", "c", 1, Double.NaN, cohort.tensors));
    }
  }

  /** Other weights than those that the clients ask for. */
  @Test
  void theAggregatorMayWeighOtherwise() {
    try (Cohort cohort = new Cohort(EIGHT, 10);
        GradientAggregator round =
            new GradientAggregator(RoundOptions.byDefault().weights(update -> 1), Cohort.POOL)) {
      for (String client : List.of("a", "b", "c")) {
        round.add(
            cohort.encryptor.encrypt(
                cohort.declaration(client, 400), GradientValues.ofIntegers(cohort.integers(1))));
      }
      try (GradientAggregate sum = round.finish()) {
        assertThat(sum.weight()).isEqualTo(3);
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
      }
    }
  }
}
