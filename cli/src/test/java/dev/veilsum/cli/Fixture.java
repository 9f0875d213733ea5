package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A key, its public keys and a small encrypted table, made by the command line itself. */
final class Fixture {
  static final String CSV =
      """
      x,n,m,w,y
      1.5,10,-7,sun,0.25
      -2.25,-1000,3,rain,4
      3,7,900,sun,-8.5
      0.125,999,-1,"fog, thick",2
      """;
  static final String LABELS = "category(sun,rain,\"fog, thick\")";
  static final String[] COLUMNS = {
    "-c",
    "x=real(-10..10)",
    "-c",
    "y=real(-10..10)",
    "-c",
    "n=integer(-1000..1000)",
    "-c",
    "m=integer(-1000..1000)",
    "-c",
    "w=" + LABELS
  };

  final Path folder;
  final Path key;
  final Path publicKeys;
  final Path table;

  Fixture(Path folder) {
    this.folder = folder;
    key = folder.resolve("a.key");
    publicKeys = folder.resolve("a.pub");
    table = folder.resolve("t.vsm");
    succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
    succeeds(Run.of("pubkey", key, "-o", publicKeys));
    succeeds(encrypt(write("data.csv", CSV), table, COLUMNS));
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Run encrypt(Path csv, Path out, String... options) {
    List<Object> args = new ArrayList<>(List.of("encrypt", "-k", publicKeys, "-o", out, csv));
    args.addAll(List.of(options));
    return Run.of(args.toArray());
  }

  /** The answer of one question, through files and {@code decrypt --json}. */
  JsonNode ask(Path from, String question, String... columns) {
    return decrypted(compute(from, question, columns)).get("results").get(0);
  }

  /** A computed file of a new name. */
  Path compute(Path from, String operation, String... columns) {
    try {
      Path out = Files.createTempFile(folder, operation, ".vsm");
      List<Object> args =
          new ArrayList<>(List.of("compute", operation, "--force", "-o", out, from));
      for (String column : columns) {
        args.addAll(List.of("--column", column));
      }
      succeeds(Run.of(args.toArray()));
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode decrypted(Path file) {
    try {
      return new ObjectMapper()
          .readTree(succeeds(Run.of("decrypt", "-k", key, "--json", file)).out());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
