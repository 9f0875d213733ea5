package dev.veilsum.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * SEAL's KSwitchKeys: its RelinKeys (slot i switches s^(i+2)) or GaloisKeys (slot (g-1)/2 switches
 * s(X^g)). A slot that is there has a digit for each prime but the last.
 */
public final class SealSwitchKeys {
  /** Whose slots they are. */
  public enum Kind {
    RELINEARIZATION,
    GALOIS
  }

  private static final int GENERATOR = 3;

  private final SealParameters parameters;
  private final Kind kind;
  private final int slots;
  private final SortedMap<Integer, List<SealCiphertext>> keys;

  SealSwitchKeys(
      SealParameters parameters,
      Kind kind,
      int slots,
      SortedMap<Integer, List<SealCiphertext>> keys) {
    this.parameters = parameters;
    this.kind = kind;
    this.slots = slots;
    this.keys = Collections.unmodifiableSortedMap(keys);
  }

  /**
   * Reads keys that take all of the buffer. Where they are not compressed, the result is a view of
   * the buffer, which must not change meanwhile.
   *
   * @throws VeilsumException {@code CORRUPT} with the byte at which they are wrong; {@code
   *     UNSUPPORTED} for other versions
   */
  public static SealSwitchKeys read(ByteBuffer bytes, SealParameters parameters, Kind kind) {
    String object = kind == Kind.GALOIS ? "Galois keys" : "relinearization keys";
    try (SealInput in = SealInput.open(bytes, object)) {
      SealSwitchKeys read = readBody(in, parameters, kind);
      in.end();
      return read;
    }
  }

  private static SealSwitchKeys readBody(SealInput in, SealParameters parameters, Kind kind) {
    if (parameters.primesOf(in.bytes(SealParameters.PARMS_ID)) != parameters.primes().size()) {
      throw in.corruptAt(
          SealInput.HEADER, "the parms_id is not that of all primes of " + parameters);
    }
    long slots = in.u64();
    if (slots < 0 || slots > parameters.ringDegree()) {
      throw in.corrupt(
          "%s slots; there are at most %d"
              .formatted(Long.toUnsignedString(slots), parameters.ringDegree()));
    }
    int digits = parameters.primes().size() - 1;
    TreeMap<Integer, List<SealCiphertext>> keys = new TreeMap<>();
    for (int slot = 0; slot < slots; slot++) {
      long count = in.u64();
      if (count == 0) {
        continue;
      }
      if (count != digits) {
        throw in.corrupt(
            "slot %d has %s digits where %d belong"
                .formatted(slot, Long.toUnsignedString(count), digits));
      }
      List<SealCiphertext> key = new ArrayList<>();
      for (int digit = 0; digit < digits; digit++) {
        long end = in.beginFrame("digit");
        key.add(SealCiphertext.readBody(in, parameters, true));
        in.endFrame(end, "digit");
      }
      keys.put(slot, List.copyOf(key));
    }
    return new SealSwitchKeys(parameters, kind, (int) slots, keys);
  }

  /** The object's bytes; seeded digits are written seeded. */
  public byte[] write(SealFormat format) {
    long size = SealInput.HEADER + SealParameters.PARMS_ID + 8 + 8L * slots;
    for (List<SealCiphertext> key : keys.values()) {
      for (SealCiphertext digit : key) {
        size += digit.frameBytes();
      }
    }
    return SealOutput.write(
        format,
        size,
        out -> {
          out.bytes(parameters.parmsId(parameters.primes().size())).u64(slots);
          for (int slot = 0; slot < slots; slot++) {
            List<SealCiphertext> key = keys.getOrDefault(slot, List.of());
            out.u64(key.size());
            key.forEach(digit -> digit.writeBody(out.frame(digit.frameBytes())));
          }
        });
  }

  public SealParameters parameters() {
    return parameters;
  }

  public Kind kind() {
    return kind;
  }

  /** The slots that hold a key. */
  public List<Integer> filledSlots() {
    return List.copyOf(keys.keySet());
  }

  /** Those of these keys that are here: what one computation needs. */
  public SealSwitchKeys only(KeyRequirements wanted) {
    SortedMap<Integer, List<SealCiphertext>> kept = new TreeMap<>();
    for (SwitchKey key : wanted.keys()) {
      if ((key.kind() == SwitchKey.Kind.RELINEARIZATION) == (kind == Kind.RELINEARIZATION)) {
        int slot = slotOf(key, parameters.ringDegree());
        if (keys.containsKey(slot)) {
          kept.put(slot, keys.get(slot));
        }
      }
    }
    return new SealSwitchKeys(parameters, kind, slots, kept);
  }

  /** The digits of a slot; {@code MISSING_KEY} where it is empty. */
  List<SealCiphertext> digits(int slot) {
    List<SealCiphertext> key = keys.get(slot);
    if (key == null) {
      throw new VeilsumException(
          ErrorCode.MISSING_KEY,
          "slot %d of SEAL's %s is empty"
              .formatted(slot, kind == Kind.GALOIS ? "Galois keys" : "relinearization keys"));
    }
    return key;
  }

  /** The key of a slot in the engine's words; {@code UNSUPPORTED} where the engine has none. */
  SwitchKey keyOf(int slot) {
    int n = parameters.ringDegree();
    if (kind == Kind.RELINEARIZATION) {
      if (slot != 0) {
        throw new VeilsumException(
            ErrorCode.UNSUPPORTED,
            "SEAL's relinearization keys have slot %d, for s^%d; the engine relinearizes s^2"
                .formatted(slot, slot + 2));
      }
      return SwitchKey.RELINEARIZATION;
    }
    long g = 2L * slot + 1;
    if (g == 2L * n - 1) {
      return SwitchKey.CONJUGATION;
    }
    long power = 1;
    for (int steps = 0; steps < n / 2; steps++) {
      if (power == g && steps != 0) {
        return SwitchKey.rotation(steps <= n / 4 ? steps : steps - n / 2);
      }
      power = power * GENERATOR % (2L * n);
    }
    throw new VeilsumException(
        ErrorCode.UNSUPPORTED,
        "SEAL's Galois key of element %d is neither a rotation nor the conjugation".formatted(g));
  }

  /** The slot of a key. */
  static int slotOf(SwitchKey key, int n) {
    return switch (key.kind()) {
      case RELINEARIZATION -> 0;
      case CONJUGATION -> n - 1;
      case ROTATION -> {
        int order = n / 2;
        long g = 1;
        for (int i = Math.floorMod(key.steps(), order); i > 0; i--) {
          g = g * GENERATOR % (2L * n);
        }
        yield (int) ((g - 1) / 2);
      }
    };
  }

  @Override
  public String toString() {
    return "SEAL %s keys, %d of %d slots".formatted(kind, keys.size(), slots);
  }
}
