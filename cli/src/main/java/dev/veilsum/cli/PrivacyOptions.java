package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.privacy.BudgetFile;
import dev.veilsum.privacy.PrivacyBudget;
import dev.veilsum.privacy.PrivacyParameters;
import dev.veilsum.privacy.PrivacyRequest;
import dev.veilsum.privacy.SpentRound;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Differential privacy of an update: all of these options, or none. */
final class PrivacyOptions {
  @Option(
      names = "--privacy-norm",
      paramLabel = "C",
      description = {
        "Differential privacy: the update's L2 norm, over all tensors, is clipped to C, and noise",
        "is added. All clients give the same C, Z and N, and --weight is 1. --clip may be left out."
      })
  Double norm;

  @Option(
      names = "--privacy-noise",
      paramLabel = "Z",
      description = "All clients' noise together, in multiples of what one client may contribute.")
  Double noise;

  @Option(
      names = "--privacy-clients",
      paramLabel = "N",
      description =
          "How many clients at least are in every sum that is decrypted; each adds its Nth part.")
  Integer clients;

  @Option(
      names = "--privacy-budget",
      paramLabel = "FILE",
      description = {
        "This client's budget, where the round is taken down. Made where it is not there, with",
        "--epsilon and --delta. A round that would pass it is refused, and so is one that is in it."
      })
  Path budget;

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      description = "What all rounds together may cost, for a new budget.")
  Double epsilon;

  @Option(
      names = "--delta",
      paramLabel = "D",
      description = "The delta of that epsilon; well below one over the number of people.")
  Double delta;

  boolean wanted(CommandSpec spec) {
    boolean any =
        norm != null
            || noise != null
            || clients != null
            || budget != null
            || epsilon != null
            || delta != null;
    boolean all = norm != null && noise != null && clients != null && budget != null;
    if (any && !all) {
      throw new ParameterException(
          spec.commandLine(),
          "--privacy-norm, --privacy-noise, --privacy-clients and --privacy-budget go together");
    }
    if ((epsilon == null) != (delta == null)) {
      throw new ParameterException(spec.commandLine(), "--epsilon and --delta go together");
    }
    return all;
  }

  /** The parameters for so many numbers; without a clip, the solved one. */
  PrivacyParameters parameters(long numbers, int bits, Double clip, long weight, long weightSum) {
    if (weight != 1) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a private update has weight 1, not %d: weights would multiply what it may contribute"
              .formatted(weight));
    }
    if (clients > weightSum) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "--privacy-clients %d in a round of --weight-sum %d: that many never come together"
              .formatted(clients, weightSum));
    }
    PrivacyRequest request = new PrivacyRequest(norm, noise, clients, numbers, bits);
    return clip == null ? request.solve() : request.withClip(clip);
  }

  /** Takes the round down, in a new budget where there is none. */
  PrivacyBudget spend(SpentRound round) {
    BudgetFile file = BudgetFile.at(budget);
    if (epsilon != null && !file.exists()) {
      PrivacyBudget.of(epsilon, delta).spend(round); // refused before there is a file
      file.create(PrivacyBudget.of(epsilon, delta));
    } else if (epsilon != null) {
      PrivacyBudget there = file.read();
      if (there.epsilon() != epsilon || there.delta() != delta) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "%s has epsilon %s and delta %s; a budget is not changed: leave --epsilon and --delta out"
                .formatted(budget, there.epsilon(), there.delta()));
      }
    }
    return file.spend(round);
  }
}
