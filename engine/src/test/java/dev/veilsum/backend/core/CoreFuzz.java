package dev.veilsum.backend.core;

import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Packed ciphertexts and keys on their way into the core, from direct buffers and from arrays. */
public final class CoreFuzz {
  /** Made at its first use: a small ring with a special prime. */
  public static final class Fixed {
    private static final List<Long> PRIMES = NttPrimes.largest(26, 2048, 2);
    public static final CkksParameters REAL =
        new CkksParameters(
            2048, PRIMES.subList(0, 1), PRIMES.subList(1, 2), 1, 0x1p10, SecurityLevel.DEFAULT);
    public static final BfvParameters WHOLE =
        new BfvParameters(
            2048, NttPrimes.largest(52, 2048, 1), List.of(), 1, 12289, SecurityLevel.DEFAULT);
    static final CkksBackend CKKS = Backends.byDefault().ckks(REAL);
    static final BfvBackend BFV = Backends.byDefault().bfv(WHOLE);
    static final ByteBuffer DIRECT = ByteBuffer.allocateDirect(1 << 21);
  }

  private CoreFuzz() {}

  public static List<FuzzTarget> targets() {
    return List.of(
        new FuzzTarget(
            "ckksCiphertext",
            input -> readCiphertext(Fixed.CKKS, input),
            () -> {
              try (Reference.SecretKey secret = Fixed.CKKS.secretKey(new byte[32]);
                  Reference.PublicKey key = Fixed.CKKS.publicKey(secret);
                  Reference.Plaintext plain =
                      Fixed.CKKS.encode(new double[] {1}, 0, 1, 1, Fixed.REAL.slots(), 0, 0x1p10)) {
                return List.of(
                    packed(Fixed.CKKS, Fixed.CKKS.encryptSeeded(secret, plain)),
                    packed(Fixed.CKKS, Fixed.CKKS.encrypt(key, plain)));
              }
            }),
        new FuzzTarget(
            "bfvCiphertext",
            input -> readCiphertext(Fixed.BFV, input),
            () -> {
              try (Reference.SecretKey secret = Fixed.BFV.secretKey(new byte[32]);
                  Reference.PublicKey key = Fixed.BFV.publicKey(secret);
                  Reference.Plaintext plain = Fixed.BFV.encode(new long[] {1}, 0, 1)) {
                return List.of(
                    packed(Fixed.BFV, Fixed.BFV.encryptSeeded(secret, plain, 0)),
                    packed(Fixed.BFV, Fixed.BFV.encrypt(key, plain, 0)));
              }
            }),
        new FuzzTarget("publicKey", CoreFuzz::readPublicKey, CoreFuzz::publicKeys),
        new FuzzTarget("switchKey", CoreFuzz::readSwitchKey, CoreFuzz::switchKeys));
  }

  /** Reads from a direct buffer and from an array. */
  private static void both(byte[] input, BiConsumer<ByteBuffer, byte[]> read) {
    ByteBuffer direct = Fixed.DIRECT.slice(0, Math.min(input.length, Fixed.DIRECT.capacity()));
    read.accept(direct.put(input, 0, direct.capacity()).flip(), input);
    read.accept(ByteBuffer.wrap(input), input);
  }

  private static byte[] packed(SchemeBackend scheme, Reference.Ciphertext c) {
    try (c) {
      ByteBuffer bytes = ByteBuffer.allocate(scheme.packedBytes(c));
      scheme.packCiphertext(c, bytes);
      return bytes.array();
    }
  }

  private static void readCiphertext(SchemeBackend scheme, byte[] input) {
    both(
        input,
        (bytes, all) -> {
          Reference.Ciphertext c = scheme.loadCiphertext(bytes);
          int used = bytes.position();
          GuardedRead.requireSame(packed(scheme, c), Arrays.copyOf(all, used));
        });
  }

  private static void readPublicKey(byte[] input) {
    both(input, (bytes, all) -> Fixed.CKKS.loadPublicKey(bytes).close());
  }

  private static List<byte[]> publicKeys() {
    ByteBuffer bytes = ByteBuffer.allocate(Fixed.CKKS.packedPublicKeyBytes());
    try (Reference.SecretKey secret = Fixed.CKKS.secretKey(new byte[32]);
        Reference.PublicKey key = Fixed.CKKS.publicKey(secret)) {
      Fixed.CKKS.packPublicKey(key, bytes);
    }
    return List.of(bytes.array());
  }

  private static void readSwitchKey(byte[] input) {
    both(
        input,
        (bytes, all) ->
            Fixed.CKKS
                .loadEvaluationKeys(
                    List.of(new SchemeBackend.PackedSwitchKey(SwitchKey.RELINEARIZATION, bytes)))
                .close());
  }

  private static List<byte[]> switchKeys() {
    ByteBuffer bytes = ByteBuffer.allocate(Fixed.CKKS.packedSwitchKeyBytes());
    try (Reference.SecretKey secret = Fixed.CKKS.secretKey(new byte[32]);
        Reference.EvaluationKeys keys =
            Fixed.CKKS.evaluationKeys(secret, KeyRequirements.relinearization())) {
      Fixed.CKKS.packSwitchKey(keys, SwitchKey.RELINEARIZATION, bytes);
    }
    return List.of(bytes.array());
  }
}
