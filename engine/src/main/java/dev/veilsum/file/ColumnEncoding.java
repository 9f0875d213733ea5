package dev.veilsum.file;

import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One form in which a column is laid down, and where its ciphertexts are. A column has one or more:
 * its values, masks under several parameter sets, digits, and so on.
 *
 * <p>An encoding is made of parts. Every part is a list of chunks of {@code rowsPerChunk} rows in
 * order; the rows of each of the table's segments start a chunk of their own, so that the last
 * chunk of a segment may be partly filled. A chunk is named by the index of its CIPHERTEXT section
 * (of tokens: its TOKENS section), from 0.
 *
 * @param role what the ciphertexts hold
 * @param parameters the index of the parameter set in the table's list; {@link #IN_THE_CLEAR} for
 *     tokens
 * @param rowsPerChunk the rows that one ciphertext stands for, at least 1
 * @param parts the section indices of each part's chunks
 */
public record ColumnEncoding(
    EncodingRole role, int parameters, int rowsPerChunk, List<List<Integer>> parts) {
  /** No parameter set: what is not encrypted. */
  public static final int IN_THE_CLEAR = -1;

  /** The most rows of one chunk: block extremes of many blocks are in one ciphertext. */
  private static final int MAX_ROWS_PER_CHUNK = 1 << 30;

  public ColumnEncoding {
    parts = parts.stream().map(List::copyOf).toList();
  }

  /** The type of its sections. */
  public SectionType sections() {
    return role == EncodingRole.TOKENS ? SectionType.TOKENS : SectionType.CIPHERTEXT;
  }

  /** How many sections it has, over all parts. */
  public int chunks() {
    return parts.stream().mapToInt(List::size).sum();
  }

  Cbor toCbor() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("role", Cbor.of(role.text()));
    if (parameters != IN_THE_CLEAR) {
      fields.put("parameters", Cbor.of(parameters));
    }
    fields.put("rows per chunk", Cbor.of(rowsPerChunk));
    List<Cbor> lists = new ArrayList<>();
    for (List<Integer> part : parts) {
      lists.add(new Cbor.Array(part.stream().map(i -> Cbor.of((long) i)).toList()));
    }
    fields.put("parts", new Cbor.Array(lists));
    return new Cbor.Fields(fields);
  }

  static ColumnEncoding of(FieldReader in, SectionCounts counts) {
    EncodingRole role = role(in);
    boolean tokens = role == EncodingRole.TOKENS;
    ColumnEncoding encoding =
        new ColumnEncoding(
            role,
            tokens ? IN_THE_CLEAR : (int) in.integer("parameters", 0, counts.parameterSets() - 1),
            (int) in.integer("rows per chunk", 1, MAX_ROWS_PER_CHUNK),
            parts(in, tokens ? counts.tokens() : counts.ciphertexts()));
    in.finish();
    return encoding;
  }

  private static EncodingRole role(FieldReader in) {
    String text = in.text("role");
    for (EncodingRole role : EncodingRole.values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw in.wrong("role", "is none that this version knows");
  }

  private static List<List<Integer>> parts(FieldReader in, int sections) {
    List<List<Integer>> parts = new ArrayList<>();
    for (Cbor part : in.array("parts")) {
      if (!(part instanceof Cbor.Array chunks)) {
        throw in.wrong("parts", "holds something else than lists");
      }
      List<Integer> indices = new ArrayList<>();
      for (Cbor chunk : chunks.values()) {
        if (!(chunk instanceof Cbor.Int i) || i.value() < 0 || i.value() >= sections) {
          throw in.wrong("parts", "names a section that is not there");
        }
        indices.add((int) i.value());
      }
      parts.add(indices);
    }
    return parts;
  }

  /** How many sections of each type there are to be named. */
  record SectionCounts(int parameterSets, int ciphertexts, int tokens) {
    static SectionCounts of(ContainerReader container) {
      return new SectionCounts(
          container.count(SectionType.PARAMETERS),
          container.count(SectionType.CIPHERTEXT),
          container.count(SectionType.TOKENS));
    }
  }
}
