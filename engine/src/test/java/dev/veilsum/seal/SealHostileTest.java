package dev.veilsum.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bad object has an error of its own, which says where it stands. docs/seal.md has the table
 * with SEAL's own answers.
 */
class SealHostileTest {
  private static final SealFormat PLAIN = new SealFormat(1, SealCompression.NONE);
  private static final SealParameters CKKS = Vectors.parameters(Vectors.CKKS);
  private static final SealParameters BFV = Vectors.parameters(Vectors.BFV);
  private static final SealCkks SEAL_CKKS = SealCkks.of(CKKS, Math.scalb(1.0, 30));
  private static final SealBfv SEAL_BFV = SealBfv.of(BFV);
  private static final int N = 4096;

  // Offsets of the body's fields.
  private static final int NTT = 48;
  private static final int SIZE = 49;
  private static final int SCALE = 73;
  private static final int FACTOR = 81;
  private static final int ARRAY = 89;
  private static final int COUNT = ARRAY + 16;
  private static final int WORDS = COUNT + 8;

  /** What reads an object and takes it over. */
  private enum Reader {
    CKKS_CIPHERTEXT(b -> SEAL_CKKS.ciphertext(SealCiphertext.read(b, CKKS), 8).close(), CKKS_X),
    CKKS_SEEDED(b -> SEAL_CKKS.ciphertext(SealCiphertext.read(b, CKKS), 8).close(), CKKS_S),
    BFV_CIPHERTEXT(b -> SEAL_BFV.ciphertext(SealCiphertext.read(b, BFV)).close(), BFV_X),
    CKKS_PLAINTEXT(b -> SEAL_CKKS.plaintext(SealPlaintext.read(b, CKKS), 8).close(), CKKS_P),
    BFV_PLAINTEXT(b -> SEAL_BFV.plaintext(SealPlaintext.read(b, BFV)).close(), BFV_P),
    SECRET_KEY(b -> SEAL_CKKS.secretKey(SealPlaintext.readSecretKey(b, CKKS)).close(), CKKS_SECRET),
    PUBLIC_KEY(
        b -> SEAL_CKKS.publicKey(SealCiphertext.readPublicKey(b, CKKS)).close(), CKKS_PUBLIC),
    RELIN_KEYS(
        b ->
            SEAL_CKKS
                .evaluationKeys(SealSwitchKeys.read(b, CKKS, SealSwitchKeys.Kind.RELINEARIZATION))
                .close(),
        CKKS_RELIN),
    GALOIS_KEYS(
        b ->
            SEAL_CKKS
                .evaluationKeys(SealSwitchKeys.read(b, CKKS, SealSwitchKeys.Kind.GALOIS))
                .close(),
        CKKS_GALOIS),
    CKKS_PARAMETERS(b -> SealCkks.of(SealParameters.read(b), 2), CKKS.write(PLAIN)),
    BFV_PARAMETERS(b -> SealBfv.of(SealParameters.read(b)), BFV.write(PLAIN));

    final Consumer<ByteBuffer> read;
    final byte[] good;

    Reader(Consumer<ByteBuffer> read, byte[] good) {
      this.read = read;
      this.good = good;
    }
  }

  private static final byte[] CKKS_X = ciphertext(Vectors.CKKS + "x.seal", CKKS);
  private static final byte[] CKKS_S = ciphertext(Vectors.CKKS + "x-seeded.seal", CKKS);
  private static final byte[] BFV_X = ciphertext(Vectors.BFV + "x.seal", BFV);
  private static final byte[] CKKS_P =
      SealPlaintext.read(Vectors.object(Vectors.CKKS + "x.plain.seal"), CKKS).write(PLAIN);
  private static final byte[] BFV_P =
      SealPlaintext.read(Vectors.object(Vectors.BFV + "x.plain.seal"), BFV).write(PLAIN);
  private static final byte[] CKKS_SECRET =
      SealPlaintext.readSecretKey(Vectors.object(Vectors.CKKS + "secret.seal"), CKKS).write(PLAIN);
  private static final byte[] CKKS_PUBLIC =
      SealCiphertext.readPublicKey(Vectors.object(Vectors.CKKS + "public.seal"), CKKS).write(PLAIN);
  private static final byte[] CKKS_RELIN =
      SealSwitchKeys.read(
              Vectors.object(Vectors.CKKS + "relin-seeded.seal"),
              CKKS,
              SealSwitchKeys.Kind.RELINEARIZATION)
          .write(PLAIN);
  private static final byte[] CKKS_GALOIS =
      SealSwitchKeys.read(
              Vectors.object(Vectors.CKKS + "galois.seal"), CKKS, SealSwitchKeys.Kind.GALOIS)
          .write(PLAIN);

  private static byte[] ciphertext(String path, SealParameters parameters) {
    return SealCiphertext.read(Vectors.object(path), parameters).write(PLAIN);
  }

  // Ways to spoil an object.

  private static UnaryOperator<byte[]> edit(Consumer<ByteBuffer> change) {
    return good -> {
      byte[] bad = good.clone();
      change.accept(ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN));
      return bad;
    };
  }

  /** Another length, stated so in the outermost header. */
  private static byte[] resized(byte[] object, int length) {
    byte[] other = Arrays.copyOf(object, length);
    ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putLong(8, length);
    return other;
  }

  private static UnaryOperator<byte[]> scale(double scale) {
    return edit(b -> b.putDouble(SCALE, scale));
  }

  /** An object whose array is said to have, and has, so many words. */
  private static UnaryOperator<byte[]> words(int count, Consumer<ByteBuffer> change) {
    return good -> {
      byte[] other = resized(good, WORDS + 8 * count);
      ByteBuffer b = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
      b.putLong(ARRAY + 8, 24 + 8L * count).putLong(COUNT, count);
      change.accept(b);
      return other;
    };
  }

  private static byte[] framed(int compression, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(16 + body.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort((short) 0xA15E).put((byte) 16).put((byte) 4).put((byte) 1);
    out.put((byte) compression).putShort((short) 0).putLong(16 + body.length).put(body);
    return out.array();
  }

  private static byte[] zlib(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION))) {
      deflater.write(body);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static byte[] zstd(byte[] body, int windowLog) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(3).setContentSize(false).setWindowLog(windowLog);
      return context.compress(body);
    }
  }

  private static byte[] body(byte[] object) {
    return Arrays.copyOfRange(object, 16, object.length);
  }

  /**
   * A zstd frame of stored blocks that asks for a window of 2^windowLog bytes (RFC 8878, 3.1.1).
   */
  private static byte[] rawZstd(byte[] body, int windowLog) {
    int most = 1 << 16;
    int blocks = (body.length + most - 1) / most;
    ByteBuffer out =
        ByteBuffer.allocate(6 + 3 * blocks + body.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0xFD2FB528).put((byte) 0).put((byte) ((windowLog - 10) << 3));
    for (int at = 0; at < body.length; at += most) {
      int length = Math.min(most, body.length - at);
      int header = length << 3 | (at + length == body.length ? 1 : 0);
      out.put((byte) header).put((byte) (header >> 8)).put((byte) (header >> 16));
      out.put(body, at, length);
    }
    return out.array();
  }

  private static byte[] headThenZeros(byte[] object, int head, int zeros) {
    byte[] body = new byte[head - 16 + zeros];
    System.arraycopy(object, 16, body, 0, head - 16);
    return body;
  }

  private static Arguments bad(
      String name, Reader reader, UnaryOperator<byte[]> spoil, ErrorCode code, String message) {
    return Arguments.of(name, reader, spoil, code, message);
  }

  private static Arguments bad(
      String name, Reader reader, UnaryOperator<byte[]> spoil, String message) {
    return bad(name, reader, spoil, ErrorCode.CORRUPT, message);
  }

  static Stream<Arguments> badObjects() {
    Reader c = Reader.CKKS_CIPHERTEXT;
    byte[] empty = {};
    return Stream.of(
        // Frame.
        bad("no bytes", c, g -> empty, "byte 0: 0 bytes; a frame's header"),
        bad("15 bytes", c, g -> Arrays.copyOf(g, 15), "15 bytes; a frame's header alone"),
        bad("cut short", c, g -> Arrays.copyOf(g, g.length - 1), "it was cut short"),
        bad("size above what is there", c, edit(b -> b.putLong(8, 1L << 40)), "cut short"),
        bad("size of 2^64 - 1", c, edit(b -> b.putLong(8, -1)), "18446744073709551615 bytes"),
        bad("size below the header", c, edit(b -> b.putLong(8, 15)), "less than its header"),
        bad("wrong magic", c, edit(b -> b.put(0, (byte) 0)), "the magic number is a100"),
        bad("wrong header size", c, edit(b -> b.put(2, (byte) 15)), "a header of 15 bytes"),
        bad("newer minor", c, edit(b -> b.put(4, (byte) 6)), ErrorCode.UNSUPPORTED, "SEAL 4.6"),
        bad("newer major", c, edit(b -> b.put(3, (byte) 5)), ErrorCode.UNSUPPORTED, "SEAL 5.1"),
        bad("3.x", c, edit(b -> b.put(3, (byte) 3)), ErrorCode.UNSUPPORTED, "SEAL 3.1"),
        bad("unknown compression", c, edit(b -> b.put(5, (byte) 3)), "compression 3"),
        bad("reserved field", c, edit(b -> b.put(7, (byte) 1)), "reserved field is not zero"),
        bad("trailing bytes", c, g -> Arrays.copyOf(g, g.length + 3), "3 bytes are left after"),
        bad("trailing in the frame", c, g -> resized(g, g.length + 8), "8 bytes are left in the"),
        bad("nested overstates", c, edit(b -> b.putLong(ARRAY + 8, 1 << 30)), "more than the obj"),
        bad(
            "nested off by one word",
            c,
            edit(b -> b.putLong(ARRAY + 8, b.getLong(ARRAY + 8) - 8)),
            "bytes for 16384 words"),
        bad("nested magic", c, edit(b -> b.put(ARRAY, (byte) 0)), "byte 89: the magic number"),
        bad("nested compression", c, edit(b -> b.put(ARRAY + 5, (byte) 2)), "only its outermost"),
        bad(
            "nested version",
            c,
            edit(b -> b.put(ARRAY + 4, (byte) 9)),
            ErrorCode.UNSUPPORTED,
            "byte 92: an object of SEAL 4.9"),
        // Compression.
        bad(
            "zstd bomb",
            c,
            g -> framed(2, zstd(headThenZeros(g, WORDS, 64 << 20), 20)),
            "the compressed body goes on after the object"),
        bad(
            "zlib bomb",
            c,
            g -> framed(1, zlib(headThenZeros(g, WORDS, 8 << 20))),
            "the compressed body goes on after the object"),
        bad(
            "zstd bomb of keys",
            Reader.GALOIS_KEYS,
            g -> framed(2, zstd(keyBomb(), 20)),
            "expands to more than"),
        bad(
            "zstd truncated",
            c,
            g -> framed(2, Arrays.copyOf(zstd(body(g), 20), 5000)),
            "not exactly one intact zstd frame"),
        bad(
            "zlib truncated",
            c,
            g -> framed(1, Arrays.copyOf(zlib(body(g)), 5000)),
            "the compressed body is damaged"),
        bad("zstd corrupt", c, g -> framed(2, new byte[64]), "not exactly one intact zstd frame"),
        bad("zlib corrupt", c, g -> framed(1, new byte[64]), "the compressed body is damaged"),
        bad(
            "zstd of half the object",
            c,
            g -> framed(2, zstd(Arrays.copyOf(body(g), 60000), 20)),
            "the compressed body ends within the array"),
        bad(
            "zstd window above 2^23",
            c,
            g -> framed(2, rawZstd(body(g), 24)),
            "the compressed body is damaged"),
        bad(
            "bytes after the zstd frame",
            c,
            g -> framed(2, Arrays.copyOf(zstd(body(g), 20), zstd(body(g), 20).length + 1)),
            "not exactly one intact zstd frame"),
        bad(
            "bytes after the zlib stream",
            c,
            g -> framed(1, Arrays.copyOf(zlib(body(g)), zlib(body(g)).length + 1)),
            "1 bytes are left after the zlib stream"),
        // Ciphertext.
        bad("size 0, words", c, edit(b -> b.putLong(SIZE, 0)), "16384 words where 0 belong"),
        bad("size 0, no words", c, words(0, b -> b.putLong(SIZE, 0)), "it has no polynomials"),
        bad("size 1", c, edit(b -> b.putLong(SIZE, 1)), "1 polynomials where 2 to 16"),
        bad("size 17", c, edit(b -> b.putLong(SIZE, 17)), "17 polynomials where 2 to 16"),
        bad("size 2^63", c, edit(b -> b.putLong(SIZE, 1L << 63)), "9223372036854775808 polynom"),
        bad(
            "size 4",
            c,
            words(8 * N, b -> b.putLong(SIZE, 4)),
            ErrorCode.UNSUPPORTED,
            "relinearize it"),
        bad(
            "N k words for size 3",
            c,
            words(2 * N, b -> b.putLong(SIZE, 3)),
            "8192 words where 24576 belong"),
        bad("other degree", c, edit(b -> b.putLong(SIZE + 8, 2 * N)), "ring degree 8192 and"),
        bad("other prime count", c, edit(b -> b.putLong(SIZE + 16, 1)), "and 1 primes where"),
        bad(
            "a coefficient = q",
            c,
            edit(b -> b.putLong(WORDS, CKKS.primes().get(0))),
            "polynomial 0 holds a residue that is not below its prime"),
        bad(
            "a coefficient of 2^64 - 1",
            c,
            edit(b -> b.putLong(WORDS + 8 * (4 * N - 1), -1)),
            "polynomial 1 holds a residue that is not below its prime"),
        bad(
            "generator 0",
            Reader.CKKS_SEEDED,
            edit(b -> b.put(b.capacity() - 65, (byte) 0)),
            "byte 65665: a seed of generator 0"),
        bad(
            "generator 9",
            Reader.CKKS_SEEDED,
            edit(b -> b.put(b.capacity() - 65, (byte) 9)),
            "a seed of generator 9"),
        bad(
            "seed frame cut",
            Reader.CKKS_SEEDED,
            g -> resized(g, g.length - 1),
            "the frame of the seed states 81 bytes, more than the object has"),
        bad("scale 0", c, scale(0), "a scale of 0.0"),
        bad("scale NaN", c, scale(Double.NaN), "a scale of NaN"),
        bad("scale infinite", c, scale(Double.POSITIVE_INFINITY), "a scale of Infinity"),
        bad("scale negative", c, scale(-1073741824), "a scale of -1.073741824E9"),
        bad("scale subnormal", c, scale(Double.MIN_VALUE), "a scale of 4.9E-324"),
        bad("scale 1e300", c, scale(1e300), "a scale of 1.0E300"),
        bad("scale of BFV", Reader.BFV_CIPHERTEXT, scale(2), "a scale of 2.0 where 1 belongs"),
        bad(
            "key-level parms_id",
            c,
            edit(b -> b.put(16, CKKS.parmsId(3))),
            "byte 16: a ciphertext over all primes"),
        bad(
            "parms_id of others",
            c,
            edit(b -> b.put(16, BFV.parmsId(2))),
            "byte 16: the parms_id is not of these parameters"),
        bad("NTT flag 0 for CKKS", c, edit(b -> b.put(NTT, (byte) 0)), "the NTT flag is 0 where 1"),
        bad("NTT flag 7", c, edit(b -> b.put(NTT, (byte) 7)), "the NTT flag is 7 where 1"),
        bad(
            "NTT flag 1 for BFV",
            Reader.BFV_CIPHERTEXT,
            edit(b -> b.put(NTT, (byte) 1)),
            "the NTT flag is 1 where 0"),
        bad("factor 2", c, edit(b -> b.putLong(FACTOR, 2)), "a correction factor of 2"),
        bad("transparent", c, edit(b -> zero(b, WORDS + 16 * N, 2 * N)), "transparent"),
        bad(
            "transparent BFV",
            Reader.BFV_CIPHERTEXT,
            edit(b -> zero(b, WORDS + 16 * N, 2 * N)),
            "transparent"),
        bad("all zero", c, edit(b -> zero(b, WORDS, 4 * N)), "transparent"),
        // Plaintext.
        bad(
            "count 0, oversized array",
            Reader.BFV_PLAINTEXT,
            edit(b -> b.putLong(48, 0)),
            "words where 0 belong"),
        bad(
            "count above N",
            Reader.BFV_PLAINTEXT,
            edit(b -> b.putLong(48, N + 1)),
            "4097 coefficients where at most 4096"),
        bad(
            "a value = t",
            Reader.BFV_PLAINTEXT,
            edit(b -> b.putLong(88, BFV.plainModulus())),
            "a coefficient is not below t = 1032193"),
        bad(
            "a residue = q",
            Reader.CKKS_PLAINTEXT,
            edit(b -> b.putLong(88, CKKS.primes().get(0))),
            "a coefficient is not below its prime"),
        bad(
            "CKKS scale infinite",
            Reader.CKKS_PLAINTEXT,
            edit(b -> b.putDouble(56, Double.POSITIVE_INFINITY)),
            "a scale of Infinity"),
        bad(
            "CKKS values beyond the modulus",
            Reader.CKKS_PLAINTEXT,
            edit(b -> b.putDouble(56, Math.scalb(1.0, 70))),
            ErrorCode.NOISE_BUDGET,
            "loading a plaintext"),
        bad(
            "BFV plaintext in NTT form",
            Reader.BFV_PLAINTEXT,
            edit(b -> b.put(16, BFV.parmsId(2))),
            "in NTT form"),
        // Keys.
        bad(
            "more slots than N",
            Reader.GALOIS_KEYS,
            edit(b -> b.putLong(48, N + 1)),
            "4097 slots; there are at most 4096"),
        bad(
            "more digits than L",
            Reader.RELIN_KEYS,
            edit(b -> b.putLong(56, 3)),
            "slot 0 has 3 digits where 2 belong"),
        bad(
            "fewer digits than L",
            Reader.RELIN_KEYS,
            edit(b -> b.putLong(56, 1)),
            "slot 0 has 1 digits where 2 belong"),
        bad(
            "2^64 - 1 digits",
            Reader.RELIN_KEYS,
            edit(b -> b.putLong(56, -1)),
            "slot 0 has 18446744073709551615 digits"),
        bad(
            "an empty slot that is used",
            Reader.RELIN_KEYS,
            g -> emptySlot(),
            ErrorCode.MISSING_KEY,
            "slot 0 of SEAL's relinearization keys is empty"),
        bad(
            "a digit's frame overstates",
            Reader.RELIN_KEYS,
            edit(b -> b.putLong(64 + 8, b.getLong(64 + 8) + 8)),
            "the frame of the digit states that it ends at"),
        bad(
            "a digit's residue = q",
            Reader.RELIN_KEYS,
            edit(b -> b.putLong(64 + WORDS, CKKS.primes().get(0))),
            "polynomial 0 holds a residue"),
        bad(
            "a secret that is zero",
            Reader.SECRET_KEY,
            edit(b -> zero(b, 88, 3 * N)),
            "a secret key that is zero"),
        bad(
            "a secret that is not ternary",
            Reader.SECRET_KEY,
            edit(b -> fill(b, 88, 3 * N, 2)),
            "outside {-1, 0, 1}"),
        bad(
            "a secret of different residues",
            Reader.SECRET_KEY,
            edit(b -> b.putLong(88 + 8 * (3 * N - 1), b.getLong(88 + 8 * (3 * N - 1)) ^ 1)),
            "residues are not of one polynomial"),
        bad(
            "a secret over two primes",
            Reader.SECRET_KEY,
            edit(b -> b.put(16, CKKS.parmsId(2))),
            "a secret key over 2 primes"),
        bad(
            "a public key at a data level",
            Reader.PUBLIC_KEY,
            edit(b -> b.put(16, CKKS.parmsId(2))),
            "a key over 2 of 3 primes"),
        bad(
            "a public key with c_1 = 0",
            Reader.PUBLIC_KEY,
            edit(b -> zero(b, WORDS + 24 * N, 3 * N)),
            "second polynomial is zero"),
        bad("a public key's scale", Reader.PUBLIC_KEY, scale(2), "a scale of 2.0 where 1"),
        // Parameters.
        bad(
            "a composite prime",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(49, 8193L * 8193)),
            "the modulus 67125249 is not prime"),
        bad(
            "a prime that is not 1 mod 2N",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(49, (1L << 31) - 1)),
            "the modulus 2147483647 is not 1 mod 8192"),
        bad(
            "a prime twice",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(49, CKKS.primes().get(1))),
            "stands twice"),
        bad(
            "a prime of 62 bits",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(49, (1L << 61) + 1)),
            "at most 60 bits"),
        bad(
            "2^40 primes",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(25, 1L << 40)),
            "1099511627776 primes"),
        bad("no primes", Reader.CKKS_PARAMETERS, edit(b -> b.putLong(25, 0)), "0 primes; 1 to"),
        bad(
            "degree 2^40",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(17, 1L << 40)),
            "a ring degree of 1099511627776"),
        bad(
            "degree 4095",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(17, 4095)),
            "a ring degree of 4095"),
        bad(
            "scheme BGV",
            Reader.BFV_PARAMETERS,
            edit(b -> b.put(16, (byte) 3)),
            ErrorCode.UNSUPPORTED,
            "parameters of BGV"),
        bad("scheme 4", Reader.BFV_PARAMETERS, edit(b -> b.put(16, (byte) 4)), "scheme 4; there"),
        bad(
            "plain modulus 1",
            Reader.BFV_PARAMETERS,
            edit(b -> b.putLong(b.capacity() - 8, 1)),
            "a plain modulus of 1 for BFV"),
        bad(
            "plain modulus of CKKS",
            Reader.CKKS_PARAMETERS,
            edit(b -> b.putLong(b.capacity() - 8, 17)),
            "a plain modulus of 17 for CKKS"),
        bad(
            "tables too large and a modulus above every bound",
            Reader.CKKS_PARAMETERS,
            g -> hugeParameters(),
            ErrorCode.INSECURE_PARAMETERS,
            "take smaller or fewer primes"));
  }

  private static void zero(ByteBuffer b, int at, int words) {
    fill(b, at, words, 0);
  }

  private static void fill(ByteBuffer b, int at, int words, long value) {
    for (int i = 0; i < words; i++) {
      b.putLong(at + 8 * i, value);
    }
  }

  /** Relinearization keys with one slot that is empty. */
  private static byte[] emptySlot() {
    return new SealSwitchKeys(
            CKKS, SealSwitchKeys.Kind.RELINEARIZATION, 1, new java.util.TreeMap<>())
        .write(PLAIN);
  }

  /** The same Galois key in hundreds of slots: nothing is wrong but what it would take. */
  private static byte[] keyBomb() {
    List<SealCiphertext> key =
        SealSwitchKeys.read(ByteBuffer.wrap(CKKS_RELIN), CKKS, SealSwitchKeys.Kind.RELINEARIZATION)
            .digits(0);
    List<SealCiphertext> flat =
        key.stream()
            .map(
                d ->
                    new SealCiphertext(
                        CKKS, true, 3, 2, 1, ByteBuffer.allocate(8 * 3 * N), d.seed()))
            .toList();
    java.util.TreeMap<Integer, List<SealCiphertext>> keys = new java.util.TreeMap<>();
    for (int slot = 1; slot < 300; slot++) {
      keys.put(slot, flat);
    }
    return body(new SealSwitchKeys(CKKS, SealSwitchKeys.Kind.GALOIS, N, keys).write(PLAIN));
  }

  /** 64 primes of 60 bits at N = 131072: gigabytes of tables. */
  private static byte[] hugeParameters() {
    int n = 131072;
    List<Long> primes = dev.veilsum.params.NttPrimes.largest(60, n, 64);
    ByteBuffer out = ByteBuffer.allocate(33 + 24 * 65).order(ByteOrder.LITTLE_ENDIAN);
    out.put(framed(0, new byte[17 + 24 * 65])).position(16);
    out.put((byte) 2).putLong(n).putLong(64);
    primes.forEach(q -> out.put(framed(0, word(q))));
    return out.put(framed(0, word(0))).array();
  }

  private static byte[] word(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badObjects")
  void isRefused(
      String name, Reader reader, UnaryOperator<byte[]> spoil, ErrorCode code, String message) {
    byte[] bad = spoil.apply(reader.good);
    long before = allocated();
    VeilsumException e =
        catchThrowableOfType(
            VeilsumException.class, () -> reader.read.accept(ByteBuffer.wrap(bad)));
    if (bad.length < 1 << 20) {
      assertThat(allocated() - before).as("bytes allocated").isLessThan(64 << 20);
    }
    assertThat(e).as(name).isNotNull();
    assertThat(e).hasMessageContaining(message);
    assertThat(e.code()).isEqualTo(code);
  }

  /** What only the engine finds, when it takes an object over. */
  private static final Set<String> WELL_FORMED =
      Set.of(
          "a coefficient = q",
          "a coefficient of 2^64 - 1",
          "transparent",
          "transparent BFV",
          "all zero",
          "CKKS values beyond the modulus",
          "an empty slot that is used",
          "a digit's residue = q",
          "a secret that is zero",
          "a secret that is not ternary",
          "a secret of different residues",
          "a public key with c_1 = 0",
          "tables too large and a modulus above every bound");

  @ParameterizedTest(name = "{0}")
  @MethodSource("badObjects")
  void isRefusedWhateverItShouldBe(
      String name, Reader reader, UnaryOperator<byte[]> spoil, ErrorCode code, String message) {
    byte[] bad = spoil.apply(reader.good);
    SealParameters parameters = reader.name().startsWith("BFV") ? BFV : CKKS;
    long before = allocated();
    VeilsumException e =
        catchThrowableOfType(
            VeilsumException.class,
            () -> SealObject.read(ByteBuffer.wrap(bad), Optional.of(parameters)));
    if (bad.length < 1 << 20) {
      assertThat(allocated() - before).as("bytes allocated").isLessThan(64 << 20);
    }
    assertThat(e == null).as("is well formed: %s", e).isEqualTo(WELL_FORMED.contains(name));
    if (e != null) {
      assertThat(e.code()).isIn(ErrorCode.CORRUPT, ErrorCode.UNSUPPORTED);
      assertThat(e).hasMessageMatching("SEAL .*, byte [0-9]+: .*");
    }
  }

  @Test
  void everyGoodObjectIsRecognized() {
    Map<Reader, SealObject.Kind> kinds =
        Map.of(
            Reader.CKKS_CIPHERTEXT, SealObject.Kind.CIPHERTEXT,
            Reader.CKKS_SEEDED, SealObject.Kind.CIPHERTEXT,
            Reader.BFV_CIPHERTEXT, SealObject.Kind.CIPHERTEXT,
            Reader.CKKS_PLAINTEXT, SealObject.Kind.PLAINTEXT,
            Reader.BFV_PLAINTEXT, SealObject.Kind.PLAINTEXT,
            Reader.SECRET_KEY, SealObject.Kind.SECRET_KEY,
            Reader.PUBLIC_KEY, SealObject.Kind.PUBLIC_KEY,
            Reader.RELIN_KEYS, SealObject.Kind.RELINEARIZATION_KEYS,
            Reader.GALOIS_KEYS, SealObject.Kind.GALOIS_KEYS);
    for (Reader reader : Reader.values()) {
      SealParameters parameters = reader.name().startsWith("BFV") ? BFV : CKKS;
      for (var known : List.of(Optional.<SealParameters>empty(), Optional.of(parameters))) {
        SealObject object = SealObject.read(ByteBuffer.wrap(reader.good), known);
        assertThat(object.kind())
            .as("%s, %s", reader, known)
            .isEqualTo(kinds.getOrDefault(reader, SealObject.Kind.PARAMETERS));
        assertThat(object.plainBytes()).isEqualTo(reader.good.length);
      }
    }
  }

  @Test
  void aBundleIsOneObjectAfterTheOther() {
    byte[] both = Arrays.copyOf(CKKS_X, CKKS_X.length + CKKS_S.length);
    System.arraycopy(CKKS_S, 0, both, CKKS_X.length, CKKS_S.length);
    List<ByteBuffer> split = SealBundle.split(ByteBuffer.wrap(both));
    assertThat(split).containsExactly(ByteBuffer.wrap(CKKS_X), ByteBuffer.wrap(CKKS_S));
    for (int length : new int[] {0, 15, CKKS_X.length - 1, CKKS_X.length + 3, both.length - 1}) {
      VeilsumException e =
          catchThrowableOfType(
              VeilsumException.class,
              () -> SealBundle.split(ByteBuffer.wrap(Arrays.copyOf(both, length))));
      assertThat(e.code()).as("cut to %d", length).isEqualTo(ErrorCode.CORRUPT);
    }
  }

  @Test
  void aWindowOf2To23IsTaken() {
    byte[] good = framed(2, rawZstd(body(CKKS_X), 23));
    SEAL_CKKS.ciphertext(SealCiphertext.read(ByteBuffer.wrap(good), CKKS), 8).close();
  }

  @Test
  void everyGoodObjectIsTaken() {
    for (Reader reader : Reader.values()) {
      reader.read.accept(ByteBuffer.wrap(reader.good));
    }
  }

  /** Bytes of the heap that this thread has ever allocated. */
  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** Every flipped bit of the first bytes is refused or read, and nothing else. */
  @Test
  void everyFlippedByteEndsInAnAnswer() {
    for (Reader reader : Reader.values()) {
      for (int at = 0; at < Math.min(reader.good.length, 160); at++) {
        for (int bit = 0; bit < 8; bit++) {
          byte[] bad = reader.good.clone();
          bad[at] ^= (byte) (1 << bit);
          try {
            reader.read.accept(ByteBuffer.wrap(bad));
          } catch (VeilsumException e) {
            assertThat(e.code()).isNotEqualTo(ErrorCode.INTERNAL);
          }
          try {
            SealObject.read(ByteBuffer.wrap(bad), Optional.empty());
          } catch (VeilsumException e) {
            assertThat(e.code()).isNotEqualTo(ErrorCode.INTERNAL);
          }
        }
      }
    }
  }
}
