package dev.veilsum.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The stream is AES-256 of a counter, and ends when it is closed. */
class RandomStreamTest {
  @Test
  void wordsAreEncryptedCounters() throws GeneralSecurityException {
    byte[] seed = new byte[32];
    seed[5] = 77;
    Cipher block = Cipher.getInstance("AES/ECB/NoPadding");
    block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, "AES"));
    try (RandomStream longs = RandomStream.ofSeed(seed);
        RandomStream ints = RandomStream.ofSeed(seed)) {
      for (int counter = 0; counter < 3000; counter++) { // past a buffer
        ByteBuffer input = ByteBuffer.allocate(16).putLong(0).putLong(counter);
        ByteBuffer expected =
            ByteBuffer.wrap(block.doFinal(input.array())).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(longs.nextLong()).isEqualTo(expected.getLong(0));
        assertThat(longs.nextLong()).isEqualTo(expected.getLong(8));
        for (int i = 0; i < 16; i += 4) {
          assertThat(ints.nextInt()).isEqualTo(expected.getInt(i));
        }
      }
    }
  }

  @Test
  void systemStreamsDiffer() {
    try (RandomStream a = RandomStream.ofSystem();
        RandomStream b = RandomStream.ofSystem()) {
      assertThat(a.nextLong()).isNotEqualTo(b.nextLong()); // equal once in 2^64 runs
    }
  }

  @Test
  void closedStreamsAndShortSeedsAreRefused() {
    RandomStream closed = RandomStream.ofSystem();
    closed.close();
    assertThatThrownBy(closed::nextInt).isInstanceOf(VeilsumException.class);
    assertThatThrownBy(() -> RandomStream.ofSeed(new byte[31]))
        .isInstanceOf(VeilsumException.class);
  }
}
