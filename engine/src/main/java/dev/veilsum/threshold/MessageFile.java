package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the files of threshold keys have in common: a container whose metadata says its type. */
public final class MessageFile {
  private static final String TYPE = "message";

  private MessageFile() {}

  /** The fields of a message, to which the types add their own. */
  static Map<String, Cbor> fields(MessageType type) {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put(TYPE, Cbor.of(type.id()));
    return fields;
  }

  /** Writes a message to {@code out}, which is closed. Returns the bytes written. */
  static long write(
      AtomicOutput out, Map<String, Cbor> fields, Consumer<ContainerWriter> sections) {
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.THRESHOLD)) {
      sections.accept(writer);
      writer.add(new Cbor.Fields(fields));
      writer.finish();
      return writer.bytesWritten();
    }
  }

  /** The type of a message. */
  public static MessageType typeOf(ContainerReader reader) {
    FieldReader in =
        FieldReader.of(reader.require(ContainerKind.THRESHOLD).metadata(), reader.name());
    String id = in.text(TYPE);
    for (MessageType type : MessageType.values()) {
      if (type.id().equals(id)) {
        return type;
      }
    }
    throw in.wrong(TYPE, "is \"" + id + "\", which is not known to this version");
  }

  /** The fields of a message of this type; BAD_INPUT for one of another. */
  static FieldReader read(ContainerReader reader, MessageType type) {
    if (reader.kind() != ContainerKind.THRESHOLD) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is of kind \"%s\"; this needs a %s of a threshold key"
              .formatted(reader.name(), reader.kind(), type));
    }
    MessageType found = typeOf(reader);
    if (found != type) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s is a %s of a threshold key; this needs a %s".formatted(reader.name(), found, type));
    }
    FieldReader in = FieldReader.of(reader.metadata(), reader.name());
    in.text(TYPE);
    return in;
  }

  static void writeParameters(ContainerWriter writer, GradientParameters parameters) {
    writer.add(SectionType.PARAMETERS, ByteBuffer.wrap(parameters.canonicalBytes()));
  }

  static GradientParameters parameters(ContainerReader reader) {
    byte[] bytes = section(reader, SectionType.PARAMETERS);
    return reader.naming(() -> GradientParameters.fromCanonicalBytes(bytes));
  }

  /** The one section of a type. */
  static byte[] section(ContainerReader reader, SectionType type) {
    if (reader.count(type) != 1) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "%s has %d sections %s, not 1".formatted(reader.name(), reader.count(type), type));
    }
    return section(reader, type, 0);
  }

  /** Section {@code i} of a type; the file has as many bytes. */
  static byte[] section(ContainerReader reader, SectionType type, int i) {
    byte[] bytes = new byte[reader.length(type, i)];
    reader.read(type, i, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** What a caller would have been refused is damage where a file says it. */
  static <T> T corrupt(ContainerReader reader, Supplier<T> make) {
    try {
      return make.get();
    } catch (VeilsumException e) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, reader.name() + " is damaged: " + e.getMessage(), e);
    }
  }
}
