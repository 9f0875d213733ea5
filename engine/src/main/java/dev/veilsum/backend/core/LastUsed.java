package dev.veilsum.backend.core;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What was made for the keys that were used last, so many of them: files from elsewhere name
 * parameters as they like, and what they named goes when others come. Thread-safe.
 */
public final class LastUsed<K, V> {
  private static final int MOST = 16;

  private final Map<K, V> made =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
          return size() > MOST;
        }
      };

  /** What stands for the key, made where it is not there. */
  public synchronized V get(K key, Function<? super K, ? extends V> make) {
    V value = made.get(key);
    if (value == null) {
      value = make.apply(key);
      made.put(key, value);
    }
    return value;
  }
}
