package dev.veilsum.privacy;

import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/** Privacy budgets, as they are and with their checksum put right. */
public final class PrivacyFuzz {
  private static final int DIGEST = 32;

  private PrivacyFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget("privacyBudget", PrivacyFuzz::read, PrivacyFuzz::budgets),
        new FuzzTarget(
            "privacyBudgetBody",
            body -> read(withDigest(body)),
            () ->
                budgets().stream()
                    .map(bytes -> Arrays.copyOf(bytes, bytes.length - DIGEST))
                    .toList()));
  }

  private static void read(byte[] bytes) {
    PrivacyBudget budget = BudgetFile.decode(bytes, "fuzzed");
    budget.spent();
    GuardedRead.requireSame(BudgetFile.encode(budget), bytes);
  }

  /** The body with its SHA-256 after it. */
  private static byte[] withDigest(byte[] body) {
    try {
      byte[] bytes = Arrays.copyOf(body, body.length + DIGEST);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      System.arraycopy(digest, 0, bytes, body.length, DIGEST);
      return bytes;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<byte[]> budgets() {
    PrivacyBudget empty = PrivacyBudget.of(2.5, 1e-6);
    RoundCost cost = new PrivacyRequest(1, 5, 20, 1000, 16).solve().cost();
    return List.of(
        BudgetFile.encode(empty),
        BudgetFile.encode(empty.spend(new SpentRound("a", cost)).spend(new SpentRound("b", cost))));
  }
}
