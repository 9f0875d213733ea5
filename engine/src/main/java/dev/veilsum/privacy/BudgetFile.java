package dev.veilsum.privacy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.CheckedCbor;
import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A client's {@link PrivacyBudget} on disk: the text "VSUMPRIV", the budget in canonical CBOR, and
 * the SHA-256 of both. What is spent is on disk before anything is released. Processes take turns
 * by a lock on the file's name with ".lock" after it, which stays. Whoever can write the file can
 * also put an earlier copy in its place: keep it where only its client can.
 */
public final class BudgetFile {
  private static final String MARK = "VSUMPRIV";
  private static final long MAX_BYTES = 1L << 24;

  /** Threads of this process take turns by this; a lock on a file is the whole process'. */
  private static final Object TURN = new Object();

  private final Path file;

  private BudgetFile(Path file) {
    this.file = file;
  }

  /** The budget at this path, which is read when it is asked for. */
  public static BudgetFile at(Path file) {
    return new BudgetFile(file);
  }

  /** Whether there is one. */
  public boolean exists() {
    return Files.exists(file);
  }

  /**
   * Writes a budget of which nothing is spent.
   *
   * @throws VeilsumException OUTPUT_EXISTS where the file is there; IO
   */
  public void create(PrivacyBudget budget) {
    locked(
        () -> {
          write(budget, false);
          return budget;
        });
  }

  /**
   * The budget as it is.
   *
   * @throws VeilsumException IO where there is none; CORRUPT where it was cut or altered, which is
   *     never taken for an empty one
   */
  public PrivacyBudget read() {
    byte[] bytes;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw corrupt(file.toString(), "more than %d bytes".formatted(MAX_BYTES));
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new VeilsumException(
          ErrorCode.IO, "there is no privacy budget " + file + "; make one first", e);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
    return decode(bytes, file.toString());
  }

  static byte[] encode(PrivacyBudget budget) {
    return CheckedCbor.encode(MARK, budget.toCbor());
  }

  static PrivacyBudget decode(byte[] bytes, String name) {
    try {
      return PrivacyBudget.of(CheckedCbor.decode(MARK, bytes, name), name);
    } catch (VeilsumException e) {
      throw e.code() == ErrorCode.UNSUPPORTED ? e : corrupt(name, e.getMessage());
    }
  }

  /**
   * Pays for a round: afterwards it is in the file, or an error was thrown and the file is as it
   * was. To be called before the round's update is made.
   *
   * @return the budget after it
   * @throws VeilsumException as {@link #read} and {@link PrivacyBudget#spend}
   */
  public PrivacyBudget spend(SpentRound round) {
    return change(budget -> budget.spend(round));
  }

  private PrivacyBudget change(UnaryOperator<PrivacyBudget> by) {
    by.apply(read()); // what is refused leaves no lock file
    return locked(
        () -> {
          PrivacyBudget after = by.apply(read());
          write(after, true);
          return after;
        });
  }

  private void write(PrivacyBudget budget, boolean overwrite) {
    try (AtomicOutput out = AtomicOutput.create(file, overwrite, AtomicOutput.Access.OWNER_ONLY)) {
      out.write(encode(budget));
      out.commit();
    }
  }

  private <T> T locked(Supplier<T> work) {
    Path absolute = file.toAbsolutePath();
    Path lockFile = absolute.resolveSibling(absolute.getFileName() + ".lock");
    synchronized (TURN) {
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        return work.get();
      } catch (IOException e) {
        throw VeilsumException.io("locking " + lockFile, e);
      }
    }
  }

  private static VeilsumException corrupt(String name, String why) {
    return new VeilsumException(
        ErrorCode.CORRUPT,
        "%s is no privacy budget that can be trusted (%s); put back a copy that has every round"
            .formatted(name, why));
  }
}
