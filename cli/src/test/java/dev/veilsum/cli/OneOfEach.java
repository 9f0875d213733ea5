package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.succeeds;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.veilsum.privacy.BudgetFile;
import dev.veilsum.privacy.PrivacyBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** One file of every kind that the command line writes or reads. */
final class OneOfEach {
  /** What messages call the kinds. */
  static final Map<String, String> FOUND =
      Map.ofEntries(
          Map.entry("secret key", "secret key file"),
          Map.entry("public keys", "of kind \"public keys\""),
          Map.entry("table", "of kind \"table\""),
          Map.entry("result", "of kind \"result\""),
          Map.entry("query", "of kind \"query\""),
          Map.entry("imported secret key", "of kind \"imported secret key\""),
          Map.entry("SEAL", "object of Microsoft SEAL"),
          Map.entry("gradient", "of kind \"gradient\""),
          Map.entry("aggregate", "of kind \"aggregate\""),
          Map.entry("join", "threshold"),
          Map.entry("share", "threshold"),
          Map.entry("ledger", "ledger of a threshold share"),
          Map.entry("joint key", "threshold"),
          Map.entry("budget", "privacy budget"),
          Map.entry("secret share", "share of a secret sharing"),
          Map.entry("NumPy", "NumPy array"));

  final Map<String, Path> files = new TreeMap<>();
  final Fixture fixture;
  final Path numbers;
  private final Path folder;

  OneOfEach(Path folder) {
    this.folder = folder;
    fixture = new Fixture(folder);
    numbers = folder.resolve("numbers.f32");
    try {
      Files.write(numbers, new byte[4 * 100]);
      tables();
      gradients();
      threshold();
      others();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path make(String kind, Path out, Object... line) {
    succeeds(Run.of(line));
    files.put(kind, out);
    return out;
  }

  private void tables() {
    files.put("secret key", fixture.key);
    files.put("public keys", fixture.publicKeys);
    files.put("table", fixture.table);
    files.put("result", fixture.compute(fixture.table, "sum", "n"));
    Path query = folder.resolve("query.vsm");
    make(
        "query",
        query,
        "query",
        "-k",
        fixture.publicKeys,
        "--where",
        "w = sun",
        "--table-of",
        fixture.table,
        "-o",
        query);
    Path objects = SealInspectTest.OBJECTS.resolve("bfv-4096");
    Path imported = folder.resolve("imported.key");
    make(
        "imported secret key",
        imported,
        "import",
        "--format",
        "seal",
        "--no-passphrase",
        "-o",
        imported,
        objects.resolve("parms.seal"),
        objects.resolve("secret.seal"));
    files.put("SEAL", objects.resolve("parms.seal"));
  }

  private void gradients() throws IOException {
    Path updates = Files.createDirectory(folder.resolve("updates"));
    for (String client : new String[] {"a", "b", "c"}) {
      Path update = updates.resolve(client + ".vsm");
      make(
          "gradient",
          update,
          "gradient",
          "encrypt",
          "-k",
          fixture.key,
          "--round",
          "7",
          "--client",
          client,
          "--clip",
          "1",
          "-o",
          update,
          numbers);
    }
    Path sum = folder.resolve("sum.vsm");
    make("aggregate", sum, "aggregate", "--round", "7", "-o", sum, updates);
  }

  private void threshold() throws IOException {
    Path messages = Files.createDirectory(folder.resolve("messages"));
    Path session = messages.resolve("session.vsm");
    succeeds(Run.of("threshold", "init", "--parties", 2, "--threshold", 2, "-o", session));
    for (String step : new String[] {"join", "deal", "confirm", "finish"}) {
      for (int party = 1; party <= 2; party++) {
        Path key = folder.resolve("party" + party + ".key");
        if (step.equals("join")) {
          succeeds(Run.of("keygen", "-o", key, "--no-passphrase"));
        }
        Path out = (step.equals("finish") ? folder : messages).resolve(step + party + ".vsm");
        Object[] line = {"threshold", step, "-k", key, "-o", out, messages};
        Object[] join = {
          "threshold", step, "-k", key, "--party", party, "-o", out, messages,
        };
        succeeds(Run.of(step.equals("join") ? join : line));
        files.put("share", out); // the last of them
      }
    }
    Path joint = folder.resolve("joint.vsm");
    files.put("join", messages.resolve("join1.vsm"));
    files.put("ledger", folder.resolve("finish2.vsm.ledger"));
    make("joint key", joint, "threshold", "pubkey", "-o", joint, messages);
  }

  private void others() throws IOException {
    Path budget = folder.resolve("a.budget");
    BudgetFile.at(budget).create(PrivacyBudget.of(1, 1e-6));
    files.put("budget", budget);
    Path split = folder.resolve("split");
    make(
        "secret share",
        folder.resolve("split.1"),
        "share",
        "split",
        "--round",
        "7",
        "--client",
        "a",
        "--servers",
        2,
        "--bound",
        9,
        "--clients",
        3,
        "-o",
        split,
        fixture.write("integers", "1 2 3\n"));
    Path array = folder.resolve("array");
    byte[] npy =
        "\u0093NUMPY\u0001\u0000 and what follows, which nobody reads".getBytes(ISO_8859_1);
    files.put("NumPy", Files.write(array, npy));
  }
}
