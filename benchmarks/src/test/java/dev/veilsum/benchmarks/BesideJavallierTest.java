package dev.veilsum.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.veilsum.nativelib.NativeLibrary;
import java.util.List;
import org.junit.jupiter.api.Test;

class BesideJavallierTest {
  /** The set-up checks the results of both. */
  @Test
  void bothAreRightAndTimed() {
    assumeTrue(NativeLibrary.paillier().isAvailable());
    List<Operation> all = new BesideJavallier(2048).all();
    assertThat(all).hasSize(7);
    assertThat(all)
        .allMatch(one -> one.fromJava().nanoseconds(1) > 0 && one.inNative().nanoseconds(1) > 0);
  }
}
