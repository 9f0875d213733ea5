package dev.veilsum.cli;

import dev.veilsum.backend.Backend;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.PublicKeyFile;
import dev.veilsum.table.TableScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes the public keys of a master key. */
@Command(
    name = "pubkey",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Make public keys: with them anybody can encrypt for the key's owner, and compute on what is"
          + " encrypted, but decrypt nothing."
    })
final class PubkeyCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Secrets secrets;
  @Mixin Output output;

  @Parameters(paramLabel = "KEY", description = "A key file, as keygen writes it.")
  Path key;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Keys for these parameters (repeatable); for tables where none is named.")
  List<String> presets = new ArrayList<>();

  @Option(
      names = "--for",
      paramLabel = "OP",
      split = ",",
      description =
          "Only the evaluation keys that these operations need, for example sum,mean: a smaller"
              + " file; for all operations where none is named.")
  List<String> operations = new ArrayList<>();

  @Option(names = "--predict", description = "Only say how large the file would be.")
  boolean predict;

  @Override
  public void run() {
    List<RlweParameters> sets = parameterSets();
    KeyChoice choice = KeyChoice.of(operations);
    long predicted = PublicKeyFile.predictedBytes(sets, choice::keys);
    if (predict) {
      print(predicted);
      return;
    }
    Backend backend = main.settings.backend();
    try (AtomicOutput out = output.openBinary(main.streams());
        MasterKey master = secrets.open(key, main.streams().terminal());
        Progress progress = main.ticking("making keys")) {
      PublicKeyFile.write(out, master, backend, sets, choice::keys);
      main.note("wrote " + output.name() + ", public keys of " + master.keyId());
    }
    if (main.settings.json && !output.isStandard()) {
      print(predicted);
    }
  }

  private List<RlweParameters> parameterSets() {
    if (presets.isEmpty()) {
      return TableScheme.parameterSets();
    }
    List<RlweParameters> sets = new ArrayList<>();
    for (String preset : presets) {
      sets.add(Presets.named(preset).parameters());
    }
    return sets.stream().distinct().toList();
  }

  private void print(long bytes) {
    if (main.settings.json) {
      Json.print(spec, json -> json.text("file", output.name()).number("key_bytes", bytes));
    } else {
      spec.commandLine().getOut().println("about " + Text.bytes(bytes));
    }
  }
}
