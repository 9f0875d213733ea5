package dev.veilsum.seal;

import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an object says of itself, whatever it is, without any key. SEAL's frames do not name what is
 * in them: it is told by where the first nested frame stands, and, where the parameters are not
 * known, by what SEAL puts there (a scale of 1 in NTT form only in keys).
 *
 * @param kind what it is
 * @param minorVersion 0 to 5, for SEAL 4.0 to 4.5
 * @param bytes its size as it is
 * @param plainBytes its size uncompressed
 * @param parameters those it is of: its own, where it is parameters, otherwise those that were
 *     given
 * @param body everything else, where it is not parameters
 */
public record SealObject(
    Kind kind,
    int minorVersion,
    SealCompression compression,
    long bytes,
    long plainBytes,
    Optional<SealParameters> parameters,
    Optional<Body> body) {
  /** SEAL's classes. */
  public enum Kind {
    PARAMETERS("parameters"),
    PLAINTEXT("plaintext"),
    CIPHERTEXT("ciphertext"),
    SECRET_KEY("secret key"),
    PUBLIC_KEY("public key"),
    RELINEARIZATION_KEYS("relinearization keys"),
    GALOIS_KEYS("Galois keys");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** What people call it, for example "Galois keys". */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What an object under parameters says.
   *
   * @param parmsId SEAL's name of its parameters and level, in hexadecimal
   * @param ringDegree empty for a plaintext or secret key of unknown parameters
   * @param primes how many it is over; empty for a plaintext of BFV and where it is not known
   * @param polynomials of a ciphertext, or of each part of a key; 1 of a plaintext
   * @param ntt whether in NTT form: CKKS, and every key
   * @param scale CKKS: what the message is multiplied by; otherwise 1
   * @param seeds how many polynomials are there as a seed
   * @param keys how many key-switching keys it holds
   */
  public record Body(
      String parmsId,
      OptionalInt ringDegree,
      OptionalInt primes,
      int polynomials,
      boolean ntt,
      double scale,
      int seeds,
      Optional<String> generator,
      int keys) {}

  private static final int FRAME_OF_PARAMETERS = 33;
  private static final int FRAME_OF_PLAINTEXT = 64;
  private static final int FRAME_OF_CIPHERTEXT = 89;
  private static final int PREFIX = FRAME_OF_CIPHERTEXT + 4;
  private static final int MAX_DEGREE = 131072;
  private static final int MAX_PRIMES = 256;

  /**
   * Reads an object that takes all of the buffer: all that its kind's reader checks, but for what
   * needs parameters that are not given.
   *
   * @param parameters those it is of, where they are known
   * @throws VeilsumException {@code CORRUPT} with the byte at which it is wrong; {@code
   *     UNSUPPORTED} for what the readers do not take
   */
  public static SealObject read(ByteBuffer bytes, Optional<SealParameters> parameters) {
    return switch (shape(bytes)) {
      case PARAMETERS -> parameters(bytes);
      case PLAINTEXT -> plaintext(bytes, parameters);
      case CIPHERTEXT -> ciphertext(bytes, parameters);
      default -> keys(bytes, parameters);
    };
  }

  /** Whether an object looks like parameters, whatever is wrong with it. */
  public static boolean isParameters(ByteBuffer bytes) {
    return shape(bytes) == Kind.PARAMETERS;
  }

  /** PARAMETERS, PLAINTEXT (or a secret key), CIPHERTEXT (or a public key), or GALOIS_KEYS. */
  private static Kind shape(ByteBuffer bytes) {
    ByteBuffer start;
    try (SealInput in = SealInput.open(bytes, "object")) {
      start = in.prefix(PREFIX);
    }
    if (isFrame(start, FRAME_OF_PARAMETERS) && below(start, 17, MAX_DEGREE)) {
      return Kind.PARAMETERS;
    }
    // Keys have small numbers where a plaintext has its scale and a ciphertext its ring degree.
    if (below(start, 48, MAX_DEGREE) && below(start, 56, MAX_PRIMES)) {
      return Kind.GALOIS_KEYS;
    }
    if (isFrame(start, FRAME_OF_PLAINTEXT)) {
      return Kind.PLAINTEXT;
    }
    if (isFrame(start, FRAME_OF_CIPHERTEXT)) {
      return Kind.CIPHERTEXT;
    }
    throw SealInput.corrupt(
        "object",
        SealInput.HEADER,
        "neither parameters, a plaintext, a ciphertext nor keys: no nested frame stands where one"
            + " of them has its first");
  }

  private static boolean isFrame(ByteBuffer start, int at) {
    return start.remaining() >= at + 3
        && Short.toUnsignedInt(start.getShort(at)) == SealInput.MAGIC
        && start.get(at + 2) == SealInput.HEADER;
  }

  private static boolean below(ByteBuffer start, int at, long most) {
    return start.remaining() >= at + 8 && Long.compareUnsigned(start.getLong(at), most) <= 0;
  }

  private static SealObject parameters(ByteBuffer bytes) {
    SealParameters read = SealParameters.read(bytes);
    long plain = read.write(new SealFormat(1, SealCompression.NONE)).length;
    return of(Kind.PARAMETERS, bytes, plain, Optional.of(read), null);
  }

  private static SealObject plaintext(ByteBuffer bytes, Optional<SealParameters> parameters) {
    Body body;
    long plain;
    try (SealInput in = SealInput.open(bytes, "plaintext or secret key")) {
      byte[] id = in.bytes(SealParameters.PARMS_ID);
      boolean ntt = !Arrays.equals(id, new byte[SealParameters.PARMS_ID]);
      long count = in.u64();
      if (Long.compareUnsigned(count, (long) MAX_DEGREE * MAX_PRIMES) > 0) {
        throw in.corrupt("%s coefficients".formatted(Long.toUnsignedString(count)));
      }
      double scale = scale(in);
      in.wipe(in.words("array", count));
      in.end();
      plain = in.position();
      body =
          new Body(
              hex(id),
              degree(parameters),
              parameters.isPresent() && ntt
                  ? OptionalInt.of(parameters.get().primesOf(id))
                  : OptionalInt.empty(),
              1,
              ntt,
              scale,
              0,
              Optional.empty(),
              0);
    }
    boolean secret = body.ntt() && body.scale() == 1;
    if (parameters.isPresent()) {
      SealParameters of = parameters.get();
      secret = secret && body.primes().getAsInt() == of.primes().size();
      (secret ? SealPlaintext.readSecretKey(bytes, of) : SealPlaintext.read(bytes, of)).close();
    }
    return of(secret ? Kind.SECRET_KEY : Kind.PLAINTEXT, bytes, plain, parameters, body);
  }

  private static SealObject ciphertext(ByteBuffer bytes, Optional<SealParameters> parameters) {
    Body body;
    long plain;
    try (SealInput in = SealInput.open(bytes, "ciphertext or public key")) {
      body = polynomials(in);
      in.end();
      plain = in.position();
    }
    boolean key = body.ntt() && body.scale() == 1;
    if (parameters.isPresent()) {
      SealParameters of = parameters.get();
      // Over all primes only a key is, but for parameters of one prime.
      key = key && body.primes().getAsInt() == of.primes().size();
      if (key) {
        SealCiphertext.readPublicKey(bytes, of);
      } else {
        SealCiphertext.read(bytes, of);
      }
    }
    return of(key ? Kind.PUBLIC_KEY : Kind.CIPHERTEXT, bytes, plain, parameters, body);
  }

  private static SealObject keys(ByteBuffer bytes, Optional<SealParameters> parameters) {
    int slots;
    Body total = null;
    long plain;
    try (SealInput in = SealInput.open(bytes, "keys")) {
      String id = hex(in.bytes(SealParameters.PARMS_ID));
      slots = (int) in.u64(); // was seen to be small
      int keys = 0;
      int seeds = 0;
      for (int slot = 0; slot < slots; slot++) {
        long digits = in.u64();
        if (Long.compareUnsigned(digits, MAX_PRIMES) > 0) {
          throw in.corrupt("slot %d has %s digits".formatted(slot, Long.toUnsignedString(digits)));
        }
        for (int digit = 0; digit < digits; digit++) {
          long end = in.beginFrame("digit");
          Body part = polynomials(in);
          in.endFrame(end, "digit");
          seeds += part.seeds();
          if (!part.parmsId().equals(id) || !part.ntt() || part.polynomials() != 2) {
            throw in.corrupt(
                "digit %d of slot %d is no key of these parameters".formatted(digit, slot));
          }
          if (digits != part.primes().getAsInt() - 1) {
            throw in.corrupt(
                "slot %d has %d digits where %d belong"
                    .formatted(slot, digits, part.primes().getAsInt() - 1));
          }
          total = part;
        }
        keys += digits > 0 ? 1 : 0;
      }
      in.end();
      plain = in.position();
      total =
          new Body(
              id,
              total == null ? degree(parameters) : total.ringDegree(),
              total == null ? OptionalInt.empty() : total.primes(),
              2,
              true,
              1,
              seeds,
              total == null ? Optional.empty() : total.generator(),
              keys);
      if (slots > 15 && total.ringDegree().orElse(slots) != slots) {
        throw in.corruptAt(
            SealInput.HEADER + SealParameters.PARMS_ID,
            "%d slots; Galois keys have %d, relinearization keys a few"
                .formatted(slots, total.ringDegree().getAsInt()));
      }
    }
    boolean galois = slots > 15;
    if (parameters.isPresent()) {
      SealSwitchKeys.read(
          bytes,
          parameters.get(),
          galois ? SealSwitchKeys.Kind.GALOIS : SealSwitchKeys.Kind.RELINEARIZATION);
    }
    return of(
        galois ? Kind.GALOIS_KEYS : Kind.RELINEARIZATION_KEYS, bytes, plain, parameters, total);
  }

  /** The body of a ciphertext, as far as it can be read without parameters. */
  private static Body polynomials(SealInput in) {
    byte[] id = in.bytes(SealParameters.PARMS_ID);
    int flag = in.u8();
    if (flag > 1) {
      throw in.corrupt("the NTT flag is %d: it is 0 or 1".formatted(flag));
    }
    long size = in.u64();
    long degree = in.u64();
    long primes = in.u64();
    if (size < 0 || size == 1 || size > SealCiphertext.MAX_SIZE) {
      throw in.corrupt(
          "%s polynomials where 2 to 16 belong".formatted(Long.toUnsignedString(size)));
    }
    if (degree < 2 || degree > MAX_DEGREE || Long.bitCount(degree) != 1) {
      throw in.corrupt(
          "a ring degree of %s is not a power of two up to 131072"
              .formatted(Long.toUnsignedString(degree)));
    }
    if (primes < 1 || primes > MAX_PRIMES) {
      throw in.corrupt("%s primes; 1 to 256 belong".formatted(Long.toUnsignedString(primes)));
    }
    double scale = scale(in);
    long factor = in.u64();
    if (factor != 1) {
      throw in.corrupt(
          "a correction factor of %s; it is 1 outside of BGV"
              .formatted(Long.toUnsignedString(factor)));
    }
    if (size == 0) {
      in.words("array of an empty ciphertext", 0);
      throw in.corrupt("the ciphertext is empty: it has no polynomials");
    }
    long poly = degree * primes;
    ByteBuffer words = in.words("array", size * poly, size == 2 ? poly : size * poly);
    Optional<String> generator = Optional.empty();
    if (words.remaining() < 8 * size * poly) {
      generator = Optional.of(SealCiphertext.readSeed(in).generatorName());
    }
    return new Body(
        hex(id),
        OptionalInt.of((int) degree),
        OptionalInt.of((int) primes),
        (int) size,
        flag == 1,
        scale,
        generator.isPresent() ? 1 : 0,
        generator,
        0);
  }

  private static double scale(SealInput in) {
    double scale = in.f64();
    if (!(scale >= Double.MIN_NORMAL) || Double.isInfinite(scale)) {
      throw in.corrupt("a scale of %s; it is a positive number".formatted(scale));
    }
    return scale;
  }

  private static OptionalInt degree(Optional<SealParameters> parameters) {
    return parameters.isPresent()
        ? OptionalInt.of(parameters.get().ringDegree())
        : OptionalInt.empty();
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  private static SealObject of(
      Kind kind, ByteBuffer bytes, long plain, Optional<SealParameters> parameters, Body body) {
    ByteBuffer header = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    return new SealObject(
        kind,
        header.get(4),
        SealCompression.values()[header.get(5)],
        header.remaining(),
        plain,
        parameters,
        Optional.ofNullable(body));
  }
}
