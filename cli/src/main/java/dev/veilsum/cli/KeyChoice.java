package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import dev.veilsum.table.TableScheme;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which evaluation keys operations on tables need. */
record KeyChoice(Set<Operation> operations) {
  /** The operations of {@code compute}, and what they do under encryption. */
  enum Operation {
    ADD(false, false),
    SUB(false, false),
    SCALE(false, false),
    MUL(true, false),
    SUM(false, true),
    COUNT(false, true),
    MEAN(false, true),
    VARIANCE(true, true),
    DOT(true, true),
    MIN(true, false),
    MAX(true, false),
    ARGMIN(true, false),
    ARGMAX(true, false),
    TOP(true, false),
    HISTOGRAM(true, true),
    PERCENTILE(true, true),
    MEDIAN(true, true),
    /** Not an operation of its own: what conditions take, for {@code pubkey --for}. */
    WHERE(true, true);

    private final boolean multiplies;
    private final boolean foldsSlots;

    Operation(boolean multiplies, boolean foldsSlots) {
      this.multiplies = multiplies;
      this.foldsSlots = foldsSlots;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Operation named(String text) {
      return named(text, EnumSet.allOf(Operation.class));
    }

    /** One that {@code compute} does; {@code USAGE} with those that there are where it is none. */
    static Operation computed(String text) {
      return named(text, EnumSet.complementOf(EnumSet.of(WHERE)));
    }

    private static Operation named(String text, Set<Operation> all) {
      return all.stream()
          .filter(operation -> operation.text().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new VeilsumException(
                      ErrorCode.USAGE,
                      "no operation \"%s\"; there are %s"
                          .formatted(text, all.stream().map(Operation::text).toList())));
    }
  }

  /** The keys of these operations; of all where none is named. */
  static KeyChoice of(List<String> names) {
    if (names.isEmpty()) {
      return new KeyChoice(EnumSet.allOf(Operation.class));
    }
    Set<Operation> chosen = EnumSet.noneOf(Operation.class);
    names.forEach(name -> chosen.add(Operation.named(name.strip())));
    return new KeyChoice(chosen);
  }

  KeyRequirements keys(RlweParameters parameters) {
    KeyRequirements keys = KeyRequirements.none();
    if (!parameters.canKeySwitch()) {
      return keys;
    }
    for (SwitchKey key : TableScheme.questionKeys(parameters).keys()) {
      boolean needed =
          key.equals(SwitchKey.RELINEARIZATION)
              ? operations.stream().anyMatch(operation -> operation.multiplies)
              : operations.stream().anyMatch(operation -> operation.foldsSlots);
      keys = needed ? keys.with(key) : keys;
    }
    return keys;
  }
}
