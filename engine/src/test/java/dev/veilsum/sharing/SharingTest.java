package dev.veilsum.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secure sums by shares, against sums in the clear; what is missing or wrong is refused. */
class SharingTest {
  private static final int LENGTH = 50;
  private static final long BOUND = 1L << 40;

  private static SharingRound round(int parties) {
    return new SharingRound("17", parties, LENGTH, BOUND, 1000);
  }

  private static long[] vector(int seed) {
    long[] values = new Random(seed).longs(LENGTH, -BOUND, BOUND + 1).toArray();
    values[0] = BOUND;
    values[1] = -BOUND;
    return values;
  }

  private static long[] clearSum(int clients) {
    long[] sum = new long[LENGTH];
    for (int client = 0; client < clients; client++) {
      long[] values = vector(client);
      for (int i = 0; i < LENGTH; i++) {
        sum[i] += values[i];
      }
    }
    return sum;
  }

  /** Each party's sum of the shares of all clients. */
  private static List<ShamirShare> sums(ShamirSharing sharing, int clients) {
    List<List<ShamirShare>> all = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      all.add(sharing.share("c" + client, vector(client)));
    }
    return IntStream.range(0, sharing.round().parties())
        .mapToObj(
            party ->
                all.stream()
                    .map(shares -> shares.get(party))
                    .collect(ShareAggregator.collector(clients)))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 7", "3, 100", "10, 1000"})
  void additiveSharesAddUp(int parties, int clients) {
    AdditiveSharing sharing = new AdditiveSharing(round(parties));
    List<ShareAggregator<AdditiveShare>> servers =
        IntStream.range(0, parties)
            .mapToObj(i -> new ShareAggregator<AdditiveShare>(clients))
            .toList();
    for (int client = 0; client < clients; client++) {
      List<AdditiveShare> shares = sharing.share("c" + client, vector(client));
      for (int party = 0; party < parties; party++) {
        assertThat(shares.get(party).party()).isEqualTo(party + 1);
        servers.get(party).add(shares.get(party));
      }
    }
    List<AdditiveShare> sums = new ArrayList<>();
    servers.forEach(server -> sums.add(server.finish()));
    assertThat(sums.get(0).clients()).hasSize(clients);
    Collections.shuffle(sums, new Random(1));
    assertThat(sharing.open(sums)).isEqualTo(clearSum(clients));
    refused(ErrorCode.BAD_INPUT, () -> sharing.open(sums.subList(1, parties)));
  }

  @ParameterizedTest
  @CsvSource({"2, 3", "3, 5", "5, 5", "2, 2", "4, 7"})
  void anyThresholdOfShamirSharesOpens(int threshold, int parties) {
    ShamirSharing sharing = new ShamirSharing(round(parties), threshold);
    List<ShamirShare> sums = sums(sharing, 12);
    long[] expected = clearSum(12);
    for (int subset = 1; subset < 1 << parties; subset++) {
      int chosen = subset;
      List<ShamirShare> some =
          IntStream.range(0, parties)
              .filter(party -> (chosen >> party & 1) == 1)
              .mapToObj(sums::get)
              .toList();
      if (some.size() >= threshold) {
        assertThat(sharing.open(some)).isEqualTo(expected);
      } else {
        refused(ErrorCode.BAD_INPUT, () -> sharing.open(some));
      }
    }
  }

  /**
   * t - 1 shares are consistent with every vector: for another one there are coefficients, as
   * likely as any, that give the same shares to these parties.
   */
  @ParameterizedTest
  @CsvSource({"2, 3", "3, 5", "5, 5"})
  void fewerSharesTellNothing(int threshold, int parties) {
    ShamirSharing sharing = new ShamirSharing(round(parties), threshold);
    List<ShamirShare> known = sharing.share("c", vector(1)).subList(1, threshold);
    long[] other = vector(2);
    List<Long> coefficients = new ArrayList<>();
    for (int i = 0; i < LENGTH; i++) {
      coefficients.addAll(coefficientsThrough(known, i, other[i]));
    }
    LongSupplier replay = coefficients.iterator()::next;
    List<ShamirShare> shares = sharing.share("c", other, replay);
    for (ShamirShare share : known) {
      assertThat(shares.get(share.party() - 1).residues()).isEqualTo(share.residues());
    }
    assertThat(sharing.open(shares)).isEqualTo(other);
  }

  /**
   * Of x^1, x^2, ...: the polynomial through (0, value) and the shares, by Newton's differences.
   */
  private static List<Long> coefficientsThrough(List<ShamirShare> shares, int at, long value) {
    BigInteger p = BigInteger.valueOf(PrimeField.P);
    int count = shares.size() + 1;
    BigInteger[] x = new BigInteger[count];
    BigInteger[] y = new BigInteger[count];
    x[0] = BigInteger.ZERO;
    y[0] = BigInteger.valueOf(value).mod(p);
    for (int k = 1; k < count; k++) {
      x[k] = BigInteger.valueOf(shares.get(k - 1).party());
      y[k] = BigInteger.valueOf(shares.get(k - 1).residues()[at]);
    }
    for (int order = 1; order < count; order++) {
      for (int k = count - 1; k >= order; k--) {
        BigInteger run = x[k].subtract(x[k - order]);
        y[k] = y[k].subtract(y[k - 1]).multiply(run.modInverse(p)).mod(p);
      }
    }
    BigInteger[] polynomial = new BigInteger[count];
    Arrays.fill(polynomial, BigInteger.ZERO);
    for (int k = count - 1; k >= 0; k--) {
      // polynomial = polynomial (X - x_k) + y_k
      for (int degree = count - 1; degree >= 0; degree--) {
        BigInteger shifted = degree == 0 ? y[k] : polynomial[degree - 1];
        polynomial[degree] = shifted.subtract(polynomial[degree].multiply(x[k])).mod(p);
      }
    }
    assertThat(polynomial[0]).isEqualTo(y[0]);
    List<Long> coefficients = new ArrayList<>();
    for (int degree = 1; degree < count; degree++) {
      coefficients.add(polynomial[degree].longValueExact());
    }
    return coefficients;
  }

  /** Additive shares but one: another vector moves the one that is not known, and no other. */
  @Test
  void allAdditiveSharesButOneTellNothing() {
    AdditiveSharing sharing = new AdditiveSharing(round(4));
    List<AdditiveShare> shares = sharing.share("c", vector(1));
    List<Long> drawn = new ArrayList<>();
    for (int party = 0; party < 3; party++) {
      for (long residue : shares.get(party).residues()) {
        drawn.add(residue);
      }
    }
    // The first three are what was drawn, whatever the vector is.
    LongSupplier replay = drawn.iterator()::next;
    List<AdditiveShare> others = sharing.share("c", vector(2), replay);
    for (int party = 0; party < 3; party++) {
      assertThat(others.get(party).residues()).isEqualTo(shares.get(party).residues());
    }
    assertThat(others.get(3).residues()).isNotEqualTo(shares.get(3).residues());
    assertThat(sharing.open(others)).isEqualTo(vector(2));
  }

  @Test
  void aSharingDrawsFreshNumbers() {
    ShamirSharing sharing = new ShamirSharing(round(3), 2);
    assertThat(sharing.share("c", vector(1)).get(0).residues())
        .isNotEqualTo(sharing.share("c", vector(1)).get(0).residues());
  }

  @Test
  void sumsMergeInAnyGrouping() {
    AdditiveSharing sharing = new AdditiveSharing(round(2));
    List<List<AdditiveShare>> shares =
        IntStream.range(0, 9).mapToObj(c -> sharing.share("c" + c, vector(c))).toList();
    AdditiveShare first =
        shares.stream().parallel().map(s -> s.get(0)).collect(ShareAggregator.collector(9));
    ShareAggregator<AdditiveShare> left = new ShareAggregator<>(3);
    ShareAggregator<AdditiveShare> right = new ShareAggregator<>(3);
    for (int c = 0; c < 9; c++) {
      (c < 4 ? left : right).add(shares.get(c).get(1));
    }
    left.merge(right);
    left.merge(new ShareAggregator<>(1));
    refused(ErrorCode.BAD_INPUT, () -> left.merge(right));
    refused(ErrorCode.USAGE, () -> left.merge(left));
    assertThat(right.clients()).isEqualTo(5);
    assertThat(sharing.open(List.of(left.finish(), first))).isEqualTo(clearSum(9));
  }

  @Test
  void badSharesAreRefusedAndTheRoundGoesOn() {
    ShamirSharing sharing = new ShamirSharing(round(3), 2);
    ShareAggregator<ShamirShare> server = new ShareAggregator<>(2);
    refused(ErrorCode.BAD_INPUT, server::finish);
    List<ShamirShare> a = sharing.share("a", vector(0));
    List<ShamirShare> b = sharing.share("b", vector(1));
    server.add(a.get(0));
    refused(ErrorCode.BAD_INPUT, server::finish); // the minimum cohort
    refused(ErrorCode.BAD_INPUT, () -> server.add(a.get(0))); // counted
    refused(ErrorCode.BAD_INPUT, () -> server.add(b.get(1))); // another party's
    SharingRound other = new SharingRound("18", 3, LENGTH, BOUND, 1000);
    refused(
        ErrorCode.BAD_INPUT,
        () -> server.add(new ShamirSharing(other, 2).share("b", vector(1)).get(0)));
    SharingRound longer = new SharingRound("17", 3, LENGTH + 1, BOUND, 1000);
    refused(
        ErrorCode.BAD_INPUT,
        () -> server.add(new ShamirSharing(longer, 2).share("b", new long[51]).get(0)));
    refused(
        ErrorCode.BAD_INPUT,
        () -> server.add(new ShamirSharing(round(3), 3).share("b", vector(1)).get(0)));
    ShamirShare closed = sharing.share("c", vector(2)).get(0);
    closed.close();
    refused(ErrorCode.CLOSED, () -> server.add(closed));
    server.add(b.get(0));
    ShamirShare first = server.finish();
    refused(ErrorCode.CLOSED, () -> server.add(b.get(0)));
    ShamirShare second = List.of(a.get(1), b.get(1)).stream().collect(ShareAggregator.collector(2));
    assertThat(sharing.open(List.of(first, second))).isEqualTo(clearSum(2));

    refused(ErrorCode.BAD_INPUT, () -> sharing.open(List.of()));
    refused(ErrorCode.BAD_INPUT, () -> sharing.open(List.of(first)));
    refused(ErrorCode.BAD_INPUT, () -> sharing.open(List.of(first, first)));
    refused(ErrorCode.BAD_INPUT, () -> sharing.open(List.of(first, a.get(1)))); // other clients
    refused(ErrorCode.BAD_INPUT, () -> new ShamirSharing(other, 2).open(List.of(first, second)));
    refused(
        ErrorCode.BAD_INPUT,
        () -> new ShamirSharing(round(3), 3).open(List.of(first, second, b.get(2))));
  }

  @Test
  void moreClientsThanDeclaredAreRefused() {
    SharingRound small = new SharingRound("r", 2, 1, 5, 2);
    AdditiveSharing sharing = new AdditiveSharing(small);
    ShareAggregator<AdditiveShare> server = new ShareAggregator<>(1);
    server.add(sharing.share("a", new long[] {5}).get(0));
    server.add(sharing.share("b", new long[] {5}).get(0));
    refused(ErrorCode.OUT_OF_RANGE, () -> server.add(sharing.share("c", new long[] {5}).get(0)));
  }

  @Test
  void alteredSharesAreNoticed() {
    ShamirSharing sharing = new ShamirSharing(round(4), 2);
    List<ShamirShare> shares = sharing.share("a", vector(0));
    long[] altered = shares.get(3).residues().clone();
    altered[7] = PrimeField.add(altered[7], 1);
    ShamirShare bad = shares.get(3).with(Set.of("a"), altered);
    // With a third share there is something to hold it against.
    refused(ErrorCode.CORRUPT, () -> sharing.open(List.of(shares.get(0), shares.get(1), bad)));
    Arrays.fill(altered, 12345); // 50 sums are then within the bound once in 2^1000
    refused(ErrorCode.CORRUPT, () -> sharing.open(List.of(shares.get(0), bad)));
  }

  @Test
  void vectorsBeyondWhatWasDeclaredAreRefused() {
    AdditiveSharing sharing = new AdditiveSharing(round(2));
    for (long beyond : new long[] {BOUND + 1, -BOUND - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      long[] values = vector(1);
      values[33] = beyond;
      assertThatThrownBy(() -> sharing.share("c", values)).hasMessageContaining("integer 33 ");
    }
    refused(ErrorCode.USAGE, () -> sharing.share("c", new long[LENGTH - 1]));
    refused(ErrorCode.BAD_INPUT, () -> sharing.share("", vector(1)));
    refused(ErrorCode.OUT_OF_RANGE, () -> new SharingRound("r", 2, 1, 1L << 50, 1 << 10));
    assertThat(new SharingRound("r", 2, 1, 1L << 49, (1 << 11) - 1).bound()).isPositive();
    refused(ErrorCode.OUT_OF_RANGE, () -> new SharingRound("r", 1, 1, 1, 1));
    refused(ErrorCode.OUT_OF_RANGE, () -> new SharingRound("r", 256, 1, 1, 1));
    refused(ErrorCode.OUT_OF_RANGE, () -> new SharingRound("r", 2, 0, 1, 1));
    refused(ErrorCode.OUT_OF_RANGE, () -> new ShamirSharing(round(3), 4));
    refused(ErrorCode.OUT_OF_RANGE, () -> new ShamirSharing(round(3), 1));
  }

  @Test
  void sharesTravelAsBytes() {
    ShamirSharing shamir = new ShamirSharing(round(3), 2);
    List<ShamirShare> sums = sums(shamir, 3);
    List<ShamirShare> sent =
        sums.stream().map(sum -> ShamirShare.fromBytes(sum.toBytes())).toList();
    assertThat(sent.get(1)).hasToString(sums.get(1).toString());
    assertThat(sent.get(1).clients()).containsExactly("c0", "c1", "c2");
    assertThat(shamir.open(sent.subList(1, 3))).isEqualTo(clearSum(3));
    AdditiveSharing additive = new AdditiveSharing(round(2));
    List<AdditiveShare> shares =
        additive.share("c", vector(1)).stream()
            .map(share -> AdditiveShare.fromBytes(share.toBytes()))
            .toList();
    assertThat(additive.open(shares)).isEqualTo(vector(1));
    refused(ErrorCode.BAD_INPUT, () -> ShamirShare.fromBytes(shares.get(0).toBytes()));
    refused(ErrorCode.BAD_INPUT, () -> AdditiveShare.fromBytes(sent.get(0).toBytes()));
    assertThat(Share.fromBytes(shares.get(1).toBytes()))
        .isInstanceOfSatisfying(AdditiveShare.class, s -> assertThat(s.party()).isEqualTo(2));
    assertThat(Share.fromBytes(sent.get(2).toBytes()))
        .isInstanceOfSatisfying(ShamirShare.class, s -> assertThat(s.threshold()).isEqualTo(2));
    byte[] ofOne = ShareBytes.encode(shares.get(0), 1);
    refused(ErrorCode.CORRUPT, () -> Share.fromBytes(ofOne));
    // A residue that is none, with its checksum made right.
    long[] residues = shares.get(0).residues().clone();
    residues[3] = PrimeField.P;
    byte[] beyond = shares.get(0).with(Set.of("c"), residues).toBytes();
    refused(ErrorCode.CORRUPT, () -> AdditiveShare.fromBytes(beyond));
  }

  @Test
  void damagedBytesAreRefused() {
    byte[] good = new ShamirSharing(round(3), 2).share("c", vector(1)).get(0).toBytes();
    for (int i = 0; i < good.length; i++) {
      byte[] cut = Arrays.copyOf(good, i);
      refused(ErrorCode.CORRUPT, () -> ShamirShare.fromBytes(cut));
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << (i % 8));
      refused(ErrorCode.CORRUPT, () -> ShamirShare.fromBytes(bad));
    }
  }

  @Test
  void closingWipes() {
    AdditiveShare share = new AdditiveSharing(round(2)).share("c", vector(1)).get(0);
    long[] residues = share.residues();
    share.close();
    assertThat(residues).containsOnly(0);
    assertThat(share.toString()).isEqualTo("AdditiveShare of party 1, round 17, 1 clients");
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
