package dev.veilsum.threshold;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a party has taken part in opening: a text file beside its share, one line a sum, that is
 * only ever appended to. A sum is opened once: parts of several openings of one ciphertext, with
 * other parties or the same, would average the flooding away (ePrint 2026/031). An entry is on disk
 * before the part is made; where that fails afterwards, the party has no second try.
 */
public final class OpeningLedger {
  private static final Pattern ENTRY =
      Pattern.compile("opened ([0-9a-f]{64}) aggregate [0-9a-f]{64} parties [0-9,]{1,200}");
  private static final long MAX_BYTES = 1 << 28;

  private final Path file;
  private final String header;

  private OpeningLedger(Path file, String header) {
    this.file = file;
    this.header = header;
  }

  /** Where the ledger of a share lies: beside its file. */
  public static Path beside(Path share) {
    return share.resolveSibling(share.getFileName() + ".ledger");
  }

  /** The ledger of a share. Whether it is there is seen when it is used. */
  public static OpeningLedger of(Path file, KeyShare share) {
    return new OpeningLedger(
        file,
        "veilsum threshold ledger 1, key %s, party %d".formatted(share.keyId(), share.party()));
  }

  /**
   * Makes an empty one with the share. One that is there already is kept.
   *
   * @throws VeilsumException KEY_MISMATCH where it is of another share; CORRUPT, IO
   */
  public void create() {
    if (Files.exists(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        entries(channel);
        return;
      } catch (IOException e) {
        throw VeilsumException.io("reading the ledger " + file, e);
      }
    }
    try (AtomicOutput out = AtomicOutput.create(file, false, AtomicOutput.Access.OWNER_ONLY)) {
      out.write((header + "\n").getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }

  /**
   * Records an opening, durably, and only then returns.
   *
   * @throws VeilsumException BAD_INPUT where this ciphertext has been opened, or the ledger is not
   *     there; KEY_MISMATCH, CORRUPT, IO. The caller must give no part away then
   */
  void record(OpeningId opening) {
    if (!Files.isRegularFile(file)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          ("the ledger %s is missing: without it nobody knows what this share has opened; restore"
                  + " it, or make a new key")
              .formatted(file));
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      if (!lock.isValid()) {
        throw new IOException("the lock was lost");
      }
      Entries entries = entries(channel);
      if (entries.opened().contains(opening.ciphertext().toString())) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            ("this aggregate (%s) was opened with this share already, and a second time would give"
                    + " the key away; aggregate again with another update")
                .formatted(opening.ciphertext()));
      }
      append(channel, entries.end(), opening);
    } catch (IOException e) {
      throw VeilsumException.io("writing the ledger " + file, e);
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.lock();
    } catch (OverlappingFileLockException e) {
      throw new VeilsumException(
          ErrorCode.USAGE, "another thread is using the ledger " + file + "; try again", e);
    }
  }

  private void append(FileChannel channel, long end, OpeningId opening) throws IOException {
    String line =
        "opened %s aggregate %s parties %s\n"
            .formatted(
                opening.ciphertext(),
                opening.aggregate(),
                OpeningId.text(opening.participants()).replace(" ", ""));
    channel.truncate(end); // a line that was cut: its part was never made
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      end += channel.write(bytes, end);
    }
    channel.force(true);
  }

  /**
   * @param end where the last whole line ends
   */
  private record Entries(Set<String> opened, long end) {}

  private Entries entries(FileChannel channel) throws IOException {
    if (channel.size() > MAX_BYTES) {
      throw damaged("it is too large");
    }
    ByteBuffer all = ByteBuffer.allocate((int) channel.size());
    while (all.hasRemaining() && channel.read(all, all.position()) >= 0) {
      // until it is full
    }
    String text = new String(all.array(), 0, all.position(), StandardCharsets.UTF_8);
    int end = text.lastIndexOf('\n') + 1;
    String[] lines = text.substring(0, end).split("\n");
    if (!lines[0].equals(header)) {
      if (lines[0].startsWith("veilsum threshold ledger")) {
        throw new VeilsumException(
            ErrorCode.KEY_MISMATCH,
            "%s is the ledger of another share; this one's begins with \"%s\""
                .formatted(file, header));
      }
      throw damaged("its first line is none of a ledger");
    }
    Set<String> opened = new HashSet<>();
    for (int i = 1; i < lines.length; i++) {
      Matcher entry = ENTRY.matcher(lines[i]);
      if (!entry.matches()) {
        throw damaged("line " + (i + 1) + " is no entry");
      }
      opened.add(entry.group(1));
    }
    return new Entries(opened, text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
  }

  private VeilsumException damaged(String how) {
    return new VeilsumException(
        ErrorCode.CORRUPT, "the ledger %s is damaged: %s".formatted(file, how));
  }
}
