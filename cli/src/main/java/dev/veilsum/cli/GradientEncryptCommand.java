package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.UpdateDeclaration;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.privacy.PrivacyBudget;
import dev.veilsum.privacy.PrivacyParameters;
import dev.veilsum.privacy.PrivateValues;
import dev.veilsum.privacy.SpentRound;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Encrypts one client's update of one round. */
@Command(
    name = "encrypt",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Encrypt a client's update: numbers are clipped, rounded at random to --bits bits and packed.",
      "All clients of a round give the same --round, --clip, --bits, --weight-sum and --max-weight.",
      ""
    })
final class GradientEncryptCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand GradientCommand parent;
  @Mixin Secrets secrets;
  @Mixin Output output;
  @Mixin RequestOptions agreed;
  @Mixin PrivacyOptions privacy;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      required = true,
      description =
          "The secret key that the clients share, as keygen writes it; or a public key, as threshold"
              + " pubkey does, which says --bits and the weights itself.")
  Path key;

  @Option(
      names = "--round",
      paramLabel = "NAME",
      required = true,
      description = "The round's name.")
  String round;

  @Option(
      names = "--client",
      paramLabel = "NAME",
      required = true,
      description = "This client's name; it is counted once a round.")
  String client;

  @Option(
      names = "--weight",
      paramLabel = "W",
      defaultValue = "1",
      description =
          "What the update is multiplied by, such as the number of samples; 1 by default.")
  long weight;

  @Option(
      names = "--clip",
      paramLabel = "C",
      description = "Numbers are clipped to -C..C. Required, but for private updates.")
  Double clip;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "What bare numbers are: float32 (default) or float64, little-endian.")
  String type;

  @Parameters(
      paramLabel = "IN",
      description = "The numbers: a file .npy, .npz or .safetensors, or one of bare numbers.")
  Path input;

  @Override
  public void run() {
    Main main = parent.main;
    boolean isPrivate = privacy.wanted(spec);
    if (clip == null && !isPrivate) {
      throw new ParameterException(spec.commandLine(), "--clip is missing");
    }
    try (AtomicOutput out = output.openBinary(main.streams());
        Numbers numbers = Numbers.open(input, type);
        ClientKeyChoice with =
            ClientKeyChoice.open(
                key,
                secrets,
                main.streams().terminal(),
                spec,
                () -> agreed.request().solveFor(numbers.count()));
        OrderedPool pool = new OrderedPool(main.settings.threads());
        Progress progress = main.progress("encrypting", numbers.count())) {
      GradientEncryptor encryptor = with.encryptor(pool);
      long bytes =
          isPrivate
              ? encryptPrivately(with, encryptor, numbers, out, progress)
              : encryptor.encrypt(declaration(clip, numbers), numbers, out, progress::advance);
      progress.close();
      report(main, numbers.count(), bytes, with.parameters());
    }
  }

  private UpdateDeclaration declaration(double clip, Numbers numbers) {
    return new UpdateDeclaration(round, client, weight, clip, numbers.tensors());
  }

  /** Whatever can be refused is refused before the round is paid for. */
  private long encryptPrivately(
      ClientKeyChoice with,
      GradientEncryptor encryptor,
      Numbers numbers,
      AtomicOutput out,
      Progress progress) {
    PrivacyParameters parameters =
        privacy.parameters(
            numbers.count(),
            with.parameters().bits(),
            clip,
            weight,
            with.weightSum(agreed.weightSum));
    UpdateDeclaration declared = declaration(parameters.clip(), numbers);
    try (PrivateValues values = parameters.privatize(() -> Numbers.open(input, type))) {
      PrivacyBudget budget = privacy.spend(new SpentRound(round, parameters.cost()));
      parent.main.note(
          "privacy: epsilon %.4f of %s is spent, for delta %s"
              .formatted(budget.spent(), budget.epsilon(), budget.delta()));
      return encryptor.encrypt(declared, values, out, progress::advance);
    }
  }

  private void report(Main main, long numbers, long bytes, GradientParameters parameters) {
    if (main.settings.json && !output.isStandard()) {
      Json.print(
          spec,
          json ->
              json.text("file", output.name())
                  .number("numbers", numbers)
                  .number("bytes", bytes)
                  .text("parameters", parameters.fingerprint()));
      return;
    }
    main.note(
        "wrote %s: %d numbers, %s, %.2f bytes a number"
            .formatted(output.name(), numbers, Text.bytes(bytes), (double) bytes / numbers));
  }
}
