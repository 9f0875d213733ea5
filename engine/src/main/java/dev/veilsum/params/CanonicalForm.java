package dev.veilsum.params;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The canonical bytes of parameters, big-endian: "VSPM", version 1, scheme (1 ckks, 2 bfv),
 * security code, log2 N, digit primes, the number of chain primes and of special primes (a byte
 * each), the primes (8 bytes each), and 8 bytes that are the scale's IEEE 754 bits or the plain
 * modulus.
 */
final class CanonicalForm {
  static final byte CKKS = 1;
  static final byte BFV = 2;

  private static final byte[] MAGIC = {'V', 'S', 'P', 'M'};
  private static final byte VERSION = 1;
  private static final int HEADER = MAGIC.length + 7;

  private CanonicalForm() {}

  static byte[] write(RlweParameters p, byte scheme, long last) {
    int primes = p.modulusChain().size() + p.specialPrimes().size();
    ByteBuffer out = ByteBuffer.allocate(HEADER + 8 * primes + 8);
    out.put(MAGIC).put(VERSION).put(scheme).put((byte) p.security().code());
    out.put((byte) Integer.numberOfTrailingZeros(p.ringDegree())).put((byte) p.digitPrimes());
    out.put((byte) p.modulusChain().size()).put((byte) p.specialPrimes().size());
    p.modulusChain().forEach(out::putLong);
    p.specialPrimes().forEach(out::putLong);
    return out.putLong(last).array();
  }

  /** Reads and validates; throws {@code CORRUPT} for what is not canonical bytes. */
  static RlweParameters read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      byte version = in.get();
      if (!Arrays.equals(magic, MAGIC) || version != VERSION) {
        throw corrupt("these are not the canonical bytes (version 1) of parameters");
      }
      byte scheme = in.get();
      SecurityLevel security = SecurityLevel.ofCode(in.get());
      int logDegree = in.get();
      if (logDegree < 10 || logDegree > 17) {
        throw corrupt("log2 of the ring degree is " + logDegree + ", not 10 to 17");
      }
      int digitPrimes = in.get();
      int chainSize = in.get();
      int specialSize = in.get();
      List<Long> chain = readPrimes(in, chainSize);
      List<Long> special = readPrimes(in, specialSize);
      long last = in.getLong();
      if (in.hasRemaining()) {
        throw corrupt(in.remaining() + " bytes are left after the parameters");
      }
      int n = 1 << logDegree;
      return switch (scheme) {
        case CKKS ->
            new CkksParameters(
                n, chain, special, digitPrimes, Double.longBitsToDouble(last), security);
        case BFV -> new BfvParameters(n, chain, special, digitPrimes, last, security);
        default -> throw corrupt("scheme " + scheme + " is neither CKKS (1) nor BFV (2)");
      };
    } catch (BufferUnderflowException e) {
      throw corrupt("the parameters end after " + bytes.length + " bytes, too soon");
    }
  }

  private static List<Long> readPrimes(ByteBuffer in, int count) {
    if (count < 0 || count > 64) {
      throw corrupt(count + " primes; 0 to 64 are possible");
    }
    List<Long> primes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      primes.add(in.getLong());
    }
    return primes;
  }

  private static VeilsumException corrupt(String message) {
    return new VeilsumException(ErrorCode.CORRUPT, message);
  }
}
