package dev.veilsum.cli;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.QueryMetadata;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.seal.SealBundle;
import dev.veilsum.seal.SealObject;
import dev.veilsum.sharing.Share;
import dev.veilsum.table.ImportedKeyFile;
import dev.veilsum.table.PublicKeyFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.PushbackInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows what a file says in the clear. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Show what a file says of itself, without any key, and check that it is whole.",
      "",
      "Objects of Microsoft SEAL 4.0 to 4.5 too, one or several in one file; after parameters, as"
          + " in cat parms.seal x.seal | veilsum inspect -, an object is checked against them.",
      ""
    })
final class InspectCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Parameters(
      paramLabel = "FILE",
      description = "Any of Veilsum's files, or of SEAL's; - is standard input.")
  String file;

  @Override
  public void run() {
    if (!file.equals("-") && Inputs.isKeyFile(Path.of(file))) {
      inspectKey(KeyFile.readHeader(Path.of(file)));
      return;
    }
    if (file.equals("-")) {
      inspectStandardInput();
      return;
    }
    if (SealFiles.isSeal(Path.of(file))) {
      inspectSeal(SealFiles.read(Path.of(file)));
      return;
    }
    if (ShareFiles.isShare(Path.of(file))) {
      try (Share<?> share = ShareFiles.read(Path.of(file))) {
        if (main.settings.json) {
          Json.print(spec, json -> ShareText.describe(json, share));
        } else {
          ShareText.print(spec.commandLine().getOut(), share);
        }
      }
      return;
    }
    try (ContainerReader reader = Inputs.container(main.streams(), file, ContainerKind.values())) {
      inspect(reader);
    }
  }

  private void inspectStandardInput() {
    Streams streams = main.streams();
    Inputs.requirePiped(streams);
    PushbackInputStream in = new PushbackInputStream(streams.in(), 2);
    try {
      byte[] start = in.readNBytes(2);
      in.unread(start);
      if (SealBundle.isSeal(start)) {
        inspectSeal(SealFiles.read(in, "standard input"));
        return;
      }
    } catch (IOException e) {
      throw VeilsumException.io("reading standard input", e);
    }
    try (ContainerReader reader = ContainerReader.open(in, "standard input")) {
      inspect(reader);
    }
  }

  private void inspectSeal(List<SealFiles.Entry> entries) {
    List<SealObject> objects;
    try {
      objects = SealText.read(entries);
    } finally {
      entries.forEach(SealFiles.Entry::wipe); // one may be a secret key
    }
    if (main.settings.json) {
      Json.print(spec, json -> SealText.describe(json, objects));
    } else {
      SealText.print(spec.commandLine().getOut(), objects);
    }
  }

  private void inspectKey(KeyFile.Header header) {
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.text("kind", "master key")
                  .text("key_id", header.keyId())
                  .flag("sealed", header.sealed()));
      return;
    }
    TextTable table = new TextTable("ll");
    table.line("kind", "master key").line("key id", header.keyId());
    table.line("sealed", header.sealed() ? "with a passphrase" : "no");
    table.print(spec.commandLine().getOut());
  }

  private void inspect(ContainerReader reader) {
    if (reader.kind() == ContainerKind.IMPORTED_KEY) {
      inspectImportedKey(ImportedKeyFile.read(reader));
      return;
    }
    if (reader.kind() == ContainerKind.GRADIENT || reader.kind() == ContainerKind.AGGREGATE) {
      GradientText text = GradientText.of(reader);
      if (main.settings.json) {
        Json.print(spec, text::describe);
      } else {
        text.print(spec.commandLine().getOut());
      }
      return;
    }
    if (reader.kind() == ContainerKind.THRESHOLD) {
      ThresholdText text = ThresholdText.of(reader);
      if (main.settings.json) {
        Json.print(spec, text::describe);
      } else {
        text.print(spec.commandLine().getOut());
      }
      return;
    }
    Contents contents = Contents.of(reader);
    if (main.settings.json) {
      Json.print(spec, contents::describe);
    } else {
      contents.print(spec.commandLine().getOut());
    }
  }

  private void inspectImportedKey(ImportedKeyFile key) {
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.text("kind", ContainerKind.IMPORTED_KEY)
                  .text("key_id", key.keyId())
                  .flag("sealed", key.isSealed())
                  .objects("parameters", List.of(key.parameters()), ParameterText::describe));
      return;
    }
    TextTable table = new TextTable("ll");
    table.line("kind", ContainerKind.IMPORTED_KEY).line("key id", key.keyId());
    table.line("sealed", key.isSealed() ? "with a passphrase" : "no");
    table.line("parameters", key.parameters());
    table.print(spec.commandLine().getOut());
  }

  /** What stands in a container in the clear. */
  private record Contents(
      ContainerKind kind,
      List<RlweParameters> parameters,
      Optional<KeyId> keyId,
      Optional<TableMetadata> table,
      Optional<QueryMetadata> query,
      int publicKeys,
      int switchKeys,
      List<String> sealKeys,
      int ciphertexts,
      long payloadBytes) {
    static Contents of(ContainerReader reader) {
      List<RlweParameters> parameters = new ArrayList<>();
      for (int i = 0; i < reader.count(SectionType.PARAMETERS); i++) {
        parameters.add(ParameterText.read(reader, i));
      }
      boolean isTable =
          reader.kind() == ContainerKind.TABLE || reader.kind() == ContainerKind.RESULT;
      long bytes = 0;
      for (SectionType type : SectionType.values()) {
        for (int i = 0; i < reader.count(type); i++) {
          bytes += reader.length(type, i);
        }
      }
      Optional<TableMetadata> table =
          isTable ? Optional.of(TableMetadata.read(reader)) : Optional.empty();
      Optional<QueryMetadata> query =
          reader.kind() == ContainerKind.QUERY
              ? Optional.of(QueryMetadata.read(reader))
              : Optional.empty();
      return new Contents(
          reader.kind(),
          parameters,
          reader.kind() == ContainerKind.PUBLIC_KEYS
              ? Optional.of(PublicKeyFile.read(reader).keyId())
              : table.map(TableMetadata::keyId).or(() -> query.map(QueryMetadata::keyId)),
          table,
          query,
          reader.count(SectionType.PUBLIC_KEY),
          reader.count(SectionType.SWITCH_KEY),
          sealKeys(reader),
          reader.count(SectionType.CIPHERTEXT),
          bytes);
    }

    /** Key-switching keys that came with ciphertexts of SEAL. */
    private static List<String> sealKeys(ContainerReader reader) {
      List<String> keys = new ArrayList<>();
      if (reader.count(SectionType.SEAL_RELINEARIZATION) > 0) {
        keys.add("relinearization");
      }
      if (reader.count(SectionType.SEAL_GALOIS) > 0) {
        keys.add("Galois");
      }
      return keys;
    }

    void describe(Json json) throws IOException {
      json.text("kind", kind);
      if (keyId.isPresent()) {
        json.text("key_id", keyId.get());
      }
      if (table.isPresent()) {
        json.number("rows", table.get().rows());
        json.numbers("segments", table.get().segments());
        json.objects("columns", table.get().columns(), Contents::describe);
      }
      if (query.isPresent()) {
        json.objects(
            "columns",
            query.get().columns(),
            (member, column) ->
                member.text("name", column.name()).text("kind", column.kind().text()));
      }
      json.objects("parameters", parameters, ParameterText::describe);
      json.number("public_keys", publicKeys).number("switch_keys", switchKeys);
      if (!sealKeys.isEmpty()) {
        json.text("seal_keys", String.join(", ", sealKeys));
      }
      json.number("ciphertexts", ciphertexts).number("bytes", payloadBytes);
    }

    private static void describe(Json json, ColumnEntry column) throws IOException {
      json.text("name", column.name()).text("kind", column.kind().text());
      if (column.operation().isPresent()) {
        json.text("operation", column.operation().get().name());
      }
      json.number("ciphertexts", ciphertexts(column));
      json.objects("encodings", column.encodings(), Contents::describe);
    }

    private static void describe(Json json, ColumnEncoding encoding) throws IOException {
      json.text("role", encoding.role());
      if (encoding.parameters() != ColumnEncoding.IN_THE_CLEAR) {
        json.number("parameters", encoding.parameters());
      }
      json.number("rows_per_ciphertext", encoding.rowsPerChunk());
      json.number("ciphertexts", encoding.chunks());
    }

    void print(PrintWriter out) {
      TextTable facts = new TextTable("ll").line("kind", kind);
      keyId.ifPresent(id -> facts.line("key id", id));
      table.ifPresent(t -> facts.line("rows", rows(t)));
      parameters.forEach(
          set ->
              facts.line(
                  "parameters",
                  ParameterText.presetName(set).map(name -> name + ": ").orElse("") + set));
      facts.line("public keys", publicKeys).line("switching keys", switchKeys);
      if (!sealKeys.isEmpty()) {
        facts.line("keys of SEAL", String.join(", ", sealKeys));
      }
      facts.line("ciphertexts", ciphertexts).line("size", Text.bytes(payloadBytes));
      query.ifPresent(
          q ->
              q.columns()
                  .forEach(c -> facts.line("asks about", c.name() + ", " + c.kind().text())));
      facts.print(out);
      if (table.isPresent()) {
        out.println();
        TextTable columns = new TextTable("llllr");
        columns.line("column", "kind", "operation", "laid down as", "sections");
        for (ColumnEntry column : table.get().columns()) {
          columns.line(
              column.name(),
              column.kind().text(),
              column.operation().map(o -> o.name()).orElse("-"),
              column.encodings().stream()
                  .map(encoding -> encoding.role().toString())
                  .collect(Collectors.joining(", ")),
              ciphertexts(column));
        }
        columns.print(out);
      }
    }

    private static String rows(TableMetadata table) {
      int segments = table.segments().size();
      return table.rows() + (segments == 1 ? "" : " in " + segments + " segments");
    }

    private static int ciphertexts(ColumnEntry column) {
      return column.encodings().stream().mapToInt(ColumnEncoding::chunks).sum();
    }
  }
}
