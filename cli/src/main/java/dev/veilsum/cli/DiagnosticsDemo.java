package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.cli.EventRecords.Event;
import dev.veilsum.parallel.OrderedPool;
import dev.veilsum.table.Answer;
import dev.veilsum.table.TablePlan;
import dev.veilsum.table.TableScheme;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Diagnostic questions about a real log of events, each answer beside the true one. */
@Command(
    name = "diagnostics",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Encrypt a week of seismic events, ask how many, when last, which is the largest and how they"
          + " are distributed, without the key, decrypt, and compare with the truth.",
      "Exit code 1 where an answer is not the true one."
    })
final class DiagnosticsDemo implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand DemoCommand demo;

  /** What was measured on the way to the answers. */
  private record Story(DemoSetUp setUp, List<DiagnosticAnswer> answers) {}

  @Override
  public void run() {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("veilsum-demo");
      Story story;
      try (OrderedPool pool = new OrderedPool(demo.main.settings.threads());
          Progress progress = demo.main.ticking("computing")) {
        story = tell(demo.main.settings.backend(), folder, pool);
      }
      print(story);
      for (DiagnosticAnswer answer : story.answers()) {
        if (!answer.isRight()) {
          throw new VeilsumException(
              ErrorCode.INTERNAL,
              "%s: the answer %s is not the true one, %s; do not use this build on this machine"
                  .formatted(
                      answer.question().text(),
                      AnswerText.value(answer.answer().value()),
                      AnswerText.value(answer.truth())));
        }
      }
    } catch (IOException e) {
      throw VeilsumException.io("working in a temporary folder", e);
    } finally {
      DemoCommand.delete(folder);
    }
  }

  private static Story tell(Backend backend, Path folder, OrderedPool pool) throws IOException {
    Path publicKeys = folder.resolve("public.vsm");
    Path table = folder.resolve("table.vsm");
    List<Event> events = EventRecords.load();
    byte[] csv = EventRecords.csv(events);
    // One product in a row is enough for these questions, and makes the smaller table.
    TablePlan plan = TablePlan.of(EventRecords.COLUMNS, Optional.of(TableScheme.Depth.SHALLOW));
    try (DemoRoles.KeyHolder keyHolder = new DemoRoles.KeyHolder(backend)) {
      double keySeconds = DemoCommand.timed(() -> keyHolder.publish(publicKeys));
      double encryptSeconds =
          DemoCommand.timed(
              () ->
                  DemoRoles.encrypt(
                      csv, "earthquakes.csv", plan, publicKeys, backend, table, pool));
      DemoRoles.Server server = new DemoRoles.Server(table, backend);
      List<DiagnosticAnswer> answers = new ArrayList<>();
      for (DiagnosticQuestion question : DiagnosticQuestion.ALL) {
        Path result = folder.resolve("answer" + answers.size() + ".vsm");
        long bytesUp = question.text().getBytes(StandardCharsets.UTF_8).length;
        double seconds;
        if (question.hidden()) {
          Path hidden = folder.resolve("query" + answers.size() + ".vsm");
          DemoRoles.hide(question.where(), table, publicKeys, backend, hidden);
          bytesUp += Files.size(hidden);
          seconds = DemoCommand.timed(() -> server.answer(question, hidden, result, pool));
        } else {
          seconds = DemoCommand.timed(() -> server.answer(question, result, pool));
        }
        Answer.Value truth = question.truth().apply(events);
        Answer answer = keyHolder.decrypt(result);
        answers.add(
            new DiagnosticAnswer(question, answer, truth, seconds, bytesUp, Files.size(result)));
      }
      return new Story(
          new DemoSetUp(
              events.size(),
              EventRecords.COLUMNS.size(),
              keySeconds,
              Files.size(publicKeys),
              encryptSeconds,
              csv.length,
              Files.size(table)),
          answers);
    }
  }

  private void print(Story story) {
    if (demo.main.settings.json) {
      Json.print(
          spec,
          json -> {
            story.setUp().describe(json);
            json.objects("answers", story.answers(), (object, answer) -> answer.describe(object));
          });
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    story.setUp().print("Seismic events of the week to 2018-02-07 (USGS)", out);
    TextTable table = new TextTable("lrrlrrr");
    DiagnosticAnswer.header(table);
    story.answers().forEach(answer -> answer.addTo(table));
    table.print(out);
    out.println();
    boolean right = story.answers().stream().allMatch(DiagnosticAnswer::isRight);
    out.println(right ? "Every answer is the true one." : "An answer is not the true one.");
    out.flush();
  }
}
