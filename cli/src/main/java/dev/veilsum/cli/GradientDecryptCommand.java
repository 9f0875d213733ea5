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
      "Decrypt the aggregate of a round to the weighted means of its numbers. An output that ends in"
          + " .npy, .npz or .safetensors gets the tensors with their names and shapes; any other"
          + " gets bare little-endian numbers, tensor after tensor.",
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
      description = {
        "The type of the numbers. Of tensors: float16, bfloat16, float32 or float64; by default"
            + " what each was. Of bare numbers: float32 (default), float64, or int64 for the"
            + " exact sums of the integers."
      })
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
    try (AtomicOutput out = output.openDecrypted(main.streams());
        GradientAggregate aggregate =
            GradientAggregate.read(
                Inputs.container(main.streams(), input, ContainerKind.AGGREGATE))) {
      requireOwner(aggregate);
      DecryptedNumbers decrypted =
          DecryptedNumbers.start(out, aggregate.frame().tensors(), type, sum);
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          CohortKey cohort = CohortKey.derive(master, aggregate.frame().parameters());
          OrderedPool pool = new OrderedPool(main.settings.threads());
          Progress progress = main.progress("decrypting", aggregate.frame().numbers())) {
        new GradientDecryptor(cohort, minimumCohort, pool)
            .decrypt(
                aggregate,
                decrypted.kind(),
                part -> {
                  progress.advance(part.remaining() / decrypted.kind().bytes());
                  decrypted.write(part);
                });
      }
      decrypted.finish();
      out.commit();
      main.note(
          "wrote %s: %d numbers of %d clients"
              .formatted(output.name(), aggregate.frame().numbers(), aggregate.clients().size()));
    }
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
