package dev.veilsum.cli;

import dev.veilsum.table.Explanation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;

/** How a question would be answered, as programs and as people read it. */
final class ExplanationText {
  private ExplanationText() {}

  static void describe(Json json, Explanation explanation) throws IOException {
    json.text("question", explanation.question())
        .text("strategy", explanation.strategy())
        .text("why", explanation.why())
        .text("exactness", explanation.exact())
        .number("depth", explanation.depth())
        .number("multiplications", explanation.multiplications())
        .number("relinearizations", explanation.relinearizations())
        .number("rotations", explanation.rotations())
        .number("ciphertexts_read", explanation.ciphertextsRead())
        .number("bytes_down", explanation.bytesDown());
    optional(json, "noise_left_bits", explanation.noiseLeftBits());
    optional(json, "seconds", explanation.seconds());
    json.text("key_holder_sees", explanation.keyHolderSees())
        .text("server_sees", explanation.serverSees());
  }

  static void print(PrintWriter out, Explanation explanation) {
    TextTable table =
        new TextTable("ll")
            .line("question", explanation.question())
            .line("strategy", explanation.strategy() + ": " + explanation.why())
            .line("exactness", explanation.exact())
            .line("depth", explanation.depth())
            .line(
                "work",
                "%d multiplications, %d relinearizations, %d rotations"
                    .formatted(
                        explanation.multiplications(),
                        explanation.relinearizations(),
                        explanation.rotations()))
            .line(
                "bytes",
                "%d ciphertexts read, about %s down"
                    .formatted(explanation.ciphertextsRead(), Text.bytes(explanation.bytesDown())));
    table
        .line("noise left", noise(explanation.noiseLeftBits()))
        .line("time", time(explanation.seconds()));
    table
        .line("key holder sees", explanation.keyHolderSees())
        .line("server sees", explanation.serverSees())
        .print(out);
    out.flush();
  }

  private static void optional(Json json, String name, OptionalDouble value) throws IOException {
    if (value.isPresent()) {
      json.number(name, value.getAsDouble());
    } else {
      json.nothing(name);
    }
  }

  private static String noise(OptionalDouble bits) {
    return bits.isPresent()
        ? String.format(Locale.ROOT, "about %.0f bits", bits.getAsDouble())
        : "nothing is encrypted";
  }

  private static String time(OptionalDouble seconds) {
    return seconds.orElse(0) > 0
        ? "about " + Text.seconds(seconds.getAsDouble()) + " on one thread"
        : "nothing is computed";
  }
}
