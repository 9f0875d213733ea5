package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.SwitchKeyEntry;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.Fingerprint;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * An encrypted table, or a result: metadata that is checked when it is opened, and ciphertexts that
 * are loaded when they are needed. Thread-safe; closing it leaves the container open.
 */
public final class EncryptedTable implements AutoCloseable {
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
  }

  /**
   * Opens a table.
   *
   * @throws VeilsumException BAD_INPUT for a file of another kind; CORRUPT
   */
  public static EncryptedTable open(ContainerReader container, Backend backend) {
    EncryptedTable table = new EncryptedTable(container.require(ContainerKind.TABLE), backend);
    table.metadata.columns().forEach(table::checkShape);
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

  /** The parameter set that a column is encrypted under. */
  public RlweParameters parametersOf(ColumnEntry column) {
    return parameters.get(column.parameters());
  }

  SchemeBackend schemeOf(ColumnEntry column) {
    return TableScheme.on(backend, parametersOf(column));
  }

  /** The ciphertexts of a part of a column. */
  Chunks chunks(ColumnEntry column, int part) {
    List<Integer> sections = column.parts().get(part);
    SchemeBackend scheme = schemeOf(column);
    return new Chunks(sections.size(), chunk -> load(scheme, sections.get(chunk)));
  }

  private Reference.Ciphertext load(SchemeBackend scheme, int section) {
    RlweParameters set = scheme.parameters();
    // Far above three polynomials in whole words: what is longer is not even read.
    long most = 4 * set.ciphertextBytes(set.maxLevel(), false);
    if (container.length(SectionType.CIPHERTEXT, section) > most) {
      throw corrupt(
          "ciphertext %d has %d bytes, more than these parameters make"
              .formatted(section, container.length(SectionType.CIPHERTEXT, section)));
    }
    ByteBuffer bytes = container.read(SectionType.CIPHERTEXT, section);
    Reference.Ciphertext loaded = container.naming(() -> scheme.loadCiphertext(bytes));
    if (bytes.hasRemaining()) {
      loaded.close();
      throw corrupt("a ciphertext is followed by " + bytes.remaining() + " bytes too many");
    }
    return loaded;
  }

  /** The public key-switching keys for a column's parameters, loaded once. */
  synchronized Reference.EvaluationKeys keysOf(ColumnEntry column) {
    return keys.computeIfAbsent(
        column.parameters(),
        set -> SwitchKeySections.load(schemeOf(column), container, metadata.switchKeys(), set));
  }

  /** Copies the key-switching keys of one parameter set into another table. */
  List<SwitchKeyEntry> copySwitchKeys(TableWriter out, RlweParameters set) {
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

  /** Refuses a column whose chunks cannot be those of its rows. */
  private void checkShape(ColumnEntry column) {
    RlweParameters set = parametersOf(column);
    boolean real = column.kind() instanceof ColumnKind.Real;
    int parts = column.kind() instanceof ColumnKind.Category c ? c.labels().size() : 1;
    int rowsPerChunk = TableScheme.rowsPerChunk(set);
    long chunks = (rows() + rowsPerChunk - 1) / rowsPerChunk;
    boolean fits =
        real == set instanceof CkksParameters
            && (real || ((BfvParameters) set).batches())
            && column.rowsPerChunk() == rowsPerChunk
            && column.parts().size() == parts
            && column.parts().stream().allMatch(part -> part.size() == chunks);
    if (!fits) {
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
