package dev.veilsum.seal;

import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksEncoding;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksEvaluator;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import java.nio.ByteBuffer;

/**
 * The exchange in CKKS.
 *
 * @param bound on the values, which SEAL's objects do not state
 */
record CkksExchange(
    SealCkks seal, double bound, CkksSecretKey secret, CkksPublicKey key, CkksEvaluationKeys keys)
    implements ExchangeParty {
  private CkksCiphertext read(byte[] bytes) {
    return seal.ciphertext(SealCiphertext.read(ByteBuffer.wrap(bytes), seal.parameters()), bound);
  }

  private byte[] write(CkksCiphertext c) {
    try (c) {
      return seal.export(c).write(SealFormat.DEFAULT);
    }
  }

  private CkksEncoding encoding() {
    return seal.context().encoding(bound);
  }

  private CkksEvaluator evaluator() {
    return seal.context().evaluator(keys);
  }

  @Override
  public double[] decrypt(byte[] ciphertext) {
    try (CkksCiphertext c = read(ciphertext)) {
      return secret.decryptor().decrypt(c);
    }
  }

  @Override
  public byte[] encryptPublic(double[] values) {
    return write(key.encryptor().encrypt(values, encoding()));
  }

  @Override
  public byte[] encryptSeeded(double[] values) {
    return write(secret.encryptor().encrypt(values, encoding()));
  }

  @Override
  public byte[] add(byte[] a, byte[] b) {
    try (CkksCiphertext x = read(a);
        CkksCiphertext y = read(b)) {
      return write(evaluator().add(x, y));
    }
  }

  @Override
  public byte[] multiply(byte[] a, byte[] b) {
    try (CkksCiphertext x = read(a);
        CkksCiphertext y = read(b)) {
      return write(evaluator().multiplyRescale(x, y));
    }
  }

  @Override
  public byte[] rotate(byte[] a) {
    try (CkksCiphertext x = read(a)) {
      return write(evaluator().rotate(x, 1));
    }
  }

  @Override
  public byte[] exportSecret() {
    try (SealPlaintext exported = seal.export(secret)) {
      return exported.write(SealFormat.DEFAULT);
    }
  }

  @Override
  public byte[] exportPublic() {
    return seal.publicKey(secret).write(SealFormat.DEFAULT);
  }

  @Override
  public byte[] exportKeys(SealSwitchKeys.Kind kind) {
    return seal.export(keys, kind).write(SealFormat.DEFAULT);
  }
}
