package dev.veilsum.cli;

import dev.veilsum.aggregate.JointKey;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.threshold.Joins;
import dev.veilsum.threshold.JointKeyFile;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The public key of a session. */
@Command(
    name = "pubkey",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Write the public key that all confirmations make together, for the clients.",
      "Takes no secret. Compare the key id with the parties' shares over a channel that you trust.",
      ""
    })
final class ThresholdPubkeyCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand ThresholdCommand parent;
  @Mixin Output output;

  @Parameters(
      arity = "1..*",
      paramLabel = "IN",
      description =
          "The session, and the join, deal and confirm messages of all parties, or a folder with"
              + " them.")
  List<Path> inputs;

  @Override
  public void run() {
    Main main = parent.main;
    JointKey key;
    try (AtomicOutput out = output.openBinary(main.streams())) {
      ThresholdMessages messages = ThresholdMessages.in(inputs);
      Joins joins = messages.joins();
      key = JointKeyFile.assemble(messages.deals(joins, 0), messages.confirmations());
      JointKeyFile.write(key, out);
    }
    if (main.settings.json && !output.isStandard()) {
      Json.print(spec, json -> json.text("file", output.name()).text("key_id", key.keyId()));
    } else {
      main.note("wrote %s, the public key %s".formatted(output.name(), key.keyId()));
    }
  }
}
