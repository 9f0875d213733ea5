package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.AggregateForm;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientAggregator;
import dev.veilsum.aggregate.GradientUpdate;
import dev.veilsum.aggregate.RoundListener;
import dev.veilsum.aggregate.RoundOptions;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.parallel.OrderedPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Adds up the updates of a round; there is no way to give it a secret key. */
@Command(
    name = "aggregate",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Add up the encrypted updates of a round, without any key, in bounded memory.",
      "",
      "A file that is damaged, of another round, or of a client that has been counted is refused by"
          + " name, and the others are added. Compact aggregates of other clients of the round are"
          + " merged.",
      ""
    })
final class AggregateCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Output output;

  @Option(
      names = "--round",
      paramLabel = "NAME",
      description = "The round's name; by default that of the first update.")
  String round;

  @Option(
      names = "--weights",
      paramLabel = "own|unit|FILE",
      defaultValue = "own",
      description =
          "What updates are multiplied by: what they ask for (own, the default), 1 (unit), or what a"
              + " JSON object in FILE says of the clients by name.")
  String weights;

  @Option(
      names = "--min-cohort",
      paramLabel = "N",
      defaultValue = "3",
      description = "Fewer clients give no result; 3 by default.")
  int minimumCohort;

  @Option(
      names = "--ready",
      description = "Expand the seeds here: a larger result that decrypts faster.")
  boolean ready;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Keep what has been counted in FILE, which goes away at the end.")
  Path checkpoint;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "100",
      description = "Files between two checkpoints; 100 by default.")
  int every;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoint where there is one; its files are passed over.")
  boolean resume;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      defaultValue = "4096",
      description = "Keep the sums in a file where they need more megabytes; 4096 by default.")
  long megabytes;

  @Parameters(
      arity = "1..*",
      paramLabel = "IN",
      description = "Updates, and folders of them: their files with names that end in .vsm.")
  List<Path> inputs;

  @Override
  public void run() {
    checkOptions();
    try (AtomicOutput out = output.openBinary(main.streams());
        OrderedPool pool = new OrderedPool(main.settings.threads());
        GradientAggregator aggregator = begin(options(), pool)) {
      List<Path> files = files();
      Tally tally = new Tally();
      try (Progress progress = main.progress("adding", files.size())) {
        addAll(aggregator, files, tally, progress);
      }
      try (GradientAggregate sum = aggregator.finish();
          Progress progress = main.progress("writing", sum.frame().chunks())) {
        AggregateForm form = ready ? AggregateForm.READY : AggregateForm.COMPACT;
        long bytes = sum.write(out, form, pool, progress::reach);
        progress.close();
        report(sum, tally, bytes);
      }
      if (checkpoint != null) {
        Files.deleteIfExists(checkpoint);
      }
    } catch (IOException e) {
      throw VeilsumException.io("deleting " + checkpoint, e);
    }
  }

  private void checkOptions() {
    if (resume && checkpoint == null) {
      throw new VeilsumException(ErrorCode.USAGE, "--resume needs --checkpoint FILE");
    }
    if (every < 1 || megabytes < 0) {
      throw new VeilsumException(
          ErrorCode.USAGE, "--checkpoint-every is at least 1, and --memory at least 0");
    }
    if (checkpoint != null && !resume && Files.exists(checkpoint)) {
      throw new VeilsumException(
          ErrorCode.OUTPUT_EXISTS,
          checkpoint + " exists: give --resume to go on from it, or delete it");
    }
  }

  private RoundOptions options() {
    RoundOptions options =
        RoundOptions.byDefault()
            .minimumCohort(minimumCohort)
            .memoryLimit(Math.min(megabytes, 1L << 40) << 20);
    if (round != null) {
      options = options.round(round);
    }
    return options.weights(Weights.of(weights));
  }

  private GradientAggregator begin(RoundOptions options, OrderedPool pool) {
    return resume && Files.exists(checkpoint)
        ? GradientAggregator.resume(checkpoint, options, pool)
        : new GradientAggregator(options, pool);
  }

  /** What became of the files. */
  private final class Tally implements RoundListener {
    private int counted;
    private int passed;
    private final List<String> refused = new ArrayList<>();
    private Progress progress;

    @Override
    public void counted(Path file, GradientUpdate update) {
      counted++;
      progress.advance(1);
    }

    @Override
    public void passed(Path file) {
      passed++;
      progress.advance(1);
    }

    @Override
    public void refused(Path file, VeilsumException reason) {
      refused.add(file.toString());
      progress.interrupt(() -> main.note("refused " + reason.code() + ": " + reason.getMessage()));
      progress.advance(1);
    }
  }

  private void addAll(
      GradientAggregator aggregator, List<Path> files, Tally tally, Progress progress) {
    tally.progress = progress;
    List<Path> updates = new ArrayList<>();
    for (Path file : files) {
      if (Inputs.isAggregate(file)) {
        merge(aggregator, file, tally);
      } else {
        updates.add(file);
      }
    }
    int step = checkpoint == null ? Math.max(1, updates.size()) : every;
    for (int from = 0; from < updates.size(); from += step) {
      int before = tally.counted;
      aggregator.addFiles(updates.subList(from, Math.min(updates.size(), from + step)), tally);
      if (checkpoint != null && tally.counted > before) {
        aggregator.checkpoint(checkpoint);
      }
    }
  }

  private static void merge(GradientAggregator aggregator, Path file, Tally tally) {
    try (GradientAggregate part = GradientAggregate.open(file)) {
      aggregator.merge(part);
      tally.counted(file, null);
    } catch (VeilsumException e) {
      tally.refused(file, e);
    }
  }

  /** The files that are named, and those of folders in the order of their names. */
  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path input : inputs) {
      if (!Files.isDirectory(input)) {
        files.add(input);
        continue;
      }
      try (Stream<Path> inside = Files.list(input)) {
        inside
            .filter(file -> file.getFileName().toString().endsWith(".vsm"))
            .filter(file -> Files.isRegularFile(file))
            .filter(file -> !isOwn(file))
            .sorted()
            .forEach(files::add);
      } catch (IOException e) {
        throw VeilsumException.io("reading the folder " + input, e);
      }
    }
    if (files.isEmpty()) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT, "there is no file that ends in .vsm in " + inputs);
    }
    return files;
  }

  /** What this command itself writes is not to be added where it lies in a folder of updates. */
  private boolean isOwn(Path file) {
    Path name = file.toAbsolutePath().normalize();
    return (checkpoint != null && name.equals(checkpoint.toAbsolutePath().normalize()))
        || (!output.isStandard()
            && name.equals(Path.of(output.name()).toAbsolutePath().normalize()));
  }

  private void report(GradientAggregate sum, Tally tally, long bytes) {
    if (main.settings.json && !output.isStandard()) {
      Json.print(
          spec,
          json ->
              json.text("file", output.name())
                  .text("round", sum.frame().round())
                  .number("clients", sum.clients().size())
                  .number("weight", sum.weight())
                  .number("numbers", sum.frame().numbers())
                  .number("refused", tally.refused.size())
                  .number("bytes", bytes));
      return;
    }
    main.note(
        "wrote %s: round %s, %d clients of weight %d, %d numbers, %s%s%s"
            .formatted(
                output.name(),
                Text.printable(sum.frame().round()),
                sum.clients().size(),
                sum.weight(),
                sum.frame().numbers(),
                Text.bytes(bytes),
                tally.passed > 0 ? "; %d files were in the checkpoint".formatted(tally.passed) : "",
                tally.refused.isEmpty()
                    ? ""
                    : "; %d files refused".formatted(tally.refused.size())));
  }
}
