package dev.veilsum.table;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.Buckets;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.ColumnEntry;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.EncryptedTable.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
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

    /**
     * Decimal numbers in fixed point, exact; of an ordered column the starts of the buckets.
     *
     * @param values counting 10^-places
     */
    record Decimals(long[] values, int places) implements Cells {
      @Override
      public int length() {
        return values.length;
      }
    }

    /** Times in milliseconds since 1970, exact. */
    record Times(long[] values) implements Cells {
      @Override
      public int length() {
        return values.length;
      }
    }

    /** Labels of a category, exact; or tokens as {@code token:} and their hexadecimal digits. */
    record Labels(List<String> values) implements Cells {
      @Override
      public int length() {
        return values.size();
      }
    }
  }

  /** How many chunks a column has; their rows follow one another. */
  public int chunks(ColumnEntry column) {
    int rowsPerChunk = table.mainEncoding(column).rowsPerChunk();
    return table.segments().stream().mapToInt(segment -> segment.chunks(rowsPerChunk)).sum();
  }

  /** Decrypts one chunk of a column. */
  public Cells decrypt(ColumnEntry column, int chunk) {
    return table.naming(() -> decrypted(column, chunk));
  }

  private Cells decrypted(ColumnEntry column, int chunk) {
    ColumnEncoding encoding = table.mainEncoding(column);
    int before = 0;
    for (Segment segment : table.segments()) {
      int here = chunk - before;
      if (here < segment.chunks(encoding.rowsPerChunk())) {
        long first = (long) here * encoding.rowsPerChunk();
        int rows = (int) Math.min(encoding.rowsPerChunk(), segment.rows() - first);
        return encoding.role() == EncodingRole.TOKENS
            ? tokens(table.tokens(encoding, segment, here), rows)
            : new Part(column, encoding, segment, here, rows).cells();
      }
      before += segment.chunks(encoding.rowsPerChunk());
    }
    throw new IllegalArgumentException("the column has no chunk " + chunk);
  }

  private static Cells tokens(ByteBuffer tokens, int rows) {
    List<String> texts = new ArrayList<>(rows);
    byte[] token = new byte[SearchKey.TOKEN_BYTES];
    for (int i = 0; i < rows; i++) {
      tokens.get(token);
      texts.add("token:" + HexFormat.of().formatHex(token));
    }
    return new Cells.Labels(texts);
  }

  /** One chunk of a column's main encoding. */
  private final class Part {
    private final ColumnEntry column;
    private final ColumnEncoding encoding;
    private final Segment segment;
    private final int chunk;
    private final int rows;
    private final SchemeBackend scheme;
    private final Reference.SecretKey key;

    Part(ColumnEntry column, ColumnEncoding encoding, Segment segment, int chunk, int rows) {
      this.column = column;
      this.encoding = encoding;
      this.segment = segment;
      this.chunk = chunk;
      this.rows = rows;
      this.scheme = table.schemeOf(encoding);
      this.key = secrets.computeIfAbsent(scheme.parameters(), set -> secret.secretKey(scheme));
    }

    Cells cells() {
      ColumnKind kind = column.kind();
      if (kind instanceof ColumnKind.Real) {
        return reals();
      }
      if (kind instanceof ColumnKind.Category category) {
        return labels(category);
      }
      if (kind instanceof ColumnKind.Ordered ordered) {
        return new Cells.Decimals(starts(ordered.buckets()), ordered.places());
      }
      if (kind instanceof ColumnKind.Digits digits) {
        long[] values = values(digits);
        return kind instanceof ColumnKind.Time
            ? new Cells.Times(values)
            : new Cells.Decimals(values, digits.places());
      }
      long[] values = integers(0);
      Plausible.require(table, secret, kind, values);
      return kind instanceof ColumnKind.Decimal decimal
          ? new Cells.Decimals(values, decimal.places())
          : new Cells.Wholes(values);
    }

    private Cells reals() {
      double[] values = new double[rows];
      try (Reference.Ciphertext c = table.chunks(encoding, 0, segment).load(chunk)) {
        double error = ((CkksBackend) scheme).decrypt(key, c, values, 0, rows);
        Plausible.require(table, secret, column.kind(), values, error);
        return new Cells.Reals(values, error);
      }
    }

    private long[] integers(int part) {
      long[] values = new long[rows];
      try (Reference.Ciphertext c = table.chunks(encoding, part, segment).load(chunk)) {
        ((BfvBackend) scheme).decrypt(key, c, values, 0, rows);
      }
      return values;
    }

    /** Each row has a 1 in exactly one label's part. */
    private Cells labels(ColumnKind.Category category) {
      String[] labels = new String[rows];
      for (int part = 0; part < encoding.parts().size(); part++) {
        long[] mask = integers(part);
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

    /** A thermometer: 1 up to the bucket's mask, 0 from there on. */
    private long[] starts(Buckets buckets) {
      int[] bucket = new int[rows];
      for (int part = 0; part < encoding.parts().size(); part++) {
        long[] mask = integers(part);
        for (int i = 0; i < rows; i++) {
          if (mask[i] == 1 && bucket[i] == part) {
            bucket[i]++;
          } else if (mask[i] != 0) {
            throw table.corrupt("the masks of a row of " + column.name() + " do not descend");
          }
        }
      }
      return Arrays.stream(bucket).mapToLong(buckets::start).toArray();
    }

    private long[] values(ColumnKind.Digits kind) {
      long t = ((BfvBackend) scheme).parameters().plainModulus();
      long[] codes = new long[rows];
      for (int part = encoding.parts().size() - 1; part >= 0; part--) {
        long[] digits = integers(part);
        for (int i = 0; i < rows; i++) {
          long digit = digits[i] < 0 ? digits[i] + t : digits[i];
          if (digit >> kind.layout().digitBits() != 0) {
            throw table.corrupt("a row of " + column.name() + " has no digits of its base");
          }
          codes[i] = codes[i] << kind.layout().digitBits() | digit;
        }
      }
      for (int i = 0; i < rows; i++) {
        long value = kind.ofCode(codes[i]);
        if (value < kind.least() || value > kind.greatest()) {
          throw table.corrupt("a row of " + column.name() + " is outside of its range");
        }
        codes[i] = value;
      }
      return codes;
    }
  }

  @Override
  public void close() {
    secrets.values().forEach(Reference.SecretKey::close);
    secrets.clear();
    table.close();
  }
}
