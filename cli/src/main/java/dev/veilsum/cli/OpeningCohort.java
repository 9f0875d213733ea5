package dev.veilsum.cli;

import picocli.CommandLine.Option;

/** Of how many clients a sum must be before it is opened, or made a server's share. */
final class OpeningCohort {
  @Option(
      names = "--min-cohort",
      paramLabel = "N",
      defaultValue = "3",
      description = "Refuse the sum of fewer clients; 3 by default.")
  int minimum;
}
