package dev.veilsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.aggregate.CohortKey;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientAggregator;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.aggregate.GradientUpdate;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.aggregate.JointKey;
import dev.veilsum.aggregate.RoundListener;
import dev.veilsum.aggregate.RoundOptions;
import dev.veilsum.aggregate.UpdateDeclaration;
import dev.veilsum.aggregate.ckks.EncryptedNumber;
import dev.veilsum.aggregate.ckks.EncryptedVector;
import dev.veilsum.aggregate.ckks.RealDecryptor;
import dev.veilsum.aggregate.ckks.RealEncryptor;
import dev.veilsum.aggregate.ckks.RealEvaluator;
import dev.veilsum.aggregate.ckks.RealScheme;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.Diagonals;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.circuit.BfvArithmetic;
import dev.veilsum.circuit.InnerProduct;
import dev.veilsum.circuit.Variance;
import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksLinearTransform;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.ckks.ReleasePolicy;
import dev.veilsum.ckks.ReleasedValues;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.rows.ColumnDeclaration;
import dev.veilsum.file.rows.RowFormat;
import dev.veilsum.file.rows.RowSource;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorFormat;
import dev.veilsum.file.tensor.TensorReader;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.file.tensor.TensorWriter;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.io.AtomicOutput.Access;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.paillier.PackedLayout;
import dev.veilsum.paillier.PackedVector;
import dev.veilsum.paillier.PaillierCiphertext;
import dev.veilsum.paillier.PaillierEncryptor;
import dev.veilsum.paillier.PaillierEvaluator;
import dev.veilsum.paillier.PaillierRandomness;
import dev.veilsum.paillier.PaillierSecretKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.CkksRequest;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.ParameterSolver;
import dev.veilsum.params.Presets;
import dev.veilsum.params.Solution;
import dev.veilsum.privacy.BudgetFile;
import dev.veilsum.privacy.PrivacyBudget;
import dev.veilsum.privacy.PrivacyParameters;
import dev.veilsum.privacy.PrivacyRequest;
import dev.veilsum.privacy.PrivateValues;
import dev.veilsum.privacy.SpentRound;
import dev.veilsum.sharing.ShamirShare;
import dev.veilsum.sharing.ShamirSharing;
import dev.veilsum.sharing.ShareAggregator;
import dev.veilsum.sharing.SharingRound;
import dev.veilsum.table.Answer;
import dev.veilsum.table.AnswerType;
import dev.veilsum.table.AnswerType.Ranked;
import dev.veilsum.table.EncryptedResult;
import dev.veilsum.table.EncryptedTable;
import dev.veilsum.table.Explanation;
import dev.veilsum.table.PublicKeyFile;
import dev.veilsum.table.ResultDecryptor;
import dev.veilsum.table.TableEncryptor;
import dev.veilsum.table.TableKey;
import dev.veilsum.table.TableRows;
import dev.veilsum.table.TableScheme;
import dev.veilsum.table.TypedQuestion;
import dev.veilsum.table.community.Community;
import dev.veilsum.table.community.Contributions;
import dev.veilsum.table.community.Distribution;
import dev.veilsum.threshold.ConfirmMessage;
import dev.veilsum.threshold.Deals;
import dev.veilsum.threshold.Joins;
import dev.veilsum.threshold.JointKeyFile;
import dev.veilsum.threshold.KeyShare;
import dev.veilsum.threshold.OpenShare;
import dev.veilsum.threshold.OpeningLedger;
import dev.veilsum.threshold.OpeningPart;
import dev.veilsum.threshold.PartMaker;
import dev.veilsum.threshold.PartsOpener;
import dev.veilsum.threshold.ThresholdParty;
import dev.veilsum.threshold.ThresholdSession;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the documents, run as they stand there. */
class DocumentedExamplesTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/veilsum/DocumentedExamplesTest.java");
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../README.md",
        "../docs/guide.md",
        "../docs/queries.md",
        "../docs/aggregation.md"
      })
  void everyJavaExampleIsOneOfThese(String document) throws IOException {
    String tested = words(Files.readString(SOURCE));
    var blocks = JAVA_BLOCK.matcher(Files.readString(Path.of(document)));
    int count = 0;
    for (; blocks.find(); count++) {
      assertThat(tested).contains(words(blocks.group(1)));
    }
    assertThat(count).isPositive();
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  @Test
  void readme() {
    CkksContext ckks = CkksContext.create(Presets.CKKS_8192.parameters());
    double[] x = {1.5, 2.5, 3.5};
    double[] y = {2, 4, 6};
    double[] found = new double[3];
    double errorBound;
    try (MasterKey master = MasterKey.generate();
        CkksSecretKey secret =
            master.withSeed("readme", ckks.parameters().fingerprint().bytes(), ckks::secretKey);
        CkksPublicKey publicKey = secret.publicKey();
        CkksEvaluationKeys keys = secret.evaluationKeys(KeyRequirements.relinearization());
        CkksCiphertext a = publicKey.encryptor().encrypt(x, ckks.encoding(10));
        CkksCiphertext b = publicKey.encryptor().encrypt(y, ckks.encoding(10));
        CkksCiphertext product = ckks.evaluator(keys).multiplyRescale(a, b)) {
      errorBound = secret.decryptor().decrypt(product, found, 0, 3);
    }
    // found is {3, 10, 21}, each to within errorBound
    assertThat(errorBound).isLessThan(1e-3);
    assertThat(found).containsExactly(new double[] {3, 10, 21}, within(errorBound));
  }

  @Test
  void tables(@TempDir Path folder) throws IOException {
    Path csv = folder.resolve("data.csv");
    Path keyFile = folder.resolve("a.key");
    Path publicFile = folder.resolve("a.pub");
    Path tableFile = folder.resolve("t.vsm");
    Path resultFile = folder.resolve("m.vsm");
    Files.writeString(csv, "x,w\n16.5,sun\n-3.25,rain\n8,sun\n");

    Backend backend = Backends.byDefault();
    try (MasterKey master = MasterKey.generate();
        AtomicOutput out = AtomicOutput.create(publicFile, false, Access.USUAL)) {
      KeyFile.writeUnsealed(keyFile, master); // or writeSealed, with a passphrase
      PublicKeyFile.write(
          out, master, backend, TableScheme.parameterSets(), TableScheme::questionKeys);
    }

    List<ColumnDeclaration> columns =
        List.of(
            new ColumnDeclaration("x", ColumnKind.parse("real(-40..60; where)")),
            new ColumnDeclaration("w", ColumnKind.parse("category(sun,rain)")));
    try (ContainerReader keys = ContainerReader.open(publicFile);
        TableKey key = TableKey.ofPublic(keys, backend);
        RowSource rows = RowSource.open(csv, RowFormat.CSV, columns);
        OrderedPool pool = OrderedPool.ofProcessors();
        AtomicOutput out = AtomicOutput.create(tableFile, false, Access.USUAL)) {
      new TableEncryptor(key, pool).encrypt(rows, columns, out, count -> {});
    }

    try (ContainerReader container = ContainerReader.open(tableFile);
        EncryptedTable table = EncryptedTable.open(container, backend);
        OrderedPool pool = OrderedPool.ofProcessors();
        AtomicOutput out = AtomicOutput.create(resultFile, false, Access.USUAL)) {
      table.where("w = sun").real("x").mean().ask(pool, out);
    }

    Optional<Answer.Approximate> mean; // none where no row is selected
    try (MasterKey master = KeyFile.open(keyFile, () -> null);
        EncryptedResult<Optional<Answer.Approximate>> result =
            EncryptedResult.open(ContainerReader.open(resultFile), AnswerType.REAL.orNone())) {
      mean = ResultDecryptor.decrypt(result, master, backend);
    }

    assertThat(mean.orElseThrow().errorBound()).isLessThan(1e-5);
    assertThat(mean.orElseThrow().value())
        .isCloseTo(24.5 / 2, within(mean.orElseThrow().errorBound()));
  }

  @Test
  void typedQuestions(@TempDir Path folder) {
    Path file = folder.resolve("events.vsm");
    Backend backend = Backends.byDefault();
    try (MasterKey master = MasterKey.generate();
        OrderedPool pool = OrderedPool.ofProcessors()) {
      encryptEvents(master, backend, pool, file);
      try (ContainerReader container = ContainerReader.open(file);
          EncryptedTable table = EncryptedTable.open(container, backend)) {
        TableRows quakes = table.where("type = earthquake");
        TypedQuestion<Long> large = quakes.where("size >= 4.5").count();
        TypedQuestion<Optional<Instant>> lastBlast =
            table.where("type = 'quarry blast'").time("time").max();
        TypedQuestion<List<Ranked<BigDecimal>>> strongest = table.decimal("magnitude").top(3);
        TypedQuestion<NavigableMap<BigDecimal, Long>> sizes = quakes.ordered("size").histogram();

        Explanation plan = large.explain(); // computes a rehearsal only
        try (EncryptedResult<Long> answer = large.ask(pool)) { // no key here
          long count = ResultDecryptor.decrypt(answer, master, backend); // the key holder's
          assertThat(count).isEqualTo(85);
        }

        assertThat(plan.depth()).isEqualTo(1);
        assertThat(plan.noiseLeftBits().orElseThrow()).isPositive();
        try (EncryptedResult<Optional<Instant>> answer = lastBlast.ask(pool)) {
          assertThat(ResultDecryptor.decrypt(answer, master, backend))
              .contains(Instant.parse("2018-02-06T00:15:20.060Z"));
        }
        try (EncryptedResult<List<Ranked<BigDecimal>>> answer = strongest.ask(pool)) {
          assertThat(ResultDecryptor.decrypt(answer, master, backend))
              .extracting(each -> each.value().toString())
              .containsExactly("6.40", "6.10", "6.10");
        }
        assertThat(sizes.asked().columns()).containsExactly("size");
      }
    }
  }

  private static void encryptEvents(
      MasterKey master, Backend backend, OrderedPool pool, Path file) {
    List<ColumnDeclaration> columns =
        List.of(
            new ColumnDeclaration("time", ColumnKind.parse("time(2018-01-31..2018-02-07)")),
            new ColumnDeclaration("magnitude", ColumnKind.parse("decimal(-2.00..10.00)")),
            new ColumnDeclaration(
                "size", ColumnKind.parse("ordered(1.5, -3..9; floor)"), "magnitude"),
            new ColumnDeclaration(
                "type", ColumnKind.parse("category(earthquake,explosion,quarry blast,ice quake)")));
    try (TableKey key = TableKey.ofSecret(master, backend);
        RowSource rows =
            RowSource.open(Path.of("../docs/examples/earthquakes.csv"), RowFormat.CSV, columns);
        AtomicOutput out = AtomicOutput.create(file, false, Access.USUAL)) {
      new TableEncryptor(key, pool).encrypt(rows, columns, out, count -> {});
    }
  }

  @Test
  void bgv() {
    BfvContext bgv =
        BfvContext.create(Presets.BGV_8192.parameters(), Backends.byDefault(), IntegerScheme.BGV);
    long[] found = new long[2];
    try (BfvSecretKey secret = bgv.secretKey(new byte[32]);
        BfvEvaluationKeys keys = secret.evaluationKeys(KeyRequirements.relinearization());
        BfvCiphertext a = secret.encryptor().encrypt(new long[] {6, -7}, IntegerRange.of(-9, 9));
        BfvCiphertext square = bgv.evaluator(keys).square(a)) {
      secret.decryptor().decrypt(square, found, 0, 2);
    }
    assertThat(found).containsExactly(36, 49);
  }

  @Test
  void linearTransforms() {
    double[][] weights = {{0.5, -0.25, 1}, {0, 0.75, -0.5}}; // two outputs of three inputs
    double[] x = {0.1, 0.2, -0.3}; // in slots of period 4, the power of two above
    CkksContext ckks = CkksContext.create(Presets.CKKS_8192.parameters());
    double[] outputs = new double[2];
    double errorBound;
    try (MasterKey master = MasterKey.generate();
        CkksSecretKey secret =
            master.withSeed("layer", ckks.parameters().fingerprint().bytes(), ckks::secretKey);
        CkksLinearTransform layer = ckks.linearTransform(Diagonals.ofMatrix(weights));
        CkksEvaluationKeys keys = secret.evaluationKeys(layer.keys());
        CkksCiphertext inputs = secret.encryptor().encrypt(x, ckks.encoding(1).withSlots(4));
        CkksCiphertext product = ckks.evaluator(keys).applyRescale(layer, inputs)) {
      errorBound = secret.decryptor().decrypt(product, outputs, 0, 2);
    }
    // outputs is {-0.3, 0.3}, each to within errorBound
    assertThat(errorBound).isLessThan(1e-3);
    assertThat(outputs).containsExactly(new double[] {-0.3, 0.3}, within(errorBound));
  }

  @Test
  void circuits() {
    BfvParameters parameters = Presets.TABLE_INTEGER.parameters();
    BfvContext bfv = BfvContext.create(parameters);
    InnerProduct dot = InnerProduct.of(parameters);
    IntegerRange range = IntegerRange.of(-1000, 1000);
    long[] found = new long[1];
    try (MasterKey master = MasterKey.generate();
        BfvSecretKey secret =
            master.withSeed("dot example", parameters.fingerprint().bytes(), bfv::secretKey);
        BfvEvaluationKeys keys = secret.evaluationKeys(dot.keys());
        BfvCiphertext a = secret.encryptor().encrypt(new long[] {1, -2, 3}, range);
        BfvCiphertext b = secret.encryptor().encrypt(new long[] {4, 5, 600}, range);
        BfvCiphertext result =
            dot.apply(new BfvArithmetic(bfv.evaluator(keys)), List.of(a), List.of(b))) {
      secret.decryptor().decrypt(result, found, 0, 1);
    }
    // found[0] is 1794
    assertThat(found).containsExactly(1794);
  }

  @Test
  void community() throws IOException {
    List<BigDecimal> values;
    try (var lines = Files.lines(Path.of("../docs/examples/earthquakes.csv"))) {
      values = lines.skip(1).limit(100).map(l -> new BigDecimal(l.split(",")[1])).toList();
    }
    BfvContext bfv = BfvContext.create(Presets.BFV_8192.parameters());
    try (MasterKey master = MasterKey.generate();
        BfvSecretKey secret =
            master.withSeed("community", bfv.parameters().fingerprint().bytes(), bfv::secretKey);
        BfvPublicKey publicKey = secret.publicKey()) {
      var scale = (ColumnKind.Ordered) ColumnKind.parse("ordered(0.5, -2..10; floor)");
      Community community = new Community(scale, 30_000, 20); // owners at most, minimum cohort

      Contributions sum = community.none(); // the server's
      for (BigDecimal own : values) {
        try (Contributions mine =
                community.contribute(bfv, publicKey.encryptor(), own); // an owner's
            Contributions before = sum) {
          sum = before.combine(mine);
        }
      }

      Distribution distribution = community.open(secret.decryptor(), sum); // the key holder's
      Distribution.Between average = distribution.average();
      Distribution.Between median = distribution.percentile(50);
      int better = distribution.standing(values.get(0)).betterThanPercent();

      assertThat(average.from()).isEqualByComparingTo("1.375");
      assertThat(average.until()).isEqualByComparingTo("1.875");
      assertThat(median.from()).isEqualByComparingTo("1.0");
      assertThat(median.until()).isEqualByComparingTo("1.5");
      assertThat(better).isEqualTo(5);
      sum.close();
    }
  }

  @Test
  void release() {
    CkksContext ckks = CkksContext.create(Presets.TABLE_REAL.parameters());
    ReleasedValues released;
    try (MasterKey master = MasterKey.generate();
        CkksSecretKey secret =
            master.withSeed("release", ckks.parameters().fingerprint().bytes(), ckks::secretKey);
        CkksCiphertext c = secret.encryptor().encrypt(new double[] {2.5}, ckks.encoding(10))) {
      ReleasePolicy policy = ReleasePolicy.of(1000, 0.01); // releases of this key, largest error
      released = secret.decryptor().decryptForRelease(c, 1, policy);
    }
    assertThat(released.errorBound()).isBetween(1e-4, 0.01);
    assertThat(released.values()[0]).isCloseTo(2.5, within(released.errorBound()));
  }

  @Test
  void paillier() {
    long total;
    long[] doubled;
    List<PaillierCiphertext> ciphertexts;
    try (MasterKey master = MasterKey.generate();
        PaillierSecretKey secret = PaillierSecretKey.derive(master, 2048)) {
      PaillierEncryptor encryptor = secret.publicKey().encryptor();
      PaillierEvaluator evaluator = secret.publicKey().evaluator();

      PaillierCiphertext a = encryptor.encrypt(20);
      PaillierCiphertext b = encryptor.encrypt(-3);
      total = secret.decryptor().decryptLong(evaluator.add(evaluator.multiply(a, 2), b));
      // total is 37

      PackedLayout layout = PackedLayout.integers(16, 1000); // 16 bits a value, 1000 additions
      PackedVector v = encryptor.encrypt(new long[] {1, -2, 3}, layout);
      doubled = secret.decryptor().decryptLongs(evaluator.add(v, v));
      // doubled is {2, -4, 6}
      assertThat(total).isEqualTo(37);

      PaillierEncryptor sooner = secret.publicKey().encryptor(PaillierRandomness.HALF);
      sooner.prepare(1000); // on this thread; then 1000 encryptions take microseconds each
      ciphertexts = sooner.encryptAll(new long[] {20, -3, 25});
      total = secret.decryptor().decryptLong(secret.publicKey().evaluator().sum(ciphertexts));
      // total is 42
      sooner.forget(); // what is left is wiped
      assertThat(sooner.prepared()).isZero();
    }
    assertThat(total).isEqualTo(42);
    assertThat(doubled).containsExactly(2, -4, 6);
  }

  @Test
  void solver() {
    Solution<CkksParameters> solution =
        ParameterSolver.solve(
            CkksRequest.of(2, 1.0, 4096, 1e-3) // depth, bound, terms, error
                .withKeys(Variance.ofPopulation(Presets.CKKS_8192.parameters(), 4096).keys()));
    assertThat(solution.parameters().ringDegree()).isEqualTo(8192);
    assertThat(solution.reason()).contains("2^45");
  }

  @Test
  void gradients() {
    try (MasterKey master = MasterKey.generate();
        OrderedPool pool = new OrderedPool(2)) {
      GradientParameters parameters = new GradientRequest(8, 1024).unitWeights().solve();
      List<TensorShape> tensors = List.of(TensorShape.vector("weights", ElementType.FLOAT32, 3));
      double[] means;
      try (CohortKey key = CohortKey.derive(master, parameters);
          GradientAggregator round = new GradientAggregator(RoundOptions.byDefault(), pool)) {
        // Each client; encrypt(..., AtomicOutput, progress) writes a file.
        GradientEncryptor encryptor = new GradientEncryptor(key, pool);
        for (String client : List.of("a", "b", "c")) {
          float[] values = {0.05f, -0.1f, 0.02f};
          UpdateDeclaration declared = new UpdateDeclaration("17", client, 1, 0.1, tensors);
          // The aggregator; addFiles(paths, listener) takes files.
          round.add(encryptor.encrypt(declared, GradientValues.of(values)));
        }
        try (GradientAggregate sum = round.finish()) { // BAD_INPUT below the minimum cohort
          means = new GradientDecryptor(key, 3, pool).means(sum);
        }
      }
      // means is {0.05, -0.1, 0.02}, each to less than a step, 2 * 0.1 / 255
      assertThat(means).containsExactly(new double[] {0.05, -0.1, 0.02}, within(2 * 0.1 / 255));
    }
  }

  @Test
  void thresholdKeys(@TempDir Path folder) {
    List<MasterKey> masters = List.of(MasterKey.generate(), MasterKey.generate());
    ThresholdSession session =
        ThresholdSession.create(2, 2, new GradientRequest(8, 1024).unitWeights());
    // All parties in one process; messages have write(out) and read(reader).
    List<ThresholdParty> parties = new ArrayList<>();
    for (MasterKey master : masters) {
      parties.add(new ThresholdParty(master, session, parties.size() + 1));
    }
    Joins joins = Joins.of(session, parties.stream().map(ThresholdParty::join).toList());
    Deals deals = Deals.of(joins, parties.stream().map(party -> party.deal(joins)).toList());
    List<ConfirmMessage> confirmed = parties.stream().map(party -> party.confirm(deals)).toList();
    JointKey key = JointKeyFile.assemble(deals, confirmed); // for clients: GradientEncryptor
    KeyShare share = parties.get(0).finish(deals, confirmed); // party 1 keeps this

    List<TensorShape> tensors = List.of(TensorShape.vector("weights", ElementType.FLOAT32, 3));
    KeyShare otherShare = parties.get(1).finish(deals, confirmed);
    Path shareFile = folder.resolve("1.share");
    Path partFile = folder.resolve("1.vsm");
    Path otherFile = folder.resolve("2.vsm");
    MasterKey master = masters.get(0);
    try (OrderedPool pool = new OrderedPool(2);
        GradientAggregator round = new GradientAggregator(RoundOptions.byDefault(), pool)) {
      for (String client : List.of("a", "b", "c")) {
        round.add(
            new GradientEncryptor(key, pool)
                .encrypt(
                    new UpdateDeclaration("17", client, 1, 0.1, tensors),
                    GradientValues.of(new float[] {0.05f, -0.1f, 0.02f})));
      }
      double[] means;
      try (GradientAggregate sum = round.finish()) {
        OpeningLedger ledger = OpeningLedger.of(OpeningLedger.beside(shareFile), share);
        ledger.create(); // once, with the share
        try (OpenShare own = share.open(master);
            AtomicOutput out = AtomicOutput.create(partFile, true, Access.USUAL)) {
          new PartMaker(own, ledger, 3, pool).make(sum, List.of(1, 2), out, done -> {});
        }
        OpeningLedger otherLedger = OpeningLedger.of(folder.resolve("2.ledger"), otherShare);
        otherLedger.create();
        try (OpenShare own = otherShare.open(masters.get(1));
            AtomicOutput out = AtomicOutput.create(otherFile, true, Access.USUAL)) {
          new PartMaker(own, otherLedger, 3, pool).make(sum, List.of(2, 1), out, done -> {});
        }
        // Whoever has the parts of parties 1 and 2.
        try (OpeningPart one = OpeningPart.open(partFile);
            OpeningPart two = OpeningPart.open(otherFile)) {
          PartsOpener opener = PartsOpener.of(sum, List.of(one, two));
          means = new GradientDecryptor(opener, 3, pool).means(sum);
        }
      }
      assertThat(means).containsExactly(new double[] {0.05, -0.1, 0.02}, within(2 * 0.1 / 255));
    }
  }

  @Test
  void tensorFiles(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path updateFile = folder.resolve("a.vsm");
    Path meanFile = folder.resolve("mean.npz");
    TensorShape tensor = new TensorShape("weights", ElementType.FLOAT32, List.of(1L, 2L));
    try (AtomicOutput out = AtomicOutput.create(model, true, Access.USUAL)) {
      TensorWriter writer = new TensorWriter(out, TensorFormat.SAFETENSORS, List.of(tensor));
      writer.write(ByteBuffer.allocate(16).putDouble(0.05).putDouble(-0.1).flip());
      writer.finish();
      out.commit();
    }
    GradientParameters parameters = new GradientRequest(8, 1024).unitWeights().solve();
    try (MasterKey master = MasterKey.generate();
        OrderedPool pool = new OrderedPool(2);
        CohortKey key = CohortKey.derive(master, parameters);
        GradientAggregator round =
            new GradientAggregator(RoundOptions.byDefault().minimumCohort(1), pool)) {
      GradientEncryptor encryptor = new GradientEncryptor(key, pool);
      GradientDecryptor decryptor = new GradientDecryptor(key, 1, pool);
      try (TensorReader file = TensorReader.open(model, TensorFormat.SAFETENSORS);
          AtomicOutput out = AtomicOutput.create(updateFile, true, Access.USUAL)) {
        UpdateDeclaration declared = new UpdateDeclaration("17", "a", 1, 0.1, file.tensors());
        encryptor.encrypt(declared, GradientValues.of(file), out, progress -> {});
      }
      round.addFiles(List.of(updateFile), new RoundListener() {});
      try (GradientAggregate sum = round.finish()) {
        try (AtomicOutput out = AtomicOutput.create(meanFile, true, Access.OWNER_ONLY)) {
          TensorWriter writer = new TensorWriter(out, TensorFormat.NPZ, sum.frame().tensors());
          decryptor.decrypt(sum, GradientDecryptor.Output.DOUBLE_MEANS, writer::write);
          writer.finish();
          out.commit();
        }
      }
    }
    try (TensorReader means = TensorReader.open(meanFile, TensorFormat.NPZ)) {
      assertThat(means.tensors()).containsExactly(tensor);
      ByteBuffer found = ByteBuffer.allocate(16);
      means.nextDoubles(found, 2);
      assertThat(found.getDouble(0)).isCloseTo(0.05, within(2 * 0.1 / 255));
      assertThat(found.getDouble(8)).isCloseTo(-0.1, within(2 * 0.1 / 255));
    }
  }

  @Test
  void realUpdates() {
    try (MasterKey master = MasterKey.generate();
        OrderedPool pool = new OrderedPool(2)) {
      RealScheme scheme = RealScheme.create();
      RealDecryptor.Value similarity;
      try (CkksSecretKey secret = scheme.secretKey(master);
          CkksPublicKey publicKey = secret.publicKey();
          CkksEvaluationKeys keys = secret.evaluationKeys(RealScheme.keys())) {
        // The clients: no number is beyond 0.1, in public.
        RealEncryptor encryptor = scheme.encryptor(publicKey, 0.1, pool);
        // The aggregator, which has the public keys.
        RealEvaluator evaluator = scheme.evaluator(keys, pool);
        try (EncryptedVector a = encryptor.encrypt(new float[] {0.05f, -0.1f, 0.02f});
            EncryptedVector b = encryptor.encrypt(new float[] {0.04f, -0.1f, 0});
            EncryptedVector mean = evaluator.weightedMean(List.of(a, b), new double[] {120.5, 60});
            EncryptedNumber product = evaluator.innerProduct(a, mean)) {
          // Whoever has the secret key.
          similarity = scheme.decryptor(secret).decrypt(product);
        }
      }
      // similarity.value() is 0.0126, to within similarity.errorBound()
      double truth = (0.05 * (0.05 * 120.5 + 0.04 * 60) + 0.02 * 0.02 * 120.5) / 180.5 + 0.01;
      assertThat(similarity.value()).isCloseTo(truth, within(similarity.errorBound() + 1e-9));
      assertThat(similarity.errorBound()).isLessThan(1e-5);
      assertThat(truth).isCloseTo(0.0126, within(0.00005));
    }
  }

  @Test
  void privateUpdates(@TempDir Path folder) {
    Path file = folder.resolve("a.privacy");
    float[] values = {0.05f, -0.1f, 0.02f};
    List<TensorShape> tensors = List.of(TensorShape.vector("weights", ElementType.FLOAT32, 3));
    GradientParameters parameters = new GradientRequest(16, 128).unitWeights().solve();
    GradientUpdate update;
    try (MasterKey master = MasterKey.generate();
        CohortKey key = CohortKey.derive(master, parameters);
        OrderedPool pool = new OrderedPool(1)) {
      GradientEncryptor encryptor = new GradientEncryptor(key, pool);
      PrivacyParameters privacy =
          new PrivacyRequest(1, 4, 100, 3, 16).solve(); // C, Z, N, numbers, bits
      BudgetFile budget = BudgetFile.at(file);
      budget.create(PrivacyBudget.of(12, 1e-6)); // epsilon, delta; once
      double spent;
      try (PrivateValues noisy = privacy.privatize(() -> GradientValues.of(values))) {
        // PRIVACY_BUDGET where the round would pass the budget; BAD_INPUT where it is in there.
        spent = budget.spend(new SpentRound("17", privacy.cost())).spent();
        UpdateDeclaration declared = new UpdateDeclaration("17", "a", 1, privacy.clip(), tensors);
        update = encryptor.encrypt(declared, noisy);
      }
      // spent is 1.14
      assertThat(spent).isCloseTo(1.14, within(0.005));
      assertThat(update.client()).isEqualTo("a");
      update.close();
    }
  }

  @Test
  void secretSharing() {
    SharingRound sharingRound =
        new SharingRound("17", 3, 4, 1000, 100); // servers, length, bound, clients
    ShamirSharing sharing = new ShamirSharing(sharingRound, 2); // any two of the three open
    List<ShamirShare> a =
        sharing.share("a", new long[] {1, -2, 3, 1000}); // a client's: one a server
    List<ShamirShare> b = sharing.share("b", new long[] {10, 20, -30, -1000});
    List<ShamirShare> sums = new ArrayList<>();
    for (int server = 0; server < 3; server++) {
      try (ShareAggregator<ShamirShare> sum = new ShareAggregator<>(2)) { // its minimum cohort
        sum.add(a.get(server));
        sum.add(b.get(server));
        sums.add(sum.finish());
      }
    }
    long[] total = sharing.open(List.of(sums.get(0), sums.get(2)));
    // total is {11, 18, -27, 0}
    assertThat(total).containsExactly(11, 18, -27, 0);
  }
}
