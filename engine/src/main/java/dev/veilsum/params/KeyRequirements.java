package dev.veilsum.params;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Exactly the key-switching keys that a computation needs, and no more. Circuits report theirs; the
 * union over all circuits to be run is what a public key file should hold.
 *
 * @param keys sorted and unmodifiable
 */
public record KeyRequirements(SortedSet<SwitchKey> keys) {
  private static final KeyRequirements NONE = new KeyRequirements(Collections.emptySortedSet());

  public KeyRequirements {
    NavigableSet<SwitchKey> copy = new TreeSet<>(keys);
    keys = Collections.unmodifiableNavigableSet(copy);
  }

  public static KeyRequirements none() {
    return NONE;
  }

  public static KeyRequirements relinearization() {
    return none().with(SwitchKey.RELINEARIZATION);
  }

  /** The Galois keys of these rotations (slots to the left); rotations by 0 need none. */
  public static KeyRequirements rotations(int... steps) {
    TreeSet<SwitchKey> keys = new TreeSet<>();
    for (int s : steps) {
      if (s != 0) {
        keys.add(SwitchKey.rotation(s));
      }
    }
    return new KeyRequirements(keys);
  }

  public KeyRequirements with(SwitchKey key) {
    TreeSet<SwitchKey> all = new TreeSet<>(keys);
    all.add(key);
    return new KeyRequirements(all);
  }

  /** The keys of both. */
  public KeyRequirements union(KeyRequirements other) {
    TreeSet<SwitchKey> all = new TreeSet<>(keys);
    all.addAll(other.keys);
    return new KeyRequirements(all);
  }

  public boolean contains(SwitchKey key) {
    return keys.contains(key);
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /**
   * The size in bytes of these keys in a file, seeded: the half that is random is a seed.
   *
   * @see RlweParameters#switchKeyBytes()
   */
  public long packedBytes(RlweParameters parameters) {
    return keys.size() * parameters.switchKeyBytes();
  }
}
