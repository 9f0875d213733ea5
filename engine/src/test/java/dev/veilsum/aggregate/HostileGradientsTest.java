package dev.veilsum.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.nativelib.NativeMemory;
import dev.veilsum.params.SecurityLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Updates and aggregates that someone made on purpose: altered anywhere, with right checks, so that
 * every inner reader is reached. Whatever a file says, it is counted or refused with one line that
 * names it, and the sum of the others is exact.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostileGradientsTest {
  private static final GradientParameters PARAMETERS =
      GradientParameters.solve(8, 1 << 10, SecurityLevel.DEFAULT);
  private static final int LENGTH = PARAMETERS.chunkNumbers() + 10;

  /** What may be wrong with a file; nothing here is a mistake of the caller or of the engine. */
  private static final Set<ErrorCode> OF_FILES =
      EnumSet.of(
          ErrorCode.BAD_INPUT,
          ErrorCode.CORRUPT,
          ErrorCode.OUT_OF_RANGE,
          ErrorCode.KEY_MISMATCH,
          ErrorCode.PARAMETER_MISMATCH,
          ErrorCode.INSECURE_PARAMETERS,
          ErrorCode.NOISE_BUDGET,
          ErrorCode.UNSUPPORTED);

  @TempDir Path folder;

  private record Section(String type, byte[] payload) {}

  /** The sections of a file, a bulk one as its pieces. */
  private static List<Section> sections(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(8);
    List<Section> sections = new ArrayList<>();
    while (true) {
      byte[] type = new byte[4];
      in.get(type);
      String letters = new String(type, StandardCharsets.US_ASCII);
      int length = (int) in.getLong();
      if (letters.equals("END.")) {
        return sections;
      }
      if (letters.equals("GRAD")) {
        int piece = in.getInt();
        int pieces = in.getInt();
        for (int i = 0; i < pieces; i++) {
          byte[] payload = new byte[piece];
          in.get(payload);
          sections.add(new Section(letters, payload));
        }
        in.position(in.position() + 4 * pieces);
        continue;
      }
      byte[] payload = new byte[length];
      in.get(payload);
      sections.add(new Section(letters, payload));
    }
  }

  /** A file of these sections with right checks. */
  private static byte[] file(int kind, List<Section> sections) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] head = {'V', 'S', 'U', 'M', 1, 0, (byte) kind, 0};
      out.write(head);
      sha.update(head);
      for (int i = 0; i < sections.size(); i++) {
        Section section = sections.get(i);
        if (section.type().equals("GRAD")) {
          // As many pieces of one length as come together make one section.
          int first = i;
          while (i + 1 < sections.size()
              && sections.get(i + 1).type().equals("GRAD")
              && sections.get(i + 1).payload().length == section.payload().length) {
            i++;
          }
          writeBulk(sections.subList(first, i + 1), out, sha);
        } else {
          byte[] header = header(section.type(), section.payload().length);
          out.write(header);
          out.write(section.payload());
          sha.update(header);
          sha.update(section.payload());
        }
      }
      byte[] end = header("END.", 32);
      out.write(end);
      sha.update(end);
      out.write(sha.digest());
      return out.toByteArray();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void writeBulk(List<Section> pieces, ByteArrayOutputStream out, MessageDigest sha)
      throws IOException {
    int length = pieces.get(0).payload().length;
    byte[] header = header("GRAD", 8 + (long) pieces.size() * (length + 4));
    byte[] prefix = words(length, pieces.size());
    out.write(header);
    out.write(prefix);
    sha.update(header);
    sha.update(prefix);
    for (Section piece : pieces) {
      out.write(piece.payload());
    }
    for (Section piece : pieces) {
      CRC32C castagnoli = new CRC32C();
      castagnoli.update(piece.payload());
      byte[] check =
          ByteBuffer.allocate(4)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt((int) castagnoli.getValue())
              .array();
      out.write(check);
      sha.update(check);
    }
  }

  private static byte[] words(int first, int second) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(first)
        .putInt(second)
        .array();
  }

  private static byte[] header(String type, long length) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(type.getBytes(StandardCharsets.US_ASCII))
        .putLong(length)
        .array();
  }

  /** Altered forms of a file's sections, by what was done. */
  private static Map<String, List<Section>> mutants(List<Section> good) {
    Map<String, List<Section>> mutants = new LinkedHashMap<>();
    Random random = new Random(4);
    for (int i = 0; i < good.size(); i++) {
      Section section = good.get(i);
      byte[] payload = section.payload();
      List<Section> without = new ArrayList<>(good);
      without.remove(i);
      mutants.put("without " + section.type() + i, without);
      List<Section> twice = new ArrayList<>(good);
      twice.add(i, section);
      mutants.put("twice " + section.type() + i, twice);
      mutants.put("short " + i, with(good, i, Arrays.copyOf(payload, payload.length - 1)));
      mutants.put("long " + i, with(good, i, Arrays.copyOf(payload, payload.length + 1)));
      mutants.put("empty " + i, with(good, i, new byte[0]));
      for (int k = 0; k < 40; k++) {
        byte[] altered = payload.clone();
        int at = random.nextInt(Math.min(altered.length, 400));
        altered[at] ^= (byte) (1 << random.nextInt(8));
        mutants.put("bit " + i + " " + k, with(good, i, altered));
      }
      if (section.type().equals("GRAD")) {
        byte[] ones = new byte[payload.length];
        Arrays.fill(ones, (byte) 0xff); // residues that are no residues
        mutants.put("ones " + i, with(good, i, ones));
      }
      if (section.type().equals("META")) {
        fields(payload).forEach((how, bytes) -> mutants.put(how, with(good, i(good), bytes)));
      }
    }
    return mutants;
  }

  private static int i(List<Section> good) {
    for (int i = 0; i < good.size(); i++) {
      if (good.get(i).type().equals("META")) {
        return i;
      }
    }
    throw new AssertionError();
  }

  private static List<Section> with(List<Section> good, int i, byte[] payload) {
    List<Section> altered = new ArrayList<>(good);
    altered.set(i, new Section(good.get(i).type(), payload));
    return altered;
  }

  /** Every field missing, of another type, and of unlikely values; one field too many. */
  private static Map<String, byte[]> fields(byte[] metadata) {
    Map<String, Cbor> fields = ((Cbor.Fields) Cbor.decode(metadata, "good")).values();
    Map<String, byte[]> mutants = new LinkedHashMap<>();
    List<Cbor> values =
        List.of(
            Cbor.of(0),
            Cbor.of(-1),
            Cbor.of(Long.MAX_VALUE),
            Cbor.of(1e300),
            Cbor.of(-0.0),
            Cbor.of(""),
            Cbor.of("x".repeat(100)),
            Cbor.of("\u0000\u001b[2J"),
            Cbor.of(true),
            Cbor.of(new byte[16]),
            Cbor.of(new byte[32]),
            new Cbor.Array(List.of()),
            new Cbor.Array(List.of(Cbor.of(1 << 30))),
            new Cbor.Array(List.of(Cbor.of("a"), Cbor.of("a"))),
            new Cbor.Array(List.of(tensor(1L << 40, 1L << 40))),
            new Cbor.Array(List.of(tensor(1L << 47, 1))),
            new Cbor.Array(List.of(tensor(LENGTH, 1), tensor(LENGTH, 1))),
            new Cbor.Array(List.of(tensor(0, 1))),
            new Cbor.Array(List.of(tensor(-5, -5))));
    for (String name : fields.keySet()) {
      Map<String, Cbor> without = new LinkedHashMap<>(fields);
      without.remove(name);
      mutants.put("no " + name, new Cbor.Fields(without).encode());
      for (Cbor value : values) {
        Map<String, Cbor> other = new LinkedHashMap<>(fields);
        other.put(name, value);
        mutants.put(name + " = " + value, new Cbor.Fields(other).encode());
      }
    }
    Map<String, Cbor> more = new LinkedHashMap<>(fields);
    more.put("more", Cbor.of(1));
    mutants.put("a field more", new Cbor.Fields(more).encode());
    return mutants;
  }

  private static Cbor tensor(long... shape) {
    List<Cbor> lengths = new ArrayList<>();
    for (long length : shape) {
      lengths.add(Cbor.of(length));
    }
    return new Cbor.Fields(
        Map.of(
            "name", Cbor.of("t" + shape.length + shape[0]),
            "type", Cbor.of("float32"),
            "shape", new Cbor.Array(lengths)));
  }

  @Test
  void updates() throws IOException {
    NativeMemory.setLimit(256L << 20);
    try (Cohort cohort = new Cohort(PARAMETERS, LENGTH);
        GradientAggregator round = Cohort.round()) {
      List<Path> good = new ArrayList<>();
      for (int client = 0; client < 4; client++) {
        good.add(cohort.file(folder, "good" + client, 10));
      }
      List<Section> sections = sections(Files.readAllBytes(cohort.file(folder, "hostile", 10)));
      assertThat(sections).hasSize(4); // PARM, two chunks, META
      // The writer of this test writes what the engine writes.
      assertThat(file(4, sections)).isEqualTo(Files.readAllBytes(folder.resolve("hostile.vsm")));
      round.addFiles(good.subList(0, 2), new RoundListener() {});
      Path file = folder.resolve("mutant.vsm");
      int refused = 0;
      Map<String, List<Section>> mutants = mutants(sections);
      for (Map.Entry<String, List<Section>> mutant : mutants.entrySet()) {
        Files.write(file, file(4, mutant.getValue()));
        int before = round.clients();
        try (GradientUpdate update = GradientUpdate.open(file)) {
          round.add(update);
        } catch (VeilsumException e) {
          refused++;
          assertThat(e.code()).as("%s: %s", mutant.getKey(), e).isIn(OF_FILES);
          assertThat(e.getMessage()).as(mutant.getKey()).contains("mutant.vsm");
          assertThat(round.clients()).isEqualTo(before);
          continue;
        }
        // A well-formed update of another name, weight, seed or other numbers: it counts.
        assertThat(mutant.getKey()).matches("(bit|ones|client =|weight =|seed =).*");
      }
      assertThat(refused).isGreaterThan(mutants.size() / 2);
    } finally {
      NativeMemory.setLimit(0);
    }
    // Those that are refused leave nothing behind.
    try (Cohort cohort = new Cohort(PARAMETERS, LENGTH);
        GradientAggregator round = Cohort.round()) {
      round.add(cohort.update("a", 1));
      List<Section> sections = sections(Files.readAllBytes(cohort.file(folder, "b", 1)));
      Path file = folder.resolve("late.vsm");
      byte[] bytes = file(4, sections);
      bytes[bytes.length - 3000] ^= 1; // in the last chunk, after the first was added
      Files.write(file, bytes);
      try (GradientUpdate update = GradientUpdate.open(file)) {
        GradientParametersTest.code(ErrorCode.CORRUPT, () -> round.add(update));
      }
      Files.write(file, file(4, sections));
      try (GradientUpdate update = GradientUpdate.open(file)) {
        round.add(update);
      }
      round.add(cohort.update("c", 2));
      try (GradientAggregate sum = round.finish()) {
        assertThat(cohort.decryptor().sums(sum)).isEqualTo(cohort.sums);
      }
    }
  }

  @Test
  void aggregates() throws IOException {
    NativeMemory.setLimit(256L << 20);
    try (Cohort cohort = new Cohort(PARAMETERS, LENGTH);
        GradientAggregator round = Cohort.round()) {
      for (int client = 0; client < 3; client++) {
        round.add(cohort.update("client" + client, 10));
      }
      try (GradientAggregate sum = round.finish()) {
        for (AggregateForm form : AggregateForm.values()) {
          Path good = folder.resolve(form + ".vsm");
          sum.write(Cohort.output(good), form, Cohort.POOL, done -> {});
          List<Section> sections = sections(Files.readAllBytes(good));
          Path file = folder.resolve("mutant.vsm");
          for (Map.Entry<String, List<Section>> mutant : mutants(sections).entrySet()) {
            Files.write(file, file(5, mutant.getValue()));
            try (GradientAggregate aggregate = GradientAggregate.open(file);
                GradientAggregator other = Cohort.round()) {
              if (form == AggregateForm.COMPACT) {
                other.merge(aggregate);
              }
              cohort.decryptor().sums(aggregate);
            } catch (VeilsumException e) {
              Set<ErrorCode> allowed = EnumSet.copyOf(OF_FILES);
              allowed.add(ErrorCode.WRONG_KEY);
              assertThat(e.code()).as("%s: %s", mutant.getKey(), e).isIn(allowed);
            }
          }
        }
      }
    } finally {
      NativeMemory.setLimit(0);
    }
  }
}
