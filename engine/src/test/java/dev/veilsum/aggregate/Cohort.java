package dev.veilsum.aggregate;

import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Clients of one key, and the clear sum of what they encrypt. */
final class Cohort implements AutoCloseable {
  static final OrderedPool POOL = new OrderedPool(2);

  final MasterKey master = MasterKey.generate();
  final CohortKey key;
  final GradientEncryptor encryptor;
  final List<TensorShape> tensors;
  final long[] sums;
  private final Random random = new Random(5);

  Cohort(GradientParameters parameters, int length) {
    key = CohortKey.derive(master, parameters);
    encryptor = new GradientEncryptor(key, POOL);
    tensors = List.of(TensorShape.vector("w", ElementType.FLOAT32, length));
    sums = new long[length];
  }

  UpdateDeclaration declaration(String client, long weight) {
    return new UpdateDeclaration("round 1", client, weight, 1.0, tensors);
  }

  /** Integers at the ends and between, counted in the clear. */
  long[] integers(long weight) {
    long most = key.parameters().largestNumber();
    long[] numbers = new long[sums.length];
    for (int i = 0; i < numbers.length; i++) {
      int kind = random.nextInt(4);
      numbers[i] = kind == 0 ? most : kind == 1 ? 0 : random.nextLong() & most;
      sums[i] += weight * numbers[i];
    }
    return numbers;
  }

  GradientUpdate update(String client, long weight) {
    return encryptor.encrypt(
        declaration(client, weight), GradientValues.ofIntegers(integers(weight)));
  }

  Path file(Path folder, String client, long weight) {
    Path file = folder.resolve(client + ".vsm");
    update(client, weight).write(output(file));
    return file;
  }

  GradientDecryptor decryptor() {
    return new GradientDecryptor(key, 1, POOL);
  }

  static AtomicOutput output(Path file) {
    return AtomicOutput.create(file, true, AtomicOutput.Access.USUAL);
  }

  static GradientAggregator round() {
    return new GradientAggregator(RoundOptions.byDefault(), POOL);
  }

  @Override
  public void close() {
    key.close();
    master.close();
  }
}
