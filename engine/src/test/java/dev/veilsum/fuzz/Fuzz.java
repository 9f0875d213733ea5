package dev.veilsum.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The entry points of Jazzer, for the target that is named by {@code --target_args}; and a program
 * that says which targets there are ({@code list}) and writes the seeds of all of them ({@code
 * seeds FOLDER}). scripts/fuzz uses both.
 */
public final class Fuzz {
  private static FuzzTarget target;

  private Fuzz() {}

  public static void fuzzerInitialize(String[] args) {
    target = FuzzTargets.named(args[0]);
    // Makes what is made once, and loads classes.
    for (int i = 0; i < 2; i++) {
      GuardedRead.forgetLargest();
      target.seeds().get().forEach(seed -> GuardedRead.read(target, seed));
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    GuardedRead.read(target, input);
  }

  public static void fuzzerTearDown() {
    System.err.printf("largest read: %.1f MB%n", GuardedRead.largestHeap() / 1e6);
  }

  public static void main(String[] args) throws IOException {
    for (FuzzTarget each : FuzzTargets.all()) {
      if (args[0].equals("list")) {
        System.out.println(each.name());
        continue;
      }
      Path folder = Files.createDirectories(Path.of(args[1]).resolve(each.name()));
      List<byte[]> seeds = each.seeds().get();
      for (int i = 0; i < seeds.size(); i++) {
        Files.write(folder.resolve("seed-" + i), seeds.get(i));
      }
    }
  }
}
