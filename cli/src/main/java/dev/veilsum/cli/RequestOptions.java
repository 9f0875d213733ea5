package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.params.SecurityLevel;
import picocli.CommandLine.Option;

/** What all clients of a round agree on about their numbers and weights. */
final class RequestOptions {
  @Option(
      names = "--bits",
      paramLabel = "B",
      defaultValue = "8",
      description = "Bits of a number, 2 to 32; 8 by default.")
  int bits;

  @Option(
      names = "--weight-sum",
      paramLabel = "W",
      defaultValue = "1024",
      description = "The most that the weights of a round add up to; 1024 by default.")
  long weightSum;

  @Option(
      names = "--max-weight",
      paramLabel = "W",
      description = "The largest weight of one client; --weight-sum by default, 1 is smallest.")
  Long maxWeight;

  @Option(
      names = "--security",
      paramLabel = "LEVEL",
      description = "The security level; classical-128 by default.")
  String security;

  GradientRequest request() {
    return new GradientRequest(bits, weightSum)
        .maxWeight(maxWeight == null ? weightSum : maxWeight)
        .security(security == null ? SecurityLevel.DEFAULT : SecurityLevel.ofId(security));
  }
}
