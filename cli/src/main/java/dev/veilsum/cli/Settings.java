package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes. */
final class Settings {
  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print results as one JSON object.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Print nothing but results and errors.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Print where an error came from.")
  boolean verbose;

  @Option(
      names = "--no-progress",
      scope = ScopeType.INHERIT,
      description = "No progress bar on standard error.")
  boolean noProgress;

  @Option(
      names = "--threads",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "Threads that compute; by default one for each processor.")
  private Integer threads;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description =
          "The engine underneath: core (default), or seal where this build has Microsoft SEAL.")
  private String backend = Backends.DEFAULT;

  /** At least 1. */
  int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1 || threads > 1024) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--threads " + threads + ": from 1 to 1024 threads are possible");
    }
    return threads;
  }

  /** A backend that computes on ciphertexts; the cleartext twin is no such thing. */
  Backend backend() {
    if (backend.equals("clear")) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "--backend clear: the cleartext twin encrypts nothing; it is there for tests only");
    }
    Backend named = Backends.named(backend);
    named
        .absence()
        .ifPresent(
            reason -> {
              throw new VeilsumException(
                  ErrorCode.UNSUPPORTED, "--backend " + backend + ": " + reason);
            });
    return named;
  }
}
