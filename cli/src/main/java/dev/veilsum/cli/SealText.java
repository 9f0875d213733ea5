package dev.veilsum.cli;

import dev.veilsum.VeilsumException;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.seal.SealObject;
import dev.veilsum.seal.SealParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What objects of Microsoft SEAL say of themselves, as people and programs read it. */
final class SealText {
  private SealText() {}

  /** The objects in their order; each is of the parameters that came before it. */
  static List<SealObject> read(List<SealFiles.Entry> entries) {
    Optional<SealParameters> parameters = Optional.empty();
    List<SealObject> read = new java.util.ArrayList<>();
    for (SealFiles.Entry entry : entries) {
      SealObject object = entry.read(parameters);
      if (object.kind() == SealObject.Kind.PARAMETERS) {
        parameters = object.parameters();
      }
      read.add(object);
    }
    return read;
  }

  static void print(PrintWriter out, List<SealObject> objects) {
    for (int i = 0; i < objects.size(); i++) {
      if (i > 0) {
        out.println();
      }
      print(out, objects.get(i));
    }
  }

  private static void print(PrintWriter out, SealObject o) {
    TextTable table = new TextTable("ll").line("kind", "SEAL " + o.kind());
    table.line("version", "4." + o.minorVersion());
    table.line("compression", o.compression().text());
    table.line(
        "size",
        Text.bytes(o.bytes())
            + (o.bytes() == o.plainBytes() ? "" : ", expanded " + Text.bytes(o.plainBytes())));
    o.parameters().ifPresent(p -> print(table, o, p));
    o.body().ifPresent(body -> print(table, o, body));
    table.print(out);
  }

  private static void print(TextTable table, SealObject o, SealParameters p) {
    table.line("scheme", p.isCkks() ? "CKKS" : "BFV").line("ring degree", p.ringDegree());
    if (o.kind() != SealObject.Kind.PARAMETERS) {
      return;
    }
    table.line(
        "primes",
        bits(p).stream().map(String::valueOf).collect(Collectors.joining(", ")) + " bits");
    if (!p.isCkks()) {
      table.line("plain modulus", p.plainModulus());
    }
    table.line("security", security(p).orElse("above every bound: refused"));
  }

  private static void print(TextTable table, SealObject o, SealObject.Body body) {
    if (o.parameters().isEmpty()) {
      scheme(o, body).ifPresent(scheme -> table.line("scheme", scheme));
      body.ringDegree().ifPresent(n -> table.line("ring degree", n));
    }
    body.primes()
        .ifPresent(
            k ->
                table.line(
                    "primes",
                    o.parameters().map(p -> k + " of " + p.primes().size()).orElse("" + k)));
    switch (o.kind()) {
      case CIPHERTEXT, PUBLIC_KEY ->
          table.line(
              "polynomials",
              body.polynomials()
                  + body.generator().map(g -> ", the last as a seed of " + g).orElse(""));
      case RELINEARIZATION_KEYS, GALOIS_KEYS ->
          table.line(
              "keys",
              body.keys()
                  + body.generator().map(g -> ", half of each as seeds of " + g).orElse(""));
      default -> {}
    }
    if (body.scale() != 1) {
      double log = Math.log(body.scale()) / Math.log(2);
      table.line("scale", String.format(Locale.ROOT, "2^%.2f", log));
    }
    table.line("parms_id", body.parmsId());
  }

  static void describe(Json json, List<SealObject> objects) throws IOException {
    if (objects.size() == 1) {
      describe(json, objects.get(0));
    } else {
      json.text("kind", "SEAL bundle").objects("objects", objects, SealText::describe);
    }
  }

  private static void describe(Json json, SealObject o) throws IOException {
    json.text("kind", "SEAL " + o.kind()).text("seal_version", "4." + o.minorVersion());
    json.text("compression", o.compression().text());
    json.number("bytes", o.bytes()).number("expanded_bytes", o.plainBytes());
    if (o.parameters().isPresent()) {
      SealParameters p = o.parameters().get();
      json.text("scheme", p.isCkks() ? "CKKS" : "BFV").number("ring_degree", p.ringDegree());
      if (o.kind() == SealObject.Kind.PARAMETERS) {
        json.numbers("primes", p.primes()).numbers("prime_bits", bits(p));
        if (!p.isCkks()) {
          json.number("plain_modulus", p.plainModulus());
        }
        Optional<String> security = security(p);
        if (security.isPresent()) {
          json.text("security", security.get());
        }
      }
    }
    if (o.body().isEmpty()) {
      return;
    }
    SealObject.Body body = o.body().get();
    if (o.parameters().isEmpty()) {
      Optional<String> scheme = scheme(o, body);
      if (scheme.isPresent()) {
        json.text("scheme", scheme.get());
      }
      if (body.ringDegree().isPresent()) {
        json.number("ring_degree", body.ringDegree().getAsInt());
      }
    }
    if (body.primes().isPresent()) {
      json.number("prime_count", body.primes().getAsInt());
      if (o.kind() == SealObject.Kind.CIPHERTEXT) {
        json.number("level", body.primes().getAsInt() - 1);
      }
    }
    switch (o.kind()) {
      case CIPHERTEXT, PUBLIC_KEY -> json.number("polynomials", body.polynomials());
      case RELINEARIZATION_KEYS, GALOIS_KEYS -> json.number("keys", body.keys());
      default -> {}
    }
    json.flag("seeded", body.generator().isPresent());
    if (body.generator().isPresent()) {
      json.text("generator", body.generator().get());
    }
    json.number("scale", body.scale()).text("parms_id", body.parmsId());
  }

  /** The scheme, where the object's form tells it: keys of both look alike. */
  private static Optional<String> scheme(SealObject o, SealObject.Body body) {
    return switch (o.kind()) {
      case CIPHERTEXT, PLAINTEXT -> Optional.of(body.ntt() ? "CKKS" : "BFV");
      default -> Optional.empty();
    };
  }

  private static List<Integer> bits(SealParameters p) {
    return p.primes().stream().map(q -> Long.SIZE - Long.numberOfLeadingZeros(q)).toList();
  }

  /** The level whose bound the parameters keep to. */
  private static Optional<String> security(SealParameters p) {
    try {
      RlweParameters engine = p.toEngine();
      return Optional.of(engine.security().id());
    } catch (VeilsumException e) {
      return Optional.empty();
    }
  }
}
