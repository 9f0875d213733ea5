package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.Fingerprint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The part of the metadata that updates and aggregates share: the frame. */
final class GradientMetadata {
  private GradientMetadata() {}

  /** The fields of a frame, to which the kinds of files add their own. */
  static Map<String, Cbor> fields(GradientFrame frame) {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("key", Cbor.of(frame.keyId().bytes()));
    fields.put("parameters", Cbor.of(frame.parameters().fingerprint().bytes()));
    fields.put("round", Cbor.of(frame.round()));
    fields.put("clip", Cbor.of(frame.clip()));
    fields.put("form", Cbor.of(frame.form().id()));
    fields.put(
        "tensors", new Cbor.Array(frame.tensors().stream().map(GradientMetadata::toCbor).toList()));
    return fields;
  }

  private static Cbor toCbor(TensorShape tensor) {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("name", Cbor.of(tensor.name()));
    fields.put("type", Cbor.of(tensor.type().id()));
    fields.put("shape", new Cbor.Array(tensor.shape().stream().map(n -> Cbor.of(n)).toList()));
    return new Cbor.Fields(fields);
  }

  /** Reads the frame's fields and the parameters of a container. */
  static GradientFrame frame(FieldReader in, ContainerReader container) {
    GradientParameters parameters = parameters(container);
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    if (!Fingerprint.fromBytes(in.bytes("parameters", Fingerprint.LENGTH))
        .equals(parameters.fingerprint())) {
      throw in.wrong("parameters", "does not match the parameter section");
    }
    String round = in.text("round");
    double clip = in.real("clip");
    UpdateForm form = form(in);
    List<TensorShape> tensors = new ArrayList<>();
    for (Cbor each : in.array("tensors")) {
      FieldReader tensor = FieldReader.of(each, container.name() + " tensor " + tensors.size());
      String name = tensor.text("name");
      String type = tensor.text("type");
      List<Long> shape = new ArrayList<>();
      for (Cbor length : tensor.array("shape")) {
        if (!(length instanceof Cbor.Int number)) {
          throw tensor.wrong("shape", "holds something else than integers");
        }
        shape.add(number.value());
      }
      tensor.finish();
      tensors.add(corrupt(container, () -> new TensorShape(name, ElementType.ofId(type), shape)));
    }
    return corrupt(
        container, () -> new GradientFrame(parameters, keyId, round, clip, tensors, form));
  }

  private static UpdateForm form(FieldReader in) {
    String id = in.text("form");
    for (UpdateForm form : UpdateForm.values()) {
      if (form.id().equals(id)) {
        return form;
      }
    }
    throw in.wrong("form", "is \"" + id + "\", which is not known to this version");
  }

  private static GradientParameters parameters(ContainerReader container) {
    if (container.count(SectionType.PARAMETERS) != 1) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "%s has %d parameter sections, not 1"
              .formatted(container.name(), container.count(SectionType.PARAMETERS)));
    }
    ByteBuffer section = container.read(SectionType.PARAMETERS, 0);
    byte[] bytes = new byte[section.remaining()];
    section.get(bytes);
    return container.naming(() -> GradientParameters.fromCanonicalBytes(bytes));
  }

  /** Refuses a container whose chunks are not as many and as long as they should be. */
  static void requireChunks(ContainerReader container, int chunks, int bytes) {
    int found = container.pieces(SectionType.GRADIENT);
    if (found != chunks) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "%s has %d chunks where its tensors take %d; get a new copy"
              .formatted(container.name(), found, chunks));
    }
    for (int i = 0; i < chunks; i++) {
      int length = container.pieceLength(SectionType.GRADIENT, i);
      if (length != bytes) {
        throw new VeilsumException(
            ErrorCode.CORRUPT,
            "%s: chunk %d has %d bytes where %d belong; get a new copy"
                .formatted(container.name(), i, length, bytes));
      }
    }
  }

  /** What a caller would have been refused is damage where a file says it. */
  static <T> T corrupt(ContainerReader container, Supplier<T> make) {
    try {
      return make.get();
    } catch (VeilsumException e) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, container.name() + " is damaged: " + e.getMessage(), e);
    }
  }
}
