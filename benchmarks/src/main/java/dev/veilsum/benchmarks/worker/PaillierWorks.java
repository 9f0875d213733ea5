package dev.veilsum.benchmarks.worker;

import dev.veilsum.paillier.PaillierCiphertext;
import dev.veilsum.paillier.PaillierDecryptor;
import dev.veilsum.paillier.PaillierEncryptor;
import dev.veilsum.paillier.PaillierEvaluator;
import dev.veilsum.paillier.PaillierSecretKey;
import java.util.List;

/** Paillier, one ciphertext at a time. */
final class PaillierWorks implements Works {
  private static final long LEFT = -123_456_789_012_345L;
  private static final long RIGHT = 987_654_321L;

  private final PaillierSecretKey secret;
  private final PaillierEncryptor encryptor;
  private final PaillierEncryptor owner;
  private final PaillierDecryptor decryptor;
  private final PaillierEvaluator evaluator;
  private final PaillierCiphertext a;
  private final PaillierCiphertext b;

  PaillierWorks(int bits) {
    secret = PaillierSecretKey.ofSeed(Works.seed(), bits);
    encryptor = secret.publicKey().encryptor();
    owner = secret.encryptor();
    decryptor = secret.decryptor();
    evaluator = secret.publicKey().evaluator();
    a = encryptor.encrypt(LEFT);
    b = owner.encrypt(RIGHT);
    Works.check(decryptor.decryptLong(a) == LEFT, "encrypt");
    Works.check(decryptor.decryptLong(b) == RIGHT, "encrypt with the secret key");
    Works.check(decryptor.decryptLong(evaluator.add(a, b)) == LEFT + RIGHT, "add");
  }

  @Override
  public List<Work> all() {
    return List.of(
        new Work("Paillier encrypt (public key)", () -> encryptor.encrypt(LEFT)),
        new Work("Paillier encrypt (secret key)", () -> owner.encrypt(LEFT)),
        new Work("Paillier decrypt", () -> decryptor.decryptLong(a)),
        new Work("Paillier add", () -> evaluator.add(a, b)));
  }

  @Override
  public void close() {
    secret.close();
  }
}
