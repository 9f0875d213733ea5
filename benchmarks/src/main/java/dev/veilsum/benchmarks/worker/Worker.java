package dev.veilsum.benchmarks.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One side of a comparison, a process of its own: {@code Worker GROUP}. It sets up the group and
 * prints {@code ready} with the names of its operations, separated by tabs, or {@code absent} where
 * this revision does not have the group, or {@code failed}. Then, line by line:
 *
 * <ul>
 *   <li>{@code warm INDEX MILLIS} runs an operation that long and gives the nanoseconds of a call,
 *       or {@code absent};
 *   <li>{@code time INDEX TIMES} gives the nanoseconds of that many calls, after one that does not
 *       count.
 * </ul>
 *
 * <p>Nanoseconds are the thread's processor time. The end of the input is the end.
 */
public final class Worker {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Worker() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    try (Works works = Works.of(arguments[0])) {
      List<Work> all = works.all();
      out.println("ready\t" + all.stream().map(Work::name).collect(Collectors.joining("\t")));
      out.flush();
      serve(all, out);
    } catch (LinkageError | IllegalArgumentException e) {
      out.println("absent\t" + e);
    } catch (AssertionError | RuntimeException e) {
      out.println("failed\t" + e);
    }
    out.flush();
  }

  private static void serve(List<Work> works, PrintStream out) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      Runnable work = works.get(Integer.parseInt(words[1])).run();
      int count = Integer.parseInt(words[2]);
      try {
        out.println(words[0].equals("warm") ? warm(work, count) : time(work, count));
      } catch (LinkageError e) {
        out.println("absent");
      }
      out.flush();
    }
  }

  private static long warm(Runnable work, int millis) {
    long least = Long.MAX_VALUE;
    long spent = 0;
    do {
      long start = clock();
      work.run();
      long taken = Math.max(1, clock() - start);
      least = Math.min(least, taken);
      spent += taken;
    } while (spent < millis * 1_000_000L);
    return least;
  }

  private static long time(Runnable work, int times) {
    work.run();
    long start = clock();
    for (int i = 0; i < times; i++) {
      work.run();
    }
    return clock() - start;
  }

  private static long clock() {
    return THREADS.getCurrentThreadCpuTime();
  }
}
