package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.sharing.AdditiveShare;
import dev.veilsum.sharing.AdditiveSharing;
import dev.veilsum.sharing.ShamirShare;
import dev.veilsum.sharing.ShamirSharing;
import dev.veilsum.sharing.Share;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The sum, of enough servers' shares. */
@Command(
    name = "open",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Open the sums of enough servers: the integers' sums, one a line.",
      "With more of them than the threshold, an altered one is found.",
      ""
    })
final class ShareOpenCommand implements Runnable {
  @ParentCommand ShareCommand parent;
  @Mixin Output output;

  @Mixin OpeningCohort cohort;

  @Parameters(arity = "1..*", paramLabel = "SUM", description = "What servers made by share add.")
  List<Path> files;

  @Override
  public void run() {
    Main main = parent.main;
    List<Share<?>> shares = new ArrayList<>();
    try (AtomicOutput out = output.openDecrypted(main.streams())) {
      files.forEach(file -> shares.add(ShareFiles.read(file)));
      int clients = shares.get(0).clients().size();
      if (clients < cohort.minimum) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s is of %d clients; sums of fewer than %d are not opened (--min-cohort)"
                .formatted(files.get(0), clients, cohort.minimum));
      }
      IntegerText.write(opened(shares), out);
      out.commit();
      if (!output.isStandard()) {
        main.note("wrote %s: the sum of %d clients".formatted(output.name(), clients));
      }
    } finally {
      shares.forEach(Share::close);
    }
  }

  private long[] opened(List<Share<?>> shares) {
    return shares.get(0) instanceof ShamirShare first
        ? new ShamirSharing(first.round(), first.threshold()).open(all(ShamirShare.class, shares))
        : new AdditiveSharing(shares.get(0).round()).open(all(AdditiveShare.class, shares));
  }

  private <S extends Share<S>> List<S> all(Class<S> kind, List<Share<?>> shares) {
    for (int i = 0; i < shares.size(); i++) {
      if (!kind.isInstance(shares.get(i))) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s is of another sharing than %s: one is additive, one has a threshold"
                .formatted(files.get(i), files.get(0)));
      }
    }
    return shares.stream().map(kind::cast).toList();
  }
}
