package dev.veilsum.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The regression mode of the fuzzer, without Jazzer: every reader on its seeds and on real objects,
 * which it takes, on simple damage to the seeds, and on the inputs that once found something
 * (src/test/resources/fuzz/TARGET).
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FuzzRegressionTest {
  /** Headers, names and numbers stand in the first bytes. */
  private static final int FRONT = 64;

  @TestFactory
  Stream<DynamicTest> readers() {
    return FuzzTargets.all().stream()
        .map(target -> DynamicTest.dynamicTest(target.name(), () -> replay(target)));
  }

  private static void replay(FuzzTarget target) {
    List<byte[]> seeds = target.seeds().get();
    assertThat(seeds).isNotEmpty();
    Stream.concat(seeds.stream(), target.real().get().stream())
        .forEach(
            input ->
                assertThat(GuardedRead.read(target, input)).as("%s takes it", target).isEmpty());
    seeds.forEach(seed -> damage(target, seed));
    found(target).forEach(input -> GuardedRead.read(target, input));
  }

  private static void damage(FuzzTarget target, byte[] seed) {
    for (int at = 0; at < seed.length; at++) {
      if (at >= FRONT && at < seed.length - 2) {
        continue;
      }
      for (int value : new int[] {0, 0xff, seed[at] ^ 1, seed[at] ^ 0x80}) {
        byte[] changed = seed.clone();
        changed[at] = (byte) value;
        GuardedRead.read(target, changed);
      }
      GuardedRead.read(target, Arrays.copyOf(seed, at));
    }
    for (int length : new int[] {seed.length + 1, seed.length / 2, 2 * seed.length}) {
      GuardedRead.read(target, Arrays.copyOf(seed, length));
    }
  }

  private static List<byte[]> found(FuzzTarget target) {
    URL folder = FuzzRegressionTest.class.getResource("/fuzz/" + target.name());
    if (folder == null) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files
          .sorted()
          .map(
              file -> {
                try {
                  return Files.readAllBytes(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
