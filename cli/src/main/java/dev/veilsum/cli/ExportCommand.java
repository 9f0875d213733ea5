package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import dev.veilsum.seal.SealCompression;
import dev.veilsum.seal.SealFormat;
import dev.veilsum.seal.SealParameters;
import dev.veilsum.table.ImportedKeyFile;
import dev.veilsum.table.SealExport;
import dev.veilsum.table.TableSecret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Gives keys and ciphertexts to another library. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Write keys, or the ciphertexts of a table or result, as objects of Microsoft SEAL (so for"
          + " TenSEAL and node-seal). Several go into one file as a bundle: one after the other,"
          + " as SEAL saves to and loads from one stream, in the order parms, secret, public,"
          + " relin, galois, ciphertexts.",
      "",
      "With -k KEY: keys under which SEAL encrypts for us and computes. KEY is a master key, with"
          + " --preset or --parms to say of which parameters, or a key file made by import.",
      "With IN: the ciphertexts of a table or result, for which no key is needed.",
      "",
      "For example:",
      "  veilsum export --format seal -k veilsum.key --preset table-real --objects parms -o p.seal",
      "  veilsum export --format seal -k veilsum.key --preset table-real --objects public -o pk.seal",
      "  veilsum export --format seal result.vsm -o result.seal",
      ""
    })
final class ExportCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Secrets secrets;
  @Mixin Output output;

  /** What can be written, in the order in which it is. */
  enum What {
    PARMS,
    SECRET,
    PUBLIC,
    RELIN,
    GALOIS,
    CIPHERTEXTS;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "Whose objects are written: seal.")
  ForeignFormat format;

  @Option(
      names = "--objects",
      paramLabel = "WHAT",
      split = ",",
      description =
          "parms, public, relin, galois or secret (with -k), parms or ciphertexts (with IN);"
              + " several with commas. By default parms,public,relin, or ciphertexts. secret is"
              + " written in the clear, as SEAL has it, to a new file that only the owner reads.")
  List<What> objects = new ArrayList<>();

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description = "The secret key whose keys are written.")
  Path key;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Keys for these parameters, which need one special prime: see params show.")
  String preset;

  @Option(
      names = "--parms",
      paramLabel = "FILE",
      description = "Keys for these parameters: SEAL's EncryptionParameters.")
  Path parms;

  @Option(
      names = "--rotations",
      paramLabel = "STEPS",
      split = ",",
      description =
          "The rotations that galois holds, to the left, negative to the right, and conj for the"
              + " conjugation or swap of rows: for example 1,-1,conj. By default those that SEAL"
              + " makes, the powers of two either way and conj.")
  List<String> rotations = new ArrayList<>();

  @Option(
      names = {"-c", "--column"},
      paramLabel = "NAME",
      description = "A column of IN to write; repeatable. All where none is named.")
  List<String> columns = new ArrayList<>();

  @Option(
      names = "--seal-version",
      paramLabel = "4.x",
      defaultValue = "4.1",
      description =
          "The version that reads it, 4.0 to 4.5; ${DEFAULT-VALUE} by default, which node-seal and"
              + " every later SEAL take.")
  String version;

  @Option(
      names = "--compression",
      paramLabel = "HOW",
      defaultValue = "zstd",
      description = "none, zlib or zstd; ${DEFAULT-VALUE} by default.")
  SealCompression compression;

  @Parameters(
      arity = "0..1",
      paramLabel = "IN",
      description = "A table or result; - is standard input.")
  String input;

  @Override
  public void run() {
    if ((key == null) == (input == null)) {
      throw new VeilsumException(
          ErrorCode.USAGE, "give -k KEY to write keys, or IN to write ciphertexts");
    }
    SealFormat seal = sealFormat();
    if (key == null) {
      refuseAmong(EnumSet.complementOf(EnumSet.of(What.PARMS, What.CIPHERTEXTS)), "IN");
      refuse(preset != null || parms != null || !rotations.isEmpty(), "keys, so to -k KEY");
      exportCiphertexts(seal);
    } else {
      refuseAmong(EnumSet.of(What.CIPHERTEXTS), "-k KEY");
      refuse(!columns.isEmpty(), "ciphertexts, so to IN");
      exportKeys(seal);
    }
  }

  private void refuse(boolean given, String belongsTo) {
    if (given) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          (columns.isEmpty() ? "--preset, --parms and --rotations belong" : "--column belongs")
              + " to "
              + belongsTo);
    }
  }

  private void refuseAmong(Set<What> others, String with) {
    for (What what : objects) {
      if (others.contains(what)) {
        throw new VeilsumException(
            ErrorCode.USAGE, "--objects " + what.text() + " is not written with " + with);
      }
    }
  }

  private SealFormat sealFormat() {
    if (!version.matches("4\\.[0-9]")) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--seal-version " + version + ": 4.0 to 4.5 are written");
    }
    return new SealFormat(version.charAt(2) - '0', compression);
  }

  private Set<What> chosen(What... otherwise) {
    return EnumSet.copyOf(objects.isEmpty() ? Arrays.asList(otherwise) : objects);
  }

  private void exportCiphertexts(SealFormat seal) {
    Set<What> what = chosen(What.CIPHERTEXTS);
    Backend backend = main.settings.backend();
    int[] count = {0};
    try (AtomicOutput out = output.openBinary(main.streams());
        ContainerReader reader =
            Inputs.container(main.streams(), input, ContainerKind.TABLE, ContainerKind.RESULT);
        Progress progress = main.ticking("exporting")) {
      if (what.contains(What.PARMS)) {
        write(out, SealExport.parameters(reader, backend, columns).write(seal));
        count[0]++;
      }
      if (what.contains(What.CIPHERTEXTS)) {
        SealExport.ciphertexts(
            reader,
            backend,
            columns,
            seal,
            (name, bytes) -> {
              write(out, bytes);
              count[0]++;
            });
      }
      out.commit();
    }
    report(count[0]);
  }

  private void exportKeys(SealFormat seal) {
    Set<What> what = chosen(What.PARMS, What.PUBLIC, What.RELIN);
    boolean secret = what.contains(What.SECRET);
    if (secret && output.isStandard()) {
      throw new VeilsumException(
          ErrorCode.USAGE, "a secret key is written to a file only; give -o FILE");
    }
    Backend backend = main.settings.backend();
    try (AtomicOutput out = secret ? output.openSecret() : output.openBinary(main.streams());
        TableSecret opened = secrets.openAny(key, main.streams().terminal());
        SealExport.Keys keys = SealExport.keys(opened, parameterSet(), backend);
        Progress progress = main.ticking("making keys")) {
      for (What each : what) {
        byte[] bytes =
            switch (each) {
              case PARMS -> keys.parameters().write(seal);
              case SECRET -> keys.secretKey(seal);
              case PUBLIC -> keys.publicKey(seal);
              case RELIN -> keys.relinearizationKeys(seal);
              default -> keys.galoisKeys(rotations(keys.set()), seal);
            };
        write(out, bytes);
        Arrays.fill(bytes, (byte) 0);
      }
      out.commit();
    }
    report(what.size());
  }

  private RlweParameters parameterSet() {
    Optional<RlweParameters> imported = importedParameters();
    if (imported.isPresent()) {
      refuse(preset != null || parms != null, "a master key; an imported key has its parameters");
      return imported.get();
    }
    if ((preset == null) == (parms == null)) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a master key has a secret for every parameter set; say which, with --preset NAME or"
              + " --parms FILE");
    }
    if (preset != null) {
      RlweParameters set = Presets.named(preset).parameters();
      SealParameters.of(set); // UNSUPPORTED where SEAL does not have them
      return set;
    }
    List<SealFiles.Entry> entries = SealFiles.read(parms);
    return entries.get(0).naming(() -> SealParameters.read(entries.get(0).bytes()).toEngine());
  }

  private Optional<RlweParameters> importedParameters() {
    if (Inputs.isKeyFile(key)) {
      return Optional.empty();
    }
    try (ContainerReader reader = ContainerReader.open(key)) {
      return Optional.of(ImportedKeyFile.read(reader).parameters());
    }
  }

  private KeyRequirements rotations(RlweParameters set) {
    if (rotations.isEmpty()) {
      return SealExport.defaultGaloisKeys(set);
    }
    KeyRequirements keys = KeyRequirements.none();
    for (String each : rotations) {
      if (each.strip().equals("conj")) {
        keys = keys.with(SwitchKey.CONJUGATION);
        continue;
      }
      int half = set.ringDegree() / 2;
      int steps;
      try {
        steps = Integer.parseInt(each.strip());
      } catch (NumberFormatException e) {
        steps = 0;
      }
      if (steps == 0 || Math.abs((long) steps) >= half) {
        throw new VeilsumException(
            ErrorCode.USAGE,
            "--rotations %s: steps from 1 to %d or -1 to -%d, or conj"
                .formatted(each, half - 1, half - 1));
      }
      keys = keys.with(SwitchKey.rotation(steps));
    }
    return keys;
  }

  private static void write(AtomicOutput out, byte[] bytes) {
    out.write(bytes, 0, bytes.length);
  }

  private void report(int count) {
    if (main.settings.json && !output.isStandard()) {
      Json.print(spec, json -> json.text("file", output.name()).number("objects", count));
    } else if (!output.isStandard()) {
      main.note(
          "wrote %s: %d %s of SEAL"
              .formatted(output.name(), count, count == 1 ? "object" : "objects"));
    }
  }
}
