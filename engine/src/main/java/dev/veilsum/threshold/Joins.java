package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The session and the first messages of all of its parties, in order. Their digest is what the
 * parties compare by word of mouth: it binds all exchange keys, so that nobody who carries messages
 * stands between two parties.
 *
 * <p>The public polynomial a is expanded from a hash of them. With the hash as a random oracle,
 * whoever joins last can only draw again: each draw is uniform, the parties' secrets are drawn
 * later, and RLWE with as many samples as there were draws is as hard. So nobody chooses a, and
 * committing to contributions first would gain nothing.
 */
public final class Joins {
  private final ThresholdSession session;
  private final List<JoinMessage> all;

  private Joins(ThresholdSession session, List<JoinMessage> all) {
    this.session = session;
    this.all = all;
  }

  /**
   * Puts the messages of all parties together.
   *
   * @throws VeilsumException BAD_INPUT where one is missing or there are two of a party, or two
   *     parties have one exchange key; KEY_MISMATCH where one is of another session
   */
  public static Joins of(ThresholdSession session, List<JoinMessage> messages) {
    messages.forEach(
        each -> session.requireSame(each.session(), "the join of party " + each.party()));
    List<JoinMessage> all = complete(session, messages, JoinMessage::party, MessageType.JOIN);
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (Arrays.equals(all.get(i).exchangeKey(), all.get(j).exchangeKey())) {
          throw new VeilsumException(
              ErrorCode.BAD_INPUT,
              "parties %d and %d have one exchange key: one key file joined twice"
                  .formatted(j + 1, i + 1));
        }
      }
    }
    return new Joins(session, all);
  }

  /** The messages of all parties, in order. */
  static <T> List<T> complete(
      ThresholdSession session, List<T> messages, ToIntFunction<T> partyOf, MessageType type) {
    List<T> all = new ArrayList<>(Collections.nCopies(session.parties(), null));
    for (T message : messages) {
      int party = partyOf.applyAsInt(message);
      session.requireParty(party);
      if (all.set(party - 1, message) != null) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "there are two %s messages of party %d".formatted(type, party));
      }
    }
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) == null) {
        missing.add(i + 1);
      }
    }
    if (!missing.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "the %s messages of parties %s are missing, of %d parties"
              .formatted(type, missing, session.parties()));
    }
    return List.copyOf(all);
  }

  public ThresholdSession session() {
    return session;
  }

  /** The exchange key of a party. */
  byte[] exchangeKey(int party) {
    return all.get(party - 1).exchangeKey().clone();
  }

  JoinMessage of(int party) {
    return all.get(party - 1);
  }

  /** What the parties compare. */
  public Digest digest() {
    Digest.Builder digest = new Digest.Builder("joins").add(session.digest().bytes());
    for (JoinMessage each : all) {
      digest.add(each.party()).add(each.exchangeKey()).add(each.contribution());
    }
    return digest.finish();
  }

  /** The seed of the public polynomial. */
  byte[] commonSeed() {
    return Digest.of("public polynomial", digest().bytes()).bytes();
  }

  void requireSameSession(ThresholdSession other) {
    session.requireSame(other.digest(), "this party");
  }

  /** Refuses a message that was made with other first messages. */
  void requireSame(Digest other, String name) {
    if (!digest().equals(other)) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          name + " was made with other join messages: all parties must have the same ones");
    }
  }
}
