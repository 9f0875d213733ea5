package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.BfvRequest;
import dev.veilsum.params.CkksRequest;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.ParameterSolver;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SecurityLevel;
import dev.veilsum.params.Solution;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Finds the smallest parameters for a computation. */
@Command(
    name = "solve",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Find the smallest secure parameters for a computation, and say why these.")
final class ParamsSolveCommand implements Runnable {
  /** The schemes that have parameters to be found. */
  enum Scheme {
    CKKS,
    BFV
  }

  @Spec CommandSpec spec;
  @ParentCommand ParamsCommand params;

  @Option(
      names = "--scheme",
      paramLabel = "SCHEME",
      required = true,
      description = "ckks for approximate real numbers, bfv for exact integers.")
  Scheme scheme;

  @Option(
      names = "--bound",
      paramLabel = "B",
      required = true,
      description = "The largest absolute value of an input and of every product.")
  BigDecimal bound;

  @Option(
      names = "--terms",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many such values are added up in one result; ${DEFAULT-VALUE} by default.")
  long terms;

  @Option(
      names = "--depth",
      paramLabel = "D",
      defaultValue = "0",
      description = "Multiplications in a row; ${DEFAULT-VALUE} by default.")
  int depth;

  @Option(
      names = "--error",
      paramLabel = "E",
      description = "The largest absolute error of a result (ckks only, and needed there).")
  Double error;

  @Option(
      names = "--rotate",
      paramLabel = "STEPS",
      split = ",",
      description = "Rotations by so many slots that the computation takes.")
  int[] rotations = new int[0];

  @Option(
      names = "--security",
      paramLabel = "LEVEL",
      defaultValue = "classical-128",
      description = "The security level; ${DEFAULT-VALUE} by default.")
  String security;

  @Override
  public void run() {
    Solution<? extends RlweParameters> solution = solve();
    if (params.main.settings.json) {
      Json.print(
          spec,
          json -> {
            ParameterText.describe(json, solution.parameters());
            json.text("reason", solution.reason());
          });
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    ParameterText.print(out, solution.parameters());
    out.println();
    out.println(solution.reason());
  }

  private Solution<? extends RlweParameters> solve() {
    SecurityLevel level = SecurityLevel.ofId(security);
    if ((scheme == Scheme.CKKS) != (error != null)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          error == null
              ? "ckks is approximate; give the largest --error that a result may have"
              : "bfv is exact; leave --error out");
    }
    if (scheme == Scheme.CKKS) {
      return ParameterSolver.solve(
          CkksRequest.of(depth, bound.doubleValue(), terms, error)
              .withKeys(keys())
              .withSecurity(level));
    }
    return ParameterSolver.solve(
        new BfvRequest(
            depth,
            bound
                .multiply(BigDecimal.valueOf(terms))
                .setScale(0, RoundingMode.CEILING)
                .toBigInteger(),
            terms,
            keys(),
            level));
  }

  private KeyRequirements keys() {
    KeyRequirements rotated = KeyRequirements.rotations(rotations);
    return depth > 0 ? rotated.union(KeyRequirements.relinearization()) : rotated;
  }
}
