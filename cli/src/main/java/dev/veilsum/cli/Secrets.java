package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.table.ImportedKeyFile;
import dev.veilsum.table.PublicKeyFile;
import dev.veilsum.table.TableSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** Where passphrases come from: a file, or the terminal; never the command line itself. */
final class Secrets {
  private static final int MAX_PASSPHRASE_BYTES = 4096;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Read the passphrase from the first line of FILE instead of the terminal.")
  private Path passphraseFile;

  /** Opens a key file, asking for its passphrase only where it has one. */
  MasterKey open(Path keyFile, Terminal terminal) {
    Inputs.requireKeyFile(keyFile);
    return KeyFile.open(keyFile, () -> passphraseOf(keyFile, terminal));
  }

  /** Opens a master key or an imported one. */
  TableSecret openAny(Path keyFile, Terminal terminal) {
    if (Inputs.isKeyFile(keyFile)) {
      return TableSecret.owned(open(keyFile, terminal));
    }
    try (ContainerReader reader = ContainerReader.open(keyFile)) {
      return ImportedKeyFile.read(reader).open(() -> passphraseOf(keyFile, terminal));
    }
  }

  /** The key id of a file of public keys or of an imported key. */
  static KeyId keyIdOf(ContainerReader reader) {
    return reader.require(ContainerKind.IMPORTED_KEY, ContainerKind.PUBLIC_KEYS).kind()
            == ContainerKind.IMPORTED_KEY
        ? ImportedKeyFile.read(reader).keyId()
        : PublicKeyFile.read(reader).keyId();
  }

  private char[] passphraseOf(Path keyFile, Terminal terminal) {
    return passphraseFile != null ? fromFile() : ask(terminal, "Passphrase of " + keyFile + ": ");
  }

  /** A new passphrase, typed twice. */
  char[] choose(Terminal terminal) {
    if (passphraseFile != null) {
      return fromFile();
    }
    char[] first = ask(terminal, "New passphrase: ");
    if (first.length == 0) {
      throw new VeilsumException(
          ErrorCode.USAGE, "the passphrase is empty; type one, or give --no-passphrase");
    }
    char[] second = ask(terminal, "The same again: ");
    boolean same = Arrays.equals(first, second);
    Arrays.fill(second, '\0');
    if (!same) {
      Arrays.fill(first, '\0');
      throw new VeilsumException(
          ErrorCode.USAGE, "the two passphrases differ; nothing was written, try again");
    }
    return first;
  }

  private static char[] ask(Terminal terminal, String prompt) {
    char[] typed = terminal.ask(prompt);
    if (typed == null) {
      throw new VeilsumException(
          ErrorCode.PASSPHRASE_NEEDED,
          "a passphrase is needed and there is no terminal to ask on; give --passphrase-file FILE");
    }
    return typed;
  }

  private char[] fromFile() {
    byte[] bytes;
    try (var in = Files.newInputStream(passphraseFile)) {
      bytes = in.readNBytes(MAX_PASSPHRASE_BYTES + 1);
    } catch (IOException e) {
      throw VeilsumException.io("reading the passphrase file " + passphraseFile, e);
    }
    CharBuffer text = null;
    try {
      if (bytes.length > MAX_PASSPHRASE_BYTES) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            passphraseFile + " is longer than a passphrase's " + MAX_PASSPHRASE_BYTES + " bytes");
      }
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      int end = 0;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      if (end == 0) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "the first line of " + passphraseFile + " is empty");
      }
      return Arrays.copyOf(text.array(), end);
    } catch (CharacterCodingException e) {
      throw new VeilsumException(ErrorCode.BAD_INPUT, passphraseFile + " is not UTF-8 text", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      if (text != null) {
        Arrays.fill(text.array(), '\0');
      }
    }
  }
}
