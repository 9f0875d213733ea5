package dev.veilsum.benchmarks;

import dev.veilsum.nativelib.Core;
import dev.veilsum.nativelib.NativeLibrary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What figures depend on: processor, instruction set, virtual machine, load. */
final class Machine {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** One line for people. */
  static String description() {
    NativeLibrary.core().require();
    return String.format(
        Locale.ROOT,
        "%s, %d processors, load %.1f; Veilsum %s, path %s; Java %s",
        processor(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        Core.version(),
        Core.activeIsa(),
        Runtime.version());
  }

  private static String processor() {
    if (Files.isReadable(CPUINFO)) {
      try (Stream<String> lines = Files.lines(CPUINFO)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
      } catch (IOException e) {
        // The architecture will do.
      }
    }
    return System.getProperty("os.arch");
  }
}
