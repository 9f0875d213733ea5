package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.CohortKey;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Decrypts the aggregate of a round. */
@Command(
    name = "decrypt",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Decrypt the aggregate of a round to the weighted means of its numbers: bare, little-endian,"
          + " tensor after tensor.",
      ""
    })
final class GradientDecryptCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand GradientCommand parent;
  @Mixin Secrets secrets;
  @Mixin Output output;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      required = true,
      description = "The secret key that the clients share.")
  Path key;

  @Option(
      names = "--min-cohort",
      paramLabel = "N",
      defaultValue = "3",
      description = "Refuse the sum of fewer clients; 3 by default.")
  int minimumCohort;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "float32",
      description = "float32 (default), float64, or int64 for the exact sums of the integers.")
  String type;

  @Option(names = "--sum", description = "Weighted sums of the numbers instead of their means.")
  boolean sum;

  @Parameters(
      arity = "0..1",
      paramLabel = "IN",
      defaultValue = "-",
      description = "An aggregate; - is standard input, which is the default.")
  String input;

  @Override
  public void run() {
    Main main = parent.main;
    GradientDecryptor.Output as = output();
    try (AtomicOutput out = output.openDecrypted(main.streams());
        GradientAggregate aggregate =
            GradientAggregate.read(
                Inputs.container(main.streams(), input, ContainerKind.AGGREGATE))) {
      requireOwner(aggregate);
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          CohortKey cohort = CohortKey.derive(master, aggregate.frame().parameters());
          OrderedPool pool = new OrderedPool(main.settings.threads());
          Progress progress = main.progress("decrypting", aggregate.frame().numbers())) {
        new GradientDecryptor(cohort, minimumCohort, pool)
            .decrypt(
                aggregate,
                as,
                part -> {
                  progress.advance(part.remaining() / as.bytes());
                  out.write(part);
                });
      }
      out.commit();
      main.note(
          "wrote %s: %d numbers of %d clients"
              .formatted(output.name(), aggregate.frame().numbers(), aggregate.clients().size()));
    }
  }

  private GradientDecryptor.Output output() {
    return switch (type) {
      case "float32" ->
          sum ? GradientDecryptor.Output.FLOAT_SUMS : GradientDecryptor.Output.FLOAT_MEANS;
      case "float64" ->
          sum ? GradientDecryptor.Output.DOUBLE_SUMS : GradientDecryptor.Output.DOUBLE_MEANS;
      case "int64" -> GradientDecryptor.Output.INTEGER_SUMS;
      default ->
          throw new VeilsumException(
              ErrorCode.USAGE, "--type " + type + ": float32, float64 or int64 is possible");
    };
  }

  /** Nobody types a passphrase for a key that decrypts something else. */
  private void requireOwner(GradientAggregate aggregate) {
    KeyId found = KeyFile.readHeader(key).keyId();
    if (!found.equals(aggregate.frame().keyId())) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          "%s is under the key %s, and %s is the key %s; use the key that it was made for"
              .formatted(aggregate.name(), aggregate.frame().keyId(), key, found));
    }
  }
}
