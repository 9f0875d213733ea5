package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.sharing.AdditiveSharing;
import dev.veilsum.sharing.ShamirSharing;
import dev.veilsum.sharing.Share;
import dev.veilsum.sharing.SharingRound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A client's integers as one share for each server. */
@Command(
    name = "split",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Split integers into one share for each server.",
      "",
      "All clients of a round give the same --round, --servers, --threshold, --bound and --clients,"
          + " and as many integers.",
      ""
    })
final class ShareSplitCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand ShareCommand parent;

  @Option(
      names = "--round",
      paramLabel = "NAME",
      required = true,
      description = "The round's name; used once.")
  String round;

  @Option(
      names = "--client",
      paramLabel = "NAME",
      required = true,
      description = "This client's name; it is counted once a round.")
  String client;

  @Option(
      names = "--servers",
      paramLabel = "N",
      required = true,
      description = "How many servers, 2 to 255; each gets a share.")
  int servers;

  @Option(
      names = "--threshold",
      paramLabel = "T",
      description = {
        "So many servers open the sum, and fewer learn nothing (Shamir).",
        "By default all have to (additive)."
      })
  Integer threshold;

  @Option(
      names = "--bound",
      paramLabel = "B",
      required = true,
      description = "Integers are from -B to B; times --clients it is below 2^60.")
  long bound;

  @Option(
      names = "--clients",
      paramLabel = "M",
      required = true,
      description = "The most clients that are added up.")
  int clients;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PREFIX",
      required = true,
      description = "The shares become PREFIX.1 to PREFIX.N, new files that only the owner reads.")
  String prefix;

  @Parameters(
      arity = "0..1",
      paramLabel = "IN",
      defaultValue = "-",
      description =
          "Integers as text, between them spaces, commas or ends of lines; - is standard input,"
              + " which is the default.")
  String input;

  @Override
  public void run() {
    Main main = parent.main;
    List<Path> files = new ArrayList<>();
    for (int server = 1; server <= servers; server++) {
      files.add(Path.of(prefix + "." + server));
    }
    for (Path file : files) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new VeilsumException(
            ErrorCode.OUTPUT_EXISTS, file + " exists and is not overwritten; name another prefix");
      }
    }
    long[] values = IntegerText.read(main.streams(), input);
    List<? extends Share<?>> shares;
    try {
      SharingRound agreed = new SharingRound(round, servers, values.length, bound, clients);
      shares =
          threshold == null
              ? new AdditiveSharing(agreed).share(client, values)
              : new ShamirSharing(agreed, threshold).share(client, values);
    } finally {
      Arrays.fill(values, 0);
    }
    try {
      write(shares, files);
    } finally {
      shares.forEach(Share::close);
    }
    report(main, files, values.length);
  }

  /** Writes all of them, or none. */
  private static void write(List<? extends Share<?>> shares, List<Path> files) {
    List<Path> written = new ArrayList<>();
    try {
      for (int i = 0; i < files.size(); i++) {
        ShareFiles.write(shares.get(i), files.get(i));
        written.add(files.get(i));
      }
    } catch (VeilsumException e) {
      for (Path file : written) {
        try {
          Files.delete(file);
        } catch (IOException left) {
          e.addSuppressed(left);
        }
      }
      throw e;
    }
  }

  private void report(Main main, List<Path> files, int count) {
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.objects("shares", files, (item, file) -> item.text("file", file))
                  .number("integers", count));
      return;
    }
    main.note(
        "wrote %s to %s: shares of %d integers; %s servers open the sum"
            .formatted(
                files.get(0),
                files.get(files.size() - 1),
                count,
                threshold == null ? "all " + servers : threshold + " of " + servers));
  }
}
