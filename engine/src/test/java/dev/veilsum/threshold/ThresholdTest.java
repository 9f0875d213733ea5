package dev.veilsum.threshold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.AggregateForm;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientAggregator;
import dev.veilsum.aggregate.GradientCodec;
import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.aggregate.GradientUpdate;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.aggregate.JointKey;
import dev.veilsum.aggregate.RoundOptions;
import dev.veilsum.aggregate.UpdateDeclaration;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.keys.MasterKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums that t of n parties open, and everything that is refused. */
class ThresholdTest {
  private static final int LENGTH = 1000;

  @TempDir Path folder;

  static void refused(ErrorCode code, String says, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(says);
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "5, 3", "5, 5", "2, 2"})
  void asManyPartiesAsNeededOpenExactly(int n, int t) {
    Parties of = Parties.of(n, t);
    long[] sums = new long[of.key.parameters().chunkNumbers() + 10]; // two chunks
    try (GradientAggregate round = of.round(4, sums)) {
      List<Integer> participants = new ArrayList<>();
      for (int i = 0; i < t; i++) {
        participants.add(n - i); // the last, and in any order
      }
      List<Path> parts = new ArrayList<>(of.partsOf(round, participants, folder));
      Collections.reverse(parts);
      assertThat(Parties.combine(round, parts)).isEqualTo(sums);
    }
  }

  @Test
  void fewerSharesOpenNothing() {
    Parties of = Parties.of(5, 3);
    long[] sums = new long[LENGTH];
    try (GradientAggregate round = of.round(4, sums)) {
      List<Path> parts = of.partsOf(round, List.of(1, 3, 4), folder);
      refused(
          ErrorCode.BAD_INPUT,
          "parties 4 are missing",
          () -> Parties.combine(round, parts.subList(0, 2)));
      refused(ErrorCode.BAD_INPUT, "no shares", () -> Parties.combine(round, List.of()));
      refused(
          ErrorCode.BAD_INPUT,
          "a second share of party 1",
          () -> Parties.combine(round, List.of(parts.get(0), parts.get(1), parts.get(0))));
      // The participants are t different parties, this one among them.
      for (List<Integer> set :
          List.of(List.of(1, 2), List.of(1, 2, 3, 4), List.of(1, 1, 2), List.of(1, 2, 6))) {
        assertThatThrownBy(() -> of.part(round, 1, set, folder))
            .isInstanceOf(VeilsumException.class);
      }
      refused(ErrorCode.BAD_INPUT, "not among", () -> of.part(round, 1, List.of(2, 3, 4), folder));
      assertThat(Parties.combine(round, parts)).isEqualTo(sums);
    }
  }

  @Test
  void theArithmeticOfFewerSharesIsGarbage() {
    // Two of three parties who take themselves for a whole set, past every check.
    Parties of = Parties.of(3, 3);
    long[] sums = new long[LENGTH];
    try (GradientAggregate round = of.round(3, sums)) {
      OpeningId opening = OpeningId.of(round, List.of(1, 2));
      GradientParameters parameters = of.key.parameters();
      int bytes = parameters.polynomialBytes();
      ByteBuffer pair = ByteBuffer.allocateDirect(2 * bytes);
      round.readPair(0, pair);
      ByteBuffer both = ByteBuffer.allocateDirect(2 * bytes);
      for (int party = 1; party <= 2; party++) {
        try (OpenShare share = of.shares.get(party - 1).open(of.masters.get(party - 1))) {
          both.put(PartMaker.ofChunk(share, opening, 0, pair));
        }
      }
      ByteBuffer opened =
          ByteBuffer.allocateDirect(8 * parameters.chunkNumbers()).order(ByteOrder.nativeOrder());
      PartsOpener.combine(
          new GradientCodec(parameters), pair, both.clear(), 2, Long.MAX_VALUE, opened);
      int right = 0;
      for (int i = 0; i < LENGTH; i++) {
        right += opened.getLong(8 * i) == sums[i] ? 1 : 0;
      }
      assertThat(right).isLessThan(10); // of 1000, each right with probability 2^-18
    }
  }

  @Test
  void partsThatDoNotBelongTogether() throws IOException {
    Parties of = Parties.of(3, 2);
    Parties others = new Parties(of.session);
    long[] sums = new long[LENGTH];
    try (GradientAggregate one = of.round(3, sums, "1");
        GradientAggregate two = of.round(3, new long[LENGTH], "2");
        GradientAggregate foreign = others.round(3, new long[LENGTH], "1")) {
      Path oneByOne = of.part(one, 1, List.of(1, 2), folder);
      Path twoByTwo = of.part(two, 2, List.of(1, 2), folder);
      refused(
          ErrorCode.BAD_INPUT,
          "another aggregate",
          () -> Parties.combine(one, List.of(oneByOne, twoByTwo)));
      Path other = of.part(one, 3, List.of(2, 3), folder);
      refused(
          ErrorCode.BAD_INPUT,
          "do not combine",
          () -> Parties.combine(one, List.of(oneByOne, other)));
      Path elsewhere = Files.createTempDirectory(folder, "others");
      Path ofOther = others.part(foreign, 2, List.of(1, 2), elsewhere);
      refused(
          ErrorCode.KEY_MISMATCH, "of key", () -> Parties.combine(one, List.of(oneByOne, ofOther)));
      refused(
          ErrorCode.KEY_MISMATCH, "under key", () -> others.part(one, 1, List.of(1, 2), elsewhere));
      Path last = of.part(one, 2, List.of(1, 2), folder);
      assertThat(Parties.combine(one, List.of(oneByOne, last))).isEqualTo(sums);
    }
  }

  @Test
  void aDigestIsOpenedOnce() throws IOException {
    Parties of = Parties.of(3, 2);
    long[] sums = new long[LENGTH];
    Path file = folder.resolve("sum.vsm");
    Path ready = folder.resolve("ready.vsm");
    try (GradientAggregate round = of.round(3, sums)) {
      Parties.write(round, file, AggregateForm.COMPACT);
      Parties.write(round, ready, AggregateForm.READY);
    }
    List<Path> parts;
    try (GradientAggregate sum = GradientAggregate.open(file)) {
      parts = of.partsOf(sum, List.of(1, 2), folder);
    }
    // With the same parties, with others, and under other metadata: it is one ciphertext.
    for (Path again : List.of(file, ready)) {
      try (GradientAggregate sum = GradientAggregate.open(again)) {
        int before = folder.toFile().list().length;
        refused(ErrorCode.BAD_INPUT, "already", () -> of.part(sum, 1, List.of(1, 2), folder));
        refused(ErrorCode.BAD_INPUT, "already", () -> of.part(sum, 1, List.of(1, 3), folder));
        assertThat(folder.toFile().list()).hasSize(before);
      }
    }
    try (GradientAggregate sum = GradientAggregate.open(file);
        GradientAggregate other = of.round(3, new long[LENGTH])) {
      assertThat(Parties.combine(sum, parts)).isEqualTo(sums);
      of.part(other, 1, List.of(1, 2), folder); // another sum is
    }
    assertThat(Files.readAllLines(folder.resolve("ledger1"))).hasSize(3);
  }

  @Test
  void theLedgerFailsSafely() throws IOException {
    Parties of = Parties.of(2, 2);
    long[] sums = new long[LENGTH];
    try (GradientAggregate round = of.round(3, sums);
        GradientAggregate next = of.round(3, new long[LENGTH])) {
      of.part(round, 1, List.of(1, 2), folder);
      Path ledger = folder.resolve("ledger1");
      String good = Files.readString(ledger);
      // A line that was cut while it was written: its part was never given away.
      Files.writeString(ledger, "opened 0123", StandardOpenOption.APPEND);
      of.part(next, 1, List.of(1, 2), folder);
      refused(ErrorCode.BAD_INPUT, "already", () -> of.part(round, 1, List.of(1, 2), folder));
      assertThat(Files.readString(ledger)).startsWith(good).hasLineCount(3);
      Files.writeString(ledger, good.replace("aggregate", "aggregat"));
      refused(ErrorCode.CORRUPT, "line 2", () -> of.part(round, 1, List.of(1, 2), folder));
      Files.writeString(ledger, "hello\n");
      refused(ErrorCode.CORRUPT, "first line", () -> of.part(round, 1, List.of(1, 2), folder));
      Files.copy(folder.resolve("ledger1"), folder.resolve("old"));
      of.ledger(2, folder);
      Files.writeString(ledger, Files.readString(folder.resolve("ledger2")));
      refused(
          ErrorCode.KEY_MISMATCH, "another share", () -> of.part(round, 1, List.of(1, 2), folder));
      Files.delete(ledger);
      OpeningLedger missing = OpeningLedger.of(ledger, of.shares.get(0));
      try (OpenShare share = of.shares.get(0).open(of.masters.get(0))) {
        PartMaker maker = new PartMaker(share, missing, 3, Parties.POOL);
        Path out = folder.resolve("never.vsm");
        refused(
            ErrorCode.BAD_INPUT,
            "is missing",
            () -> maker.make(round, List.of(1, 2), Parties.output(out), done -> {}));
        assertThat(out).doesNotExist();
      }
    }
  }

  @Test
  void smallCohortsAndUnfinishedRounds() {
    Parties of = Parties.of(2, 2);
    try (GradientAggregate two = of.round(2, new long[LENGTH])) {
      refused(ErrorCode.BAD_INPUT, "at least 3", () -> of.part(two, 1, List.of(1, 2), folder));
      of.part(two, 1, List.of(1, 2), folder, 2);
    }
    GradientEncryptor encryptor = new GradientEncryptor(of.key, Parties.POOL);
    List<TensorShape> tensors = List.of(TensorShape.vector("w", ElementType.FLOAT32, 5));
    Path checkpoint = folder.resolve("round.checkpoint");
    try (GradientAggregator round =
        new GradientAggregator(RoundOptions.byDefault(), Parties.POOL)) {
      for (int client = 0; client < 4; client++) {
        round.add(
            encryptor.encrypt(
                new UpdateDeclaration("1", "c" + client, 1, 1, tensors),
                GradientValues.of(new float[5])));
      }
      round.checkpoint(checkpoint);
    }
    try (GradientAggregate going = GradientAggregate.open(checkpoint)) {
      refused(ErrorCode.BAD_INPUT, "checkpoint", () -> of.part(going, 1, List.of(1, 2), folder));
    }
  }

  @Test
  void messagesThatAreMissingTwiceOrForeign() {
    Parties of = Parties.of(3, 2);
    Parties other = Parties.of(5, 3);
    Parties again = new Parties(of.session);
    List<JoinMessage> joins = of.parties.stream().map(ThresholdParty::join).toList();
    refused(ErrorCode.BAD_INPUT, "[3]", () -> Joins.of(of.session, joins.subList(0, 2)));
    List<JoinMessage> twice = new ArrayList<>(joins);
    twice.set(1, joins.get(0));
    refused(ErrorCode.BAD_INPUT, "two join messages", () -> Joins.of(of.session, twice));
    twice.set(1, new JoinMessage(of.session.digest(), 2, joins.get(0).exchangeKey(), new byte[32]));
    refused(ErrorCode.BAD_INPUT, "one exchange key", () -> Joins.of(of.session, twice));
    refused(ErrorCode.KEY_MISMATCH, "another session", () -> Joins.of(other.session, joins));
    // Other joins of the same session: their deals do not mix.
    List<DealMessage> mixed = new ArrayList<>(of.dealt);
    mixed.set(2, again.dealt.get(2));
    refused(ErrorCode.KEY_MISMATCH, "other join", () -> Deals.of(of.joins, mixed));
    refused(ErrorCode.BAD_INPUT, "[1]", () -> Deals.of(of.joins, of.dealt.subList(1, 3)));
    refused(
        ErrorCode.BAD_INPUT,
        "[2]",
        () -> JointKeyFile.assemble(of.deals, List.of(of.confirmed.get(0), of.confirmed.get(2))));
    // A part of the public key that was not committed to: what a last party would choose.
    List<ConfirmMessage> chosen = new ArrayList<>(of.confirmed);
    chosen.set(2, new ConfirmMessage(of.deals.digest(), 3, again.confirmed.get(2).b()));
    refused(ErrorCode.BAD_INPUT, "committed", () -> JointKeyFile.assemble(of.deals, chosen));
    chosen.set(2, new ConfirmMessage(again.deals.digest(), 3, of.confirmed.get(2).b()));
    refused(ErrorCode.KEY_MISMATCH, "other deal", () -> JointKeyFile.assemble(of.deals, chosen));
    // A share that another party sealed.
    List<byte[]> swapped = new ArrayList<>();
    for (int to = 1; to <= 3; to++) {
      swapped.add(of.dealt.get(1).sealedFor(to));
    }
    List<DealMessage> forged = new ArrayList<>(of.dealt);
    forged.set(0, DealMessage.of(of.joins.digest(), 1, of.dealt.get(0).commitment(), swapped));
    refused(
        ErrorCode.WRONG_KEY,
        "share of party 1",
        () -> of.parties.get(2).confirm(Deals.of(of.joins, forged)));
    try (MasterKey stranger = MasterKey.generate()) {
      refused(ErrorCode.WRONG_KEY, "no party", () -> ThresholdParty.of(stranger, of.joins));
      refused(ErrorCode.WRONG_KEY, "was not sealed", () -> of.shares.get(0).open(stranger));
    }
    assertThat(ThresholdParty.of(of.masters.get(1), of.joins).party()).isEqualTo(2);
    refused(ErrorCode.WRONG_KEY, "was not sealed", () -> of.shares.get(0).open(of.masters.get(1)));
  }

  @Test
  void aStepThatIsTakenAgainGivesTheSame() {
    Parties of = Parties.of(2, 2);
    DealMessage again = of.parties.get(0).deal(of.joins);
    assertThat(again.commitment()).isEqualTo(of.dealt.get(0).commitment());
    assertThat(again.sealedFor(2)).isNotEqualTo(of.dealt.get(0).sealedFor(2)); // sealed afresh
    List<DealMessage> mixed = List.of(again, of.dealt.get(1));
    Deals deals = Deals.of(of.joins, mixed);
    List<ConfirmMessage> confirmed =
        of.parties.stream().map(party -> party.confirm(deals)).toList();
    assertThat(JointKeyFile.assemble(deals, confirmed).keyId()).isEqualTo(of.key.keyId());
  }

  @Test
  void everyMessageIsAFile() throws IOException {
    Parties of = Parties.of(2, 2);
    Path file = folder.resolve("m");
    of.session.write(Parties.output(file));
    ThresholdSession session = read(file, ThresholdSession::read);
    assertThat(session).isEqualTo(of.session);
    List<JoinMessage> joins = new ArrayList<>();
    List<DealMessage> deals = new ArrayList<>();
    List<ConfirmMessage> confirmed = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      of.parties.get(i).join().write(Parties.output(file));
      joins.add(read(file, JoinMessage::read));
      of.dealt.get(i).write(Parties.output(file));
      deals.add(read(file, reader -> DealMessage.read(reader, 2)));
      of.confirmed.get(i).write(Parties.output(file));
      confirmed.add(read(file, ConfirmMessage::read));
    }
    Deals read = Deals.of(Joins.of(session, joins), deals);
    JointKey key = JointKeyFile.assemble(read, confirmed);
    assertThat(key.keyId()).isEqualTo(of.key.keyId());
    JointKeyFile.write(key, Parties.output(file));
    assertThat(read(file, JointKeyFile::read).keyId()).isEqualTo(key.keyId());
    of.parties.get(1).finish(read, confirmed).write(Parties.output(file));
    KeyShare share = read(file, KeyShare::read);
    assertThat(share.party()).isEqualTo(2);
    assertThat(share.keyId()).isEqualTo(key.keyId());
    share.open(of.masters.get(1)).close();
    refused(ErrorCode.BAD_INPUT, "needs a join", () -> read(file, JoinMessage::read));
    refused(ErrorCode.USAGE, "was not kept", () -> of.parties.get(0).confirm(read));
  }

  private static <T> T read(Path file, Function<ContainerReader, T> read) {
    try (ContainerReader reader = ContainerReader.open(file)) {
      return read.apply(reader);
    }
  }

  @Test
  void secretsDoNotStandInFilesAndPrintNothing() throws IOException {
    Parties of = Parties.of(2, 2);
    try (OpenShare share = of.shares.get(0).open(of.masters.get(0))) {
      byte[] clear = new byte[64];
      share.share().get(1000, clear);
      String secret = new String(clear, StandardCharsets.ISO_8859_1);
      Path file = folder.resolve("share");
      of.shares.get(0).write(Parties.output(file));
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
      assertThat(share.toString() + of.parties.get(0)).doesNotContainPattern("[0-9a-f]{8}");
    }
  }

  @Test
  void updatesUnderAPublicKey() {
    Parties of = Parties.of(2, 2);
    GradientEncryptor encryptor = new GradientEncryptor(of.key, Parties.POOL);
    List<TensorShape> tensors = List.of(TensorShape.vector("w", ElementType.FLOAT32, 3));
    UpdateDeclaration declared = new UpdateDeclaration("1", "a", 1, 1, tensors);
    refused(
        ErrorCode.BAD_INPUT,
        "index 1 is NaN",
        () -> encryptor.encrypt(declared, GradientValues.of(new float[] {0, Float.NaN, 0})));
    refused(
        ErrorCode.OUT_OF_RANGE,
        "index 2",
        () -> encryptor.encrypt(declared, GradientValues.ofIntegers(new long[] {0, 255, 256})));
    refused(
        ErrorCode.OUT_OF_RANGE,
        "weight of 2",
        () ->
            encryptor.encrypt(
                new UpdateDeclaration("1", "a", 2, 1, tensors), GradientValues.of(new float[3])));
    GradientUpdate first = encryptor.encrypt(declared, GradientValues.of(new float[3]));
    GradientUpdate second = encryptor.encrypt(declared, GradientValues.of(new float[3]));
    Path one = folder.resolve("1");
    Path two = folder.resolve("2");
    first.write(Parties.output(one));
    second.write(Parties.output(two));
    assertThat(one.toFile().length()).isEqualTo(two.toFile().length());
    try {
      assertThat(Files.mismatch(one, two)).isLessThan(2000);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    GradientParameters plain = new GradientRequest(8, 1024).unitWeights().solve();
    refused(
        ErrorCode.PARAMETER_MISMATCH,
        "no room",
        () -> JointKey.of(plain, new byte[32], new byte[plain.polynomialBytes()]));
  }
}
