package dev.veilsum.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.ResidueExchange.SwitchKeyDigits;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What the keys of both schemes share on their way between SEAL's objects and the engine. */
final class SealKeys {
  private SealKeys() {}

  /** Refuses an object of other parameters or of another kind. */
  static void require(SealParameters expected, SealParameters found, boolean kind, String what) {
    if (!expected.equals(found)) {
      throw new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "an object of %s was given to %s".formatted(found, expected));
    }
    if (!kind) {
      throw new VeilsumException(ErrorCode.USAGE, "this object of SEAL is no " + what);
    }
  }

  /** The digits of all keys in the engine's words. */
  static List<SwitchKeyDigits> digits(SealParameters parameters, List<SealSwitchKeys> all) {
    List<SwitchKeyDigits> keys = new ArrayList<>();
    for (SealSwitchKeys some : all) {
      require(parameters, some.parameters(), true, "keys");
      for (int slot : some.filledSlots()) {
        keys.add(
            new SwitchKeyDigits(
                some.keyOf(slot),
                some.digits(slot).stream().map(SealCiphertext::residues).toList()));
      }
      if (some.kind() == SealSwitchKeys.Kind.RELINEARIZATION) {
        some.digits(0); // MISSING_KEY where the one that counts is empty
      }
    }
    return keys;
  }

  /** Writes both polynomials of one digit of a key. */
  @FunctionalInterface
  interface WriteDigit {
    void to(SwitchKey which, int digit, ByteBuffer out);
  }

  /** The engine's keys of one kind as SEAL's. */
  static SealSwitchKeys export(
      SealParameters parameters,
      KeyRequirements contents,
      SealSwitchKeys.Kind kind,
      WriteDigit write) {
    TreeMap<Integer, List<SealCiphertext>> keys = new TreeMap<>();
    int n = parameters.ringDegree();
    int primes = parameters.primes().size();
    boolean relinearization = kind == SealSwitchKeys.Kind.RELINEARIZATION;
    for (SwitchKey which : contents.keys()) {
      if ((which.kind() == SwitchKey.Kind.RELINEARIZATION) != relinearization) {
        continue;
      }
      List<SealCiphertext> digits = new ArrayList<>();
      for (int digit = 0; digit < primes - 1; digit++) {
        ByteBuffer words = words(2L * n * primes);
        write.to(which, digit, words.duplicate());
        digits.add(new SealCiphertext(parameters, true, primes, 2, 1, words, null));
      }
      keys.put(SealSwitchKeys.slotOf(which, n), List.copyOf(digits));
    }
    return new SealSwitchKeys(parameters, kind, relinearization ? 1 : n, keys);
  }

  /** Room for words. */
  static ByteBuffer words(long count) {
    return ByteBuffer.allocate(Math.toIntExact(8 * count)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
