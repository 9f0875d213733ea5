package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much of one client's privacy may be spent, and the rounds that have spent of it. Immutable.
 *
 * @param epsilon what may be spent in all, above 0, at most 1000
 * @param delta for which epsilon is told, above 0, below 1
 * @param rounds what has been spent, in order; at most {@link #MAX_ROUNDS}
 */
public record PrivacyBudget(double epsilon, double delta, List<SpentRound> rounds) {
  /** The most rounds of one budget. */
  public static final int MAX_ROUNDS = 20_000;

  private static final int VERSION = 1;

  /** Refuses what is beyond the ranges: OUT_OF_RANGE. */
  public PrivacyBudget {
    if (!(epsilon > 0 && epsilon <= 1000)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "a budget of epsilon " + epsilon + "; above 0, at most 1000");
    }
    if (!(delta > 0 && delta < 1)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "a budget for delta " + delta + "; above 0 and below 1");
    }
    if (rounds.size() > MAX_ROUNDS) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%d rounds of one budget; at most %d".formatted(rounds.size(), MAX_ROUNDS));
    }
    rounds = List.copyOf(rounds);
  }

  /** With nothing spent. */
  public static PrivacyBudget of(double epsilon, double delta) {
    return new PrivacyBudget(epsilon, delta, List.of());
  }

  /** The epsilon that all rounds so far have cost together, for the budget's delta. */
  public double spent() {
    return account().epsilon(delta);
  }

  /** The epsilon that the rounds so far and {@code times} more would cost. */
  public double spentAfter(RoundCost cost, long times) {
    return account().plus(cost, times).epsilon(delta);
  }

  /** How many more rounds of this cost the budget pays for; at most {@link #MAX_ROUNDS}. */
  public int roundsLeft(RoundCost cost) {
    RenyiAccount account = account();
    int low = 0; // paid for, if it is above 0
    int high = MAX_ROUNDS - rounds.size() + 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (account.plus(cost, middle).epsilon(delta) <= epsilon) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private RenyiAccount account() {
    return RenyiAccount.of(rounds.stream().map(SpentRound::cost).toList());
  }

  /**
   * The budget after one more round.
   *
   * @throws VeilsumException PRIVACY_BUDGET where the round would pass it; BAD_INPUT for a round
   *     that is in it: noise made a second time would be a second release
   */
  public PrivacyBudget spend(SpentRound round) {
    if (rounds.stream().anyMatch(each -> each.name().equals(round.name()))) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "round %s has been paid for and its update been made: send that one again; another would"
                  .formatted(round.name())
              + " be a second release");
    }
    double after = spentAfter(round.cost(), 1);
    if (!(after <= epsilon)) {
      throw new VeilsumException(
          ErrorCode.PRIVACY_BUDGET,
          "round %s would bring epsilon from %.4g to %.4g, beyond the budget of %.4g (delta %.3g)"
                  .formatted(round.name(), spent(), after, epsilon, delta)
              + "; nothing was encrypted");
    }
    List<SpentRound> more = new ArrayList<>(rounds);
    more.add(round);
    return new PrivacyBudget(epsilon, delta, more);
  }

  /** As metadata. */
  Cbor toCbor() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("version", Cbor.of(VERSION));
    fields.put("epsilon", Cbor.of(epsilon));
    fields.put("delta", Cbor.of(delta));
    fields.put("rounds", new Cbor.Array(rounds.stream().map(PrivacyBudget::toCbor).toList()));
    return new Cbor.Fields(fields);
  }

  private static Cbor toCbor(SpentRound round) {
    RoundCost cost = round.cost();
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("round", Cbor.of(round.name()));
    fields.put("numbers", Cbor.of(cost.numbers()));
    fields.put("clients", Cbor.of(cost.clients()));
    fields.put("sensitivity squared", Cbor.of(cost.sensitivitySquared()));
    fields.put("sigma numerator", Cbor.of(cost.sigma().numerator()));
    fields.put("sigma denominator bits", Cbor.of(cost.sigma().denominatorBits()));
    fields.put("noise bound", Cbor.of(cost.noiseBound()));
    return new Cbor.Fields(fields);
  }

  /** Reads what {@link #toCbor} made: CORRUPT for anything else, UNSUPPORTED for other versions. */
  static PrivacyBudget of(Cbor value, String where) {
    FieldReader in = FieldReader.of(value, where);
    long version = in.integer("version", 1, Integer.MAX_VALUE);
    if (version != VERSION) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "%s is a privacy budget of version %d; this build reads version %d"
              .formatted(where, version, VERSION));
    }
    double epsilon = in.real("epsilon");
    double delta = in.real("delta");
    List<SpentRound> rounds = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Cbor each : in.array("rounds")) {
      FieldReader round = FieldReader.of(each, where + " round " + rounds.size());
      SpentRound read = round(round);
      round.finish();
      if (!names.add(read.name())) {
        throw in.wrong("rounds", "has round " + read.name() + " twice");
      }
      rounds.add(read);
    }
    in.finish();
    return new PrivacyBudget(epsilon, delta, rounds);
  }

  private static SpentRound round(FieldReader in) {
    return new SpentRound(
        in.text("round"),
        new RoundCost(
            in.integer("numbers", 1, RoundCost.MAX_NUMBERS),
            (int) in.integer("clients", 1, RoundCost.MAX_CLIENTS),
            in.integer("sensitivity squared", 1, RoundCost.MAX_SENSITIVITY_SQUARED),
            new Sigma(
                (int) in.integer("sigma numerator", 1, Sigma.MAX_NUMERATOR),
                (int) in.integer("sigma denominator bits", 0, Sigma.MAX_DENOMINATOR_BITS)),
            in.integer("noise bound", 1, 1L << 32)));
  }
}
