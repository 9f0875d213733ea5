package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientCodec;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.JointKey;
import dev.veilsum.keys.ExchangeKey;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.nativelib.SecretBytes;
import dev.veilsum.nativelib.ThresholdCore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One party while the key is made: join, deal, confirm, finish, each with the messages of all
 * parties before it. All that it draws is derived from its master key and the messages so far, so
 * that nothing but that key must be kept between the steps, and a step that is taken again with the
 * same messages gives the same shares. Parties are honest but curious: what they deal is not
 * verified. Thread-safe.
 */
public final class ThresholdParty implements AutoCloseable {
  private static final String CONTRIBUTION = "threshold contribution";
  private static final String DEALING = "threshold dealing";
  private static final byte[] SHARE_INFO = ascii("veilsum v1 threshold share");

  private final MasterKey master;
  private final ThresholdSession session;
  private final int party;
  private final ExchangeKey exchange;

  /**
   * @param master belongs to the caller, and stays open
   * @param party this party's number, from 1
   */
  public ThresholdParty(MasterKey master, ThresholdSession session, int party) {
    session.requireParty(party);
    this.master = master;
    this.session = session;
    this.party = party;
    this.exchange = exchangeKey(master, session);
  }

  /** The party of this key in a session that has begun: its join message tells its number. */
  public static ThresholdParty of(MasterKey master, Joins joins) {
    ThresholdSession session = joins.session();
    byte[] own;
    try (ExchangeKey key = exchangeKey(master, session)) {
      own = key.publicKey();
    }
    for (int party = 1; party <= session.parties(); party++) {
      if (Arrays.equals(own, joins.exchangeKey(party))) {
        return new ThresholdParty(master, session, party);
      }
    }
    throw new VeilsumException(
        ErrorCode.WRONG_KEY, "no party of this session has joined with this key");
  }

  static ExchangeKey exchangeKey(MasterKey master, ThresholdSession session) {
    return ExchangeKey.derive(master, session.digest().bytes());
  }

  public int party() {
    return party;
  }

  /** The first message. */
  public JoinMessage join() {
    byte[] contribution =
        master.withSeed(CONTRIBUTION, session.digest().bytes(), byte[]::clone); // is published
    return new JoinMessage(session.digest(), party, exchange.publicKey(), contribution);
  }

  /** The second message: shares of this party's secret. */
  public DealMessage deal(Joins joins) {
    requireOwn(joins);
    GradientParameters parameters = session.parameters();
    int bytes = parameters.polynomialBytes();
    byte[] b = new byte[bytes];
    try (SecretBytes shares = SecretBytes.ofSize(session.parties() * bytes)) {
      dealInto(joins, b, shares.bytes());
      Digest commitment = ConfirmMessage.commitment(joins.digest(), party, b);
      List<byte[]> sealed = new ArrayList<>();
      byte[] share = new byte[bytes];
      for (int to = 1; to <= session.parties(); to++) {
        shares.bytes().get((to - 1) * bytes, share);
        sealed.add(
            exchange.seal(
                joins.exchangeKey(to), info(joins.digest(), commitment, party, to), share));
      }
      Arrays.fill(share, (byte) 0);
      return DealMessage.of(joins.digest(), party, commitment, sealed);
    }
  }

  /**
   * The third message: the part of the public key, once every other party is bound to its own.
   *
   * @throws VeilsumException WRONG_KEY where a share was not sealed by its party for this one
   */
  public ConfirmMessage confirm(Deals deals) {
    Joins joins = deals.joins();
    requireOwn(joins);
    PackedSum.wipe(openShares(deals)); // before anybody relies on them
    byte[] b = ownPart(joins);
    if (!ConfirmMessage.commitment(joins.digest(), party, b).equals(deals.of(party).commitment())) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "the deal of party %d among these is not the one of this key".formatted(party));
    }
    return new ConfirmMessage(deals.digest(), party, b);
  }

  /** What the party keeps: its share of the secret, sealed to itself. */
  public KeyShare finish(Deals deals, List<ConfirmMessage> confirmations) {
    requireOwn(deals.joins());
    JointKey key = JointKeyFile.assemble(deals, confirmations);
    ByteBuffer shares = openShares(deals);
    try {
      ByteBuffer sum =
          PackedSum.of(new GradientCodec(session.parameters()), shares, session.parties());
      byte[] share = new byte[sum.remaining()];
      sum.get(share);
      try {
        return KeyShare.seal(exchange, deals.joins(), party, key.keyId(), share);
      } finally {
        Arrays.fill(share, (byte) 0);
        PackedSum.wipe(sum);
      }
    } finally {
      PackedSum.wipe(shares);
    }
  }

  /**
   * The shares that all parties have dealt to this one, one after the other; wiped by the caller.
   */
  private ByteBuffer openShares(Deals deals) {
    Joins joins = deals.joins();
    int bytes = session.parameters().polynomialBytes();
    ByteBuffer shares = ByteBuffer.allocateDirect(session.parties() * bytes);
    for (int from = 1; from <= session.parties(); from++) {
      DealMessage deal = deals.of(from);
      byte[] share =
          exchange.open(
              joins.exchangeKey(from),
              info(joins.digest(), deal.commitment(), from, party),
              deal.sealedFor(party),
              "the share of party " + from);
      if (share.length != bytes) {
        throw new VeilsumException(
            ErrorCode.CORRUPT,
            "the share of party %d has %d bytes, not %d".formatted(from, share.length, bytes));
      }
      shares.put(share);
      Arrays.fill(share, (byte) 0);
    }
    return shares.flip();
  }

  private byte[] ownPart(Joins joins) {
    int bytes = session.parameters().polynomialBytes();
    byte[] b = new byte[bytes];
    try (SecretBytes shares = SecretBytes.ofSize(session.parties() * bytes)) {
      dealInto(joins, b, shares.bytes());
    }
    return b;
  }

  private void dealInto(Joins joins, byte[] b, ByteBuffer shares) {
    GradientCodec codec = new GradientCodec(session.parameters());
    ByteBuffer common = ByteBuffer.allocateDirect(Digest.BYTES).put(joins.commonSeed()).flip();
    ByteBuffer part = ByteBuffer.allocateDirect(b.length);
    master.withSeed(
        DEALING,
        joins.digest().bytes(),
        seed -> {
          try (SecretBytes secret = SecretBytes.ofSize(seed.length)) {
            secret.bytes().put(0, seed);
            GradientCodec.at(
                common,
                Digest.BYTES,
                a ->
                    GradientCodec.at(
                        secret.bytes().duplicate(),
                        seed.length,
                        s ->
                            GradientCodec.at(
                                part,
                                b.length,
                                to ->
                                    GradientCodec.at(
                                        shares.duplicate(),
                                        shares.capacity(),
                                        all -> deal(codec, a, s, to, b.length, all)))));
          }
          return null;
        });
    part.get(b);
  }

  private void deal(GradientCodec codec, long a, long s, long b, int bytes, long shares) {
    PackedSum.run(
        codec,
        own ->
            ThresholdCore.deal(
                own,
                a,
                s,
                session.threshold(),
                session.parties(),
                b,
                bytes,
                shares,
                (long) session.parties() * bytes));
  }

  private void requireOwn(Joins joins) {
    joins.requireSameSession(session);
    if (!Arrays.equals(exchange.publicKey(), joins.exchangeKey(party))) {
      throw new VeilsumException(
          ErrorCode.WRONG_KEY,
          "the join message of party %d among these was made with another key".formatted(party));
    }
  }

  /** What a share is sealed for: the session, the sender's commitment, and the direction. */
  private static byte[] info(Digest joins, Digest commitment, int from, int to) {
    return ByteBuffer.allocate(SHARE_INFO.length + 2 * Digest.BYTES + 2 * Integer.BYTES)
        .put(SHARE_INFO)
        .put(joins.bytes())
        .put(commitment.bytes())
        .putInt(from)
        .putInt(to)
        .array();
  }

  @Override
  public void close() {
    exchange.close();
  }

  /** Nothing of the secrets. */
  @Override
  public String toString() {
    return "ThresholdParty " + party;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
