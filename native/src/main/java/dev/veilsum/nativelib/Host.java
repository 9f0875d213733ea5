package dev.veilsum.nativelib;

import java.util.Locale;

/** The platform that this JVM runs on, by the names that the jar's folders have. */
final class Host {
  private Host() {}

  /** For example "linux-x86_64". */
  static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String osName =
        os.startsWith("mac")
            ? "macosx"
            : os.startsWith("windows") ? "windows" : os.replace(' ', '_');
    String archName =
        switch (arch) {
          case "amd64", "x86-64", "x64" -> "x86_64";
          case "aarch64" -> "arm64";
          default -> arch;
        };
    return osName + "-" + archName;
  }
}
