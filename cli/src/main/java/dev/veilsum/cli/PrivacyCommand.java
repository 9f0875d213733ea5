package dev.veilsum.cli;

import dev.veilsum.privacy.BudgetFile;
import dev.veilsum.privacy.PrivacyBudget;
import dev.veilsum.privacy.PrivacyParameters;
import dev.veilsum.privacy.PrivacyRequest;
import dev.veilsum.privacy.RenyiAccount;
import dev.veilsum.privacy.SpentRound;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What differential privacy has cost, and what rounds would cost. */
@Command(
    name = "privacy",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Show what a client has spent of its privacy budget, or plan private rounds.",
      "Updates are made private by gradient encrypt."
    })
final class PrivacyCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: show or plan");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class,
      description = "The rounds of a budget, and what they cost together.")
  void show(@Parameters(paramLabel = "FILE", description = "A client's budget.") Path file) {
    Inputs.refuse(file, "a privacy budget");
    PrivacyBudget budget = BudgetFile.at(file).read();
    double spent = budget.spent();
    if (main.settings.json) {
      Json.print(
          spec,
          json -> {
            json.number("epsilon", budget.epsilon()).number("delta", budget.delta());
            json.number("spent", spent);
            json.objects("rounds", budget.rounds(), PrivacyCommand::describe);
          });
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "epsilon %.4f of %s is spent, for delta %s, in %d rounds"
            .formatted(spent, budget.epsilon(), budget.delta(), budget.rounds().size()));
    if (!budget.rounds().isEmpty()) {
      TextTable table = new TextTable("lrrr");
      table.line("round", "noise", "clients", "numbers");
      for (SpentRound round : budget.rounds()) {
        table.line(
            round.name(),
            "%.4g".formatted(round.cost().noiseMultiplier()),
            round.cost().clients(),
            round.cost().numbers());
      }
      table.print(out);
    }
  }

  private static void describe(Json json, SpentRound round) throws IOException {
    json.text("round", round.name())
        .number("noise", round.cost().noiseMultiplier())
        .number("clients", round.cost().clients())
        .number("numbers", round.cost().numbers());
  }

  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class,
      description = {
        "What private rounds would cost, and the noise of their means. Nothing is spent.",
        "No amplification by sampling of clients is counted."
      })
  void plan(
      @Option(
              names = "--norm",
              paramLabel = "C",
              required = true,
              description = "The L2 norm that updates are clipped to.")
          double norm,
      @Option(
              names = "--noise",
              paramLabel = "Z",
              required = true,
              description = "The noise, in multiples of what one client may contribute.")
          double noise,
      @Option(
              names = "--clients",
              paramLabel = "N",
              required = true,
              description = "How many clients at least are in every sum.")
          int clients,
      @Option(
              names = "--numbers",
              paramLabel = "D",
              required = true,
              description = "How many numbers an update has.")
          long numbers,
      @Option(
              names = "--bits",
              paramLabel = "B",
              defaultValue = "16",
              description = "Bits of a number, 2 to 32; 16 by default.")
          int bits,
      @Option(
              names = "--clip",
              paramLabel = "C",
              description = "The range of the encrypted numbers; solved by default.")
          Double clip,
      @Option(
              names = "--rounds",
              paramLabel = "R",
              defaultValue = "1",
              description = "How many such rounds; 1 by default.")
          long rounds,
      @Option(
              names = "--delta",
              paramLabel = "D",
              description = "For which epsilon is told; 1e-6 by default, or the budget's.")
          Double delta,
      @Option(
              names = "--privacy-budget",
              paramLabel = "FILE",
              description = "A client's budget that the rounds would be paid from.")
          Path budgetFile) {
    if (rounds < 1 || rounds > 1_000_000_000) {
      throw new ParameterException(spec.commandLine(), "--rounds is 1 to 10^9");
    }
    if (budgetFile != null && delta != null) {
      throw new ParameterException(spec.commandLine(), "--delta is the budget's");
    }
    PrivacyRequest request = new PrivacyRequest(norm, noise, clients, numbers, bits);
    PrivacyParameters parameters = clip == null ? request.solve() : request.withClip(clip);
    PrivacyBudget budget =
        budgetFile == null
            ? PrivacyBudget.of(1000, delta == null ? 1e-6 : delta)
            : BudgetFile.at(budgetFile).read();
    double epsilon = RenyiAccount.empty().plus(parameters.cost(), rounds).epsilon(budget.delta());
    double after = budget.spentAfter(parameters.cost(), rounds);
    if (main.settings.json) {
      Json.print(
          spec,
          json -> {
            json.number("clip", parameters.clip());
            json.number("coordinateLimit", parameters.coordinateLimit());
            json.number("sigma", parameters.cost().sigma().value());
            json.number("meanNoise", parameters.meanNoise());
            json.number("rounds", rounds).number("delta", budget.delta());
            epsilon(json, "epsilon", epsilon);
            if (budgetFile != null) {
              epsilon(json, "spentAfter", after);
              json.number("roundsLeft", budget.roundsLeft(parameters.cost()));
            }
          });
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("%s for delta %s after %d rounds".formatted(text(epsilon), budget.delta(), rounds));
    out.println(
        "noise of a mean over %d clients: %.4g a number, standard deviation"
            .formatted(clients, parameters.meanNoise()));
    out.println(
        "encrypted with --clip %s: numbers to +-%.4g, each client's noise has sigma %.6g of 2^%d steps"
            .formatted(
                parameters.clip(),
                parameters.coordinateLimit(),
                parameters.cost().sigma().value(),
                bits));
    if (budgetFile != null) {
      out.println(
          "the budget would have spent %s of %s; it pays for %d such rounds"
              .formatted(text(after), budget.epsilon(), budget.roundsLeft(parameters.cost())));
    }
  }

  private static String text(double epsilon) {
    return Double.isFinite(epsilon) ? "epsilon %.4f".formatted(epsilon) : "no epsilon is known";
  }

  /** JSON has no infinity: null says that no epsilon is known. */
  private static void epsilon(Json json, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.number(name, value);
    } else {
      json.nothing(name);
    }
  }
}
