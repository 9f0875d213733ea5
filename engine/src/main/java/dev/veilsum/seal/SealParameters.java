package dev.veilsum.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.Preset;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SecurityLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/**
 * SEAL's EncryptionParameters of CKKS or BFV, valid. All primes make the key level; ciphertexts are
 * over all but the last, which is the special prime of key switching. With one prime there is no
 * key switching, and ciphertexts are over that prime.
 */
public final class SealParameters {
  static final int BFV = 1;
  static final int CKKS = 2;
  static final int PARMS_ID = 32;

  private static final int BGV = 3;
  private static final int MODULUS_FRAME = SealInput.HEADER + 8;
  private static final int MAX_PRIMES = 256;
  private static final int ENGINE_PRIMES = 64;
  private static final int MIN_DEGREE = 1024;
  private static final int MAX_DEGREE = 131072;

  private final boolean ckks;
  private final int ringDegree;
  private final List<Long> primes;
  private final long plainModulus;
  private final List<byte[]> ids; // of 1, 2, ... primes

  private SealParameters(boolean ckks, int ringDegree, List<Long> primes, long plainModulus) {
    this.ckks = ckks;
    this.ringDegree = ringDegree;
    this.primes = List.copyOf(primes);
    this.plainModulus = plainModulus;
    List<byte[]> all = new ArrayList<>();
    for (int count = 1; count <= primes.size(); count++) {
      all.add(id(count));
    }
    this.ids = List.copyOf(all);
  }

  /**
   * SEAL's name for the engine's parameters.
   *
   * @throws VeilsumException {@code UNSUPPORTED} where SEAL's key switching does not have them: it
   *     takes one special prime at most and digits of one prime
   */
  public static SealParameters of(RlweParameters parameters) {
    if (parameters.digitPrimes() != 1 || parameters.specialPrimes().size() > 1) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          ("SEAL has one special prime and digits of one prime; these parameters have %d special"
                  + " primes and digits of %d: choose parameters for SEAL")
              .formatted(parameters.specialPrimes().size(), parameters.digitPrimes()));
    }
    if (parameters.specialPrimes().isEmpty() && parameters.modulusChain().size() > 1) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          "SEAL keeps the last of several primes for key switching; these parameters have no"
              + " special prime: add one");
    }
    List<Long> all = new ArrayList<>(parameters.modulusChain());
    all.addAll(parameters.specialPrimes());
    long t = parameters instanceof BfvParameters bfv ? bfv.plainModulus() : 0;
    return new SealParameters(
        parameters instanceof CkksParameters, parameters.ringDegree(), all, t);
  }

  /**
   * Reads an object that takes all of the buffer.
   *
   * @throws VeilsumException {@code CORRUPT} for what is none or is not valid; {@code UNSUPPORTED}
   *     for BGV, other versions, and sizes that the engine does not have
   */
  public static SealParameters read(ByteBuffer bytes) {
    try (SealInput in = SealInput.open(bytes, "parameters")) {
      SealParameters read = readBody(in);
      in.end();
      return read;
    }
  }

  private static SealParameters readBody(SealInput in) {
    int scheme = in.u8();
    if (scheme == BGV || scheme == 0) {
      throw in.unsupported(
          "parameters of %s; BFV and CKKS are read".formatted(scheme == 0 ? "no scheme" : "BGV"));
    }
    if (scheme > BGV) {
      throw in.corrupt("scheme " + scheme + "; there are 1 (BFV), 2 (CKKS) and 3 (BGV)");
    }
    long degree = in.u64();
    if (degree < 2 || degree > MAX_DEGREE || Long.bitCount(degree) != 1) {
      throw in.corrupt(
          "a ring degree of %s is not a power of two up to 131072"
              .formatted(Long.toUnsignedString(degree)));
    }
    if (degree < MIN_DEGREE) {
      throw in.unsupported(
          "a ring degree of %d hides nothing; take 1024 or more".formatted(degree));
    }
    long count = in.u64();
    if (count < 1 || count > MAX_PRIMES) {
      throw in.corrupt("%s primes; 1 to 256 belong".formatted(Long.toUnsignedString(count)));
    }
    if (count > ENGINE_PRIMES) {
      throw in.unsupported("%d primes; the engine takes up to 64".formatted(count));
    }
    List<Long> primes = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      long q = in.frameOf(MODULUS_FRAME, "prime").getLong();
      checkPrime(in, q, degree);
      if (!seen.add(q)) {
        throw in.corrupt("the prime %d stands twice".formatted(q));
      }
      primes.add(q);
    }
    long t = in.frameOf(MODULUS_FRAME, "plain modulus").getLong();
    if (scheme == CKKS ? t != 0 : t < 2 || t >= 1L << NttPrimes.MAX_BITS || seen.contains(t)) {
      throw in.corrupt(
          "a plain modulus of %s for %s"
              .formatted(Long.toUnsignedString(t), scheme == CKKS ? "CKKS" : "BFV"));
    }
    return new SealParameters(scheme == CKKS, (int) degree, primes, t);
  }

  private static void checkPrime(SealInput in, long q, long degree) {
    if (q < 2 || q >= 1L << NttPrimes.MAX_BITS) {
      throw in.corrupt(
          "a prime of %s; SEAL's have at most 60 bits".formatted(Long.toUnsignedString(q)));
    }
    if (q % (2 * degree) != 1) {
      throw in.corrupt("the modulus %d is not 1 mod %d".formatted(q, 2 * degree));
    }
    if (!NttPrimes.isPrime(q)) {
      throw in.corrupt("the modulus %d is not prime".formatted(q));
    }
  }

  /** The object's bytes. */
  public byte[] write(SealFormat format) {
    long size = SealInput.HEADER + 1 + 8 + 8 + (long) MODULUS_FRAME * (primes.size() + 1);
    return SealOutput.write(
        format,
        size,
        out -> {
          out.u8(ckks ? CKKS : BFV).u64(ringDegree).u64(primes.size());
          primes.forEach(q -> out.frame(MODULUS_FRAME).u64(q));
          out.frame(MODULUS_FRAME).u64(plainModulus);
        });
  }

  /** Whether these are of CKKS; otherwise of BFV. */
  public boolean isCkks() {
    return ckks;
  }

  public int ringDegree() {
    return ringDegree;
  }

  /** All primes in order, the special one last. */
  public List<Long> primes() {
    return primes;
  }

  /** t of BFV; 0 for CKKS. */
  public long plainModulus() {
    return plainModulus;
  }

  /** The primes of a fresh ciphertext. */
  public int dataPrimes() {
    return Math.max(1, primes.size() - 1);
  }

  /**
   * The engine's parameters: the special prime is the last, a digit is one prime. They are checked
   * against the bounds of 2024 where they keep to them, otherwise against those of 2018, which are
   * SEAL's.
   *
   * @param scale the scale at which values are encoded where nothing else is said
   * @throws VeilsumException {@code INSECURE_PARAMETERS} where they are above both; {@code
   *     PARAMETER_MISMATCH} where the engine does not have them
   */
  public CkksParameters toCkks(double scale) {
    requireScheme(true);
    return secured(level -> new CkksParameters(ringDegree, chain(), special(), 1, scale, level));
  }

  /** As {@link #toCkks}, of BFV. */
  public BfvParameters toBfv() {
    requireScheme(false);
    return secured(
        level -> new BfvParameters(ringDegree, chain(), special(), 1, plainModulus, level));
  }

  /**
   * The engine's parameters where SEAL's alone are known: a preset, where they are one's, otherwise
   * with the power of two nearest to the last prime of a fresh ciphertext as the scale of CKKS. So
   * the same parameters always have the same fingerprint.
   */
  public RlweParameters toEngine() {
    for (Preset<? extends RlweParameters> preset : Presets.all()) {
      RlweParameters set = preset.parameters();
      if (set.digitPrimes() == 1 && set.specialPrimes().size() == 1 && of(set).equals(this)) {
        return set;
      }
    }
    double last = primes.get(dataPrimes() - 1);
    return ckks ? toCkks(Math.scalb(1.0, (int) Math.round(Math.log(last) / Math.log(2)))) : toBfv();
  }

  private static <P> P secured(java.util.function.Function<SecurityLevel, P> make) {
    try {
      return make.apply(SecurityLevel.CLASSICAL_128);
    } catch (VeilsumException e) {
      if (e.code() != ErrorCode.INSECURE_PARAMETERS) {
        throw e;
      }
      return make.apply(SecurityLevel.COMPATIBILITY_2018_128);
    }
  }

  private List<Long> chain() {
    return primes.subList(0, dataPrimes());
  }

  private List<Long> special() {
    return primes.subList(dataPrimes(), primes.size());
  }

  void requireScheme(boolean expectCkks) {
    if (ckks != expectCkks) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "these are SEAL parameters of %s, not of %s"
              .formatted(ckks ? "CKKS" : "BFV", expectCkks ? "CKKS" : "BFV"));
    }
  }

  /** SEAL's name of these parameters with the first {@code count} primes: BLAKE2b-256. */
  public byte[] parmsId(int count) {
    return ids.get(count - 1).clone();
  }

  private byte[] id(int count) {
    ByteBuffer words = ByteBuffer.allocate(8 * (count + 3)).order(ByteOrder.LITTLE_ENDIAN);
    words.putLong(ckks ? CKKS : BFV).putLong(ringDegree);
    primes.subList(0, count).forEach(words::putLong);
    words.putLong(plainModulus);
    Blake2bDigest digest = new Blake2bDigest(8 * PARMS_ID);
    digest.update(words.array(), 0, words.capacity());
    byte[] id = new byte[PARMS_ID];
    digest.doFinal(id, 0);
    return id;
  }

  /** How many primes a parms_id stands for; 0 where it is not of these parameters. */
  int primesOf(byte[] id) {
    for (int count = 1; count <= ids.size(); count++) {
      if (Arrays.equals(ids.get(count - 1), id)) {
        return count;
      }
    }
    return 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealParameters that
        && Arrays.equals(ids.get(ids.size() - 1), that.ids.get(that.ids.size() - 1));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids.get(ids.size() - 1));
  }

  @Override
  public String toString() {
    return "SEAL %s, N %d, %d primes%s"
        .formatted(
            ckks ? "CKKS" : "BFV", ringDegree, primes.size(), ckks ? "" : ", t " + plainModulus);
  }
}
