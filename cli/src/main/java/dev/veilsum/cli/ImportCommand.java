package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.KeyId;
import dev.veilsum.seal.SealCiphertext;
import dev.veilsum.seal.SealNoise;
import dev.veilsum.seal.SealObject;
import dev.veilsum.seal.SealParameters;
import dev.veilsum.seal.SealPlaintext;
import dev.veilsum.seal.SealSwitchKeys;
import dev.veilsum.table.ImportedKeyFile;
import dev.veilsum.table.SealImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Takes over what another library encrypted, or its secret key. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Take over ciphertexts or the secret key of Microsoft SEAL (so of TenSEAL and node-seal).",
      "",
      "Name the objects in any order: the parameters, always, and the ciphertexts with, where"
          + " products or sums are to be computed, the relinearization and Galois keys. Each"
          + " ciphertext becomes a column of the table that is written, called as its file without"
          + " the ending, a slot a row. A file may be a bundle: several objects one after the"
          + " other, as SEAL saves them to one stream.",
      "",
      "With the secret key in place of ciphertexts a key file is written, with which decrypt opens"
          + " what was imported or computed from it.",
      "",
      "For example:",
      "  veilsum import --format seal --kind 'real(-1..1)' parms.seal relin.seal x.seal -o x.vsm",
      "  veilsum import --format seal parms.seal secret.seal -o seal.key",
      ""
    })
final class ImportCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Secrets secrets;
  @Mixin Output output;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "Whose objects they are: seal.")
  ForeignFormat format;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "What the slots hold: real(min..max) in CKKS, integer(min..max) in BFV. SEAL's objects do"
              + " not say it, and what is computed relies on it.")
  String kind;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "How many slots are used; those after them hold 0. All where none is given.")
  Long rows;

  @Option(
      names = "--error",
      paramLabel = "E",
      description =
          "CKKS, for ciphertexts that SEAL computed with: no slot is off by more than this. Without"
              + " it they are taken to be as SEAL encrypted them.")
  Double error;

  @Option(
      names = "--noise-budget",
      paramLabel = "BITS",
      description =
          "BFV, for ciphertexts that SEAL computed with: what SEAL's Decryptor gives as their"
              + " invariant_noise_budget.")
  Integer budget;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description =
          "The key file of whom the ciphertexts are for, so that they carry its id; only the id is"
              + " read. Without it they are under an unnamed key.")
  Path key;

  @Option(
      names = "--no-passphrase",
      description = "Write a secret key unsealed: whoever reads the file has the key.")
  boolean noPassphrase;

  @Parameters(
      arity = "1..*",
      paramLabel = "IN",
      description = "Files of SEAL's objects; - is standard input.")
  List<String> inputs;

  @Override
  public void run() {
    List<SealFiles.Entry> entries = new ArrayList<>();
    try {
      inputs.forEach(name -> entries.addAll(read(name)));
      SealParameters parameters = parametersOf(entries);
      List<Found> all = new ArrayList<>();
      Optional<SealFiles.Entry> secret = Optional.empty();
      for (SealFiles.Entry entry : entries) {
        Found object = new Found(entry, entry.read(Optional.of(parameters)).kind());
        all.add(object);
        secret = object.kind == SealObject.Kind.SECRET_KEY ? Optional.of(entry) : secret;
      }
      if (secret.isPresent()) {
        importKey(secret.get(), parameters, all);
      } else {
        importTable(parameters, all);
      }
    } finally {
      entries.forEach(SealFiles.Entry::wipe);
    }
  }

  /** An object and what it is. */
  private record Found(SealFiles.Entry entry, SealObject.Kind kind) {}

  private List<SealFiles.Entry> read(String name) {
    if (!name.equals("-")) {
      return SealFiles.read(Path.of(name));
    }
    Inputs.requirePiped(main.streams());
    try {
      return SealFiles.read(main.streams().in(), "standard input");
    } catch (IOException e) {
      throw VeilsumException.io("reading standard input", e);
    }
  }

  /** The parameters that all objects are of. */
  private static SealParameters parametersOf(List<SealFiles.Entry> entries) {
    SealParameters found = null;
    for (SealFiles.Entry entry : entries) {
      if (!entry.naming(() -> SealObject.isParameters(entry.bytes()))) {
        continue;
      }
      SealParameters read = entry.naming(() -> SealParameters.read(entry.bytes()));
      if (found != null && !found.equals(read)) {
        throw new VeilsumException(
            ErrorCode.PARAMETER_MISMATCH,
            "%s: other parameters (%s) than before it (%s); import what belongs together"
                .formatted(entry.name(), read, found));
      }
      found = read;
    }
    if (found == null) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "there are no parameters among %s; name the file of SEAL's EncryptionParameters too"
              .formatted(entries.stream().map(SealFiles.Entry::name).distinct().toList()));
    }
    return found;
  }

  private void importKey(SealFiles.Entry entry, SealParameters parameters, List<Found> all) {
    for (Found object : all) {
      if (object.entry != entry && object.kind != SealObject.Kind.PARAMETERS) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "%s is a secret key and %s is %s: import a secret key with its parameters alone"
                .formatted(entry.name(), object.entry.name(), object.kind));
      }
    }
    if (output.isStandard()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a secret key is written to a file only; give -o FILE");
    }
    Path file = Path.of(output.name());
    output.requireNew();
    try (SealPlaintext secret =
        entry.naming(() -> SealPlaintext.readSecretKey(entry.bytes(), parameters))) {
      entry.naming(
          () -> {
            ImportedKeyFile.check(secret, main.settings.backend());
            return null;
          });
      Optional<char[]> passphrase =
          noPassphrase ? Optional.empty() : Optional.of(secrets.choose(main.streams().terminal()));
      try {
        KeyId id = ImportedKeyFile.write(file, secret, passphrase);
        if (main.settings.json) {
          Json.print(
              spec,
              json -> json.text("file", file).text("key_id", id).flag("sealed", !noPassphrase));
        } else {
          main.note("wrote " + file + ", key id " + id);
        }
      } finally {
        passphrase.ifPresent(p -> Arrays.fill(p, '\0'));
      }
    }
  }

  private void importTable(SealParameters parameters, List<Found> all) {
    List<SealImport.Column> columns = new ArrayList<>();
    List<SealSwitchKeys> keys = new ArrayList<>();
    SealImport importer = new SealImport(parameters, main.settings.backend());
    for (Found object : all) {
      object.entry.naming(
          () -> {
            take(object, parameters, importer, columns, keys);
            return null;
          });
    }
    if (columns.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "there is no ciphertext and no secret key, so nothing to import");
    }
    if (kind == null) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "SEAL's ciphertexts do not say what they hold; give --kind, for example "
              + (parameters.isCkks() ? "--kind 'real(-1..1)'" : "--kind 'integer(0..100)'"));
    }
    KeyId id = key == null ? importer.unnamedKey() : keyIdOf(key);
    try (AtomicOutput out = output.openBinary(main.streams());
        Progress progress = main.ticking("importing")) {
      importer.write(
          out,
          id,
          ColumnKind.parse(kind),
          rows == null ? OptionalLong.empty() : OptionalLong.of(rows),
          noise(),
          columns,
          keys);
    }
    report(id, columns.size());
  }

  private void take(
      Found object,
      SealParameters parameters,
      SealImport importer,
      List<SealImport.Column> columns,
      List<SealSwitchKeys> keys) {
    var bytes = object.entry.bytes();
    switch (object.kind) {
      case PARAMETERS -> {}
      case CIPHERTEXT -> {
        SealCiphertext c = SealCiphertext.read(bytes, parameters);
        noise().bits(c); // before anything is written
        columns.add(new SealImport.Column(columnName(object.entry), c));
      }
      case RELINEARIZATION_KEYS ->
          keys.add(SealSwitchKeys.read(bytes, parameters, SealSwitchKeys.Kind.RELINEARIZATION));
      case GALOIS_KEYS ->
          keys.add(SealSwitchKeys.read(bytes, parameters, SealSwitchKeys.Kind.GALOIS));
      case PUBLIC_KEY -> {
        importer.check(SealCiphertext.readPublicKey(bytes, parameters));
        main.note(object.entry.name() + ": a public key, which computing does not take; left out");
      }
      default ->
          throw new VeilsumException(
              ErrorCode.UNSUPPORTED, "a plaintext is not encrypted, so there is nothing to import");
    }
  }

  private SealNoise noise() {
    if (error != null && budget != null) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--error is of CKKS and --noise-budget of BFV; give one of them");
    }
    if (error != null) {
      return new SealNoise.LargestError(error);
    }
    return budget == null ? SealNoise.FRESH : new SealNoise.Budget(budget);
  }

  /** The file's name without folder and ending; of several in one file, with a number. */
  private static String columnName(SealFiles.Entry entry) {
    Path fileName = Path.of(entry.file()).getFileName();
    String name = entry.file().equals("standard input") ? "x" : fileName.toString();
    int dot = name.lastIndexOf('.');
    String base = dot > 0 ? name.substring(0, dot) : name;
    return entry.count() == 1 ? base : base + "-" + (entry.index() + 1);
  }

  /** The id of a master key, an imported key, or of public keys. */
  private static KeyId keyIdOf(Path file) {
    if (Inputs.isKeyFile(file)) {
      return KeyFile.readHeader(file).keyId();
    }
    try (ContainerReader reader = ContainerReader.open(file)) {
      return Secrets.keyIdOf(reader);
    }
  }

  private void report(KeyId id, int columns) {
    if (main.settings.json && !output.isStandard()) {
      Json.print(
          spec,
          json -> json.text("file", output.name()).text("key_id", id).number("columns", columns));
    } else if (!output.isStandard()) {
      main.note(
          "wrote %s: %d %s, key id %s%s"
              .formatted(
                  output.name(),
                  columns,
                  columns == 1 ? "column" : "columns",
                  id,
                  key == null ? " (unnamed)" : ""));
    }
  }
}
