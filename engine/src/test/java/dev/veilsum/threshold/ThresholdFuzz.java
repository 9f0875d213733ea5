package dev.veilsum.threshold;

import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.MetadataFuzz;
import dev.veilsum.fuzz.FuzzTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The files of threshold keys. */
public final class ThresholdFuzz {
  private ThresholdFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        target(
            "thresholdSession",
            (of, file) -> of.session.write(Parties.output(file)),
            ThresholdSession::read),
        target(
            "thresholdJoin",
            (of, file) -> of.parties.get(0).join().write(Parties.output(file)),
            JoinMessage::read),
        target(
            "thresholdDeal",
            (of, file) -> of.dealt.get(0).write(Parties.output(file)),
            reader -> DealMessage.read(reader, 1)),
        target(
            "thresholdConfirm",
            (of, file) -> of.confirmed.get(0).write(Parties.output(file)),
            ConfirmMessage::read),
        target(
            "thresholdPublicKey",
            (of, file) -> JointKeyFile.write(of.key, Parties.output(file)),
            JointKeyFile::read),
        target(
            "thresholdShare",
            (of, file) -> of.shares.get(0).write(Parties.output(file)),
            KeyShare::read),
        target("thresholdPart", ThresholdFuzz::part, reader -> OpeningPart.read(reader).close()));
  }

  private static FuzzTarget target(
      String name, BiConsumer<Parties, Path> write, Consumer<ContainerReader> read) {
    return MetadataFuzz.target(name, ContainerKind.THRESHOLD, () -> bytes(write), read);
  }

  private static void part(Parties of, Path file) {
    Path folder = file.resolveSibling(file.getFileName() + ".parts");
    try (GradientAggregate round = of.round(3, new long[10])) {
      Files.createDirectory(folder);
      Files.copy(
          of.part(round, 1, List.of(1, 2), folder), file, StandardCopyOption.REPLACE_EXISTING);
      try (Stream<Path> made = Files.walk(folder)) {
        for (Path each : made.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(BiConsumer<Parties, Path> write) {
    try {
      Path file = Files.createTempFile("fuzz", ".vsm");
      write.accept(Parties.of(2, 2), file);
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
