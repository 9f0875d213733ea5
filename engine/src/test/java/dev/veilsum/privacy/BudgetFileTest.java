package dev.veilsum.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client's budget on disk: what is spent stays spent, and what is damaged is not believed. */
class BudgetFileTest {
  private static final RoundCost COST = new PrivacyRequest(1, 5, 20, 1000, 16).solve().cost();

  @TempDir Path folder;
  private Path path;
  private BudgetFile file;

  @BeforeEach
  void make() {
    path = folder.resolve("a.privacy");
    file = BudgetFile.at(path);
    file.create(PrivacyBudget.of(2, 1e-6));
  }

  @Test
  void spendsUntilTheBudgetIsSpent() {
    int rounds = file.read().roundsLeft(COST);
    assertThat(rounds).isBetween(2, 20);
    for (int round = 0; round < rounds; round++) {
      double before = file.read().spent();
      assertThat(file.spend(new SpentRound("r" + round, COST)).spent()).isGreaterThan(before);
    }
    assertThat(file.read().spent()).isLessThanOrEqualTo(2);
    refused(ErrorCode.PRIVACY_BUDGET, () -> file.spend(new SpentRound("one more", COST)));
    assertThat(file.read().rounds()).hasSize(rounds);
    assertThat(file.read().roundsLeft(COST)).isZero();
    assertThat(file.read().spentAfter(COST, 1)).isGreaterThan(2);
    // A cheaper one still fits.
    RoundCost cheap = new PrivacyRequest(1, 500, 20, 1000, 24).solve().cost();
    assertThat(file.spend(new SpentRound("cheap", cheap)).rounds()).hasSize(rounds + 1);
  }

  @Test
  void aRoundIsPaidForOnce() {
    file.spend(new SpentRound("r", COST));
    refused(ErrorCode.BAD_INPUT, () -> file.spend(new SpentRound("r", COST)));
    assertThat(file.read().rounds()).containsExactly(new SpentRound("r", COST));
  }

  @Test
  void whatIsThereIsNotMadeAnew() {
    file.spend(new SpentRound("r", COST));
    refused(ErrorCode.OUTPUT_EXISTS, () -> file.create(PrivacyBudget.of(2, 1e-6)));
    assertThat(file.read().rounds()).hasSize(1);
    refused(ErrorCode.IO, () -> BudgetFile.at(folder.resolve("other")).read());
    refused(
        ErrorCode.IO,
        () -> BudgetFile.at(folder.resolve("other")).spend(new SpentRound("r", COST)));
  }

  @Test
  void damageIsNeverAnEmptyBudget() throws IOException {
    file.spend(new SpentRound("r", COST));
    byte[] good = Files.readAllBytes(path);
    for (int length = 0; length < good.length; length++) {
      Files.write(path, Arrays.copyOf(good, length));
      refused(ErrorCode.CORRUPT, () -> file.spend(new SpentRound("s", COST)));
    }
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << (i % 8));
      Files.write(path, bad);
      refused(ErrorCode.CORRUPT, file::read);
    }
    Files.write(path, Arrays.copyOf(good, good.length + 1));
    refused(ErrorCode.CORRUPT, file::read);
    Files.write(path, good);
    assertThat(file.read().rounds()).hasSize(1);
  }

  @Test
  void threadsTakeTurns() {
    BudgetFile large = BudgetFile.at(folder.resolve("large"));
    large.create(PrivacyBudget.of(100, 1e-6));
    AtomicInteger twice = new AtomicInteger();
    IntStream.range(0, 40)
        .parallel()
        .forEach(
            i -> {
              try {
                large.spend(new SpentRound("r" + i / 2, COST));
              } catch (VeilsumException e) {
                twice.incrementAndGet();
              }
            });
    assertThat(twice).hasValue(20);
    assertThat(large.read().rounds()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void badBudgetsAreRefused() {
    refused(ErrorCode.OUT_OF_RANGE, () -> PrivacyBudget.of(0, 1e-6));
    refused(ErrorCode.OUT_OF_RANGE, () -> PrivacyBudget.of(Double.NaN, 1e-6));
    refused(ErrorCode.OUT_OF_RANGE, () -> PrivacyBudget.of(1, 0));
    refused(ErrorCode.OUT_OF_RANGE, () -> PrivacyBudget.of(1, 1));
    refused(ErrorCode.BAD_INPUT, () -> new SpentRound(" ", COST));
  }

  static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
