package dev.veilsum.threshold;

import dev.veilsum.aggregate.AggregateForm;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientAggregator;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.aggregate.JointKey;
import dev.veilsum.aggregate.RoundOptions;
import dev.veilsum.aggregate.UpdateDeclaration;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The parties of a key, what each of them keeps, and rounds under the key. */
final class Parties {
  static final OrderedPool POOL = new OrderedPool(2);

  private static final Map<String, Parties> MADE = new HashMap<>();

  final ThresholdSession session;
  final List<MasterKey> masters = new ArrayList<>();
  final List<ThresholdParty> parties = new ArrayList<>();
  final Joins joins;
  final List<DealMessage> dealt;
  final Deals deals;
  final List<ConfirmMessage> confirmed;
  final JointKey key;
  final List<KeyShare> shares = new ArrayList<>();
  private final Random random = new Random(4);

  /** Those of one key, which all tests share. */
  static synchronized Parties of(int parties, int threshold) {
    return MADE.computeIfAbsent(
        threshold + " of " + parties,
        each ->
            new Parties(
                ThresholdSession.create(
                    parties, threshold, new GradientRequest(8, 1024).unitWeights())));
  }

  Parties(ThresholdSession session) {
    this.session = session;
    for (int party = 1; party <= session.parties(); party++) {
      masters.add(MasterKey.generate());
      parties.add(new ThresholdParty(masters.get(party - 1), session, party));
    }
    joins = Joins.of(session, parties.stream().map(ThresholdParty::join).toList());
    dealt = parties.stream().map(party -> party.deal(joins)).toList();
    deals = Deals.of(joins, dealt);
    confirmed = parties.stream().map(party -> party.confirm(deals)).toList();
    key = JointKeyFile.assemble(deals, confirmed);
    parties.forEach(party -> shares.add(party.finish(deals, confirmed)));
  }

  /** A finished round of some clients, and the clear sums in {@code sums}. */
  GradientAggregate round(int clients, long[] sums) {
    return round(clients, sums, "round 1");
  }

  GradientAggregate round(int clients, long[] sums, String name) {
    List<TensorShape> tensors = List.of(TensorShape.vector("w", ElementType.FLOAT32, sums.length));
    GradientEncryptor encryptor = new GradientEncryptor(key, POOL);
    try (GradientAggregator round =
        new GradientAggregator(RoundOptions.byDefault().minimumCohort(1), POOL)) {
      for (int client = 0; client < clients; client++) {
        long[] numbers = new long[sums.length];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = random.nextInt(256);
          sums[i] += numbers[i];
        }
        round.add(
            encryptor.encrypt(
                new UpdateDeclaration(name, "client " + client, 1, 1.0, tensors),
                GradientValues.ofIntegers(numbers)));
      }
      return round.finish();
    }
  }

  static void write(GradientAggregate aggregate, Path file, AggregateForm form) {
    aggregate.write(output(file), form, POOL, done -> {});
  }

  /** The ledger of a party in a folder, made where it is not there. */
  OpeningLedger ledger(int party, Path folder) {
    OpeningLedger ledger =
        OpeningLedger.of(folder.resolve("ledger" + party), shares.get(party - 1));
    ledger.create();
    return ledger;
  }

  /** Makes one party's part. */
  Path part(GradientAggregate aggregate, int party, List<Integer> participants, Path folder) {
    return part(aggregate, party, participants, folder, 3);
  }

  Path part(
      GradientAggregate aggregate,
      int party,
      List<Integer> participants,
      Path folder,
      int minimumCohort) {
    Path file = folder.resolve("part%d-%s.vsm".formatted(party, random.nextInt(1 << 30)));
    OpeningLedger ledger = ledger(party, folder);
    try (OpenShare share = shares.get(party - 1).open(masters.get(party - 1))) {
      new PartMaker(share, ledger, minimumCohort, POOL)
          .make(aggregate, participants, output(file), done -> {});
    }
    return file;
  }

  List<Path> partsOf(GradientAggregate aggregate, List<Integer> participants, Path folder) {
    return participants.stream()
        .map(party -> part(aggregate, party, participants, folder))
        .toList();
  }

  /** The sums that these parts open. */
  static long[] combine(GradientAggregate aggregate, List<Path> files) {
    List<OpeningPart> parts = new ArrayList<>();
    try {
      for (Path file : files) {
        parts.add(OpeningPart.open(file));
      }
      return new GradientDecryptor(PartsOpener.of(aggregate, parts), 3, POOL).sums(aggregate);
    } finally {
      parts.forEach(OpeningPart::close);
    }
  }

  static AtomicOutput output(Path file) {
    return AtomicOutput.create(file, true, AtomicOutput.Access.USUAL);
  }
}
