package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/**
 * A round that has been paid for.
 *
 * @param name the round's name, 1 to 64 characters
 * @param cost what it cost
 */
public record SpentRound(String name, RoundCost cost) {
  /** Refuses other names: BAD_INPUT. */
  public SpentRound {
    if (name.isBlank() || name.codePointCount(0, name.length()) > 64) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "a round's name has 1 to 64 characters, not \"%s\"".formatted(name));
    }
  }
}
