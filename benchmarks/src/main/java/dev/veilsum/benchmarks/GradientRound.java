package dev.veilsum.benchmarks;

import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.AggregateForm;
import dev.veilsum.aggregate.CohortKey;
import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientAggregator;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.aggregate.GradientEncryptor;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.aggregate.RoundListener;
import dev.veilsum.aggregate.RoundOptions;
import dev.veilsum.aggregate.UpdateDeclaration;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyFile;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.parallel.OrderedPool;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One round of encrypted gradients through files, each step timed and its result checked: every
 * client's update is encrypted to a file, the files are added up, the sum is written compact and
 * ready, and both are decrypted and held against the means in the clear. Rates are of numbers a
 * second of processor time, of all of Java's threads together ({@code taskset -c 0} for one core),
 * the best of so many repetitions.
 *
 * <p>Arguments: {@code --clients N --numbers N --bits B --repeat N --folder DIR}, or {@code --make}
 * to leave a folder of updates and its key file for the command line.
 */
public final class GradientRound {
  private static final double CLIP = 0.1;

  private final int clients;
  private final int numbers;
  private final int repeat;
  private final Path folder;
  private final OrderedPool pool = new OrderedPool(1);

  private GradientRound(int clients, int numbers, int repeat, Path folder) {
    this.clients = clients;
    this.numbers = numbers;
    this.repeat = repeat;
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    int clients = 64;
    int numbers = 1_000_000;
    int repeat = 5;
    List<Integer> bits = new ArrayList<>();
    Path folder = null;
    boolean make = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--clients" -> clients = Integer.parseInt(args[++i]);
        case "--numbers" -> numbers = Integer.parseInt(args[++i]);
        case "--repeat" -> repeat = Integer.parseInt(args[++i]);
        case "--bits" -> bits.add(Integer.parseInt(args[++i]));
        case "--folder" -> folder = Path.of(args[++i]);
        case "--make" -> make = true;
        default -> throw new IllegalArgumentException("no option " + args[i]);
      }
    }
    Path where = folder == null ? Files.createTempDirectory("gradients") : folder;
    GradientRound round = new GradientRound(clients, numbers, repeat, where);
    if (make) {
      round.make(bits.isEmpty() ? 8 : bits.get(0));
      return;
    }
    // What is compiled late does not count.
    new GradientRound(8, Math.min(numbers, 200_000), repeat, where).run(8, false);
    System.out.println(Machine.description());
    System.out.println();
    System.out.println(
        "| bits, weights | bytes a number | encrypt | add, compact | write ready |"
            + " decrypt ready | decrypt compact |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int b : bits.isEmpty() ? List.of(8, 16) : bits) {
      System.out.println(round.run(b, true));
      System.out.println(round.run(b, false));
    }
    if (folder == null) {
      Files.delete(where);
    }
  }

  private static GradientParameters parameters(int bits, boolean unit) {
    GradientRequest request = new GradientRequest(bits, 1 << 10);
    return unit ? request.unitWeights().solve() : request.solve();
  }

  private List<TensorShape> tensors() {
    return List.of(TensorShape.vector("w", ElementType.FLOAT32, numbers));
  }

  private Path file(int client) {
    return folder.resolve("client%05d.vsm".formatted(client));
  }

  private float[] values(int client) {
    Random random = new Random(client);
    float[] values = new float[numbers];
    for (int i = 0; i < numbers; i++) {
      values[i] = (float) (2 * CLIP) * (random.nextFloat() - 0.5f);
    }
    return values;
  }

  private void make(int bits) {
    GradientParameters parameters = parameters(bits, true);
    Path keyFile = folder.resolve("cohort.key");
    try (MasterKey master = MasterKey.generate();
        CohortKey key = CohortKey.derive(master, parameters)) {
      KeyFile.writeUnsealed(keyFile, master);
      GradientEncryptor encryptor = new GradientEncryptor(key, pool);
      for (int client = 0; client < clients; client++) {
        encrypt(encryptor, client, 1, values(client % 16));
      }
    }
  }

  private long encrypt(GradientEncryptor encryptor, int client, long weight, float[] values) {
    return encryptor.encrypt(
        new UpdateDeclaration("round", "client " + client, weight, CLIP, tensors()),
        GradientValues.of(values),
        AtomicOutput.create(file(client), true, AtomicOutput.Access.USUAL),
        done -> {});
  }

  /** One line of the table. */
  private String run(int bits, boolean unit) throws IOException {
    GradientParameters parameters = parameters(bits, unit);
    try (MasterKey master = MasterKey.generate();
        CohortKey key = CohortKey.derive(master, parameters)) {
      Rate encrypt = new Rate();
      Rate add = new Rate();
      Rate ready = new Rate();
      Rate decryptReady = new Rate();
      Rate decryptCompact = new Rate();
      long bytes = 0;
      GradientEncryptor encryptor = new GradientEncryptor(key, pool);
      GradientDecryptor decryptor = new GradientDecryptor(key, 3, pool);
      double[] mean = new double[numbers];
      long total = unit ? clients : weights();
      for (int client = 0; client < clients; client++) {
        float[] values = values(client);
        long weight = unit ? 1 : weight(client);
        for (int i = 0; i < numbers; i++) {
          mean[i] += (double) weight / total * values[i];
        }
        int of = client;
        // To memory alone: the file is written once, below.
        encrypt.best(
            numbers,
            () ->
                encryptor.encrypt(
                    new UpdateDeclaration("round", "client " + of, weight, CLIP, tensors()),
                    GradientValues.of(values)));
        bytes = encrypt(encryptor, client, weight, values);
      }
      List<Path> files = Stream.iterate(0, i -> i + 1).limit(clients).map(this::file).toList();
      for (int r = 0; r < repeat; r++) {
        GradientAggregate[] sum = new GradientAggregate[1];
        add.best((long) numbers * clients, () -> sum[0] = added(files));
        try (GradientAggregate aggregate = sum[0]) {
          Path path = folder.resolve("ready.sum");
          ready.best(
              (long) numbers * clients,
              () ->
                  aggregate.write(
                      AtomicOutput.passThrough(
                          "nowhere", Channels.newChannel(OutputStream.nullOutputStream())),
                      AggregateForm.READY,
                      pool,
                      done -> {}));
          aggregate.write(
              AtomicOutput.create(path, true, AtomicOutput.Access.USUAL),
              AggregateForm.READY,
              pool,
              done -> {});
          try (GradientAggregate opened = GradientAggregate.open(path)) {
            decryptReady.best(numbers, () -> decrypted(decryptor, opened));
            check(decryptor.meansAsFloats(opened), mean, bits);
          }
          Files.delete(path);
          decryptCompact.best(numbers, () -> decrypted(decryptor, aggregate));
          check(decryptor.meansAsFloats(aggregate), mean, bits);
        }
      }
      for (Path file : files) {
        Files.delete(file);
      }
      return String.format(
          Locale.ROOT,
          "| %d, %s | %.3f (file %.3f) | %.0f M/s | %.2f G/s | %.0f M/s | %.0f M/s | %.1f M/s |",
          bits,
          unit ? "one" : "any",
          parameters.bytesPerNumber(),
          (double) bytes / numbers,
          encrypt.rate / 1e6,
          add.rate / 1e9,
          ready.rate / 1e6,
          decryptReady.rate / 1e6,
          decryptCompact.rate / 1e6);
    }
  }

  private long weight(int client) {
    return 1 + client % (1024 / clients);
  }

  private long weights() {
    long sum = 0;
    for (int client = 0; client < clients; client++) {
      sum += weight(client);
    }
    return sum;
  }

  private GradientAggregate added(List<Path> files) {
    GradientAggregator aggregator = new GradientAggregator(RoundOptions.byDefault(), pool);
    aggregator.addFiles(
        files,
        new RoundListener() {
          @Override
          public void refused(Path file, VeilsumException reason) {
            throw reason;
          }
        });
    return aggregator.finish();
  }

  private static Object decrypted(GradientDecryptor decryptor, GradientAggregate aggregate) {
    long[] count = {0};
    decryptor.decrypt(
        aggregate,
        GradientDecryptor.Output.FLOAT_MEANS,
        (ByteBuffer part) -> count[0] += part.remaining());
    return count;
  }

  /** A client's number is rounded by less than a step, so the mean is off by less than one. */
  private static void check(float[] found, double[] mean, int bits) {
    double step = 2 * CLIP / ((1L << bits) - 1);
    for (int i = 0; i < mean.length; i++) {
      if (!(Math.abs(found[i] - mean[i]) < step + 1e-7)) {
        throw new AssertionError("mean " + i + " is " + found[i] + ", not " + mean[i]);
      }
    }
  }

  /** The best rate of all that were timed. */
  private static final class Rate {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private double rate;

    void best(long amount, Supplier<?> work) {
      long start = cpuTime();
      Object kept = work.get();
      long nanos = cpuTime() - start;
      if (kept == null) {
        throw new AssertionError("no result");
      }
      rate = Math.max(rate, amount * 1e9 / nanos);
    }

    /** Of all of Java's threads: what others use of the processor is left out. */
    private static long cpuTime() {
      long sum = 0;
      for (long id : THREADS.getAllThreadIds()) {
        sum += Math.max(0, THREADS.getThreadCpuTime(id));
      }
      return sum;
    }
  }
}
