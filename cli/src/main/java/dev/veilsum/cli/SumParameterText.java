package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** The parameters of encrypted sums as people and programs read them. */
final class SumParameterText {
  private SumParameterText() {}

  static void print(PrintWriter out, GradientParameters p) {
    TextTable table = new TextTable("ll").line("scheme", "sums of packed integers");
    table.line("ring degree", p.ringDegree());
    table.line("primes", p.primes().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    table.line("bits of a number", p.bits());
    table.line("weights", "at most %d each, %d together".formatted(p.maxWeight(), p.weightSum()));
    table.line("numbers in a coefficient", p.perCoefficient());
    table.line("bytes a number", String.format(Locale.ROOT, "%.2f", p.bytesPerNumber()));
    table.line("security", Text.security(p.security(), p.logQ(), p.ringDegree()));
    table.line("fingerprint", p.fingerprint());
    table.print(out);
  }

  static void describe(Json json, GradientParameters p) throws IOException {
    json.text("scheme", "sums").number("ring_degree", p.ringDegree());
    json.numbers("modulus_chain", p.primes()).number("bits", p.bits());
    json.number("weight_sum", p.weightSum()).number("max_weight", p.maxWeight());
    json.number("numbers_per_coefficient", p.perCoefficient());
    json.number("bytes_per_number", p.bytesPerNumber());
    json.text("security", p.security().id()).number("log2_qp", p.logQ());
    json.number("max_log2_qp", p.security().maxLogQP(p.ringDegree()));
    json.text("fingerprint", p.fingerprint());
  }
}
