package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.threshold.ConfirmMessage;
import dev.veilsum.threshold.DealMessage;
import dev.veilsum.threshold.Deals;
import dev.veilsum.threshold.JoinMessage;
import dev.veilsum.threshold.Joins;
import dev.veilsum.threshold.MessageFile;
import dev.veilsum.threshold.MessageType;
import dev.veilsum.threshold.ThresholdSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The messages of a session among files and folders. Of a folder, files that end in .vsm are read,
 * and those that are no messages passed over; a file that is named must be one.
 */
final class ThresholdMessages {
  private record Message(Path file, MessageType type) {}

  private final List<Message> all = new ArrayList<>();

  private ThresholdMessages() {}

  static ThresholdMessages in(List<Path> inputs) {
    ThresholdMessages messages = new ThresholdMessages();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        messages.addFolder(input);
      } else {
        messages.add(input, true);
      }
    }
    return messages;
  }

  private void addFolder(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      inside
          .filter(file -> file.getFileName().toString().endsWith(".vsm"))
          .filter(file -> Files.isRegularFile(file))
          .sorted()
          .forEach(file -> add(file, false));
    } catch (IOException e) {
      throw VeilsumException.io("reading the folder " + folder, e);
    }
  }

  private void add(Path file, boolean named) {
    try (ContainerReader reader = ContainerReader.openUnread(file)) {
      if (named || reader.kind() == ContainerKind.THRESHOLD) {
        all.add(new Message(file, MessageFile.typeOf(reader)));
      }
    }
  }

  private <T> List<T> read(MessageType type, Function<ContainerReader, T> read) {
    List<T> messages = new ArrayList<>();
    for (Message message : all) {
      if (message.type() == type) {
        try (ContainerReader reader = ContainerReader.open(message.file())) {
          messages.add(read.apply(reader));
        }
      }
    }
    return messages;
  }

  /** The one session. */
  ThresholdSession session() {
    List<ThresholdSession> found = read(MessageType.SESSION, ThresholdSession::read);
    if (found.size() != 1) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%d session files among the inputs; name the one that threshold init wrote"
              .formatted(found.size()));
    }
    return found.get(0);
  }

  Joins joins() {
    return Joins.of(session(), read(MessageType.JOIN, JoinMessage::read));
  }

  /** All dealings, with the shares that are for one party, or 0 for none. */
  Deals deals(Joins joins, int recipient) {
    return Deals.of(joins, read(MessageType.DEAL, reader -> DealMessage.read(reader, recipient)));
  }

  List<ConfirmMessage> confirmations() {
    return read(MessageType.CONFIRM, ConfirmMessage::read);
  }
}
