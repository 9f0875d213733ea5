package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import dev.veilsum.io.AtomicOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Containers, as they are and with their checksum put right; CBOR; the text of column kinds. */
public final class FileFuzz {
  private static final int END_BYTES = SectionType.HEADER_BYTES + Sha256.BYTES;

  private FileFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget("container", FileFuzz::readContainer, () -> List.of(container())),
        new FuzzTarget(
            "containerSections",
            input -> readContainer(sealed(input)),
            () -> List.of(Arrays.copyOf(container(), container().length - END_BYTES))),
        new FuzzTarget(
            "cbor",
            input -> GuardedRead.requireSame(Cbor.decode(input, "input").encode(), input),
            () -> List.of(cbor().encode())),
        new FuzzTarget("columnKind", FileFuzz::readKind, FileFuzz::kinds));
  }

  /** A container of what {@code write} adds and finishes. */
  public static byte[] container(ContainerKind kind, Consumer<ContainerWriter> write) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ContainerWriter writer =
        new ContainerWriter(AtomicOutput.passThrough("memory", Channels.newChannel(bytes)), kind)) {
      write.accept(writer);
    }
    return bytes.toByteArray();
  }

  /** Appends sections, or the pieces of a bulk section. */
  static void add(ContainerWriter writer, SectionType type, List<byte[]> all) {
    if (!type.isBulk()) {
      all.forEach(each -> writer.add(type, ByteBuffer.wrap(each)));
    } else if (!all.isEmpty()) {
      ContainerWriter.BulkPieces pieces = writer.addBulk(type, all.size(), all.get(0).length);
      all.forEach(each -> pieces.add(ByteBuffer.wrap(each)));
    }
  }

  /** A header and sections with the checks that they need: those of bulk sections, and the end. */
  private static byte[] sealed(byte[] sections) {
    ByteBuffer all =
        ByteBuffer.allocate(sections.length + END_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(sections)
            .putInt(SectionType.END)
            .putLong(Sha256.BYTES);
    MessageDigest digest = Sha256.newDigest();
    int hashed = 0; // the bytes before it are in the digest, or are a bulk section's
    int at = ContainerHeader.BYTES;
    while (sections.length - at >= SectionType.HEADER_BYTES) {
      SectionType type = SectionType.ofCode(all.getInt(at));
      long length = all.getLong(at + 4);
      at += SectionType.HEADER_BYTES;
      if (length < 0 || length > sections.length - at) {
        break;
      }
      int end = at + (int) length;
      if (type != null && type.isBulk() && length >= BulkCheck.Section.PREFIX_BYTES) {
        int pieceLength = all.getInt(at);
        int pieces = all.getInt(at + Integer.BYTES);
        if (!BulkCheck.Section.fits(length, pieceLength, pieces)) {
          break;
        }
        int first = at + BulkCheck.Section.PREFIX_BYTES;
        int checks = first + pieces * pieceLength;
        for (int piece = 0; piece < pieces; piece++) {
          long check = BulkCheck.of(all.slice(first + piece * pieceLength, pieceLength));
          all.putInt(checks + piece * BulkCheck.BYTES, (int) check);
        }
        digest.update(all.array(), hashed, first - hashed);
        hashed = checks;
      }
      at = end;
    }
    digest.update(all.array(), hashed, all.position() - hashed);
    return all.put(digest.digest()).array();
  }

  private static void readContainer(byte[] bytes) {
    try (ContainerReader container =
        ContainerReader.open(new ByteArrayInputStream(bytes), "input")) {
      for (SectionType type : SectionType.values()) {
        for (int i = 0; type.isBulk() && i < container.pieces(type); i++) {
          container.readPiece(type, i, ByteBuffer.allocate(container.pieceLength(type, i)));
        }
        for (int i = 0; !type.isBulk() && i < container.count(type); i++) {
          container.read(type, i, ByteBuffer.allocate(container.length(type, i)));
        }
      }
      container.metadata();
    }
  }

  private static byte[] container() {
    return container(
        ContainerKind.TABLE,
        writer -> {
          for (SectionType type : SectionType.values()) {
            if (type != SectionType.METADATA) {
              add(writer, type, List.of(new byte[] {1, 2, 3}));
            }
          }
          writer.add(cbor());
          writer.finish();
        });
  }

  private static Cbor cbor() {
    return new Cbor.Fields(
        Map.of(
            "a",
            Cbor.of(-1000),
            "b",
            new Cbor.Array(List.of(Cbor.of(1.5), Cbor.of(1e300), Cbor.of(true))),
            "c",
            Cbor.of(new byte[] {1, 2}),
            "d",
            new Cbor.Fields(Map.of("\u00e9\ud83d\ude00", Cbor.of("text")))));
  }

  private static void readKind(byte[] text) {
    ColumnKind kind;
    try {
      kind = ColumnKind.parse(new String(text, StandardCharsets.UTF_8));
    } catch (VeilsumException e) {
      if (e.code() == ErrorCode.USAGE) { // a declaration is the caller's
        throw new VeilsumException(ErrorCode.BAD_INPUT, e.getMessage(), e);
      }
      throw e;
    }
    if (!ColumnKind.parse(kind.text()).equals(kind)) {
      throw new AssertionError(kind.text());
    }
  }

  private static List<byte[]> kinds() {
    return Stream.of(
            "real",
            "real(-1.5e3..2)",
            " integer( -100 .. 100 ) ",
            "decimal(-2.00..10; squares)",
            "ordered(10,0..99;floor)",
            "sorted(0.00..9.99; layout=b)",
            "token",
            "time(2024-03-30..2024-04-02; zone=Europe/Berlin; step=1d; layout=b)",
            "category(a,b,\"c, \"\"d\"\"\")")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }
}
