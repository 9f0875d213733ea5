package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.MasterKey;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
    versionProvider = Main.Version.class,
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
      description = "The key file, ${DEFAULT-VALUE} where none is named; never overwritten.")
  Path output;

  @Option(
      names = "--no-passphrase",
      description = "Write the key unsealed: whoever reads the file has the key.")
  boolean noPassphrase;

  @Override
  public void run() {
    checkOutput();
    try (MasterKey key = MasterKey.generate()) {
      if (noPassphrase) {
        KeyFile.writeUnsealed(output, key);
      } else {
        char[] passphrase = secrets.choose(main.streams().terminal());
        try {
          KeyFile.writeSealed(output, key, passphrase);
        } finally {
          Arrays.fill(passphrase, '\0');
        }
      }
      if (main.settings.json) {
        Json.print(
            spec,
            json ->
                json.text("file", output)
                    .text("key_id", key.keyId())
                    .flag("sealed", !noPassphrase));
      } else {
        main.note("wrote " + output + ", key id " + key.keyId());
      }
    }
  }

  /** Before anybody types a passphrase in vain. */
  private void checkOutput() {
    if (output.toString().equals("-")) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a secret key is written to a file only; give -o FILE");
    }
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      throw new VeilsumException(
          ErrorCode.OUTPUT_EXISTS,
          output + " exists, and a key file is never overwritten; name another");
    }
  }
}
