package dev.veilsum.cli;

import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.MasterKey;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a master key. */
@Command(
    name = "keygen",
    mixinStandardHelpOptions = true,
    description = {
      "Make a master key and write it to a file of its own, sealed with a passphrase.",
      "Everything secret is derived from it: keep a copy, for without it nothing can be decrypted."
    })
final class KeygenCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Secrets secrets;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "veilsum.key",
      description = "The key file (default: ${DEFAULT-VALUE}); never overwritten.")
  Path output;

  @Option(
      names = "--no-passphrase",
      description = "Write the key unsealed: whoever reads the file has the key.")
  boolean noPassphrase;

  @Override
  public void run() {
    try (MasterKey key = MasterKey.generate()) {
      if (noPassphrase) {
        KeyFile.writeUnsealed(output, key);
      } else {
        char[] passphrase = secrets.choose();
        try {
          KeyFile.writeSealed(output, key, passphrase);
        } finally {
          Arrays.fill(passphrase, '\0');
        }
      }
      if (main.settings.json) {
        Json.print(spec, json -> json.text("file", output.toString()).text("key_id", key.keyId()));
      } else if (!main.settings.quiet) {
        spec.commandLine().getErr().println("wrote " + output + ", key id " + key.keyId());
      }
    }
  }
}
