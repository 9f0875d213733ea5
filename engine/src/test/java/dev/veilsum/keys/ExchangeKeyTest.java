package dev.veilsum.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Messages between two owners who know each other's public keys. */
class ExchangeKeyTest {
  private static final byte[] INFO = "what for".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = new byte[32];

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void onlyTheRecipientOpensAndOnlyFromTheSender() {
    try (MasterKey a = MasterKey.generate();
        MasterKey b = MasterKey.generate();
        ExchangeKey alice = ExchangeKey.derive(a, CONTEXT);
        ExchangeKey again = ExchangeKey.derive(a, CONTEXT);
        ExchangeKey elsewhere = ExchangeKey.derive(a, new byte[] {1});
        ExchangeKey bob = ExchangeKey.derive(b, CONTEXT)) {
      assertThat(again.publicKey()).isEqualTo(alice.publicKey());
      assertThat(elsewhere.publicKey()).isNotEqualTo(alice.publicKey());
      byte[] secret = new byte[5000];
      Arrays.fill(secret, (byte) 7);
      byte[] sealed = alice.seal(bob.publicKey(), INFO, secret);
      assertThat(sealed).hasSize(secret.length + ExchangeKey.OVERHEAD);
      assertThat(bob.open(alice.publicKey(), INFO, sealed, "it")).isEqualTo(secret);
      assertThat(alice.seal(bob.publicKey(), INFO, secret)).isNotEqualTo(sealed);
      refused(ErrorCode.WRONG_KEY, () -> alice.open(alice.publicKey(), INFO, sealed, "it"));
      refused(ErrorCode.WRONG_KEY, () -> bob.open(elsewhere.publicKey(), INFO, sealed, "it"));
      refused(ErrorCode.WRONG_KEY, () -> bob.open(alice.publicKey(), new byte[1], sealed, "it"));
      for (int at : new int[] {0, 31, 32, 2000, sealed.length - 1}) {
        byte[] altered = sealed.clone();
        altered[at] ^= 1;
        refused(ErrorCode.WRONG_KEY, () -> bob.open(alice.publicKey(), INFO, altered, "it"));
      }
      for (int length : new int[] {0, 31, ExchangeKey.OVERHEAD - 1, sealed.length - 1}) {
        byte[] cut = Arrays.copyOf(sealed, length);
        refused(ErrorCode.WRONG_KEY, () -> bob.open(alice.publicKey(), INFO, cut, "it"));
      }
    }
  }

  @Test
  void bothSidesAgreeOnSeeds() {
    try (MasterKey a = MasterKey.generate();
        MasterKey b = MasterKey.generate();
        ExchangeKey alice = ExchangeKey.derive(a, CONTEXT);
        ExchangeKey bob = ExchangeKey.derive(b, CONTEXT)) {
      byte[] seed = alice.withAgreed(bob.publicKey(), INFO, byte[]::clone);
      assertThat(bob.withAgreed(alice.publicKey(), INFO, byte[]::clone)).isEqualTo(seed);
      assertThat(alice.withAgreed(bob.publicKey(), new byte[1], byte[]::clone)).isNotEqualTo(seed);
      byte[][] kept = new byte[1][];
      alice.withAgreed(bob.publicKey(), INFO, bytes -> kept[0] = bytes);
      assertThat(kept[0]).containsOnly(0); // wiped
    }
  }

  @Test
  void keysThatAreNoneAndClosedOnes() {
    try (MasterKey master = MasterKey.generate()) {
      ExchangeKey key = ExchangeKey.derive(master, CONTEXT);
      byte[] lowOrder = new byte[32];
      refused(ErrorCode.BAD_INPUT, () -> key.seal(lowOrder, INFO, new byte[1]));
      refused(ErrorCode.BAD_INPUT, () -> key.seal(new byte[31], INFO, new byte[1]));
      refused(ErrorCode.BAD_INPUT, () -> key.withAgreed(lowOrder, INFO, seed -> null));
      refused(ErrorCode.BAD_INPUT, () -> key.withAgreed(new byte[33], INFO, seed -> null));
      assertThat(key).hasToString("ExchangeKey");
      key.close();
      refused(ErrorCode.CLOSED, key::publicKey);
    }
  }
}
