package dev.veilsum.cli.federated;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.AggregateForm;
import dev.veilsum.aggregate.CohortKey;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientAggregator;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.aggregate.RoundListener;
import dev.veilsum.aggregate.RoundOptions;
import dev.veilsum.aggregate.UpdateDeclaration;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Clients with one key, and an aggregator that has none; nothing but files passes between them.
 * Every decrypted sum is compared with the one in the clear, which a real aggregator could not do.
 */
final class EncryptedSummation implements Summation {
  private final MasterKey master = MasterKey.generate();
  private final CohortKey key;
  private final double clip;
  private final Path folder;
  private final OrderedPool pool;
  private int rounds;
  private long up;
  private long down;

  /**
   * @param clip that updates are declared with; what is encrypted are integers
   * @param folder where the files pass through
   */
  EncryptedSummation(GradientParameters parameters, double clip, Path folder, OrderedPool pool) {
    this.key = CohortKey.derive(master, parameters);
    this.clip = clip;
    this.folder = folder;
    this.pool = pool;
  }

  @Override
  public long[] sum(List<long[]> updates, long[] weights) {
    String round = "round " + ++rounds;
    List<Path> sent = new ArrayList<>();
    Path result = folder.resolve("sum.vsm");
    try {
      for (int k = 0; k < weights.length; k++) {
        sent.add(client(round, k, updates.get(k), weights[k]));
      }
      aggregator(round, sent, result);
      long[] sums = reader(result);
      if (!Arrays.equals(sums, Summation.clearSum(updates, weights))) {
        throw new VeilsumException(
            ErrorCode.INTERNAL,
            round + ": a decrypted sum is not the true one; do not use this build on this machine");
      }
      return sums;
    } finally {
      sent.add(result);
      sent.forEach(EncryptedSummation::delete);
    }
  }

  private Path client(String round, int number, long[] update, long weight) {
    Path file = folder.resolve("client" + number + ".vsm");
    List<TensorShape> tensors =
        List.of(TensorShape.vector("model", ElementType.FLOAT32, update.length));
    UpdateDeclaration declared =
        new UpdateDeclaration(round, "client " + number, weight, clip, tensors);
    GradientEncryptor encryptor = new GradientEncryptor(key, pool);
    GradientValues values = GradientValues.ofIntegers(update);
    up += write(file, out -> encryptor.encrypt(declared, values, out, count -> {}));
    return file;
  }

  private void aggregator(String round, List<Path> files, Path result) {
    RoundOptions options = RoundOptions.byDefault().round(round);
    try (GradientAggregator aggregator = new GradientAggregator(options, pool)) {
      aggregator.addFiles(
          files,
          new RoundListener() {
            @Override
            public void refused(Path file, VeilsumException reason) {
              throw reason;
            }
          });
      try (GradientAggregate sum = aggregator.finish()) {
        down += write(result, out -> sum.write(out, AggregateForm.COMPACT, pool, chunk -> {}));
      }
    }
  }

  private long[] reader(Path result) {
    try (GradientAggregate sum = GradientAggregate.open(result)) {
      return new GradientDecryptor(key, 3, pool).sums(sum);
    }
  }

  /** Without a sync: these files do not have to survive anything. */
  private static long write(Path file, ToLongFunction<AtomicOutput> writing) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return writing.applyAsLong(AtomicOutput.passThrough(file.toString(), channel));
    } catch (IOException e) {
      throw VeilsumException.io("writing " + file, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is encrypted, and lies where temporary files do.
    }
  }

  @Override
  public long bytesUp() {
    return up;
  }

  @Override
  public long bytesDown() {
    return down;
  }

  @Override
  public void close() {
    key.close();
    master.close();
  }
}
