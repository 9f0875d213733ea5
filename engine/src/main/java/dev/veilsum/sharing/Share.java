package dev.veilsum.sharing;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one party has of a vector, or of the sum of several clients' vectors. Secret as long as
 * others could put theirs beside it: prints nothing of the residues, and {@link #close} wipes them.
 *
 * @param <S> the kind of sharing
 */
public abstract sealed class Share<S extends Share<S>> implements AutoCloseable
    permits AdditiveShare, ShamirShare {
  private final SharingRound round;
  private final int party;
  private final Set<String> clients;
  private final long[] residues;
  private boolean closed;

  /** Takes the residues over. */
  Share(SharingRound round, int party, Set<String> clients, long[] residues) {
    SharingRound.requireRange("party", party, 1, round.parties());
    SharingRound.requireRange("clients of a share", clients.size(), 1, round.clients());
    clients.forEach(client -> SharingRound.requireName("client", client));
    if (residues.length != round.length()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "a share of %d residues for a round of vectors of length %d"
              .formatted(residues.length, round.length()));
    }
    this.round = round;
    this.party = party;
    this.clients = new TreeSet<>(clients);
    this.residues = residues;
  }

  public final SharingRound round() {
    return round;
  }

  /** The number of the party that it is for, from 1 on. */
  public final int party() {
    return party;
  }

  /** Whose vectors it is of, in order. */
  public final Set<String> clients() {
    return Collections.unmodifiableSet(clients);
  }

  final long[] residues() {
    if (closed) {
      throw new VeilsumException(ErrorCode.CLOSED, "the share is closed");
    }
    return residues;
  }

  /** One of the same kind, round and party. */
  abstract S with(Set<String> clients, long[] residues);

  /** Refuses a share of another kind or round: BAD_INPUT. */
  void requireSameRound(S other) {
    if (!round.equals(other.round())) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "shares of two rounds: %s and %s".formatted(round, other.round()));
    }
  }

  /**
   * The share of either kind that {@link #toBytes} wrote.
   *
   * @throws VeilsumException CORRUPT where the bytes were cut or altered; UNSUPPORTED for another
   *     version
   */
  public static Share<?> fromBytes(byte[] bytes) {
    ShareBytes.Parts parts = ShareBytes.decode(bytes);
    return parts.threshold() == 0 ? AdditiveShare.of(parts) : ShamirShare.of(parts);
  }

  /**
   * The share as bytes, to be sent to its party and to nobody else; 8 a number. Vectors of at most
   * 2^27 integers.
   */
  public abstract byte[] toBytes();

  @Override
  public final void close() {
    closed = true;
    Arrays.fill(residues, 0);
  }

  @Override
  public String toString() {
    return "%s of party %d, round %s, %d clients"
        .formatted(getClass().getSimpleName(), party, round.name(), clients.size());
  }
}
