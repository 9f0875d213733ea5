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
  @Mixin OpenedSum opened;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      required = true,
      description = "The secret key that the clients share.")
  Path key;

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
      DecryptedNumbers decrypted = opened.start(out, aggregate);
      try (MasterKey master = secrets.open(key, main.streams().terminal());
          CohortKey cohort = CohortKey.derive(master, aggregate.frame().parameters())) {
        opened.write(
            main,
            "decrypting",
            aggregate,
            pool -> new GradientDecryptor(cohort, opened.cohort.minimum, pool),
            decrypted,
            out,
            output.name());
      }
    }
  }

  /** Nobody types a passphrase for a key that decrypts something else. */
  private void requireOwner(GradientAggregate aggregate) {
    Inputs.requireKeyFile(key);
    KeyId found = KeyFile.readHeader(key).keyId();
    if (!found.equals(aggregate.frame().keyId())) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          "%s is under the key %s, and %s is the key %s; use the key that it was made for"
              .formatted(aggregate.name(), aggregate.frame().keyId(), key, found));
    }
  }
}
