package dev.veilsum.table;

import dev.veilsum.backend.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The ciphertexts of one part of a column, loaded when they are needed.
 *
 * @param count how many there are
 * @param loader loads one by its number; called from several threads
 */
record Chunks(int count, IntFunction<Reference.Ciphertext> loader) {
  Reference.Ciphertext load(int chunk) {
    return loader.apply(chunk);
  }

  /** Loads the chunks from {@code from} up to, not including, {@code to}. */
  Loaded load(int from, int to) {
    List<Reference.Ciphertext> loaded = new ArrayList<>();
    try {
      for (int i = from; i < to; i++) {
        loaded.add(load(i));
      }
      return new Loaded(List.copyOf(loaded));
    } catch (RuntimeException e) {
      loaded.forEach(Reference::close);
      throw e;
    }
  }

  /** Ciphertexts that are closed together. */
  record Loaded(List<Reference.Ciphertext> ciphertexts) implements AutoCloseable {
    static final Loaded NONE = new Loaded(List.of());

    @Override
    public void close() {
      ciphertexts.forEach(Reference::close);
    }
  }
}
