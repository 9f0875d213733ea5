package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.file.TableMetadata;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.nativelib.NativeMemory;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SecurityLevel;
import dev.veilsum.table.where.Condition;
import dev.veilsum.table.where.MaskChunk;
import dev.veilsum.table.where.MaskEvaluator;
import dev.veilsum.table.where.MaskPlan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that someone made on purpose: altered anywhere, with a right checksum, so that every inner
 * parser is reached. Whatever a file says, its use ends in a value or in one line that names the
 * file, without a crash, a hang or a large allocation.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileFilesTest {
  private static final int ROWS = 4;
  private static final long NATIVE_LIMIT = 512L << 20;

  /** What may be wrong with a file. Nothing here is a mistake of the caller or of the engine. */
  private static final Set<ErrorCode> OF_FILES =
      EnumSet.of(
          ErrorCode.BAD_INPUT,
          ErrorCode.CORRUPT,
          ErrorCode.OUT_OF_RANGE,
          ErrorCode.WRONG_KEY,
          ErrorCode.KEY_MISMATCH,
          ErrorCode.MISSING_KEY,
          ErrorCode.PARAMETER_MISMATCH,
          ErrorCode.INSECURE_PARAMETERS,
          ErrorCode.NOISE_BUDGET,
          ErrorCode.UNSUPPORTED);

  private static final List<Long> PRIMES = NttPrimes.largest(35, 4096, 3);
  private static final CkksParameters REAL =
      new CkksParameters(
          4096, PRIMES.subList(0, 2), PRIMES.subList(2, 3), 1, 0x1p30, SecurityLevel.DEFAULT);
  private static final BfvParameters WHOLE =
      new BfvParameters(
          4096, PRIMES.subList(0, 2), PRIMES.subList(2, 3), 1, 65537, SecurityLevel.DEFAULT);

  private final Backend backend = Backends.byDefault();
  private final MasterKey master = MasterKey.generate();
  private final OrderedPool pool = new OrderedPool(1);
  private Path folder;
  private Path keys;
  private Path real;
  private Path whole;
  private Path kinds;

  @BeforeAll
  void make(@TempDir Path temporary) {
    folder = temporary;
    keys = folder.resolve("good.pub");
    PublicKeyFile.write(
        output(keys),
        master,
        backend,
        List.of(REAL, WHOLE),
        set -> KeyRequirements.relinearization().union(KeyRequirements.rotations(1)));
    real = table("real.vsm", REAL, new ColumnKind.Real(-2, 2));
    whole =
        table(
            "whole.vsm",
            WHOLE,
            new ColumnKind.Integer(-100, 100),
            new ColumnKind.Category(List.of("sun", "rain, snow")));
    kinds =
        table(
            "kinds.vsm",
            WHOLE,
            false, // which would make most of its bytes
            ColumnKind.parse("decimal(-1.5..2.5; squares)"),
            ColumnKind.parse("ordered(0.5, 0..1.5)"),
            ColumnKind.parse("sorted(-3..99)"),
            ColumnKind.parse("time(2024-01-01..2024-01-03; step=1d; zone=Europe/Berlin)"),
            ColumnKind.parse("token"));
    NativeMemory.setLimit(NATIVE_LIMIT);
  }

  @AfterAll
  void close() {
    NativeMemory.setLimit(0);
    pool.close();
    master.close();
  }

  private static AtomicOutput output(Path file) {
    return AtomicOutput.create(file, true, AtomicOutput.Access.USUAL);
  }

  private static AtomicOutput nowhere() {
    return AtomicOutput.passThrough(
        "nowhere", Channels.newChannel(OutputStream.nullOutputStream()));
  }

  /** A table of small parameters, one column of each kind, named a, b, ... */
  private Path table(String name, RlweParameters set, ColumnKind... kinds) {
    return table(name, set, true, kinds);
  }

  private Path table(String name, RlweParameters set, boolean withKeys, ColumnKind... kinds) {
    Path file = folder.resolve(name);
    SchemeBackend scheme = TableScheme.on(backend, set);
    try (TableKey key = TableKey.ofSecret(master, backend);
        ContainerWriter container = new ContainerWriter(output(file), ContainerKind.TABLE)) {
      TableWriter writer = new TableWriter(container, master.keyId(), List.of(set));
      if (withKeys) {
        writer.addSwitchKeys(key.writeQuestionKeys(container, set, 0));
      }
      for (int i = 0; i < kinds.length; i++) {
        TableWriter.Column written =
            writer.addColumn(String.valueOf((char) ('a' + i)), kinds[i], Optional.empty());
        for (EncodingRole role : EncodingRole.values()) {
          if (ColumnShape.has(kinds[i], role)) {
            add(written, kinds[i], role, set, key, scheme);
          }
        }
      }
      writer.finish(List.of((long) ROWS, 0L));
    }
    return file;
  }

  private static void add(
      TableWriter.Column column,
      ColumnKind kind,
      EncodingRole role,
      RlweParameters set,
      TableKey key,
      SchemeBackend scheme) {
    boolean tokens = role == EncodingRole.TOKENS;
    TableWriter.Encoding encoding =
        column.encoding(TablePlan.Encoding.of(kind, role, tokens ? null : set));
    if (tokens) {
      encoding.addChunk(0, ByteBuffer.allocate(ROWS * SearchKey.TOKEN_BYTES));
      return;
    }
    for (int part = 0; part < ColumnShape.parts(kind, role); part++) {
      try (Reference.Plaintext plain = encode(scheme, kind, role, part);
          Reference.Ciphertext c = key.encrypt(scheme, plain)) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(scheme.packedBytes(c));
        scheme.packCiphertext(c, bytes);
        encoding.addChunk(part, bytes.flip());
      }
    }
  }

  /** Rows that the kinds can have. */
  private static Reference.Plaintext encode(
      SchemeBackend scheme, ColumnKind kind, EncodingRole role, int part) {
    if (role == EncodingRole.MASKS && !(kind instanceof ColumnKind.Category)) {
      long[] thermometer = new long[ROWS];
      for (int row = 0; row < ROWS; row++) {
        thermometer[row] = row > part ? 1 : 0;
      }
      return ((BfvBackend) scheme).encode(thermometer, 0, ROWS);
    }
    if (role == EncodingRole.DIGITS) {
      long[] ones = {1 - part, 1 - part, 1 - part, 1 - part};
      return ((BfvBackend) scheme).encode(part == 0 ? ones : new long[ROWS], 0, ROWS);
    }
    return encode(scheme, part);
  }

  private static Reference.Plaintext encode(SchemeBackend scheme, int part) {
    if (scheme instanceof CkksBackend ckks) {
      double[] values = {0.5, -1, 2, 1};
      return ckks.encode(values, 0, ROWS, 2, REAL.slots(), REAL.maxLevel(), REAL.scale());
    }
    long[] values = {part, 1 - part, part, 1 - part};
    BfvBackend bfv = (BfvBackend) scheme;
    return bfv.parameters().batches()
        ? bfv.encode(values, 0, ROWS)
        : bfv.encodeCoefficients(new long[ROWS], 0, ROWS);
  }

  private Path asked(Path table, Question question, String column) {
    Path result = folder.resolve("asked-" + question + "-" + table.getFileName());
    try (ContainerReader container = ContainerReader.open(table);
        EncryptedTable opened = EncryptedTable.open(container, backend)) {
      new Questions(List.of(opened), pool).ask(question, List.of(column), output(result));
    }
    return result;
  }

  // What is done with a file: everything that reads it.

  @FunctionalInterface
  private interface Use {
    void of(ContainerReader file);
  }

  private void useKeys(ContainerReader container) {
    PublicKeyFile file = PublicKeyFile.read(container);
    for (RlweParameters set : file.parameters()) {
      SchemeBackend scheme = TableScheme.on(backend, set);
      file.encryptionKey(scheme).orElseThrow().close();
      file.switchKeys(set).keys().forEach(key -> assertThat(file.switchKey(set, key)).isPresent());
    }
    try (TableKey key = TableKey.ofPublic(container, backend)) {
      for (RlweParameters set : file.parameters()) {
        try (Reference.Plaintext plain = encode(TableScheme.on(backend, set), 0)) {
          key.encrypt(TableScheme.on(backend, set), plain).close();
        }
      }
    }
  }

  private void decryptTable(ContainerReader container) {
    try (TableDecryptor decryptor = TableDecryptor.open(container, master, backend)) {
      for (ColumnEntry column : decryptor.columns()) {
        for (int chunk = 0; chunk < decryptor.chunks(column); chunk++) {
          decryptor.decrypt(column, chunk);
        }
      }
    }
  }

  private void useTable(ContainerReader container) {
    decryptTable(container);
    try (EncryptedTable table = EncryptedTable.open(container, backend)) {
      for (ColumnEntry column : table.columns().stream().limit(1).toList()) {
        Question question =
            column.kind() instanceof ColumnKind.Real || column.kind() instanceof ColumnKind.Integer
                ? Question.SUM
                : Question.COUNT;
        new Questions(List.of(table), pool).ask(question, List.of(column.name()), nowhere());
      }
    }
  }

  private void useResult(ContainerReader container) {
    assertThat(ResultDecryptor.decrypt(container, master, backend)).isNotNull();
  }

  /** Uses every mutant; returns how often each outcome came. */
  private TreeMap<String, Integer> attack(Path good, Use use, Mutants mutants) throws IOException {
    Path file = folder.resolve("mutant.vsm");
    TreeMap<String, Integer> outcomes = new TreeMap<>();
    for (Mutants.Mutant mutant : mutants) {
      Files.write(file, mutant.bytes());
      String outcome = "used";
      try (ContainerReader container = ContainerReader.open(file)) {
        use.of(container);
      } catch (VeilsumException e) {
        outcome = e.code().name();
        assertThat(OF_FILES).as("%s of %s: %s", mutant, good, e).contains(e.code());
        assertThat(e.getMessage()).as("%s of %s", mutant, good).contains("mutant.vsm");
      } catch (RuntimeException | Error e) {
        fail("%s of %s: %s".formatted(mutant, good.getFileName(), e), e);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    assertThat(NativeMemory.allocatedBytes()).isLessThan(NATIVE_LIMIT);
    return outcomes;
  }

  /**
   * All attacks on one file.
   *
   * @param quick what is done after a flipped byte, of which there are most
   */
  private void attack(Path good, Use quick, Use use) throws IOException {
    try (ContainerReader container = ContainerReader.open(good)) {
      use.of(container);
    }
    byte[] bytes = Files.readAllBytes(good);
    TreeMap<String, Integer> outcomes = attack(good, quick, Mutants.ofBytes(bytes));
    assertThat(outcomes).containsKey("CORRUPT").containsKey("used");
    outcomes = attack(good, use, Mutants.ofSections(bytes));
    assertThat(outcomes).containsKey("CORRUPT");
    outcomes = attack(good, use, Mutants.ofMetadata(bytes));
    assertThat(outcomes).containsKey("CORRUPT");
    outcomes = attack(good, use, Mutants.ofNumbers(bytes));
    assertThat(outcomes).isNotEmpty();
    outcomes = attack(good, use, Mutants.ofParameters(bytes));
    assertThat(outcomes).containsKey("INSECURE_PARAMETERS").containsKey("PARAMETER_MISMATCH");
  }

  @Test
  void publicKeys() throws IOException {
    attack(keys, this::useKeys, this::useKeys);
  }

  @Test
  void tablesOfRealNumbers() throws IOException {
    attack(real, this::decryptTable, this::useTable);
  }

  @Test
  void tablesOfWholeNumbers() throws IOException {
    attack(whole, this::decryptTable, this::useTable);
  }

  /** A query of the table of whole numbers, about its category. */
  private Path query() {
    Path file = folder.resolve("query.vsm");
    try (ContainerReader container = ContainerReader.open(whole);
        EncryptedTable table = EncryptedTable.open(container, backend);
        TableKey key = TableKey.ofSecret(master, backend)) {
      Map<String, ColumnKind> kinds = Map.of("b", table.column("b").kind());
      Condition condition = Condition.parse("b = sun");
      QueryFile.write(
          output(file), key, condition, kinds, QueryFile.setsOf(table, condition.columns()));
    }
    return file;
  }

  private void useQuery(ContainerReader container) {
    QueryFile query = QueryFile.read(container);
    try (ContainerReader tableContainer = ContainerReader.open(whole);
        EncryptedTable table = EncryptedTable.open(tableContainer, backend)) {
      container.naming(
          () -> {
            query.requireFits(table);
            MaskEvaluator evaluator =
                new MaskEvaluator(table.schemeOf(WHOLE), () -> table.keysOf(WHOLE));
            evaluator
                .mask(query.selection((BfvBackend) table.schemeOf(WHOLE)), masksOf(table))
                .close();
            return null;
          });
    }
  }

  private static MaskChunk masksOf(EncryptedTable table) {
    return new MaskChunk() {
      @Override
      public int rows() {
        return ROWS;
      }

      @Override
      public Reference.Ciphertext load(String column, int part) {
        ColumnEntry entry = table.column(column);
        return table
            .chunks(table.encoding(entry, EncodingRole.MASKS, WHOLE).orElseThrow(), part)
            .load(0);
      }

      @Override
      public String token(String column, int row) {
        throw new AssertionError("no token is read");
      }
    };
  }

  @Test
  void queries() throws IOException {
    attack(query(), this::useQuery, this::useQuery);
  }

  /** Masks that are altered: a condition on them ends in a value or in one line. */
  @Test
  void conditionsOnTables() throws IOException {
    Use use =
        container -> {
          try (EncryptedTable table = EncryptedTable.open(container, backend)) {
            MaskPlan plan =
                MaskPlan.of(Condition.parse("b = sun"), Map.of("b", table.column("b").kind()));
            MaskEvaluator evaluator =
                new MaskEvaluator(table.schemeOf(WHOLE), () -> table.keysOf(WHOLE));
            container.naming(
                () -> {
                  evaluator.mask(plan, masksOf(table)).close();
                  return null;
                });
          }
        };
    TreeMap<String, Integer> outcomes =
        attack(whole, use, Mutants.ofSections(Files.readAllBytes(whole)));
    assertThat(outcomes).containsKey("CORRUPT").containsKey("used");
  }

  @Test
  void tablesOfOtherKinds() throws IOException {
    // Bytes of ciphertexts are altered elsewhere; here it is the metadata that is rich.
    attack(
        kinds,
        container -> {
          EncryptedTable.open(container, backend).close();
          TableMetadata.read(container);
        },
        this::appendToTable);
  }

  /** What the other uses leave out: what is copied, and the encodings beside the main ones. */
  private void appendToTable(ContainerReader container) {
    decryptTable(container);
    if (TableMetadata.read(container).columns().isEmpty()) {
      return;
    }
    try (EncryptedTable table = EncryptedTable.open(container, backend);
        TableKey key = TableKey.ofSecret(master, backend);
        RowSource none =
            RowSource.open(
                new ByteArrayInputStream("a,b,c,d,e\n".getBytes(StandardCharsets.UTF_8)),
                "rows",
                RowFormat.CSV,
                columnsFor(table))) {
      for (ColumnEntry column : table.columns()) {
        for (ColumnEncoding encoding : column.encodings()) {
          for (EncryptedTable.Segment segment : table.segments()) {
            if (encoding.role() != EncodingRole.TOKENS && !encoding.parts().isEmpty()) {
              table.chunks(encoding, 0, segment).load(0, segment.chunks(4096)).close();
            }
          }
        }
      }
      new TableEncryptor(key, pool).append(table, none, columnsFor(table), nowhere(), rows -> {});
    }
  }

  /** The table's columns, read from those of the input that there are. */
  private static List<ColumnDeclaration> columnsFor(EncryptedTable table) {
    List<ColumnDeclaration> columns = new ArrayList<>();
    for (ColumnDeclaration column : TableEncryptor.columnsOf(table, List.of())) {
      columns.add(new ColumnDeclaration(column.name(), column.kind(), "a"));
    }
    return columns;
  }

  @Test
  void results() throws IOException {
    attack(asked(real, Question.SUM, "a"), this::useResult, this::useResult);
    attack(asked(whole, Question.COUNT, "b"), this::useResult, this::useResult);
  }
}
