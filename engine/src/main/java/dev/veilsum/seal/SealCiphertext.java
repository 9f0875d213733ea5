package dev.veilsum.seal;

import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Residues;
import dev.veilsum.params.NttPrimes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * SEAL's Ciphertext: polynomials as residues, whole or with the last as a seed. Also its PublicKey
 * and each digit of its key-switching keys, which are encryptions of zero over all primes. Shape
 * and header are checked when it is read, residues when the engine takes it over ({@link SealCkks},
 * {@link SealBfv}).
 */
public final class SealCiphertext {
  private static final int FIELDS = SealParameters.PARMS_ID + 1 + 5 * 8;
  static final int MAX_SIZE = 16;
  private static final int ENGINE_SIZE = 3;

  private final SealParameters parameters;
  private final boolean key;
  private final int primes;
  private final int size;
  private final double scale;
  private final ByteBuffer words;
  private final SealSeed seed; // or null

  SealCiphertext(
      SealParameters parameters,
      boolean key,
      int primes,
      int size,
      double scale,
      ByteBuffer words,
      SealSeed seed) {
    this.parameters = parameters;
    this.key = key;
    this.primes = primes;
    this.size = size;
    this.scale = scale;
    this.words = words;
    this.seed = seed;
  }

  /**
   * Reads a ciphertext that takes all of the buffer. Where it is not compressed, the result is a
   * view of the buffer, which must not change meanwhile.
   *
   * @throws VeilsumException {@code CORRUPT} with the byte at which it is wrong; {@code
   *     UNSUPPORTED} for versions and sizes that the engine does not have
   */
  public static SealCiphertext read(ByteBuffer bytes, SealParameters parameters) {
    return read(bytes, parameters, false);
  }

  /** Reads a PublicKey, as {@link #read}. */
  public static SealCiphertext readPublicKey(ByteBuffer bytes, SealParameters parameters) {
    return read(bytes, parameters, true);
  }

  private static SealCiphertext read(ByteBuffer bytes, SealParameters parameters, boolean key) {
    try (SealInput in = SealInput.open(bytes, key ? "public key" : "ciphertext")) {
      SealCiphertext read = readBody(in, parameters, key);
      in.end();
      return read;
    }
  }

  /** Reads what follows the header. */
  static SealCiphertext readBody(SealInput in, SealParameters parameters, boolean key) {
    int primes = readLevel(in, parameters, key);
    boolean ntt = key || parameters.isCkks();
    int flag = in.u8();
    if (flag != (ntt ? 1 : 0)) {
      throw in.corrupt(
          "the NTT flag is %d where %d belongs%s"
              .formatted(flag, ntt ? 1 : 0, flag > 1 ? ": it is 0 or 1" : ""));
    }
    long size = in.u64();
    long degree = in.u64();
    long count = in.u64();
    if (size < 0 || size == 1 || size > MAX_SIZE || (key && size != 2)) {
      throw in.corrupt(
          "%s polynomials where %s belong"
              .formatted(Long.toUnsignedString(size), key ? "2" : "2 to 16"));
    }
    if (degree != parameters.ringDegree() || count != primes) {
      throw in.corrupt(
          "ring degree %s and %s primes where %d and %d belong"
              .formatted(
                  Long.toUnsignedString(degree),
                  Long.toUnsignedString(count),
                  parameters.ringDegree(),
                  primes));
    }
    double scale = in.f64();
    checkScale(in, scale, parameters, key ? 0 : primes);
    long factor = in.u64();
    if (factor != 1) {
      throw in.corrupt(
          "a correction factor of %s; it is 1 outside of BGV"
              .formatted(Long.toUnsignedString(factor)));
    }
    long poly = degree * count;
    if (size == 0) {
      in.words("array of an empty ciphertext", 0);
      throw in.corrupt("the ciphertext is empty: it has no polynomials");
    }
    if (size > ENGINE_SIZE) {
      throw in.unsupported(
          "%d polynomials; the engine takes 2 or 3: relinearize it first".formatted(size));
    }
    ByteBuffer words = in.words("array", size * poly, size == 2 ? poly : size * poly);
    SealSeed seed = null;
    if (words.remaining() < 8 * size * poly) {
      seed = readSeed(in);
    }
    return new SealCiphertext(parameters, key, primes, (int) size, scale, words, seed);
  }

  /** What stands for the last polynomial. */
  static SealSeed readSeed(SealInput in) {
    ByteBuffer info = in.frameOf(SealSeed.FRAME, "seed");
    int generator = info.get() & 0xff;
    if (generator != SealSeed.BLAKE2XB && generator != SealSeed.SHAKE256) {
      throw in.corruptAt(
          in.position() - SealSeed.LENGTH - 1,
          "a seed of generator %d; there are 1 (Blake2xb) and 2 (SHAKE-256)".formatted(generator));
    }
    byte[] bytes = new byte[SealSeed.LENGTH];
    info.get(bytes);
    return new SealSeed(generator, bytes);
  }

  /** The primes that the parms_id stands for. */
  private static int readLevel(SealInput in, SealParameters parameters, boolean key) {
    long at = in.position();
    int primes = parameters.primesOf(in.bytes(SealParameters.PARMS_ID));
    int all = parameters.primes().size();
    if (primes == 0) {
      throw in.corruptAt(at, "the parms_id is not of these parameters: " + parameters);
    }
    if (key ? primes != all : primes > parameters.dataPrimes()) {
      throw in.corruptAt(
          at,
          key
              ? "a key over %d of %d primes; keys are over all".formatted(primes, all)
              : "a ciphertext over all primes, which only keys are");
    }
    return primes;
  }

  /** Checks a scale: 1 outside of CKKS; in CKKS a number that {@code primes} of them can hold. */
  static void checkScale(SealInput in, double scale, SealParameters parameters, int primes) {
    if (!parameters.isCkks() || primes == 0) {
      if (scale != 1) {
        throw in.corrupt("a scale of %s where 1 belongs".formatted(scale));
      }
      return;
    }
    double bits = 0;
    for (long q : parameters.primes().subList(0, primes)) {
      bits += Math.log(q) / Math.log(2);
    }
    double log = Math.log(scale) / Math.log(2);
    if (!(scale >= Double.MIN_NORMAL) || Double.isInfinite(scale) || log >= bits) {
      throw in.corrupt(
          "a scale of %s; it is a positive number below the modulus of %.1f bits"
              .formatted(scale, bits));
    }
  }

  /** The object's bytes; a seeded one is written seeded. */
  public byte[] write(SealFormat format) {
    return SealOutput.write(format, frameBytes(), this::writeBody);
  }

  long frameBytes() {
    return SealInput.HEADER
        + FIELDS
        + SealOutput.arrayBytes(words)
        + (seed == null ? 0 : SealSeed.FRAME);
  }

  void writeBody(SealOutput out) {
    writeFields(out).words(words);
    if (seed != null) {
      out.frame(SealSeed.FRAME).u8(seed.generator()).bytes(seed.bytes());
    }
  }

  private SealOutput writeFields(SealOutput out) {
    out.bytes(parameters.parmsId(primes)).u8(key || parameters.isCkks() ? 1 : 0);
    return out.u64(size).u64(parameters.ringDegree()).u64(primes).f64(scale).u64(1);
  }

  /**
   * A ciphertext on its way out of the engine, whose words are written straight to where the object
   * is to be.
   */
  record Leaving(SealParameters parameters, int primes, int size, double scale) {
    private long words() {
      return (long) size * parameters.ringDegree() * primes;
    }

    private SealCiphertext fields() {
      return new SealCiphertext(parameters, false, primes, size, scale, null, null);
    }

    long bytes() {
      return SealInput.HEADER + FIELDS + SealOutput.arrayBytes(words());
    }

    byte[] write(SealFormat format, Consumer<ByteBuffer> put) {
      return SealOutput.write(
          format, bytes(), out -> fields().writeFields(out).words(words(), put));
    }

    void write(ByteBuffer to, int minorVersion, Consumer<ByteBuffer> put) {
      SealOutput.write(
          to, minorVersion, bytes(), out -> fields().writeFields(out).words(words(), put));
    }
  }

  public SealParameters parameters() {
    return parameters;
  }

  /** The engine's level: the primes less one. */
  public int level() {
    return primes - 1;
  }

  /** How many primes it is over. */
  public int primes() {
    return primes;
  }

  /** How many polynomials it has, 2 or 3, one that is a seed among them. */
  public int size() {
    return size;
  }

  /** CKKS: what the message is multiplied by; otherwise 1. */
  public double scale() {
    return scale;
  }

  /** Whether its last polynomial is a seed. */
  public boolean isSeeded() {
    return seed != null;
  }

  /** The name of the generator of its seed. */
  public Optional<String> generator() {
    return Optional.ofNullable(seed).map(SealSeed::generatorName);
  }

  boolean isKey() {
    return key;
  }

  /** The residues that are here, 8 little-endian bytes each; a view that cannot be written. */
  public ByteBuffer words() {
    return words.asReadOnlyBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN);
  }

  Residues residues() {
    return seed == null
        ? Residues.full(words.duplicate())
        : new Residues(words.duplicate(), seed.generator(), seed.bytes());
  }

  SealSeed seed() {
    return seed;
  }

  /** The same with all polynomials there. */
  SealCiphertext unseeded(ByteBuffer allWords) {
    return new SealCiphertext(parameters, key, primes, size, scale, allWords, null);
  }

  @Override
  public String toString() {
    return "SEAL %s, %d polynomials over %d primes of at most %d bits%s%s"
        .formatted(
            key ? "key" : "ciphertext",
            size,
            primes,
            Long.SIZE - Long.numberOfLeadingZeros(longest()),
            seed == null ? "" : ", seeded",
            parameters.isCkks() && !key ? ", scale " + scale : "");
  }

  private long longest() {
    return parameters.primes().stream().mapToLong(q -> q).max().orElse(1L << NttPrimes.MAX_BITS);
  }
}
