package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks on this machine that what is computed under encryption is right. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Encrypt random numbers under each scheme, compute, decrypt, and compare with the clear.",
      "Exit code 0 where all is right, 1 where something is wrong, 8 where a scheme is not"
          + " available on this machine."
    })
final class SelftestCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  /** How one check went; {@code failure} is null where it went well. */
  private record Outcome(String name, String detail, double seconds, VeilsumException failure) {
    String word() {
      return failure == null
          ? "ok"
          : failure.code() == ErrorCode.UNSUPPORTED ? "unavailable" : "FAILED";
    }
  }

  @Override
  public void run() {
    List<Outcome> outcomes = new ArrayList<>();
    for (SchemeCheck check : SchemeCheck.all(main.settings.backend())) {
      Outcome outcome = outcome(check);
      outcomes.add(outcome);
      if (!main.settings.json) {
        print(outcome);
      }
    }
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.objects(
                  "checks",
                  outcomes,
                  (object, outcome) ->
                      object
                          .text("name", outcome.name())
                          .text("outcome", outcome.word())
                          .text("detail", outcome.detail())
                          .number("seconds", outcome.seconds())));
    }
    outcomes.stream()
        .filter(outcome -> outcome.failure() != null)
        .min((a, b) -> Integer.compare(weight(a), weight(b)))
        .ifPresent(
            worst -> {
              throw worst.failure();
            });
  }

  /** What is wrong comes before what is only not there. */
  private static int weight(Outcome outcome) {
    return outcome.failure().code() == ErrorCode.UNSUPPORTED ? 1 : 0;
  }

  private static Outcome outcome(SchemeCheck check) {
    long start = System.nanoTime();
    try {
      String detail = check.run();
      return new Outcome(check.name(), detail, (System.nanoTime() - start) / 1e9, null);
    } catch (VeilsumException failure) {
      return new Outcome(
          check.name(), failure.getMessage(), (System.nanoTime() - start) / 1e9, failure);
    }
  }

  private void print(Outcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%-11s %-9s %8s  %s%n",
        outcome.word(), outcome.name(), Text.seconds(outcome.seconds()), outcome.detail());
    out.flush();
  }
}
