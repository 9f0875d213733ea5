package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.CheckedCbor;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A share as bytes: the text "VSUMSHAR", a map in canonical CBOR, and the SHA-256 of both, which
 * finds damage and no forgery. The bytes are as secret as the share.
 */
final class ShareBytes {
  private static final String MARK = "VSUMSHAR";
  private static final int VERSION = 1;

  /** The longest vectors that one array of bytes holds. */
  private static final int MAX_LENGTH = 1 << 27;

  /** What was read, of either kind; threshold is 0 for an additive one. */
  record Parts(
      SharingRound round, int threshold, int party, Set<String> clients, long[] residues) {}

  private ShareBytes() {}

  static byte[] encode(Share<?> share, int threshold) {
    SharingRound round = share.round();
    SharingRound.requireRange("length of a share as bytes", round.length(), 1, MAX_LENGTH);
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("version", Cbor.of(VERSION));
    fields.put("round", Cbor.of(round.name()));
    fields.put("parties", Cbor.of(round.parties()));
    fields.put("bound", Cbor.of(round.bound()));
    fields.put("most clients", Cbor.of(round.clients()));
    fields.put("threshold", Cbor.of(threshold));
    fields.put("party", Cbor.of(share.party()));
    fields.put("clients", new Cbor.Array(share.clients().stream().map(c -> Cbor.of(c)).toList()));
    ByteBuffer residues =
        ByteBuffer.allocate(round.length() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    residues.asLongBuffer().put(share.residues());
    fields.put("residues", new Cbor.Bytes(residues.array()));
    try {
      return CheckedCbor.encode(MARK, new Cbor.Fields(fields));
    } finally {
      Arrays.fill(residues.array(), (byte) 0);
    }
  }

  static Parts decode(byte[] bytes) {
    FieldReader in = FieldReader.of(CheckedCbor.decode(MARK, bytes, "the share"), "the share");
    long version = in.integer("version", 1, Integer.MAX_VALUE);
    if (version != VERSION) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "a share of version %d; this build reads version %d".formatted(version, VERSION));
    }
    try {
      return parts(in);
    } catch (VeilsumException e) {
      throw new VeilsumException(ErrorCode.CORRUPT, "a damaged share: " + e.getMessage(), e);
    }
  }

  private static Parts parts(FieldReader in) {
    long[] residues = residues(in);
    SharingRound round =
        new SharingRound(
            in.text("round"),
            (int) in.integer("parties", 2, SharingRound.MAX_PARTIES),
            residues.length,
            in.integer("bound", 1, PrimeField.P),
            (int) in.integer("most clients", 1, Integer.MAX_VALUE));
    Set<String> clients = new TreeSet<>();
    for (Cbor client : in.array("clients")) {
      if (!(client instanceof Cbor.Text name) || !clients.add(name.value())) {
        throw in.wrong("clients", "holds something else than different names");
      }
    }
    Parts parts =
        new Parts(
            round,
            (int) in.integer("threshold", 0, round.parties()),
            (int) in.integer("party", 1, round.parties()),
            clients,
            residues);
    in.finish();
    return parts;
  }

  private static long[] residues(FieldReader in) {
    byte[] bytes = in.bytes("residues");
    if (bytes.length == 0 || bytes.length % Long.BYTES != 0) {
      throw in.wrong("residues", "has " + bytes.length + " bytes");
    }
    long[] residues = new long[bytes.length / Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(residues);
    Arrays.fill(bytes, (byte) 0);
    long beyond = 0; // its sign is set where one is not in [0, p)
    for (long residue : residues) {
      beyond |= residue | PrimeField.P - 1 - residue;
    }
    if (beyond < 0) {
      throw in.wrong("residues", "holds numbers that are no residues");
    }
    return residues;
  }
}
