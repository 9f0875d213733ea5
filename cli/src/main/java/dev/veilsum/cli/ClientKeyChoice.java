package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.CohortKey;
import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.JointKey;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.threshold.JointKeyFile;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** What a client encrypts with: the secret key that all clients share, or a public one. */
final class ClientKeyChoice implements AutoCloseable {
  private final CohortKey cohort; // or null, and then
  private final JointKey joint;

  private ClientKeyChoice(CohortKey cohort, JointKey joint) {
    this.cohort = cohort;
    this.joint = joint;
  }

  /**
   * Opens the file of a key.
   *
   * @param parameters those of a secret key; a public one says its own, and the options of {@code
   *     spec} that would say others are refused
   */
  static ClientKeyChoice open(
      Path file,
      Secrets secrets,
      Terminal terminal,
      CommandSpec spec,
      Supplier<GradientParameters> parameters) {
    if (Inputs.isKeyFile(file)) {
      try (MasterKey master = secrets.open(file, terminal)) {
        return new ClientKeyChoice(CohortKey.derive(master, parameters.get()), null);
      }
    }
    try (ContainerReader reader = ContainerReader.open(file)) {
      if (reader.kind() != ContainerKind.THRESHOLD) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            ("%s is of kind \"%s\"; clients encrypt with the secret key that they share, or with the"
                    + " public key of a threshold key")
                .formatted(file, reader.kind()));
      }
      JointKey joint = JointKeyFile.read(reader);
      for (String option : List.of("--bits", "--weight-sum", "--max-weight", "--security")) {
        if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
          throw new VeilsumException(
              ErrorCode.USAGE, "%s is said by the public key %s itself".formatted(option, file));
        }
      }
      return new ClientKeyChoice(null, joint);
    }
  }

  GradientParameters parameters() {
    return cohort != null ? cohort.parameters() : joint.parameters();
  }

  /** What the weights add up to at most: what was declared, unless a public key says it. */
  long weightSum(long declared) {
    return cohort != null ? declared : joint.parameters().weightSum();
  }

  GradientEncryptor encryptor(OrderedPool pool) {
    return cohort != null
        ? new GradientEncryptor(cohort, pool)
        : new GradientEncryptor(joint, pool);
  }

  @Override
  public void close() {
    if (cohort != null) {
      cohort.close();
    }
  }
}
