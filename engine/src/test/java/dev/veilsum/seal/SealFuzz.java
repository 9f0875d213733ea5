package dev.veilsum.seal;

import com.github.luben.zstd.Zstd;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * Microsoft SEAL's objects, read and taken over into the engine. Input: a byte, then the object.
 * The byte's remainder by 3 is 0 for the object as it is, and otherwise the compression that is put
 * around its body, so that changes get past it; its quotient is odd for the parameters of the
 * objects that SEAL wrote, and even for smaller ones.
 */
public final class SealFuzz {
  private static final int FORMS = 3;
  private static final SealFormat PLAIN = new SealFormat(1, SealCompression.NONE);

  private SealFuzz() {}

  /** Parameters and their way into the engine, made at their first use. */
  private static final class Fixed {
    private static final int N = 1024;
    static final List<Long> PRIME = NttPrimes.largest(26, N, 1);
    static final List<Long> PRIMES = NttPrimes.largest(26, 2048, 2);
    static final SealCkks CKKS =
        SealCkks.of(
            CkksContext.create(
                new CkksParameters(N, PRIME, List.of(), 1, 0x1p10, SecurityLevel.DEFAULT)));
    static final SealBfv BFV =
        SealBfv.of(
            BfvContext.create(
                new BfvParameters(N, PRIME, List.of(), 1, 17, SecurityLevel.DEFAULT)));

    /** With a special prime. */
    static final SealCkks KEYED =
        SealCkks.of(
            CkksContext.create(
                new CkksParameters(
                    2048,
                    PRIMES.subList(0, 1),
                    PRIMES.subList(1, 2),
                    1,
                    0x1p10,
                    SecurityLevel.DEFAULT)));

    static final SealCkks REAL_CKKS = SealCkks.of(Vectors.parameters(Vectors.CKKS), 0x1p30);
    static final SealBfv REAL_BFV = SealBfv.of(Vectors.parameters(Vectors.BFV));
    static final CkksSecretKey SECRET = CKKS.context().secretKey(new byte[32]);
    static final CkksSecretKey KEYED_SECRET = KEYED.context().secretKey(new byte[32]);
    static final CkksEvaluationKeys KEYS =
        KEYED_SECRET.evaluationKeys(
            KeyRequirements.relinearization().union(KeyRequirements.rotations(1)));
  }

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget("sealParameters", SealFuzz::readParameters, SealFuzz::parameters),
        new FuzzTarget(
            "sealBundle",
            input -> SealBundle.split(ByteBuffer.wrap(input)).forEach(SealFuzz::describe),
            SealFuzz::bundles),
        ckks(
            "sealCkksCiphertext",
            () -> Fixed.CKKS,
            (bytes, seal) -> {
              SealCiphertext c = SealCiphertext.read(bytes, seal.parameters());
              seal.ciphertext(c, 1).close();
              return c.write(PLAIN);
            },
            f -> ckksCiphertexts(f),
            "x.seal",
            "x-none.seal",
            "x-zlib.seal",
            "x-seeded.seal",
            "product-size3.seal"),
        bfv(
            "sealBfvCiphertext",
            (bytes, seal) -> {
              SealCiphertext c = SealCiphertext.read(bytes, seal.parameters());
              seal.ciphertext(c).close();
              return c.write(PLAIN);
            },
            f -> bfvCiphertexts(f),
            "x.seal",
            "x-none.seal",
            "x-zlib.seal",
            "x-seeded.seal",
            "product-size3.seal"),
        ckks(
            "sealCkksPlaintext",
            () -> Fixed.CKKS,
            (bytes, seal) -> {
              try (SealPlaintext p = SealPlaintext.read(bytes, seal.parameters())) {
                seal.plaintext(p, 1).close();
                return p.write(PLAIN);
              }
            },
            f ->
                List.of(
                    SealPlaintext.message(
                            Fixed.CKKS.parameters(), 1, 0x1p10, SealKeys.words(Fixed.N))
                        .write(f)),
            "x.plain.seal"),
        bfv(
            "sealBfvPlaintext",
            (bytes, seal) -> {
              try (SealPlaintext p = SealPlaintext.read(bytes, seal.parameters())) {
                seal.plaintext(p).close();
                return p.write(PLAIN);
              }
            },
            f ->
                List.of(
                    SealPlaintext.message(Fixed.BFV.parameters(), 0, 1, SealKeys.words(16))
                        .write(f)),
            "x.plain.seal"),
        ckks(
            "sealSecretKey",
            () -> Fixed.CKKS,
            (bytes, seal) -> {
              try (SealPlaintext key = SealPlaintext.readSecretKey(bytes, seal.parameters())) {
                seal.secretKey(key).close();
                return key.write(PLAIN);
              }
            },
            f -> List.of(Fixed.CKKS.export(Fixed.SECRET).write(f)),
            "secret.seal"),
        ckks(
            "sealPublicKey",
            () -> Fixed.KEYED,
            (bytes, seal) -> {
              SealCiphertext key = SealCiphertext.readPublicKey(bytes, seal.parameters());
              seal.publicKey(key).close();
              return key.write(PLAIN);
            },
            f -> {
              SealCiphertext seeded = Fixed.KEYED.publicKey(Fixed.KEYED_SECRET);
              return List.of(seeded.write(f), Fixed.KEYED.expand(seeded).write(f));
            },
            "public.seal"),
        keys(
            "sealRelinKeys",
            SealSwitchKeys.Kind.RELINEARIZATION,
            "relin.seal",
            "relin-seeded.seal"),
        keys("sealGaloisKeys", SealSwitchKeys.Kind.GALOIS, "galois.seal"));
  }

  private static FuzzTarget keys(String name, SealSwitchKeys.Kind kind, String... real) {
    return ckks(
        name,
        () -> Fixed.KEYED,
        (bytes, seal) -> {
          SealSwitchKeys keys = SealSwitchKeys.read(bytes, seal.parameters(), kind);
          seal.evaluationKeys(keys).close();
          return keys.write(PLAIN);
        },
        f -> List.of(Fixed.KEYED.export(Fixed.KEYS, kind).write(f)),
        real);
  }

  private static FuzzTarget ckks(
      String name,
      Supplier<SealCkks> small,
      BiFunction<ByteBuffer, SealCkks, byte[]> read,
      Function<SealFormat, List<byte[]>> write,
      String... real) {
    return new FuzzTarget(
        name,
        input ->
            read(input, bytes -> read.apply(bytes, isReal(input) ? Fixed.REAL_CKKS : small.get())),
        () -> inForms(write),
        () -> real(Vectors.CKKS, real));
  }

  private static FuzzTarget bfv(
      String name,
      BiFunction<ByteBuffer, SealBfv, byte[]> read,
      Function<SealFormat, List<byte[]>> write,
      String... real) {
    return new FuzzTarget(
        name,
        input ->
            read(input, bytes -> read.apply(bytes, isReal(input) ? Fixed.REAL_BFV : Fixed.BFV)),
        () -> inForms(write),
        () -> real(Vectors.BFV, real));
  }

  /** A secret key of BFV. */
  public static SealPlaintext secretKey() {
    try (BfvSecretKey secret = Fixed.BFV.context().secretKey(new byte[32])) {
      return Fixed.BFV.export(secret);
    }
  }

  // Inputs.

  private static boolean isReal(byte[] input) {
    return input.length > 0 && (input[0] & 0xff) / FORMS % 2 == 1;
  }

  private static byte[] inForm(int form, byte[] object) {
    return ByteBuffer.allocate(1 + object.length).put((byte) form).put(object).array();
  }

  /** What {@code write} makes: as it is in each compression, and to be compressed. */
  private static List<byte[]> inForms(Function<SealFormat, List<byte[]>> write) {
    List<byte[]> all = new ArrayList<>();
    for (SealCompression compression : SealCompression.values()) {
      write.apply(PLAIN.withCompression(compression)).forEach(object -> all.add(inForm(0, object)));
    }
    for (int form = 1; form < FORMS; form++) {
      byte[] object = write.apply(PLAIN).get(0);
      all.add(inForm(form, object));
    }
    return all;
  }

  private static List<byte[]> real(String folder, String... names) {
    return Stream.of(names).map(name -> inForm(FORMS, Vectors.bytes(folder + name))).toList();
  }

  private static void read(byte[] input, Function<ByteBuffer, byte[]> read) {
    byte[] object = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    int form = input.length == 0 ? 0 : (input[0] & 0xff) % FORMS;
    byte[] given = form == 0 ? object : compressed(object, form);
    byte[] written = read.apply(ByteBuffer.wrap(given));
    GuardedRead.requireSame(read.apply(ByteBuffer.wrap(written)), written);
  }

  /** The object's header, and its body compressed. */
  private static byte[] compressed(byte[] object, int form) {
    if (object.length < SealInput.HEADER) {
      return object;
    }
    byte[] body = Arrays.copyOfRange(object, SealInput.HEADER, object.length);
    byte[] packed =
        form == SealCompression.ZLIB.code()
            ? deflated(body)
            : Zstd.compress(body, Zstd.minCompressionLevel());
    return ByteBuffer.allocate(SealInput.HEADER + packed.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(object, 0, SealInput.HEADER)
        .put(packed)
        .put(5, (byte) form)
        .putLong(8, SealInput.HEADER + packed.length)
        .array();
  }

  private static byte[] deflated(byte[] body) {
    Deflater deflater = new Deflater(Deflater.NO_COMPRESSION);
    deflater.setInput(body);
    deflater.finish();
    byte[] out = new byte[body.length + body.length / 8 + 64];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  // Objects.

  private static void readParameters(byte[] input) {
    read(
        input,
        bytes -> {
          SealParameters read = SealParameters.read(bytes);
          byte[] written = read.write(PLAIN);
          if (read.isCkks()) {
            read.toCkks(0x1p20);
          } else {
            read.toBfv();
          }
          return written;
        });
  }

  private static List<byte[]> parameters() {
    List<byte[]> all = new ArrayList<>();
    for (SealParameters each : List.of(Fixed.KEYED.parameters(), Fixed.REAL_BFV.parameters())) {
      all.addAll(inForms(format -> List.of(each.write(format))));
    }
    return all;
  }

  /** Says what an object is, without its parameters and with some. */
  private static void describe(ByteBuffer object) {
    SealObject.read(object.duplicate(), Optional.empty());
    SealObject.read(object.duplicate(), Optional.of(Fixed.CKKS.parameters()));
  }

  /** Two objects of each compression. */
  private static List<byte[]> bundles() {
    List<byte[]> all = new ArrayList<>();
    for (SealCompression compression : SealCompression.values()) {
      SealFormat format = PLAIN.withCompression(compression);
      byte[] first = Fixed.CKKS.parameters().write(format);
      for (byte[] second : ckksCiphertexts(format).subList(0, 2)) {
        all.add(ByteBuffer.allocate(first.length + second.length).put(first).put(second).array());
      }
    }
    return all;
  }

  private static ByteBuffer words(int polynomials) {
    ByteBuffer words = SealKeys.words((long) Fixed.N * polynomials);
    for (int i = 0; i < words.capacity(); i += 8) {
      words.putLong(i, i * 7919L % Fixed.PRIME.get(0));
    }
    return words;
  }

  private static List<byte[]> ckksCiphertexts(SealFormat format) {
    SealSeed seed = new SealSeed(SealSeed.BLAKE2XB, new byte[SealSeed.LENGTH]);
    SealParameters set = Fixed.CKKS.parameters();
    return List.of(
        new SealCiphertext(set, false, 1, 2, 0x1p10, words(1), seed).write(format),
        new SealCiphertext(set, false, 1, 2, 0x1p10, words(2), null).write(format),
        new SealCiphertext(set, false, 1, 3, 0x1p10, words(3), null).write(format));
  }

  private static List<byte[]> bfvCiphertexts(SealFormat format) {
    SealSeed seed = new SealSeed(SealSeed.SHAKE256, new byte[SealSeed.LENGTH]);
    SealParameters set = Fixed.BFV.parameters();
    return List.of(
        new SealCiphertext(set, false, 1, 2, 1, words(1), seed).write(format),
        new SealCiphertext(set, false, 1, 2, 1, words(2), null).write(format),
        new SealCiphertext(set, false, 1, 3, 1, words(3), null).write(format));
  }
}
