package dev.veilsum.table;

import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.params.Fingerprint;
import dev.veilsum.params.NttPrimes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Altered forms of a container, each with a right checksum; always the same ones. */
final class Mutants implements Iterable<Mutants.Mutant> {
  /** One altered file, and what was done to it. */
  record Mutant(String how, byte[] bytes) {
    @Override
    public String toString() {
      return how;
    }
  }

  private record Section(String type, byte[] payload) {}

  /** Well-formed texts, for the fields that are texts. */
  private static final String[] KINDS_AND_ROLES = {
    "decimal(0..9.99; squares)",
    "ordered(1, 0..4095)",
    "ordered(1, 0..4095; floor)",
    "sorted(0..1; layout=b)",
    "sorted(0..281474976710654)",
    "time(0001-01-01T00:00:00Z..9999-12-31T23:59:59.999Z; step=3y; zone=Asia/Kathmandu)",
    "token",
    "values",
    "squares",
    "masks",
    "digits",
    "extremes",
    "tokens",
    "totals",
  };

  private static final int HEADER = 8;
  private static final int SHA = 32;

  /** The first bytes of a ciphertext or a key: header, numbers, seed, and some residues. */
  private static final int FRONT = 48;

  private final byte[] head;
  private final List<Section> sections = new ArrayList<>();
  private final Map<String, List<Section>> mutants = new LinkedHashMap<>();

  private Mutants(byte[] good) {
    ByteBuffer in = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
    head = new byte[HEADER];
    in.get(head);
    while (true) {
      byte[] type = new byte[4];
      in.get(type);
      byte[] payload = new byte[(int) in.getLong()];
      in.get(payload);
      String letters = new String(type, StandardCharsets.US_ASCII);
      if (letters.equals("END.")) {
        break;
      }
      sections.add(new Section(letters, payload));
    }
  }

  @Override
  public Iterator<Mutant> iterator() {
    return mutants.entrySet().stream()
        .map(each -> new Mutant(each.getKey(), written(each.getValue())))
        .iterator();
  }

  private byte[] written(List<Section> all) {
    int size = HEADER + 12 + SHA;
    for (Section section : all) {
      size += 12 + section.payload().length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(head);
    for (Section section : all) {
      put(out, section.type(), section.payload().length).put(section.payload());
    }
    put(out, "END.", SHA);
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(out.array(), 0, out.position());
      return out.put(sha.digest()).array();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteBuffer put(ByteBuffer out, String type, long length) {
    return out.put(type.getBytes(StandardCharsets.US_ASCII)).putLong(length);
  }

  private void with(String how, int section, byte[] payload) {
    List<Section> changed = new ArrayList<>(sections);
    changed.set(section, new Section(sections.get(section).type(), payload));
    mutants.put(how + " in " + sections.get(section).type() + " at " + section, changed);
  }

  /** Another parameter section, and the metadata names it by its fingerprint. */
  private void withParameters(String how, int section, byte[] payload) {
    byte[] was = Fingerprint.of(sections.get(section).payload()).bytes();
    byte[] is = Fingerprint.of(payload).bytes();
    List<Section> changed = new ArrayList<>(sections);
    changed.set(section, new Section("PARM", payload));
    Section last = changed.get(changed.size() - 1);
    byte[] metadata = last.payload().clone();
    for (int i = 0; i + was.length <= metadata.length; i++) {
      if (Arrays.equals(metadata, i, i + was.length, was, 0, was.length)) {
        System.arraycopy(is, 0, metadata, i, is.length);
      }
    }
    changed.set(changed.size() - 1, new Section(last.type(), metadata));
    mutants.put(how + " in PARM at " + section, changed);
  }

  /** Whether a section is the first of its type: the others are read by the same code. */
  private boolean isFirst(int section) {
    String type = sections.get(section).type();
    return sections.subList(0, section).stream().noneMatch(s -> s.type().equals(type));
  }

  private static boolean isText(Section section) {
    return section.type().equals("META") || section.type().equals("PARM");
  }

  /**
   * Bytes flipped: every other one of metadata and parameters, the front of the rest, and its end.
   */
  static Mutants ofBytes(byte[] good) {
    Mutants all = new Mutants(good);
    for (int s = 0; s < all.sections.size(); s++) {
      byte[] payload = all.sections.get(s).payload();
      if (!all.isFirst(s)) {
        continue;
      }
      for (int i = 0; i < payload.length; i++) {
        boolean text = isText(all.sections.get(s));
        if (text ? i % 2 == 1 : i >= FRONT && i < payload.length - 1) {
          continue;
        }
        int change = 1 + i * 37 % 255;
        byte[] changed = payload.clone();
        changed[i] ^= (byte) change;
        all.with("byte %d ^ %d".formatted(i, change), s, changed);
      }
    }
    return all;
  }

  /** Sections cut, prolonged, emptied, left out, doubled, exchanged, and of another type. */
  static Mutants ofSections(byte[] good) {
    Mutants all = new Mutants(good);
    List<Section> sections = all.sections;
    for (int s = 0; s < sections.size(); s++) {
      byte[] payload = sections.get(s).payload();
      int n = payload.length;
      for (int length :
          new int[] {0, 1, 7, 8, 39, 40, n / 2, n - 8, n - 1, n + 1, n + 8, 2 * n, 9 * n}) {
        all.with(length + " bytes", s, Arrays.copyOf(payload, length));
      }
      all.with("zeros", s, new byte[n]);
      byte[] ones = new byte[n];
      Arrays.fill(ones, (byte) 0xff);
      all.with("ones", s, ones);
      List<Section> without = new ArrayList<>(sections);
      without.remove(s);
      all.mutants.put("without section " + s, without);
      List<Section> doubled = new ArrayList<>(sections);
      doubled.add(s, sections.get(s));
      all.mutants.put("section " + s + " twice", doubled);
      for (String type : new String[] {"META", "PARM", "PUBK", "SWKY", "CIPH", "TOKN", "LOCK"}) {
        List<Section> retyped = new ArrayList<>(sections);
        retyped.set(s, new Section(type, payload));
        all.mutants.put("section " + s + " as " + type, retyped);
      }
      for (int other = 0; all.isFirst(s) && other < s; other++) {
        all.with("the payload of " + other, s, sections.get(other).payload());
      }
    }
    return all;
  }

  /** Well-formed metadata that says something else: each value replaced, each field left out. */
  static Mutants ofMetadata(byte[] good) {
    Mutants all = new Mutants(good);
    int last = all.sections.size() - 1;
    Cbor metadata = Cbor.decode(all.sections.get(last).payload(), "the good file");
    List<Map.Entry<String, Cbor>> variants = new ArrayList<>();
    vary(metadata, "", value -> value, variants);
    for (Map.Entry<String, Cbor> variant : variants) {
      all.with(variant.getKey(), last, variant.getValue().encode());
    }
    return all;
  }

  private static void vary(
      Cbor value,
      String path,
      UnaryOperator<Cbor> rebuild,
      List<Map.Entry<String, Cbor>> variants) {
    int number = 0;
    for (Cbor other : replacements(value)) {
      variants.add(Map.entry(path + " -> variant " + number++, rebuild.apply(other)));
    }
    if (value instanceof Cbor.Array array) {
      for (int at : new TreeSet<>(List.of(0, array.values().size() - 1))) {
        if (at < 0 || array.values().isEmpty()) {
          continue;
        }
        vary(
            array.values().get(at),
            path + "[" + at + "]",
            item -> {
              List<Cbor> changed = new ArrayList<>(array.values());
              changed.set(at, item);
              return rebuild.apply(new Cbor.Array(changed));
            },
            variants);
      }
    }
    if (value instanceof Cbor.Fields fields) {
      fields
          .values()
          .forEach(
              (name, item) -> {
                Map<String, Cbor> without = new LinkedHashMap<>(fields.values());
                without.remove(name);
                variants.add(
                    Map.entry(path + " without " + name, rebuild.apply(new Cbor.Fields(without))));
                vary(
                    item,
                    path + "." + name,
                    other -> {
                      Map<String, Cbor> changed = new LinkedHashMap<>(fields.values());
                      changed.put(name, other);
                      return rebuild.apply(new Cbor.Fields(changed));
                    },
                    variants);
              });
    }
  }

  private static List<Cbor> replacements(Cbor value) {
    List<Cbor> all =
        new ArrayList<>(
            List.of(
                new Cbor.Array(List.of()),
                new Cbor.Fields(Map.of()),
                Cbor.of(true),
                Cbor.of(-1e308),
                Cbor.of(new byte[32])));
    long[] integers = {
      0, 1, 2, 5, -1, 2048, 2049, 1L << 31, 1L << 48, Long.MAX_VALUE, Long.MIN_VALUE
    };
    for (long integer : integers) {
      all.add(Cbor.of(integer));
    }
    String[] texts = {
      "",
      "\u0000\n\u001b[2J",
      "real",
      "real(-1e308..1e308)",
      "real(0..4.9e-324)",
      "integer(-9223372036854775808..9223372036854775807)",
      "category(a)",
      "category(a,b,c)",
      "sum",
      "count",
      "variance",
      "dot",
      "rotation",
      "relinearization",
      "x".repeat(70_000)
    };
    for (String text : texts) {
      all.add(Cbor.of(text));
    }
    for (String text : value instanceof Cbor.Text ? KINDS_AND_ROLES : new String[0]) {
      all.add(Cbor.of(text));
    }
    if (value instanceof Cbor.Array array && !array.values().isEmpty()) {
      List<Cbor> twice = new ArrayList<>(array.values());
      twice.addAll(array.values());
      all.add(new Cbor.Array(twice));
      all.add(new Cbor.Array(array.values().subList(1, array.values().size())));
    }
    if (value instanceof Cbor.Fields fields) {
      Map<String, Cbor> more = new LinkedHashMap<>(fields.values());
      more.put("more", Cbor.of(1));
      all.add(new Cbor.Fields(more));
    }
    return all;
  }

  /** The public numbers of ciphertexts, and the fields of every header. */
  static Mutants ofNumbers(byte[] good) {
    Mutants all = new Mutants(good);
    double[] reals = {
      0,
      -0.0,
      -1,
      1,
      0.5,
      1e-300,
      Double.MIN_VALUE,
      1e30,
      1e300,
      Double.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (int s = 0; s < all.sections.size(); s++) {
      byte[] payload = all.sections.get(s).payload();
      if (isText(all.sections.get(s)) || !all.isFirst(s)) {
        continue;
      }
      for (int at = 8; at <= 24; at += 8) {
        for (double real : reals) {
          byte[] changed = payload.clone();
          littleEndian(changed).putDouble(at, real);
          all.with("double %s at %d".formatted(real, at), s, changed);
        }
      }
      for (int at = 2; at <= 6; at += 2) {
        for (int number : new int[] {0, 1, 2, 3, 4, 255, 256, 32767, 65535}) {
          byte[] changed = payload.clone();
          littleEndian(changed).putShort(at, (short) number);
          all.with("short %d at %d".formatted(number, at), s, changed);
        }
      }
    }
    return all;
  }

  /** Parameters, named rightly by the metadata where that is possible, that must not be used. */
  static Mutants ofParameters(byte[] good) {
    Mutants all = new Mutants(good);
    long q = NttPrimes.largest(35, 4096, 1).get(0);
    for (int s = 0; s < all.sections.size(); s++) {
      byte[] payload = all.sections.get(s).payload();
      if (!all.sections.get(s).type().equals("PARM")) {
        continue;
      }
      for (int code = 0; code < 12; code++) {
        all.withParameters("security " + code, s, at(payload, 6, code));
      }
      for (int log = 0; log < 40; log++) {
        all.withParameters("ring degree 2^" + log, s, at(payload, 7, log));
      }
      for (int count : new int[] {0, 1, 3, 64, 65, 127, 255}) {
        all.withParameters(count + " primes of a digit", s, at(payload, 8, count));
        all.withParameters(count + " chain primes", s, at(payload, 9, count));
        all.withParameters(count + " special primes", s, at(payload, 10, count));
      }
      long[] moduli = {0, 1, -1, 2, q, q - 2, q * 8193, 15 * 8192 + 1, 1L << 40, Long.MAX_VALUE};
      for (int at = 11; at + 8 <= payload.length; at += 8) {
        for (long modulus : moduli) {
          byte[] changed = payload.clone();
          ByteBuffer.wrap(changed).putLong(at, modulus);
          all.withParameters("modulus %d at %d".formatted(modulus, at), s, changed);
        }
      }
      // Far more primes than the degree allows.
      List<Long> many = NttPrimes.largest(50, 4096, 40);
      ByteBuffer out = ByteBuffer.allocate(11 + 8 * 40 + 8).put(payload, 0, 9);
      out.put((byte) 39).put((byte) 1);
      many.forEach(out::putLong);
      out.put(payload, payload.length - 8, 8);
      all.withParameters("40 primes of 50 bits", s, out.array());
    }
    return all;
  }

  private static byte[] at(byte[] payload, int index, int value) {
    byte[] changed = payload.clone();
    changed[index] = (byte) value;
    return changed;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
