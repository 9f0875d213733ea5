package dev.veilsum.table;

import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.SortedLayout;
import dev.veilsum.params.BfvParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The slots of block extremes: for each block of rows, the {@link #KEPT} largest and smallest of
 * its values with their rows, laid down by the encryptor, so that maxima, minima and the rows that
 * have them are answered without any multiplication.
 *
 * <p>A block is the rows of one chunk of the column. It has slots of its own in a ciphertext; the
 * blocks of a segment follow one another, and go on in the next ciphertext. Inside a block slot
 * {@code (2 f + e) KEPT + r} is field f of the value of rank r (0 the most extreme) of end e (0 the
 * largest, 1 the smallest). Fields are the digits of the value's code (of integers and decimals the
 * code modulo t as one digit), and last the row inside the block plus 1, where 0 means that the
 * block has no such row. Of equal values the first rows rank first.
 */
public final class BlockExtremes {
  /** How many of each end are kept. */
  public static final int KEPT = 8;

  private static final int ENDS = 2;

  /** Codes are at most t or 2^48; this less a code ranks them the other way round. */
  private static final long REVERSED = 1L << 61;

  private final ColumnKind.FixedPoint kind;
  private final BfvParameters set;
  private final int fields;

  private BlockExtremes(ColumnKind.FixedPoint kind, BfvParameters set, int fields) {
    this.kind = kind;
    this.set = set;
    this.fields = fields;
  }

  /** The layout for a column under its parameter set. */
  static BlockExtremes of(ColumnKind.FixedPoint kind, BfvParameters set) {
    int digits = kind instanceof ColumnKind.Digits sorted ? sorted.layout().digits() : 1;
    return new BlockExtremes(kind, set, digits + 1);
  }

  /** Whether the set's plain modulus holds every field. */
  static boolean fits(ColumnKind.FixedPoint kind, BfvParameters set) {
    if (!set.batches() || set.slots() > set.maxValue() || of(kind, set).blocksPerCiphertext() < 1) {
      return false;
    }
    return kind instanceof ColumnKind.Digits sorted
        ? set.plainModulus() >> sorted.layout().digitBits() > 0
        : kind.least() >= set.minValue() && kind.greatest() <= set.maxValue();
  }

  /** The rows of one block: those of one chunk. */
  public int rowsPerBlock() {
    return set.slots();
  }

  /** The blocks that one ciphertext has. */
  public int blocksPerCiphertext() {
    return set.slots() / slotsPerBlock();
  }

  /** The rows that one ciphertext stands for. */
  public int rowsPerCiphertext() {
    return rowsPerBlock() * blocksPerCiphertext();
  }

  /** The slots of one block. */
  public int slotsPerBlock() {
    return ENDS * KEPT * fields;
  }

  /**
   * The slot of a field.
   *
   * @param block the block inside the ciphertext
   * @param smallest which end
   * @param field 0 up to {@code fields - 1}, which is the row
   * @param rank 0 for the most extreme
   */
  int slot(int block, boolean smallest, int field, int rank) {
    return block * slotsPerBlock() + (ENDS * field + (smallest ? 1 : 0)) * KEPT + rank;
  }

  /**
   * One extreme value.
   *
   * @param value in fixed point
   * @param row the row inside the segment, from 0
   */
  public record Extreme(long value, long row) {}

  /**
   * The extremes of one end, block after block, as they were decrypted.
   *
   * @param slots all slots of the ciphertext, as integers in [-t/2, t/2)
   * @param firstRow the segment's row that the ciphertext's first block starts with
   * @param rows how many rows of the segment it stands for
   * @return what the slots say; of slots that no encryptor wrote, whatever they say
   */
  public List<Extreme> read(long[] slots, boolean smallest, long firstRow, long rows) {
    List<Extreme> found = new ArrayList<>();
    int blocks = (int) Math.min(blocksPerCiphertext(), ColumnShape.chunks(rows, rowsPerBlock()));
    for (int block = 0; block < blocks; block++) {
      for (int rank = 0; rank < KEPT; rank++) {
        long row = residue(slots[slot(block, smallest, fields - 1, rank)]);
        if (row > 0) {
          found.add(
              new Extreme(
                  value(slots, block, smallest, rank),
                  firstRow + (long) block * rowsPerBlock() + row - 1));
        }
      }
    }
    return found;
  }

  private long value(long[] slots, int block, boolean smallest, int rank) {
    if (kind instanceof ColumnKind.Digits sorted) {
      SortedLayout layout = sorted.layout();
      long[] digits = new long[layout.digits()];
      for (int i = 0; i < digits.length; i++) {
        digits[i] = residue(slots[slot(block, smallest, i, rank)]);
      }
      return kind.ofCode(layout.code(digits));
    }
    long code = residue(slots[slot(block, smallest, 0, rank)]);
    return kind.ofCode(code == 0 ? set.plainModulus() : code); // a range of t values has a code t
  }

  /** The representative in [0, t). */
  private long residue(long slot) {
    return slot < 0 ? slot + set.plainModulus() : slot;
  }

  /** The integer in [-t/2, t/2) that stands for a code of at most t; without a branch on it. */
  static long centred(long code, BfvParameters set) {
    return code - (set.plainModulus() & (set.maxValue() - code) >> 63);
  }

  /** The fields of one block, {@link #slotsPerBlock} of them as they are encoded. */
  long[] block(long[] values, int offset, int length) {
    Ranking largest = new Ranking();
    Ranking smallest = new Ranking();
    for (int i = 0; i < length; i++) {
      long code = kind.code(values[offset + i]);
      largest.offer(code, i + 1);
      smallest.offer(REVERSED - code, i + 1);
    }
    long[] slots = new long[slotsPerBlock()];
    for (int rank = 0; rank < KEPT; rank++) {
      put(slots, false, rank, largest.keys[rank], largest.rows[rank]);
      // 0 stays 0 where there is no row.
      long there = -largest.there(smallest.rows[rank]);
      put(slots, true, rank, REVERSED - smallest.keys[rank] & there, smallest.rows[rank]);
    }
    largest.wipe();
    smallest.wipe();
    return slots;
  }

  private void put(long[] slots, boolean smallest, int rank, long code, long row) {
    for (int field = 0; field < fields - 1; field++) {
      long digit =
          kind instanceof ColumnKind.Digits sorted ? sorted.layout().digit(code, field) : code;
      slots[slot(0, smallest, field, rank)] = centred(digit, set);
    }
    slots[slot(0, smallest, fields - 1, rank)] = row;
  }

  /**
   * The greatest keys of those offered with their rows, kept in order by insertion: whatever they
   * are, the same instructions run.
   */
  private static final class Ranking {
    private final long[] keys = new long[KEPT]; // descending; 0 where there is none
    private final long[] rows = new long[KEPT];

    /**
     * @param key 1 to 2^62
     * @param row from 1 on, ascending
     */
    void offer(long key, long row) {
      for (int rank = 0; rank < KEPT; rank++) {
        // All ones where this key is greater, or as great and of an earlier row that moved down.
        long difference = keys[rank] - key;
        long less = difference >> 63;
        long equal = ~((difference | -difference) >> 63);
        long move = less | equal & (row - rows[rank]) >> 63;
        long keyChange = (keys[rank] ^ key) & move;
        long rowChange = (rows[rank] ^ row) & move;
        keys[rank] ^= keyChange;
        key ^= keyChange;
        rows[rank] ^= rowChange;
        row ^= rowChange;
      }
    }

    /** 1 where the row is one, 0 where it is none. */
    long there(long row) {
      return (row | -row) >>> 63;
    }

    void wipe() {
      Arrays.fill(keys, 0);
      Arrays.fill(rows, 0);
    }
  }
}
