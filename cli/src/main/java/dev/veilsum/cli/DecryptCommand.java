package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.KeyId;
import dev.veilsum.table.Answer;
import dev.veilsum.table.ImportedKeyFile;
import dev.veilsum.table.ResultDecryptor;
import dev.veilsum.table.TableDecryptor;
import dev.veilsum.table.TableSecret;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Decrypts results and tables. */
@Command(
    name = "decrypt",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Decrypt a result or a table with the secret key.",
      "A result is printed as lines for people, a table as CSV; with --json both are one object.",
      "Approximate numbers carry a bound on their error; all others are exact."
    })
final class DecryptCommand implements Runnable {
  @ParentCommand Main main;
  @Mixin Secrets secrets;
  @Mixin Output output;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      required = true,
      description = "The secret key, as keygen or import writes it.")
  Path key;

  @Parameters(
      arity = "0..1",
      paramLabel = "IN",
      defaultValue = "-",
      description = "A result or a table; - is standard input, which is the default.")
  String input;

  @Override
  public void run() {
    Backend backend = main.settings.backend();
    try (AtomicOutput out = output.openDecrypted(main.streams());
        ContainerReader reader =
            Inputs.container(main.streams(), input, ContainerKind.RESULT, ContainerKind.TABLE)) {
      requireOwner(reader, requireSecretKey());
      try (TableSecret secret = secrets.openAny(key, main.streams().terminal())) {
        if (reader.kind() == ContainerKind.RESULT) {
          writeAnswers(ResultDecryptor.decrypt(reader, secret, backend), out);
        } else {
          writeTable(reader, secret, backend, out);
        }
      }
      out.commit();
    }
  }

  /** The id of the secret key; public keys are told from what is no key at all. */
  private Header requireSecretKey() {
    if (Inputs.isKeyFile(key)) {
      KeyId id = KeyFile.readHeader(key).keyId();
      return new Header(id, id::equals);
    }
    if (SealFiles.isSeal(key)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          key + " is an object of Microsoft SEAL; make a key file of it with veilsum import");
    }
    try (ContainerReader other = ContainerReader.open(key)) {
      if (other.kind() == ContainerKind.IMPORTED_KEY) {
        ImportedKeyFile imported = ImportedKeyFile.read(other);
        return new Header(imported.keyId(), imported::mayOpen);
      }
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is a file of kind \"%s\", which decrypts nothing; give the secret key"
              .formatted(key, other.kind()));
    }
  }

  /** What a key file says without its passphrase. */
  private record Header(KeyId keyId, Predicate<KeyId> opens) {}

  /** Nobody types a passphrase for a key that decrypts something else. */
  private void requireOwner(ContainerReader reader, Header found) {
    KeyId wanted = TableMetadata.read(reader).keyId();
    if (!found.opens.test(wanted)) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          "%s is under the key %s, and %s is the key %s; use the key that it was made for"
              .formatted(reader.name(), wanted, key, found.keyId));
    }
  }

  private void writeAnswers(List<Answer> answers, AtomicOutput out) {
    if (main.settings.json) {
      Json.write(out, json -> AnswerText.describe(json, answers));
    } else {
      AnswerText.print(out, answers);
    }
  }

  private void writeTable(
      ContainerReader reader, TableSecret secret, Backend backend, AtomicOutput out) {
    try (TableDecryptor table = TableDecryptor.open(reader, secret, backend);
        Progress progress = main.progress("decrypting", table.rows() * table.columns().size())) {
      if (main.settings.json) {
        TableText.writeJson(table, out, progress);
      } else {
        TableText.writeCsv(table, out, progress);
      }
    }
  }
}
