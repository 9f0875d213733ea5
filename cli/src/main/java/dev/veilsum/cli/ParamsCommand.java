package dev.veilsum.cli;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.Preset;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows, finds and checks parameter sets. */
@Command(
    name = "params",
    mixinStandardHelpOptions = true,
    description = "List, show, find and check parameter sets.")
final class ParamsCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say list, show, solve or check");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "The named presets and what they are for.")
  void list() {
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.objects(
                  "presets", Presets.all(), (object, preset) -> describe(object, preset)));
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    for (Preset<? extends RlweParameters> preset : Presets.all()) {
      out.printf("%-16s %s%n", preset.name(), preset.purpose());
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "One preset: primes, sizes, security.")
  void show(@Parameters(paramLabel = "NAME", description = "A preset's name.") String name) {
    Preset<? extends RlweParameters> preset = Presets.named(name);
    if (main.settings.json) {
      Json.print(spec, json -> describe(json, preset));
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(preset.name() + ": " + preset.purpose());
    print(out, preset.parameters());
  }

  static void print(PrintWriter out, RlweParameters parameters) {
    String form = "%-20s %s%n";
    out.printf(form, "scheme", parameters.scheme());
    out.printf(form, "ring degree", parameters.ringDegree());
    out.printf(form, "modulus chain", parameters.modulusChain());
    out.printf(form, "special primes", parameters.specialPrimes());
    out.printf(form, "primes in a digit", parameters.digitPrimes());
    if (parameters instanceof CkksParameters ckks) {
      out.printf(form, "scale", "2^" + bits(ckks.scale()));
      out.printf(form, "slots", ckks.slots());
    } else if (parameters instanceof BfvParameters bfv) {
      out.printf(form, "plain modulus", bfv.plainModulus());
      out.printf(form, "slots", bfv.batches() ? bfv.slots() : "none, coefficients only");
    }
    out.printf(
        form,
        "security",
        String.format(
            Locale.ROOT, "%s, log2(Q P) = %.2f", parameters.security(), parameters.logQP()));
    out.printf(form, "public key", parameters.publicKeyBytes() + " bytes");
    out.printf(form, "switching key", parameters.switchKeyBytes() + " bytes each");
    out.printf(
        form,
        "ciphertext",
        parameters.ciphertextBytes(parameters.maxLevel(), false)
            + " bytes, "
            + parameters.ciphertextBytes(parameters.maxLevel(), true)
            + " seeded");
    out.printf(form, "fingerprint", parameters.fingerprint());
  }

  private static void describe(Json json, Preset<? extends RlweParameters> preset)
      throws IOException {
    RlweParameters parameters = preset.parameters();
    json.text("name", preset.name()).text("purpose", preset.purpose());
    json.text("scheme", parameters.scheme()).number("ring_degree", parameters.ringDegree());
    numbers(json, "modulus_chain", parameters.modulusChain());
    numbers(json, "special_primes", parameters.specialPrimes());
    json.number("digit_primes", parameters.digitPrimes());
    if (parameters instanceof CkksParameters ckks) {
      json.number("scale", ckks.scale());
    } else if (parameters instanceof BfvParameters bfv) {
      json.number("plain_modulus", bfv.plainModulus());
    }
    json.text("security", parameters.security()).number("log2_qp", parameters.logQP());
    json.text("fingerprint", parameters.fingerprint());
  }

  private static void numbers(Json json, String name, Iterable<Long> values)
      throws IOException {
    json.generator().writeArrayFieldStart(name);
    for (long value : values) {
      json.generator().writeNumber(value);
    }
    json.generator().writeEndArray();
  }

  private static String bits(double scale) {
    return String.format(Locale.ROOT, "%.2f", Math.log(scale) / Math.log(2));
  }
}
