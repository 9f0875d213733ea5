package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.SwitchKeyEntry;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.Fingerprint;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.seal.SealScheme;
import dev.veilsum.seal.SealSwitchKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An encrypted table, or a result: metadata that is checked when it is opened, and ciphertexts that
 * are loaded when they are needed. What can be asked of its rows stands in {@link TableRows}.
 * Thread-safe; closing it leaves the container open.
 */
public final class EncryptedTable extends TableRows implements AutoCloseable {
  private static final List<SectionType> SEAL_KEYS =
      List.of(SectionType.SEAL_RELINEARIZATION, SectionType.SEAL_GALOIS);

  private final ContainerReader container;
  private final Backend backend;
  private final TableMetadata metadata;
  private final List<RlweParameters> parameters;
  private final Map<Integer, Reference.EvaluationKeys> keys = new HashMap<>();

  private EncryptedTable(ContainerReader container, Backend backend) {
    this.container = container;
    this.backend = backend;
    this.metadata = TableMetadata.read(container);
    this.parameters = ParameterSections.read(container);
    List<Fingerprint> found = parameters.stream().map(RlweParameters::fingerprint).toList();
    if (!found.equals(metadata.parameters())) {
      throw corrupt("its parameters are not those that it names");
    }
    for (SectionType type : SEAL_KEYS) {
      if (container.count(type) > (parameters.size() == 1 ? 1 : 0)) {
        throw corrupt("it has more SEAL keys than one parameter set takes");
      }
    }
  }

  /**
   * Opens a table.
   *
   * @throws VeilsumException BAD_INPUT for a file of another kind; CORRUPT
   */
  public static EncryptedTable open(ContainerReader container, Backend backend) {
    EncryptedTable table = new EncryptedTable(container.require(ContainerKind.TABLE), backend);
    table.metadata.columns().forEach(table::requireShape);
    return table;
  }

  /** Opens a result, whose columns are as their operations make them. */
  static EncryptedTable openResult(ContainerReader container, Backend backend) {
    return new EncryptedTable(container.require(ContainerKind.RESULT), backend);
  }

  /** What the file is called in messages. */
  public String name() {
    return container.name();
  }

  /** The key that decrypts it. */
  public KeyId keyId() {
    return metadata.keyId();
  }

  /** How many rows it has. */
  public long rows() {
    return metadata.rows();
  }

  /**
   * The rows of one append: ciphertexts hold rows of one segment only.
   *
   * @param number from 0
   * @param firstRow the table's row that it starts with, from 0
   * @param rows how many it has, perhaps none
   */
  public record Segment(int number, long firstRow, long rows) {
    /** How many chunks of so many rows it takes. */
    public int chunks(int rowsPerChunk) {
      return Math.toIntExact(ColumnShape.chunks(rows, rowsPerChunk));
    }
  }

  /** Its segments in the order of rows; at least one. */
  public List<Segment> segments() {
    List<Segment> segments = new ArrayList<>();
    long firstRow = 0;
    for (long rows : metadata.segments()) {
      segments.add(new Segment(segments.size(), firstRow, rows));
      firstRow += rows;
    }
    return segments;
  }

  /** Its columns in their order. */
  public List<ColumnEntry> columns() {
    return metadata.columns();
  }

  /** The column of a name; BAD_INPUT with the names that there are. */
  public ColumnEntry column(String column) {
    return metadata
        .column(column)
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.BAD_INPUT,
                    "%s has no column %s; it has %s"
                        .formatted(
                            name(),
                            column,
                            metadata.columns().stream().map(ColumnEntry::name).toList())));
  }

  /** The parameter sets that its columns are encrypted under. */
  public List<RlweParameters> parameters() {
    return parameters;
  }

  /** The parameter set of an encoding; not of tokens, which have none. */
  public RlweParameters parametersOf(ColumnEncoding encoding) {
    return parameters.get(encoding.parameters());
  }

  /** The encoding in which every column of its kind stands: its values, masks, digits or tokens. */
  public ColumnEncoding mainEncoding(ColumnEntry column) {
    return column.encoding(ColumnShape.mainRole(column.kind())).orElseThrow();
  }

  /** The encoding of a role under a parameter set, where the column has it. */
  public Optional<ColumnEncoding> encoding(
      ColumnEntry column, EncodingRole role, RlweParameters set) {
    return column.encoding(role, parameters.indexOf(set));
  }

  /** The encodings of a column under a parameter set. */
  public List<ColumnEncoding> encodings(ColumnEntry column, RlweParameters set) {
    int index = parameters.indexOf(set);
    return column.encodings().stream()
        .filter(e -> e.parameters() == index && e.role() != EncodingRole.TOKENS)
        .toList();
  }

  /** The values of a column of numbers; USAGE for another kind. */
  ColumnEncoding values(ColumnEntry column) {
    return column
        .encoding(EncodingRole.VALUES)
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.USAGE,
                    "the column %s (%s) has no values that are computed with; real, integer and"
                            .formatted(column.name(), column.kind().text())
                        + " decimal columns have"));
  }

  SchemeBackend schemeOf(ColumnEncoding encoding) {
    return schemeOf(parametersOf(encoding));
  }

  SchemeBackend schemeOf(RlweParameters set) {
    return TableScheme.on(backend, set);
  }

  /** Whose products a set of integers is computed with. */
  IntegerScheme integerScheme(BfvParameters set) {
    return TableScheme.schemeOf(backend, set);
  }

  /** The ciphertexts of a part, over all segments. */
  Chunks chunks(ColumnEncoding encoding, int part) {
    return chunks(encoding, encoding.parts().get(part));
  }

  /** The ciphertexts of a part that hold the rows of one segment. */
  Chunks chunks(ColumnEncoding encoding, int part, Segment segment) {
    int before =
        segments().stream()
            .limit(segment.number())
            .mapToInt(each -> each.chunks(encoding.rowsPerChunk()))
            .sum();
    int count = segment.chunks(encoding.rowsPerChunk());
    return chunks(encoding, encoding.parts().get(part).subList(before, before + count));
  }

  private Chunks chunks(ColumnEncoding encoding, List<Integer> sections) {
    SchemeBackend scheme = schemeOf(encoding);
    return new Chunks(
        sections.size(), chunk -> CiphertextSections.load(container, scheme, sections.get(chunk)));
  }

  /**
   * The tokens of one segment's rows, {@link SearchKey#TOKEN_BYTES} each, chunk by chunk.
   *
   * @throws VeilsumException CORRUPT for a section of another length
   */
  ByteBuffer tokens(ColumnEncoding encoding, Segment segment, int chunk) {
    int before =
        segments().stream()
            .limit(segment.number())
            .mapToInt(each -> each.chunks(encoding.rowsPerChunk()))
            .sum();
    long first = (long) chunk * encoding.rowsPerChunk();
    int rows = (int) Math.min(encoding.rowsPerChunk(), segment.rows() - first);
    return container.read(
        SectionType.TOKENS,
        encoding.parts().get(0).get(before + chunk),
        rows * SearchKey.TOKEN_BYTES);
  }

  /** The public key-switching keys of a parameter set, loaded once. */
  synchronized Reference.EvaluationKeys keysOf(RlweParameters set) {
    return keys.computeIfAbsent(
        parameters.indexOf(set),
        index ->
            hasSealKeys()
                ? sealKeys(schemeOf(set))
                : SwitchKeySections.load(schemeOf(set), container, metadata.switchKeys(), index));
  }

  /** The index of a parameter set among the table's; -1 where it has it not. */
  int indexOf(RlweParameters set) {
    return parameters.indexOf(set);
  }

  @Override
  SelectedRows selected() {
    return SelectedRows.all(new Sources(List.of(this)));
  }

  TableMetadata metadata() {
    return metadata;
  }

  ContainerReader container() {
    return container;
  }

  private boolean hasSealKeys() {
    return SEAL_KEYS.stream().anyMatch(type -> container.count(type) > 0);
  }

  /** Key-switching keys that came from SEAL with the ciphertexts. */
  private Reference.EvaluationKeys sealKeys(SchemeBackend scheme) {
    return container.naming(
        () -> {
          SealScheme seal = SealScheme.on(scheme);
          List<SealSwitchKeys> all = new ArrayList<>();
          for (SectionType type : SEAL_KEYS) {
            if (container.count(type) > 0) {
              all.add(
                  SealSwitchKeys.read(
                      container.read(type, 0),
                      seal.parameters(),
                      type == SectionType.SEAL_GALOIS
                          ? SealSwitchKeys.Kind.GALOIS
                          : SealSwitchKeys.Kind.RELINEARIZATION));
            }
          }
          return seal.evaluationKeys(all);
        });
  }

  /** Copies the key-switching keys of one parameter set into another table. */
  List<SwitchKeyEntry> copySwitchKeys(TableWriter out, RlweParameters set) {
    for (SectionType type : SEAL_KEYS) {
      if (container.count(type) > 0) {
        out.container().add(type, container.read(type, 0));
      }
    }
    int index = parameters.indexOf(set);
    List<SwitchKeyEntry> entries = metadata.switchKeys();
    List<SwitchKeyEntry> copied = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).parameters() == index) {
        out.container().add(SectionType.SWITCH_KEY, container.read(SectionType.SWITCH_KEY, i));
        copied.add(new SwitchKeyEntry(out.parameters().indexOf(set), entries.get(i).key()));
      }
    }
    return copied;
  }

  /** Refuses a column whose encodings cannot be those of its kind and rows. */
  private void requireShape(ColumnEntry column) {
    if (!ColumnShape.fits(column, parameters, metadata.segments())) {
      throw corrupt("the column " + column.name() + " has not the chunks of " + rows() + " rows");
    }
  }

  /** What {@code use} of this table returns; its errors are told as this file's. */
  <T> T naming(Supplier<T> use) {
    return container.naming(use);
  }

  VeilsumException corrupt(String how) {
    return new VeilsumException(
        ErrorCode.CORRUPT, "%s is damaged: %s; get a new copy".formatted(name(), how));
  }

  @Override
  public synchronized void close() {
    keys.values().forEach(Reference.EvaluationKeys::close);
    keys.clear();
  }
}
