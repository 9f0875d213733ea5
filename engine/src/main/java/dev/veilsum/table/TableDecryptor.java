package dev.veilsum.table;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.RlweParameters;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decrypts a table chunk by chunk, in bounded memory: the key holder's part. Not thread-safe. */
public final class TableDecryptor implements AutoCloseable {
  private final EncryptedTable table;
  private final TableSecret secret;
  private final Map<RlweParameters, Reference.SecretKey> secrets = new HashMap<>();

  private TableDecryptor(EncryptedTable table, TableSecret secret) {
    this.table = table;
    this.secret = secret;
  }

  /**
   * Opens a table; container and key stay the caller's to close.
   *
   * @throws dev.veilsum.VeilsumException BAD_INPUT for a file of another kind; CORRUPT; WRONG_KEY
   */
  public static TableDecryptor open(ContainerReader container, MasterKey master, Backend backend) {
    return open(container, TableSecret.of(master), backend);
  }

  /**
   * With any secret. Of a table of an unnamed key the first chunks are decrypted to see whether it
   * is this one.
   */
  public static TableDecryptor open(
      ContainerReader container, TableSecret secret, Backend backend) {
    EncryptedTable table = EncryptedTable.open(container, backend);
    ResultDecryptor.requireKey(table, secret);
    TableDecryptor decryptor = new TableDecryptor(table, secret);
    if (!table.keyId().equals(secret.keyId()) && table.rows() > 0) {
      try {
        table.columns().forEach(column -> decryptor.decrypt(column, 0));
      } catch (RuntimeException e) {
        decryptor.close();
        throw e;
      }
    }
    return decryptor;
  }

  /** The columns in their order. */
  public List<ColumnEntry> columns() {
    return table.columns();
  }

  public long rows() {
    return table.rows();
  }

  /** The decrypted cells of some rows of one column. */
  public sealed interface Cells {
    int length();

    /**
     * Real numbers.
     *
     * @param errorBound |value - true value| is at most this for each of them
     */
    record Reals(double[] values, double errorBound) implements Cells {
      @Override
      public int length() {
        return values.length;
      }
    }

    /** Whole numbers, exact. */
    record Wholes(long[] values) implements Cells {
      @Override
      public int length() {
        return values.length;
      }
    }

    /** Labels of a category, exact. */
    record Labels(List<String> values) implements Cells {
      @Override
      public int length() {
        return values.size();
      }
    }
  }

  /** How many chunks a column has; their rows follow one another. */
  public int chunks(ColumnEntry column) {
    return table.chunks(table.mainEncoding(column), 0).count();
  }

  /** Decrypts one chunk of a column. */
  public Cells decrypt(ColumnEntry column, int chunk) {
    return table.naming(() -> decrypted(column, chunk));
  }

  private Cells decrypted(ColumnEntry column, int chunk) {
    ColumnEncoding encoding = table.mainEncoding(column);
    long first = (long) chunk * encoding.rowsPerChunk();
    int rows = (int) Math.min(encoding.rowsPerChunk(), table.rows() - first);
    SchemeBackend scheme = table.schemeOf(encoding);
    Reference.SecretKey secret =
        secrets.computeIfAbsent(scheme.parameters(), set -> this.secret.secretKey(scheme));
    if (column.kind() instanceof ColumnKind.Category category) {
      return labels((BfvBackend) scheme, secret, column, encoding, category, chunk, rows);
    }
    try (Reference.Ciphertext c = table.chunks(encoding, 0).load(chunk)) {
      if (scheme instanceof CkksBackend ckks) {
        double[] values = new double[rows];
        double error = ckks.decrypt(secret, c, values, 0, rows);
        Plausible.require(table, this.secret, column.kind(), values, error);
        return new Cells.Reals(values, error);
      }
      long[] values = new long[rows];
      ((BfvBackend) scheme).decrypt(secret, c, values, 0, rows);
      Plausible.require(table, this.secret, column.kind(), values);
      return new Cells.Wholes(values);
    }
  }

  /** Each row has a 1 in exactly one label's part. */
  private Cells labels(
      BfvBackend bfv,
      Reference.SecretKey secret,
      ColumnEntry column,
      ColumnEncoding encoding,
      ColumnKind.Category category,
      int chunk,
      int rows) {
    String[] labels = new String[rows];
    long[] mask = new long[rows];
    for (int part = 0; part < encoding.parts().size(); part++) {
      try (Reference.Ciphertext c = table.chunks(encoding, part).load(chunk)) {
        bfv.decrypt(secret, c, mask, 0, rows);
      }
      for (int i = 0; i < rows; i++) {
        if (mask[i] == 1 && labels[i] == null) {
          labels[i] = category.labels().get(part);
        } else if (mask[i] != 0) {
          throw table.corrupt("a row of " + column.name() + " has not exactly one label");
        }
      }
    }
    if (Arrays.asList(labels).contains(null)) {
      throw table.corrupt("a row of " + column.name() + " has no label");
    }
    return new Cells.Labels(List.of(labels));
  }

  @Override
  public void close() {
    secrets.values().forEach(Reference.SecretKey::close);
    secrets.clear();
    table.close();
  }
}
