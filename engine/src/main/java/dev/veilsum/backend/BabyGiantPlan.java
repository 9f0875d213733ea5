package dev.veilsum.backend;

import dev.veilsum.params.KeyRequirements;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a linear transform rotates: diagonal k = j n + i, 0 &lt;= i &lt; n, multiplies the vector
 * rotated by the baby step i, and the sums of those of one j are rotated by the giant step j n
 * (Halevi and Shoup, ePrint 2018/244, section 4.1).
 *
 * @param diagonals ascending
 * @param babySteps n
 */
public record BabyGiantPlan(List<Integer> diagonals, int babySteps) {
  public BabyGiantPlan {
    diagonals = List.copyOf(diagonals);
  }

  /** The baby steps that occur, ascending. */
  public int[] babies() {
    return diagonals.stream().mapToInt(this::baby).distinct().sorted().toArray();
  }

  /** The giant steps that occur, ascending. */
  public int[] giants() {
    return diagonals.stream().mapToInt(this::giant).distinct().sorted().toArray();
  }

  public int baby(int diagonal) {
    return diagonal % babySteps;
  }

  public int giant(int diagonal) {
    return diagonal - baby(diagonal);
  }

  /** The keys that applying it takes: a rotation for each step but 0. */
  public KeyRequirements keys() {
    return KeyRequirements.rotations(
        IntStream.concat(IntStream.of(babies()), IntStream.of(giants())).distinct().toArray());
  }
}
