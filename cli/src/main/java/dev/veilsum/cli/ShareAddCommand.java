package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.sharing.AdditiveShare;
import dev.veilsum.sharing.ShamirShare;
import dev.veilsum.sharing.Share;
import dev.veilsum.sharing.ShareAggregator;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A server's share of the sum. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Add up the shares that one server got. All of them are added, or nothing is written: servers"
          + " have to add the same clients.",
      ""
    })
final class ShareAddCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand ShareCommand parent;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The server's share of the sum: a new file that only the owner reads.")
  Path output;

  @Mixin OpeningCohort cohort;

  @Parameters(
      arity = "1..*",
      paramLabel = "SHARE",
      description = "Shares for this server, or its shares of sums of other clients.")
  List<Path> files;

  @Override
  public void run() {
    Main main = parent.main;
    boolean additive;
    try (Share<?> first = ShareFiles.read(files.get(0))) {
      additive = first instanceof AdditiveShare;
    }
    try (Share<?> sum = additive ? sum(AdditiveShare.class) : sum(ShamirShare.class)) {
      ShareFiles.write(sum, output);
      if (main.settings.json) {
        Json.print(
            spec,
            json ->
                json.text("file", output)
                    .number("server", sum.party())
                    .number("clients", sum.clients().size()));
        return;
      }
      main.note(
          "wrote %s: server %d's share of the sum of %d clients, round %s"
              .formatted(
                  output, sum.party(), sum.clients().size(), Text.printable(sum.round().name())));
    }
  }

  private <S extends Share<S>> S sum(Class<S> kind) {
    try (ShareAggregator<S> sum = new ShareAggregator<>(cohort.minimum)) {
      for (Path file : files) {
        try (Share<?> share = ShareFiles.read(file)) {
          if (!kind.isInstance(share)) {
            throw new VeilsumException(
                ErrorCode.BAD_INPUT,
                "%s is of another sharing than %s: one is additive, one has a threshold"
                    .formatted(file, files.get(0)));
          }
          ShareFiles.naming(
              file,
              () -> {
                sum.add(kind.cast(share));
                return sum;
              });
        }
      }
      return sum.finish();
    }
  }
}
