package dev.veilsum.threshold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.JointKey;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.nativelib.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages that someone made on purpose, with right checksums: each is refused with one of the
 * errors of files, or is a well-formed message that says something else and is used as such. None
 * crashes, none takes memory in proportion to what it says, and no sum comes out wrong.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostileMessagesTest {
  private static final Set<ErrorCode> OF_FILES =
      EnumSet.of(
          ErrorCode.BAD_INPUT,
          ErrorCode.CORRUPT,
          ErrorCode.OUT_OF_RANGE,
          ErrorCode.KEY_MISMATCH,
          ErrorCode.WRONG_KEY,
          ErrorCode.PARAMETER_MISMATCH,
          ErrorCode.INSECURE_PARAMETERS,
          ErrorCode.NOISE_BUDGET);

  @TempDir Path folder;

  /** A message in pieces: its metadata, its sections, and the pieces of bulk sections. */
  private record Parts(Map<String, Cbor> fields, List<Section> sections, List<byte[]> pieces) {
    record Section(SectionType type, byte[] payload) {}

    static Parts of(Path file) {
      try (ContainerReader reader = ContainerReader.open(file)) {
        List<Section> sections = new ArrayList<>();
        for (SectionType type :
            List.of(SectionType.PARAMETERS, SectionType.PUBLIC_KEY, SectionType.SEALED)) {
          for (int i = 0; i < reader.count(type); i++) {
            sections.add(new Section(type, MessageFile.section(reader, type, i)));
          }
        }
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < reader.pieces(SectionType.GRADIENT); i++) {
          ByteBuffer piece = ByteBuffer.allocate(reader.pieceLength(SectionType.GRADIENT, i));
          reader.readPiece(SectionType.GRADIENT, i, piece);
          pieces.add(piece.array());
        }
        return new Parts(((Cbor.Fields) reader.metadata()).values(), sections, pieces);
      }
    }

    void write(Path file) {
      try (ContainerWriter writer =
          new ContainerWriter(Parties.output(file), ContainerKind.THRESHOLD)) {
        sections.forEach(each -> writer.add(each.type(), ByteBuffer.wrap(each.payload())));
        if (!pieces.isEmpty()) {
          ContainerWriter.BulkPieces bulk =
              writer.addBulk(SectionType.GRADIENT, pieces.size(), pieces.get(0).length);
          pieces.forEach(piece -> bulk.add(ByteBuffer.wrap(piece)));
        }
        writer.add(new Cbor.Fields(fields));
        writer.finish();
      }
    }

    private Parts with(int i, byte[] payload) {
      List<Section> altered = new ArrayList<>(sections);
      altered.set(i, new Section(sections.get(i).type(), payload));
      return new Parts(fields, altered, pieces);
    }
  }

  private static Map<String, Parts> mutants(Parts good) {
    Map<String, Parts> mutants = new LinkedHashMap<>();
    Random random = new Random(8);
    for (String name : good.fields().keySet()) {
      Map<String, Cbor> without = new LinkedHashMap<>(good.fields());
      without.remove(name);
      mutants.put("no " + name, new Parts(without, good.sections(), good.pieces()));
      List<Cbor> values =
          List.of(
              Cbor.of(0),
              Cbor.of(-1),
              Cbor.of(2),
              Cbor.of(Long.MAX_VALUE),
              Cbor.of(0.5),
              Cbor.of("x"),
              Cbor.of("session"),
              Cbor.of(new byte[16]),
              Cbor.of(new byte[32]),
              new Cbor.Array(List.of()),
              new Cbor.Array(List.of(Cbor.of(1), Cbor.of(1))),
              new Cbor.Array(List.of(Cbor.of(1), Cbor.of(1L << 40))),
              new Cbor.Array(List.of(Cbor.of(new byte[32]), Cbor.of(new byte[32]))));
      for (Cbor value : values) {
        Map<String, Cbor> other = new LinkedHashMap<>(good.fields());
        other.put(name, value);
        mutants.put(name + " = " + value, new Parts(other, good.sections(), good.pieces()));
      }
    }
    for (int i = 0; i < good.sections().size(); i++) {
      byte[] payload = good.sections().get(i).payload();
      mutants.put("short " + i, good.with(i, Arrays.copyOf(payload, payload.length - 1)));
      mutants.put("long " + i, good.with(i, Arrays.copyOf(payload, payload.length + 1)));
      mutants.put("empty " + i, good.with(i, new byte[0]));
      byte[] ones = new byte[payload.length];
      Arrays.fill(ones, (byte) 0xff);
      mutants.put("ones " + i, good.with(i, ones));
      for (int k = 0; k < 12; k++) {
        byte[] altered = payload.clone();
        altered[random.nextInt(Math.min(altered.length, 200))] ^= (byte) (1 << random.nextInt(8));
        mutants.put("bit " + i + " " + k, good.with(i, altered));
      }
      List<Parts.Section> more = new ArrayList<>(good.sections());
      more.add(more.get(i));
      mutants.put("twice " + i, new Parts(good.fields(), more, good.pieces()));
      List<Parts.Section> fewer = new ArrayList<>(good.sections());
      fewer.remove(i);
      mutants.put("without " + i, new Parts(good.fields(), fewer, good.pieces()));
    }
    for (int i = 0; i < good.pieces().size(); i++) {
      byte[] piece = good.pieces().get(i);
      for (byte[] other : List.of(new byte[piece.length], new byte[1], flipped(piece, random))) {
        mutants.put(
            "piece " + mutants.size(), new Parts(good.fields(), good.sections(), List.of(other)));
      }
      mutants.put("pieces", new Parts(good.fields(), good.sections(), List.of(piece, piece)));
      mutants.put("no pieces", new Parts(good.fields(), good.sections(), List.of()));
    }
    return mutants;
  }

  private static byte[] flipped(byte[] bytes, Random random) {
    byte[] altered = bytes.clone();
    altered[random.nextInt(altered.length)] ^= 16;
    return altered;
  }

  /** Uses every mutant of a file; how many were refused. */
  private int refusals(Path good, Consumer<Path> use) {
    Path file = folder.resolve("mutant.vsm");
    int refused = 0;
    for (Map.Entry<String, Parts> mutant : mutants(Parts.of(good)).entrySet()) {
      mutant.getValue().write(file);
      try {
        use.accept(file);
      } catch (VeilsumException e) {
        refused++;
        assertThat(e.code()).as("%s: %s", mutant.getKey(), e).isIn(OF_FILES);
      }
    }
    return refused;
  }

  private static <T> T read(Path file, Function<ContainerReader, T> read) {
    try (ContainerReader reader = ContainerReader.open(file)) {
      return read.apply(reader);
    }
  }

  private Path good(Consumer<Path> write) {
    Path file = folder.resolve("good.vsm");
    write.accept(file);
    return file;
  }

  @Test
  void messagesOfKeys() {
    Parties of = Parties.of(2, 2);
    NativeMemory.setLimit(256L << 20);
    try {
      Path session = good(file -> of.session.write(Parties.output(file)));
      assertThat(
              refusals(session, file -> Joins.of(read(file, ThresholdSession::read), joinsOf(of))))
          .isGreaterThan(40);
      Path join = good(file -> joinsOf(of).get(1).write(Parties.output(file)));
      assertThat(
              refusals(
                  join,
                  file -> {
                    List<JoinMessage> joins = new ArrayList<>(joinsOf(of));
                    joins.set(1, read(file, JoinMessage::read));
                    of.parties.get(0).deal(Joins.of(of.session, joins));
                  }))
          .isGreaterThan(40);
      Path deal = good(file -> of.dealt.get(1).write(Parties.output(file)));
      assertThat(
              refusals(
                  deal,
                  file -> {
                    List<DealMessage> dealt = new ArrayList<>(of.dealt);
                    dealt.set(1, read(file, reader -> DealMessage.read(reader, 1)));
                    of.parties.get(0).confirm(Deals.of(of.joins, dealt));
                  }))
          .isGreaterThan(50);
      Path confirm = good(file -> of.confirmed.get(1).write(Parties.output(file)));
      assertThat(
              refusals(
                  confirm,
                  file ->
                      assertThat(
                              JointKeyFile.assemble(
                                      of.deals,
                                      List.of(
                                          of.confirmed.get(0), read(file, ConfirmMessage::read)))
                                  .keyId())
                          .isEqualTo(of.key.keyId())))
          .isGreaterThan(50);
    } finally {
      NativeMemory.setLimit(0);
    }
  }

  private static List<JoinMessage> joinsOf(Parties of) {
    return of.parties.stream().map(ThresholdParty::join).toList();
  }

  @Test
  void filesOfKeysAndParts() {
    Parties of = Parties.of(2, 2);
    long[] sums = new long[1000];
    NativeMemory.setLimit(256L << 20);
    try (GradientAggregate round = of.round(3, sums)) {
      Path key = good(file -> JointKeyFile.write(of.key, Parties.output(file)));
      assertThat(
              refusals(
                  key,
                  file -> {
                    JointKey read = read(file, JointKeyFile::read);
                    assertThat(read.keyId()).isEqualTo(of.key.keyId());
                  }))
          .isGreaterThan(50);
      Path share = good(file -> of.shares.get(0).write(Parties.output(file)));
      assertThat(
              refusals(share, file -> read(file, KeyShare::read).open(of.masters.get(0)).close()))
          .isGreaterThan(80);
      List<Path> parts = of.partsOf(round, List.of(1, 2), folder);
      assertThat(
              refusals(
                  parts.get(0),
                  file ->
                      assertThat(Parties.combine(round, List.of(file, parts.get(1))))
                          .isEqualTo(sums)))
          .isGreaterThan(80);
      assertThat(Parties.combine(round, parts)).isEqualTo(sums);
    } finally {
      NativeMemory.setLimit(0);
    }
  }
}
