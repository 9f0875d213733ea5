package dev.veilsum.file.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file (github.com/huggingface/safetensors, "Format"): its length as a
 * little-endian u64, a JSON object that has a type, a shape and the place of the data for each
 * tensor, and spaces. The data, little-endian and in row-major order, follow without holes.
 */
final class SafetensorsHeader {
  /** The limit of the reference implementation. */
  static final long MOST_BYTES = 100_000_000;

  private static final int MOST_TENSORS = 1 << 16;
  private static final int MOST_DIMENSIONS = 64;
  private static final int ALIGNMENT = 8;
  private static final String METADATA = "__metadata__";

  private static final Map<String, ElementType> TYPES =
      Map.of(
          "F16",
          ElementType.FLOAT16,
          "BF16",
          ElementType.BFLOAT16,
          "F32",
          ElementType.FLOAT32,
          "F64",
          ElementType.FLOAT64);

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
          .build();

  /** A tensor and where its bytes are, counted from the end of the header. */
  private record Entry(TensorShape shape, long from, long end) {}

  private final TensorInput in;
  private final JsonParser json;

  private SafetensorsHeader(TensorInput in, JsonParser json) {
    this.in = in;
    this.json = json;
  }

  /** The tensors in the order of their data; CORRUPT, BAD_INPUT. */
  static List<StoredTensor> read(TensorInput in) {
    if (in.size() < Long.BYTES + 2) {
      throw in.corrupt("it has %d bytes and no header".formatted(in.size()));
    }
    ByteBuffer start = in.read(0, Long.BYTES + 1);
    long length = start.getLong();
    if (length < 2 || start.get() != '{') {
      throw in.bad("its first bytes are not those of a safetensors file");
    }
    if (length > MOST_BYTES) {
      throw in.bad(
          "a header of %d bytes; safetensors files have at most %d".formatted(length, MOST_BYTES));
    }
    if (length > in.size() - Long.BYTES) {
      throw in.corrupt(
          "its header takes %d bytes and the file has %d: it was cut".formatted(length, in.size()));
    }
    long data = Long.BYTES + length;
    List<Entry> entries = parse(in, length);
    requireContiguous(in, entries, in.size() - data);
    return entries.stream()
        .map(
            entry ->
                new StoredTensor(
                    entry.shape,
                    ByteOrder.LITTLE_ENDIAN,
                    () -> in.part(data + entry.from, entry.end - entry.from)))
        .toList();
  }

  private static List<Entry> parse(TensorInput in, long length) {
    InputStreamReader text =
        new InputStreamReader(in.stream(Long.BYTES, length), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser json = FACTORY.createParser(text)) {
      return new SafetensorsHeader(in, json).entries();
    } catch (CharacterCodingException | CharConversionException e) {
      throw in.bad("its header is not UTF-8 text");
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " at byte " + e.getLocation().getCharOffset();
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s: its header is wrong%s: %s".formatted(in.name(), where, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + in.name(), e);
    }
  }

  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    json.nextToken(); // the brace that was seen
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (name.equals(METADATA)) {
        skipMetadata();
      } else if (entries.size() == MOST_TENSORS) {
        throw in.bad("more than " + MOST_TENSORS + " tensors");
      } else {
        entries.add(entry(name));
      }
    }
    if (json.nextToken() != null) {
      throw in.bad("its header has more after its object");
    }
    if (entries.isEmpty()) {
      throw in.bad("it holds no tensors");
    }
    entries.sort(Comparator.comparingLong(Entry::from).thenComparing(Entry::end));
    return entries;
  }

  /** Texts by name, which say nothing that is needed here. */
  private void skipMetadata() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw in.bad(METADATA + " is no object of texts");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw in.bad(METADATA + " holds something else than texts");
      }
    }
  }

  private Entry entry(String name) throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw wrong(name, "is no object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "dtype" -> {
          if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(name, "has a dtype that is no text");
          }
          type = json.getText();
        }
        case "shape" -> shape = integers(name, field, MOST_DIMENSIONS);
        case "data_offsets" -> offsets = integers(name, field, 2);
        default -> throw wrong(name, "has the unknown field \"" + shortened(field) + '"');
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw wrong(name, "lacks dtype, shape, or two data_offsets");
    }
    return entry(name, type, shape, offsets.get(0), offsets.get(1));
  }

  private Entry entry(String name, String type, List<Long> shape, long from, long end) {
    ElementType elements = TYPES.get(type);
    if (elements == null) {
      throw wrong(
          name,
          "is of type %s; F16, BF16, F32 and F64 are read: convert it or leave it out"
              .formatted(shortened(type)));
    }
    TensorShape tensor = StoredTensor.shape(in, name, elements, shape);
    if (end < from || end - from != tensor.elements() * elements.bytes()) {
      throw in.corrupt(
          "tensor \"%s\" takes %d bytes and its data_offsets are %d and %d"
              .formatted(name, tensor.elements() * elements.bytes(), from, end));
    }
    return new Entry(tensor, from, end);
  }

  private List<Long> integers(String name, String field, int most) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(name, "has a " + field + " that is no array");
    }
    List<Long> integers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
          || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || json.getLongValue() < 0
          || integers.size() == most) {
        throw wrong(
            name, "has a %s that is not at most %d integers from 0 on".formatted(field, most));
      }
      integers.add(json.getLongValue());
    }
    return integers;
  }

  /** The data begin with the first tensor, and each ends where the next begins. */
  private static void requireContiguous(TensorInput in, List<Entry> entries, long available) {
    long at = 0;
    for (Entry entry : entries) {
      if (entry.from != at) {
        throw in.corrupt(
            "tensor \"%s\" begins at byte %d of the data, and the one before ends at %d: %s"
                .formatted(
                    entry.shape.name(), entry.from, at, entry.from < at ? "overlap" : "a hole"));
      }
      at = entry.end;
    }
    if (at != available) {
      throw in.corrupt(
          "its tensors take %d bytes and it has %d%s"
              .formatted(at, available, at > available ? ": it was cut" : ""));
    }
  }

  private VeilsumException wrong(String name, String what) {
    return in.bad("tensor \"" + shortened(name) + "\" " + what);
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  /** Refuses the one name that no tensor can have here. */
  static void requireName(TensorShape tensor, String place) {
    if (tensor.name().equals(METADATA)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s: no tensor of a safetensors file is called %s; write .npz"
              .formatted(place, METADATA));
    }
  }

  /** The header of tensors whose data follow in this order. */
  static byte[] of(List<TensorShape> tensors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[Long.BYTES]);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      long at = 0;
      for (TensorShape tensor : tensors) {
        long end = at + tensor.elements() * tensor.type().bytes();
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", name(tensor.type()));
        json.writeFieldName("shape");
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {at, end}, 0, 2);
        json.writeEndObject();
        at = end;
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException(e); // memory does not fail so
    }
    while (out.size() % ALIGNMENT != 0) {
      out.write(' ');
    }
    byte[] header = out.toByteArray();
    long length = header.length - Long.BYTES;
    if (length > MOST_BYTES) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "the names of %d tensors take %d bytes; a safetensors header has at most %d"
              .formatted(tensors.size(), length, MOST_BYTES));
    }
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    return header;
  }

  private static String name(ElementType type) {
    return switch (type) {
      case FLOAT16 -> "F16";
      case BFLOAT16 -> "BF16";
      case FLOAT32 -> "F32";
      case FLOAT64 -> "F64";
    };
  }
}
