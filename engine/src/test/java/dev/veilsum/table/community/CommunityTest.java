package dev.veilsum.table.community;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.TestSets;
import dev.veilsum.backend.clear.ClearBackend;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.params.Presets;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On real magnitudes: each event's observer contributes the one that he measured. */
@Tag("exact")
class CommunityTest {
  private static final Community HALVES = community("ordered(0.5, -2..10; floor)");

  static List<Backend> backends() {
    return Backends.all();
  }

  private static Community community(String scale) {
    return new Community((ColumnKind.Ordered) ColumnKind.parse(scale), 10_000, 20);
  }

  private static List<BigDecimal> magnitudes(int limit) {
    try (var lines = Files.lines(Path.of("../docs/examples/earthquakes.csv"))) {
      return lines.skip(1).limit(limit).map(l -> new BigDecimal(l.split(",")[1])).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** All of them through a server that adds as they come. */
  private static Distribution gather(Community community, Backend backend, List<BigDecimal> all) {
    BfvContext bfv =
        BfvContext.create(TestSets.fitting(backend, Presets.BFV_8192.parameters()), backend);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(7));
        BfvPublicKey key = secret.publicKey();
        Contributions sum = sum(community, bfv, key, all)) {
      return community.open(secret.decryptor(), sum);
    }
  }

  private static Contributions sum(
      Community community, BfvContext bfv, BfvPublicKey key, List<BigDecimal> all) {
    Contributions sum = community.none();
    for (BigDecimal value : all) {
      try (Contributions one = community.contribute(bfv, key.encryptor(), value);
          Contributions before = sum) {
        sum = before.combine(one);
      }
    }
    return sum;
  }

  /** The figures are those of a sort in the clear. */
  private static void agrees(Distribution found, List<BigDecimal> all) {
    List<BigDecimal> ascending = new ArrayList<>(all);
    Collections.sort(ascending);
    int n = all.size();
    assertThat(found.owners()).isEqualTo(n);
    BigDecimal sum = all.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    Distribution.Between average = found.average();
    assertThat(sum.doubleValue() / n)
        .isBetween(average.from().doubleValue(), average.until().doubleValue());
    for (int percent : new int[] {0, 1, 25, 50, 78, 95, 99, 100}) {
      BigDecimal truth = ascending.get(Math.max(1, (n * percent + 99) / 100) - 1);
      Distribution.Between rank = found.percentile(percent);
      assertThat(truth).isBetween(rank.from(), rank.until());
      assertThat(rank.until().subtract(rank.from())).isEqualByComparingTo("0.5");
    }
    for (BigDecimal own : List.of(ascending.get(0), ascending.get(n / 2), ascending.get(n - 1))) {
      Distribution.Standing standing = found.standing(own);
      double half = Math.floor(own.doubleValue() * 2) / 2;
      long below = all.stream().filter(v -> v.doubleValue() < half).count();
      long above = all.stream().filter(v -> v.doubleValue() >= half + 0.5).count();
      assertThat(standing.below()).isEqualTo(below);
      assertThat(standing.above()).isEqualTo(above);
      assertThat(standing.beside()).isEqualTo(n - 1 - below - above);
      assertThat(standing.betterThanPercent()).isEqualTo((int) (100 * below / (n - 1)));
    }
  }

  @Test
  void thousandsOfOwners() {
    List<BigDecimal> all = magnitudes(2000);
    assertThat(all).hasSize(1707);
    agrees(gather(HALVES, new ClearBackend(), all), all);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void encrypted(Backend backend) {
    TestSets.assumePresent(backend);
    List<BigDecimal> all = magnitudes(60);
    agrees(gather(HALVES, backend, all), all);
  }

  @Test
  void onGridsEverythingIsExact() {
    Community hundredths = community("ordered(0.01, -2..10)");
    List<BigDecimal> all = magnitudes(300);
    Distribution found = gather(hundredths, new ClearBackend(), all);
    BigDecimal sum = all.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(found.average().exact()).isTrue();
    assertThat(found.average().from().multiply(new BigDecimal(300)).doubleValue())
        .isEqualTo(sum.doubleValue());
    assertThat(found.percentile(50).from())
        .isEqualByComparingTo(all.stream().sorted().toList().get(149));
  }

  /** A monoid: any grouping, any order, and nobody's contributions change nothing. */
  @Test
  void serversMayAddInAnyOrder() {
    BfvContext bfv = BfvContext.create(Presets.BFV_8192.parameters(), new ClearBackend());
    List<BigDecimal> all = new ArrayList<>(magnitudes(200));
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(8));
        BfvPublicKey key = secret.publicKey();
        Contributions straight = sum(HALVES, bfv, key, all)) {
      Collections.shuffle(all, new Random(1));
      try (Contributions left = sum(HALVES, bfv, key, all.subList(0, 77));
          Contributions right = sum(HALVES, bfv, key, all.subList(77, 200));
          Contributions both = right.combine(HALVES.none()).combine(left)) {
        assertThat(both.owners()).isEqualTo(200);
        assertThat(HALVES.open(secret.decryptor(), both).counts())
            .containsExactly(HALVES.open(secret.decryptor(), straight).counts());
      }
    }
  }

  /** What travels is one ciphertext, the same size whatever the value. */
  @Test
  void contributionsTravel() {
    BfvContext bfv = BfvContext.create(Presets.BFV_8192.parameters());
    Community two = new Community(HALVES.scale(), 30_000, 2);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(9));
        BfvPublicKey key = secret.publicKey()) {
      Contributions sum = two.none();
      for (String value : List.of("-2", "0.49", "10")) {
        try (Contributions mine = two.contribute(bfv, key.encryptor(), new BigDecimal(value))) {
          ByteBuffer sent = ByteBuffer.allocate(mine.sum().orElseThrow().packedBytes());
          assertThat(sent.capacity()).isBetween(170_000, 175_000);
          mine.sum().orElseThrow().pack(sent);
          sum = sum.combine(two.received(bfv.loadCiphertext(sent.flip())));
        }
      }
      long[] counts = two.open(secret.decryptor(), sum).counts();
      assertThat(counts[0]).isEqualTo(1);
      assertThat(counts[4]).isEqualTo(1);
      assertThat(counts[24]).isEqualTo(1);
    }
  }

  @Test
  void smallCohortsStayClosed() {
    assertThatThrownBy(() -> gather(HALVES, new ClearBackend(), magnitudes(19)))
        .isInstanceOf(VeilsumException.class)
        .hasMessageContaining("nothing is decrypted of fewer than 20");
    assertThat(gather(HALVES, new ClearBackend(), magnitudes(20)).owners()).isEqualTo(20);
    assertThatThrownBy(() -> new Community(HALVES.scale(), 100, 1))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
  }

  /** What a total gives away is refused; a vote that adds up to one is not. */
  @ParameterizedTest
  @CsvSource({
    "2, 0, 0, true",
    "1, 1, 0, true",
    "-1, 0, 0, true",
    "0, 0, 1, true",
    "2, -1, 0, false"
  })
  void somewhatDishonestContributions(long first, long second, long beyond, boolean refused) {
    BfvContext bfv = BfvContext.create(Presets.BFV_8192.parameters(), new ClearBackend());
    long[] slots = new long[HALVES.buckets() + 1];
    slots[4] = first;
    slots[5] = second;
    slots[HALVES.buckets()] = beyond;
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(10));
        BfvPublicKey key = secret.publicKey();
        Contributions honest = sum(HALVES, bfv, key, magnitudes(100));
        BfvCiphertext vote = key.encryptor().encrypt(slots, IntegerRange.of(-1, 2));
        Contributions all = honest.combine(HALVES.received(vote))) {
      if (refused) {
        assertThatThrownBy(() -> HALVES.open(secret.decryptor(), all))
            .isInstanceOfSatisfying(
                VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
      } else {
        assertThat(HALVES.open(secret.decryptor(), all).owners()).isEqualTo(101);
      }
    }
  }

  @Test
  void anotherCommunitysAndTooMany() {
    Community few = new Community(HALVES.scale(), 2, 2);
    BfvContext bfv = BfvContext.create(Presets.BFV_8192.parameters(), new ClearBackend());
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(11));
        BfvPublicKey key = secret.publicKey();
        Contributions one = few.contribute(bfv, key.encryptor(), BigDecimal.ONE);
        Contributions two = one.combine(one)) {
      assertThatThrownBy(() -> two.combine(one))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE));
      assertThatThrownBy(() -> two.combine(HALVES.none()))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-2.01", "10.01", "1e30", "-1e-30"})
  void valuesOffTheScaleAreRefused(String value) {
    BfvContext bfv = BfvContext.create(Presets.BFV_8192.parameters(), new ClearBackend());
    Community grid = community("ordered(0.5, -2..10)");
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(12));
        BfvPublicKey key = secret.publicKey()) {
      assertThatThrownBy(() -> grid.contribute(bfv, key.encryptor(), new BigDecimal(value)))
          .isInstanceOfSatisfying(
              VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE))
          .hasMessageNotContaining(value);
    }
  }

  @Test
  void nobodysValueHasNoStanding() {
    Distribution found = gather(HALVES, new ClearBackend(), magnitudes(50));
    for (String value : List.of("9.5", "-3", "11")) {
      assertThatThrownBy(() -> found.standing(new BigDecimal(value)))
          .hasMessageContaining("no standing");
    }
  }
}
