package dev.veilsum.params;

import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import java.util.List;

/** The canonical form of parameters. */
public final class ParametersFuzz {
  private ParametersFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget(
            "parameters",
            input ->
                GuardedRead.requireSame(
                    RlweParameters.fromCanonicalBytes(input).canonicalBytes(), input),
            () ->
                Presets.all().stream()
                    .limit(2)
                    .map(p -> p.parameters().canonicalBytes())
                    .toList()));
  }
}
