package dev.veilsum.threshold;

import dev.veilsum.VeilsumException;
import java.util.List;

/** The dealings of all parties, in order. */
public final class Deals {
  private final Joins joins;
  private final List<DealMessage> all;

  private Deals(Joins joins, List<DealMessage> all) {
    this.joins = joins;
    this.all = all;
  }

  /**
   * Puts the messages of all parties together.
   *
   * @throws VeilsumException BAD_INPUT where one is missing or there are two of a party;
   *     KEY_MISMATCH where one was made with other first messages; CORRUPT
   */
  public static Deals of(Joins joins, List<DealMessage> messages) {
    for (DealMessage each : messages) {
      joins.requireSame(each.joins(), "the deal of party " + each.party());
      each.requireShares(joins.session().parties());
    }
    return new Deals(
        joins, Joins.complete(joins.session(), messages, DealMessage::party, MessageType.DEAL));
  }

  public Joins joins() {
    return joins;
  }

  DealMessage of(int party) {
    return all.get(party - 1);
  }

  /** Names all of them. */
  Digest digest() {
    Digest.Builder digest = new Digest.Builder("deals").add(joins.digest().bytes());
    all.forEach(each -> digest.add(each.digest().bytes()));
    return digest.finish();
  }
}
