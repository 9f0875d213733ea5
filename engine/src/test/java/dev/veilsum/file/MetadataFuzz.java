package dev.veilsum.file;

import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.params.Fingerprint;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a kind of container says of itself: its parameters, where it has any, and its metadata, in a
 * container that is otherwise right. Input: the length of the parameters (one byte), the
 * parameters, the metadata. Where the metadata names the parameters that were there, it is made to
 * name these.
 */
public final class MetadataFuzz {
  private final ContainerKind kind;
  private final Supplier<byte[]> make;
  private Map<SectionType, List<byte[]>> sections; // of a good file, at its first use

  private MetadataFuzz(ContainerKind kind, Supplier<byte[]> make) {
    this.kind = kind;
    this.make = make;
  }

  /**
   * A target.
   *
   * @param make makes a good file
   * @param use reads a file
   */
  public static FuzzTarget target(
      String name, ContainerKind kind, Supplier<byte[]> make, Consumer<ContainerReader> use) {
    return ofFiles(
        name,
        kind,
        make,
        file -> {
          try (ContainerReader container =
              ContainerReader.open(new ByteArrayInputStream(file), "input")) {
            use.accept(container);
          }
        });
  }

  /** A target whose reader takes the bytes of a file. */
  public static FuzzTarget ofFiles(
      String name, ContainerKind kind, Supplier<byte[]> make, Consumer<byte[]> use) {
    MetadataFuzz good = new MetadataFuzz(kind, make);
    return new FuzzTarget(name, input -> use.accept(good.with(input)), () -> List.of(good.input()));
  }

  private synchronized Map<SectionType, List<byte[]>> sections() {
    if (sections == null) {
      Map<SectionType, List<byte[]>> all = new EnumMap<>(SectionType.class);
      try (ContainerReader container =
          ContainerReader.open(new ByteArrayInputStream(make.get()), "good")) {
        for (SectionType type : SectionType.values()) {
          List<byte[]> some = new ArrayList<>();
          for (int i = 0; type.isBulk() && i < container.pieces(type); i++) {
            byte[] piece = new byte[container.pieceLength(type, i)];
            container.readPiece(type, i, ByteBuffer.wrap(piece));
            some.add(piece);
          }
          for (int i = 0; !type.isBulk() && i < container.count(type); i++) {
            byte[] bytes = new byte[container.length(type, i)];
            container.read(type, i).get(bytes);
            some.add(bytes);
          }
          all.put(type, some);
        }
      }
      sections = all;
    }
    return sections;
  }

  /** The first section of a type; empty where there is none. */
  private byte[] section(SectionType type) {
    List<byte[]> all = sections().get(type);
    return all.isEmpty() ? new byte[0] : all.get(0);
  }

  /** The input that stands for the good file. */
  private byte[] input() {
    byte[] parameters = section(SectionType.PARAMETERS);
    byte[] metadata = section(SectionType.METADATA);
    return ByteBuffer.allocate(1 + parameters.length + metadata.length)
        .put((byte) parameters.length)
        .put(parameters)
        .put(metadata)
        .array();
  }

  /** The file with the input's parameters and metadata. */
  private byte[] with(byte[] input) {
    int length = input.length == 0 ? 0 : Math.min(input[0] & 0xff, input.length - 1);
    byte[] parameters = Arrays.copyOfRange(input, Math.min(1, input.length), 1 + length);
    byte[] metadata = Arrays.copyOfRange(input, Math.min(1 + length, input.length), input.length);
    if (!Arrays.equals(parameters, section(SectionType.PARAMETERS))) {
      rename(metadata, section(SectionType.PARAMETERS), parameters);
    }
    return FileFuzz.container(
        kind,
        writer -> {
          if (!sections().get(SectionType.PARAMETERS).isEmpty()) {
            writer.add(SectionType.PARAMETERS, ByteBuffer.wrap(parameters));
          }
          sections()
              .forEach(
                  (type, all) -> {
                    if (type != SectionType.PARAMETERS && type != SectionType.METADATA) {
                      FileFuzz.add(writer, type, all);
                    }
                  });
          writer.add(SectionType.METADATA, ByteBuffer.wrap(metadata));
          writer.finish();
        });
  }

  private static void rename(byte[] metadata, byte[] was, byte[] is) {
    byte[] from = Fingerprint.of(was).bytes();
    byte[] to = Fingerprint.of(is).bytes();
    for (int i = 0; i + from.length <= metadata.length; i++) {
      if (Arrays.equals(metadata, i, i + from.length, from, 0, from.length)) {
        System.arraycopy(to, 0, metadata, i, to.length);
      }
    }
  }
}
