package dev.veilsum.cli;

import dev.veilsum.backend.Backend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.paillier.PackedLayout;
import dev.veilsum.paillier.PackedVector;
import dev.veilsum.paillier.PaillierPublicKey;
import dev.veilsum.paillier.PaillierSecretKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.Answer;
import dev.veilsum.table.Asked;
import dev.veilsum.table.EncryptedTable;
import dev.veilsum.table.PublicKeyFile;
import dev.veilsum.table.QueryFile;
import dev.veilsum.table.Question;
import dev.veilsum.table.Questions;
import dev.veilsum.table.ResultDecryptor;
import dev.veilsum.table.TableEncryptor;
import dev.veilsum.table.TableKey;
import dev.veilsum.table.TablePlan;
import dev.veilsum.table.TableScheme;
import dev.veilsum.table.where.Condition;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Who takes part in the demonstration, and what each of them has: nothing else passes between. */
final class DemoRoles {
  private DemoRoles() {}

  /** Has the secret key; hands out public keys, and reads answers. */
  static final class KeyHolder implements AutoCloseable {
    private final MasterKey master = MasterKey.generate();
    private final Backend backend;

    KeyHolder(Backend backend) {
      this.backend = backend;
    }

    void publish(Path publicKeys) {
      try (AtomicOutput out = newFile(publicKeys)) {
        PublicKeyFile.write(
            out, master, backend, TableScheme.parameterSets(), TableScheme::questionKeys);
      }
    }

    Answer decrypt(Path result) {
      try (ContainerReader reader = ContainerReader.open(result)) {
        return ResultDecryptor.decrypt(reader, master, backend).get(0);
      }
    }

    PaillierSecretKey paillier() {
      return PaillierSecretKey.derive(master, PaillierSecretKey.DEFAULT_BITS);
    }

    @Override
    public void close() {
      master.close();
    }
  }

  /** Has the data and the public keys; writes the encrypted table. */
  record DataSource(DemoData data, Path publicKeys, Backend backend) {
    void encrypt(Path table, OrderedPool pool) {
      DemoRoles.encrypt(
          data.csv(),
          "seattle-weather.csv",
          TablePlan.of(DemoData.COLUMNS, Optional.empty()),
          publicKeys,
          backend,
          table,
          pool);
    }

    /** A column in vectors of as many integers as one Paillier ciphertext holds. */
    List<PackedVector> encrypt(String column, PaillierPublicKey key, PackedLayout layout) {
      long[] values = data.integers(column);
      int slots = layout.slots(key);
      List<PackedVector> vectors = new ArrayList<>();
      for (int from = 0; from < values.length; from += slots) {
        vectors.add(
            key.encryptor().encrypt(Arrays.copyOfRange(values, from, from + slots), layout));
      }
      return vectors;
    }
  }

  /** What a data source does: rows and public keys in, the encrypted table out. */
  static void encrypt(
      byte[] csv,
      String name,
      TablePlan plan,
      Path publicKeys,
      Backend backend,
      Path table,
      OrderedPool pool) {
    try (AtomicOutput out = newFile(table);
        ContainerReader keys = ContainerReader.open(publicKeys);
        TableKey key = TableKey.ofPublic(keys, backend);
        RowSource rows =
            RowSource.open(
                new ByteArrayInputStream(csv), name, RowFormat.CSV, plan.declarations())) {
      new TableEncryptor(key, pool).encrypt(rows, plan, out, count -> {});
    }
  }

  /** Encrypts a condition for a table: what somebody does who does not trust the server with it. */
  static void hide(String where, Path table, Path publicKeys, Backend backend, Path query) {
    Condition condition = Condition.parse(where);
    try (AtomicOutput out = newFile(query);
        ContainerReader keys = ContainerReader.open(publicKeys);
        TableKey key = TableKey.ofPublic(keys, backend);
        ContainerReader reader = ContainerReader.open(table);
        EncryptedTable asked = EncryptedTable.open(reader, backend)) {
      Map<String, ColumnKind> kinds = new LinkedHashMap<>();
      asked.columns().forEach(column -> kinds.put(column.name(), column.kind()));
      QueryFile.write(out, key, condition, kinds, QueryFile.setsOf(asked, condition.columns()));
    }
  }

  /** Has the encrypted table alone; answers questions. */
  record Server(Path table, Backend backend) {
    void answer(Question question, List<String> columns, Path result, OrderedPool pool) {
      answer(questions -> Asked.of(question, columns.toArray(String[]::new)), result, pool);
    }

    void answer(DiagnosticQuestion question, Path result, OrderedPool pool) {
      answer(
          questions ->
              question.asked(
                  question.where().isEmpty()
                      ? Optional.empty()
                      : Optional.of(questions.where(question.where()))),
          result,
          pool);
    }

    /** Under an encrypted condition. */
    void answer(DiagnosticQuestion question, Path query, Path result, OrderedPool pool) {
      try (ContainerReader condition = ContainerReader.open(query)) {
        QueryFile file = QueryFile.read(condition);
        answer(questions -> question.asked(Optional.of(questions.where(file))), result, pool);
      }
    }

    private void answer(Function<Questions, Asked> asking, Path result, OrderedPool pool) {
      try (AtomicOutput out = newFile(result);
          ContainerReader reader = ContainerReader.open(table);
          EncryptedTable encrypted = EncryptedTable.open(reader, backend)) {
        Questions questions = new Questions(List.of(encrypted), pool);
        questions.ask(List.of(asking.apply(questions)), out);
      }
    }

    /** The sums of each slot. */
    static PackedVector sum(List<PackedVector> vectors) {
      var evaluator = vectors.get(0).key().evaluator();
      return vectors.stream().reduce(evaluator::add).orElseThrow();
    }
  }

  /** The sum of the slots, in the clear. */
  static BigInteger total(long[] slots) {
    return Arrays.stream(slots)
        .mapToObj(BigInteger::valueOf)
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private static AtomicOutput newFile(Path file) {
    return AtomicOutput.create(file, false, AtomicOutput.Access.OWNER_ONLY);
  }
}
