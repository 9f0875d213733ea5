package dev.veilsum.file;

import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One column of a table or a result, and where its ciphertexts are.
 *
 * <p>A column is made of parts: one, or one for each label of a category, or what an operation
 * says. Every part is a list of chunks of {@code rowsPerChunk} rows in order, the last one perhaps
 * partly filled; a chunk is named by the index of its CIPHERTEXT section, from 0.
 *
 * @param name the name as it stood in the input
 * @param kind what the encryptor declared
 * @param parameters the index of its parameter set in the table's list
 * @param rowsPerChunk the rows of one ciphertext, at least 1
 * @param parts the section indices of each part's chunks
 * @param operation what was computed, where this is a result
 */
public record ColumnEntry(
    String name,
    ColumnKind kind,
    int parameters,
    int rowsPerChunk,
    List<List<Integer>> parts,
    Optional<Operation> operation) {
  /** The most rows of one ciphertext: slots of the largest ring, several values packed in each. */
  private static final int MAX_ROWS_PER_CHUNK = 1 << 24;

  public ColumnEntry {
    parts = parts.stream().map(List::copyOf).toList();
  }

  Cbor toCbor() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("name", Cbor.of(name));
    fields.put("kind", Cbor.of(kind.text()));
    fields.put("parameters", Cbor.of(parameters));
    fields.put("rows per chunk", Cbor.of(rowsPerChunk));
    List<Cbor> lists = new ArrayList<>();
    for (List<Integer> part : parts) {
      lists.add(new Cbor.Array(part.stream().map(i -> Cbor.of((long) i)).toList()));
    }
    fields.put("parts", new Cbor.Array(lists));
    operation.ifPresent(o -> fields.put("operation", o.toCbor()));
    return new Cbor.Fields(fields);
  }

  /**
   * Reads an entry.
   *
   * @param parameterSets how many parameter sets there are
   * @param ciphertexts how many CIPHERTEXT sections there are
   */
  static ColumnEntry of(FieldReader in, int parameterSets, int ciphertexts) {
    ColumnKind kind;
    try {
      kind = ColumnKind.parse(in.text("kind"));
    } catch (VeilsumException e) {
      throw in.wrong("kind", "is not a column kind: " + e.getMessage());
    }
    ColumnEntry entry =
        new ColumnEntry(
            in.text("name"),
            kind,
            (int) in.integer("parameters", 0, parameterSets - 1),
            (int) in.integer("rows per chunk", 1, MAX_ROWS_PER_CHUNK),
            parts(in, ciphertexts),
            in.has("operation")
                ? Optional.of(Operation.of(in.record("operation")))
                : Optional.empty());
    in.finish();
    return entry;
  }

  private static List<List<Integer>> parts(FieldReader in, int ciphertexts) {
    List<List<Integer>> parts = new ArrayList<>();
    for (Cbor part : in.array("parts")) {
      if (!(part instanceof Cbor.Array chunks)) {
        throw in.wrong("parts", "holds something else than lists");
      }
      List<Integer> sections = new ArrayList<>();
      for (Cbor chunk : chunks.values()) {
        if (!(chunk instanceof Cbor.Int i) || i.value() < 0 || i.value() >= ciphertexts) {
          throw in.wrong("parts", "names a ciphertext that is not there");
        }
        sections.add((int) i.value());
      }
      parts.add(sections);
    }
    return parts;
  }
}
