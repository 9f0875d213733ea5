package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.QueryMetadata;
import dev.veilsum.file.SectionType;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyId;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.Fingerprint;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.where.Condition;
import dev.veilsum.table.where.EncryptedSelection;
import dev.veilsum.table.where.Subset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of kind QUERY: a condition whose values are encrypted. Whoever computes with it sees which
 * columns it is about and with how many labels or buckets, and not which of them it selects, nor
 * which rows. It is a conjunction of one set for each column, or the opposite of one.
 */
public final class QueryFile {
  private final ContainerReader container;
  private final QueryMetadata metadata;
  private final List<BfvParameters> sets;
  private final List<EncryptedSelection.Column> columns;

  private QueryFile(
      ContainerReader container,
      QueryMetadata metadata,
      List<BfvParameters> sets,
      List<EncryptedSelection.Column> columns) {
    this.container = container;
    this.metadata = metadata;
    this.sets = sets;
    this.columns = columns;
  }

  /**
   * Encrypts a condition and writes it.
   *
   * @param kinds the kinds of the table's columns by name; of those that the condition names
   * @param sets the parameter sets of masks that it will be asked with, for example {@link #setsOf}
   * @return the bytes of the file
   * @throws VeilsumException USAGE where columns with masks are not joined by "and" only or "or"
   *     only; BAD_INPUT for a column that is not there; PARAMETER_MISMATCH where the key has no key
   *     for a set
   */
  public static long write(
      AtomicOutput out,
      TableKey key,
      Condition condition,
      Map<String, ColumnKind> kinds,
      List<BfvParameters> sets) {
    EncryptedSelection.Box box = EncryptedSelection.Box.of(condition, kinds);
    Map<String, Subset> asked = box.subsets();
    List<QueryMetadata.Column> named = new ArrayList<>();
    asked.keySet().forEach(name -> named.add(new QueryMetadata.Column(name, kinds.get(name))));
    requireSome(named, sets);
    QueryMetadata metadata =
        new QueryMetadata(
            key.keyId(),
            sets.stream().map(RlweParameters::fingerprint).toList(),
            named,
            box.outside());
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.QUERY)) {
      ParameterSections.write(writer, sets);
      for (BfvParameters set : sets) {
        BfvBackend scheme = (BfvBackend) key.scheme(set);
        for (QueryMetadata.Column column : named) {
          long[] selectors = selectors(column).values(asked.get(column.name()));
          for (long selector : selectors) {
            write(writer, key, scheme, selector);
          }
          Arrays.fill(selectors, 0);
        }
      }
      writer.add(metadata.toCbor());
      writer.finish();
      return writer.bytesWritten();
    }
  }

  private static void requireSome(List<QueryMetadata.Column> columns, List<BfvParameters> sets) {
    if (columns.size() > QueryMetadata.MAX_COLUMNS) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "an encrypted condition is about at most %d columns, not %d"
              .formatted(QueryMetadata.MAX_COLUMNS, columns.size()));
    }
    if (sets.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "these columns have no masks under one set of exact parameters, so no question could be"
              + " asked");
    }
  }

  /** One selector, in all slots. */
  private static void write(
      ContainerWriter writer, TableKey key, BfvBackend scheme, long selector) {
    long[] slots = new long[scheme.parameters().slots()];
    Arrays.fill(slots, selector);
    try (Reference.Plaintext plain = scheme.encode(slots, 0, slots.length);
        Reference.Ciphertext encrypted = key.encrypt(scheme, plain)) {
      CiphertextSections.write(writer, scheme, encrypted);
    } finally {
      Arrays.fill(slots, 0);
    }
  }

  private static EncryptedSelection.Column selectors(QueryMetadata.Column column) {
    return EncryptedSelection.Column.of(column.name(), column.kind());
  }

  /**
   * The bytes that {@link #write} would write, without a few hundred of framing.
   *
   * @param seeded whether with the secret key
   * @throws VeilsumException as {@link #write}
   */
  public static long predictedBytes(
      Condition condition,
      Map<String, ColumnKind> kinds,
      List<BfvParameters> sets,
      boolean seeded) {
    long selectors =
        EncryptedSelection.Box.of(condition, kinds).subsets().values().stream()
            .mapToLong(Subset::size)
            .sum();
    return sets.stream()
        .mapToLong(set -> selectors * set.ciphertextBytes(set.maxLevel(), seeded))
        .sum();
  }

  /**
   * The exact parameter sets under which all of these columns of a table have masks: integers
   * first, then those of its sorted columns.
   *
   * @throws VeilsumException BAD_INPUT for a column that is not there
   */
  public static List<BfvParameters> setsOf(EncryptedTable table, Set<String> columns) {
    Set<BfvParameters> sets = new LinkedHashSet<>();
    for (RlweParameters set : table.parameters()) {
      boolean all =
          columns.stream()
              .map(table::column)
              .allMatch(column -> table.encoding(column, EncodingRole.MASKS, set).isPresent());
      if (all && set instanceof BfvParameters exact) {
        sets.add(exact);
      }
    }
    return List.copyOf(sets);
  }

  /**
   * Reads what a query says of itself; its ciphertexts are read when they are needed. The container
   * stays the caller's to close.
   *
   * @throws VeilsumException BAD_INPUT for a file of another kind, CORRUPT
   */
  public static QueryFile read(ContainerReader container) {
    container.require(ContainerKind.QUERY);
    QueryMetadata metadata = QueryMetadata.read(container);
    List<BfvParameters> sets = new ArrayList<>();
    List<Fingerprint> found = new ArrayList<>();
    for (RlweParameters set : ParameterSections.read(container)) {
      if (!(set instanceof BfvParameters exact) || !exact.batches()) {
        throw corrupt(container, "its parameters have no slots of whole numbers");
      }
      sets.add(exact);
      found.add(set.fingerprint());
    }
    if (!found.equals(metadata.parameters())) {
      throw corrupt(container, "its parameters are not those that it names");
    }
    List<EncryptedSelection.Column> columns =
        metadata.columns().stream().map(QueryFile::selectors).toList();
    int selectors = columns.stream().mapToInt(EncryptedSelection.Column::selectors).sum();
    if (container.count(SectionType.CIPHERTEXT) != (long) selectors * sets.size()) {
      throw corrupt(
          container,
          "it has %d ciphertexts where %d for each of %d parameter sets belong"
              .formatted(container.count(SectionType.CIPHERTEXT), selectors, sets.size()));
    }
    return new QueryFile(container, metadata, sets, columns);
  }

  /** What the file is called in messages. */
  public String name() {
    return container.name();
  }

  /** The key that decrypts it, and the tables that it fits. */
  public KeyId keyId() {
    return metadata.keyId();
  }

  /** The columns that it is about, with their kinds, in order. */
  public Map<String, ColumnKind> columns() {
    Map<String, ColumnKind> columns = new LinkedHashMap<>();
    metadata.columns().forEach(column -> columns.put(column.name(), column.kind()));
    return columns;
  }

  /** The parameter sets that its selectors are encrypted under. */
  public List<BfvParameters> parameters() {
    return sets;
  }

  /**
   * Refuses a table that it was not made for.
   *
   * @throws VeilsumException KEY_MISMATCH; BAD_INPUT for a column that the table has not;
   *     PARAMETER_MISMATCH for one of another kind
   */
  public void requireFits(EncryptedTable table) {
    if (!table.keyId().equals(keyId())) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "%s is encrypted for key %s and %s for key %s; make the query with that table's keys"
              .formatted(name(), keyId(), table.name(), table.keyId()));
    }
    for (QueryMetadata.Column column : metadata.columns()) {
      ColumnEntry entry = table.column(column.name());
      if (!entry.kind().equals(column.kind())) {
        throw new VeilsumException(
            ErrorCode.PARAMETER_MISMATCH,
            "%s asks about column %s as %s, which in %s is %s; make the query for this table"
                .formatted(
                    name(),
                    column.name(),
                    column.kind().text(),
                    table.name(),
                    entry.kind().text()));
      }
    }
  }

  /**
   * Its selection of rows, to be computed by a scheme under the parameters of the masks.
   *
   * @param scheme BFV or BGV, the same that loads the masks
   * @throws VeilsumException PARAMETER_MISMATCH where it has no selectors under them
   */
  public EncryptedSelection selection(BfvBackend scheme) {
    BfvParameters set = scheme.parameters();
    int index = sets.indexOf(set);
    if (index < 0) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "%s has no selectors under %s, under which this question is computed; make the query with"
                  .formatted(name(), set)
              + " --table-of this table");
    }
    int[] first = new int[columns.size()];
    int next = index * columns.stream().mapToInt(EncryptedSelection.Column::selectors).sum();
    for (int i = 0; i < first.length; i++) {
      first[i] = next;
      next += columns.get(i).selectors();
    }
    return new EncryptedSelection(
        columns, metadata.outside(), (column, number) -> selector(scheme, first[column] + number));
  }

  /** A selector, as it was encrypted: of degree 1, at the highest level. */
  private Reference.Ciphertext selector(BfvBackend scheme, int section) {
    Reference.Ciphertext selector = CiphertextSections.load(container, scheme, section);
    if (scheme.degree(selector) != 1 || scheme.level(selector) != scheme.parameters().maxLevel()) {
      selector.close();
      throw corrupt(container, "ciphertext " + section + " is no fresh one");
    }
    return selector;
  }

  private static VeilsumException corrupt(ContainerReader container, String how) {
    return new VeilsumException(
        ErrorCode.CORRUPT, "%s is damaged: %s; get a new copy".formatted(container.name(), how));
  }
}
