package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.paillier.PackedLayout;
import dev.veilsum.paillier.PaillierSecretKey;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.Answer;
import dev.veilsum.table.Question;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The whole path on real data, each answer beside the true one. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Encrypt four years of Seattle's weather, compute on it without the key, decrypt, and compare"
          + " with the truth.",
      "Exit code 1 where an answer is outside of its bound."
    },
    subcommands = {DiagnosticsDemo.class, FederatedDemo.class})
final class DemoCommand implements Runnable {
  private static final List<Asked> QUESTIONS =
      List.of(
          new Asked(Question.SUM, "precipitation"),
          new Asked(Question.MEAN, "temp_max"),
          new Asked(Question.MEAN, "temp_min"),
          new Asked(Question.MEAN, "wind"),
          new Asked(Question.VARIANCE, "temp_max"),
          new Asked(Question.VARIANCE, "wind"),
          new Asked(Question.DOT, "precipitation", "wind"),
          new Asked(Question.DOT, "temp_max", "temp_min"),
          new Asked(Question.SUM, DemoData.TENTHS),
          new Asked(Question.MEAN, DemoData.TENTHS),
          new Asked(Question.VARIANCE, DemoData.TENTHS),
          new Asked(Question.COUNT, "weather"));

  @Spec CommandSpec spec;
  @ParentCommand Main main;

  private record Asked(Question question, List<String> columns) {
    Asked(Question question, String... columns) {
      this(question, List.of(columns));
    }

    String text() {
      return question.text() + " of " + String.join(" * ", columns);
    }

    Object truth(DemoData data) {
      ColumnKind kind =
          DemoData.COLUMNS.stream()
              .filter(column -> column.name().equals(columns.get(0)))
              .findFirst()
              .orElseThrow()
              .kind();
      return kind instanceof ColumnKind.Category category
          ? data.trueCounts(columns.get(0), category.labels())
          : data.truth(question, columns);
    }
  }

  /** What was measured on the way to the answers. */
  private record Story(DemoSetUp setUp, List<DemoAnswer> answers, Optional<String> noPaillier) {}

  @Override
  public void run() {
    Backend backend = main.settings.backend();
    Path folder = null;
    try {
      folder = Files.createTempDirectory("veilsum-demo");
      Story story;
      try (OrderedPool pool = new OrderedPool(main.settings.threads());
          Progress progress = main.ticking("computing")) {
        story = tell(backend, folder, pool);
      }
      print(story);
      for (DemoAnswer answer : story.answers()) {
        if (!answer.isRight()) {
          throw new VeilsumException(
              ErrorCode.INTERNAL,
              "%s: an error of %s is above its bound %s; do not use this build on this machine"
                  .formatted(answer.question(), answer.error(), answer.bound()));
        }
      }
    } catch (IOException e) {
      throw VeilsumException.io("working in a temporary folder", e);
    } finally {
      delete(folder);
    }
  }

  private static Story tell(Backend backend, Path folder, OrderedPool pool) throws IOException {
    Path publicKeys = folder.resolve("public.vsm");
    Path table = folder.resolve("table.vsm");
    DemoData data = DemoData.load();
    try (DemoRoles.KeyHolder keyHolder = new DemoRoles.KeyHolder(backend)) {
      double keySeconds = timed(() -> keyHolder.publish(publicKeys));
      DemoRoles.DataSource source = new DemoRoles.DataSource(data, publicKeys, backend);
      double encryptSeconds = timed(() -> source.encrypt(table, pool));
      DemoRoles.Server server = new DemoRoles.Server(table, backend);
      List<DemoAnswer> answers = new ArrayList<>();
      for (Asked asked : QUESTIONS) {
        Path result = folder.resolve("answer" + answers.size() + ".vsm");
        double seconds =
            timed(() -> server.answer(asked.question(), asked.columns(), result, pool));
        Answer answer = keyHolder.decrypt(result);
        answers.add(
            new DemoAnswer(asked.text(), answer, asked.truth(data), seconds, Files.size(result)));
      }
      Optional<String> noPaillier = addPaillier(keyHolder, source, answers);
      return new Story(
          new DemoSetUp(
              data.rows(),
              DemoData.COLUMNS.size(),
              keySeconds,
              Files.size(publicKeys),
              encryptSeconds,
              data.csv().length,
              Files.size(table)),
          answers,
          noPaillier);
    }
  }

  /** The sum of one column once more, under Paillier; or why that is not possible here. */
  private static Optional<String> addPaillier(
      DemoRoles.KeyHolder keyHolder, DemoRoles.DataSource source, List<DemoAnswer> answers) {
    try (PaillierSecretKey secret = keyHolder.paillier()) {
      // 10 bits hold -200..500 with a sign; the vectors that are added are at most 64.
      PackedLayout layout = PackedLayout.integers(10, 64);
      var vectors = source.encrypt(DemoData.TENTHS, secret.publicKey(), layout);
      long start = System.nanoTime();
      var sum = DemoRoles.Server.sum(vectors);
      double seconds = (System.nanoTime() - start) / 1e9;
      var total = DemoRoles.total(secret.decryptor().decryptLongs(sum));
      answers.add(
          new DemoAnswer(
              "sum of " + DemoData.TENTHS + ", Paillier",
              new Answer(DemoData.TENTHS, "sum (paillier)", new Answer.Whole(total)),
              source.data().truth(Question.SUM, List.of(DemoData.TENTHS)),
              seconds,
              sum.bytes().length));
      return Optional.empty();
    } catch (VeilsumException failure) {
      if (failure.code() != ErrorCode.UNSUPPORTED) {
        throw failure;
      }
      return Optional.of(failure.getMessage());
    }
  }

  private void print(Story story) {
    if (main.settings.json) {
      Json.print(
          spec,
          json -> {
            story.setUp().describe(json);
            json.objects("answers", story.answers(), (object, answer) -> answer.describe(object));
          });
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    story.setUp().print("Daily weather of Seattle, 2012 to 2015 (NOAA)", out);
    TextTable table = new TextTable("lrrrrrr");
    DemoAnswer.header(table);
    story.answers().forEach(answer -> answer.addTo(table));
    table.print(out);
    out.println();
    story.noPaillier().ifPresent(why -> out.println("Paillier is not available: " + why));
    boolean right = story.answers().stream().allMatch(DemoAnswer::isRight);
    out.println(
        right
            ? "Every answer is within its bound; integers and counts are exact."
            : "An answer is outside of its bound.");
    out.flush();
  }

  static double timed(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // What is left holds no secret and lies where temporary files do.
    }
  }
}
