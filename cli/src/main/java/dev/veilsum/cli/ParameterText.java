package dev.veilsum.cli;

import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.Preset;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Parameter sets as people and programs read them. */
final class ParameterText {
  private ParameterText() {}

  /** The i-th parameter set of a file, checked against the security table. */
  static RlweParameters read(ContainerReader reader, int i) {
    ByteBuffer section = reader.read(SectionType.PARAMETERS, i);
    byte[] canonical = new byte[section.remaining()];
    section.get(canonical);
    return RlweParameters.fromCanonicalBytes(canonical);
  }

  /** The preset that these parameters are, where they are one. */
  static Optional<String> presetName(RlweParameters parameters) {
    return Presets.all().stream()
        .filter(preset -> preset.parameters().equals(parameters))
        .map(Preset::name)
        .findFirst();
  }

  static void print(PrintWriter out, RlweParameters p) {
    TextTable table = new TextTable("ll");
    presetName(p).ifPresent(name -> table.line("preset", name));
    table.line("scheme", p.scheme());
    table.line("ring degree", p.ringDegree());
    table.line("modulus chain", primes(p.modulusChain()));
    table.line("special primes", primes(p.specialPrimes()));
    table.line("primes in a digit", p.digitPrimes());
    if (p instanceof CkksParameters ckks) {
      table.line("scale", String.format(Locale.ROOT, "2^%.2f", log2(ckks.scale())));
      table.line("slots", ckks.slots());
    } else if (p instanceof BfvParameters bfv) {
      table.line("plain modulus", bfv.plainModulus());
      table.line("slots", bfv.batches() ? bfv.slots() : "none, coefficients only");
    }
    table.line("security", Text.security(p.security(), p.logQP(), p.ringDegree()));
    table.line("public key", Text.bytes(p.publicKeyBytes()));
    if (p.canKeySwitch()) {
      table.line("switching key", Text.bytes(p.switchKeyBytes()));
    }
    table.line("ciphertext", Text.bytes(p.ciphertextBytes(p.maxLevel(), false)));
    table.line("  seeded", Text.bytes(p.ciphertextBytes(p.maxLevel(), true)));
    table.line("fingerprint", p.fingerprint());
    table.print(out);
  }

  static void describe(Json json, Preset<? extends RlweParameters> preset) throws IOException {
    json.text("purpose", preset.purpose());
    describe(json, preset.parameters());
  }

  static void describe(Json json, RlweParameters p) throws IOException {
    Optional<String> preset = presetName(p);
    if (preset.isPresent()) {
      json.text("preset", preset.get());
    }
    json.text("scheme", p.scheme()).number("ring_degree", p.ringDegree());
    json.numbers("modulus_chain", p.modulusChain()).numbers("special_primes", p.specialPrimes());
    json.number("digit_primes", p.digitPrimes());
    if (p instanceof CkksParameters ckks) {
      json.number("scale", ckks.scale());
    } else if (p instanceof BfvParameters bfv) {
      json.number("plain_modulus", bfv.plainModulus());
    }
    json.text("security", p.security().id()).number("log2_qp", p.logQP());
    json.number("max_log2_qp", p.security().maxLogQP(p.ringDegree()));
    json.number("public_key_bytes", p.publicKeyBytes());
    if (p.canKeySwitch()) {
      json.number("switch_key_bytes", p.switchKeyBytes());
    }
    json.number("ciphertext_bytes", p.ciphertextBytes(p.maxLevel(), false));
    json.number("seeded_ciphertext_bytes", p.ciphertextBytes(p.maxLevel(), true));
    json.text("fingerprint", p.fingerprint());
  }

  private static String primes(List<Long> primes) {
    return primes.isEmpty()
        ? "none"
        : primes.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }
}
