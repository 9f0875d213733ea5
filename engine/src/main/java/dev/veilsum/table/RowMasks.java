package dev.veilsum.table;

import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnEncoding;
import dev.veilsum.file.EncodingRole;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.table.Sources.Piece;
import dev.veilsum.table.where.MaskChunk;
import dev.veilsum.table.where.MaskEvaluator;
import dev.veilsum.table.where.RowSelection;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The masks of a selection of rows under one parameter set, chunk by chunk. Thread-safe. */
final class RowMasks {
  private final RlweParameters set;
  private final RowSelection selection;
  private final MaskEvaluator evaluator;

  RowMasks(Sources sources, Selection selection, RlweParameters set) {
    SchemeBackend scheme = sources.scheme(set);
    this.set = set;
    this.selection = selection.under(set);
    this.evaluator = new MaskEvaluator(scheme, () -> sources.keys(set));
  }

  RowSelection selection() {
    return selection;
  }

  /** The encrypted mask of a chunk; the selection is of form ENCRYPTED. */
  Reference.Ciphertext mask(Piece piece, int chunk) {
    return evaluator.mask(selection, new Rows(set, piece, chunk, TableScheme.rowsPerChunk(set)));
  }

  /** The public bits of a chunk; the selection is of form PUBLIC. */
  long[] bits(Piece piece, int chunk) {
    return evaluator.publicBits(
        selection, new Rows(set, piece, chunk, TableScheme.rowsPerChunk(set)));
  }

  /** How many rows a selection of form PUBLIC has. */
  static long count(Sources sources, Selection selection) {
    RowSelection plan = selection.under(null);
    MaskEvaluator evaluator = new MaskEvaluator(null, () -> null);
    long count = 0;
    for (Piece piece : sources.pieces()) {
      for (int chunk = 0;
          chunk < piece.segment().chunks(ColumnShape.TOKEN_ROWS_PER_CHUNK);
          chunk++) {
        for (long bit :
            evaluator.publicBits(
                plan, new Rows(null, piece, chunk, ColumnShape.TOKEN_ROWS_PER_CHUNK))) {
          count += bit;
        }
      }
    }
    return count;
  }

  /** One chunk of a segment's rows; without a set only its tokens are read. */
  private static final class Rows implements MaskChunk {
    private final RlweParameters set;
    private final Piece piece;
    private final int chunk;
    private final int rowsPerChunk;
    private final Map<String, ByteBuffer> tokens = new HashMap<>(); // by column and section

    Rows(RlweParameters set, Piece piece, int chunk, int rowsPerChunk) {
      this.set = set;
      this.piece = piece;
      this.chunk = chunk;
      this.rowsPerChunk = rowsPerChunk;
    }

    @Override
    public int rows() {
      return piece.rowsOf(chunk, rowsPerChunk);
    }

    @Override
    public Reference.Ciphertext load(String column, int part) {
      return piece.chunks(column, EncodingRole.MASKS, set, part).load(chunk);
    }

    @Override
    public String token(String column, int row) {
      ColumnEncoding encoding =
          piece.table().column(column).encoding(EncodingRole.TOKENS).orElseThrow();
      long inSegment = (long) chunk * rowsPerChunk + row;
      int section = (int) (inSegment / encoding.rowsPerChunk());
      ByteBuffer bytes =
          tokens.computeIfAbsent(
              column + "/" + section,
              key -> piece.table().tokens(encoding, piece.segment(), section));
      byte[] token = new byte[SearchKey.TOKEN_BYTES];
      bytes.get((int) (inSegment % encoding.rowsPerChunk()) * SearchKey.TOKEN_BYTES, token);
      return HexFormat.of().formatHex(token);
    }
  }
}
