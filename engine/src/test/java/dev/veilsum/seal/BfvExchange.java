package dev.veilsum.seal;

import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The exchange in BFV; values are whole numbers within the range. */
record BfvExchange(
    SealBfv seal, IntegerRange range, BfvSecretKey secret, BfvPublicKey key, BfvEvaluationKeys keys)
    implements ExchangeParty {
  private BfvCiphertext read(byte[] bytes) {
    return seal.encryptedBySeal(SealCiphertext.read(ByteBuffer.wrap(bytes), seal.parameters()));
  }

  private byte[] write(BfvCiphertext c) {
    try (c) {
      return seal.export(c).write(SealFormat.DEFAULT);
    }
  }

  private BfvEvaluator evaluator() {
    return seal.context().evaluator(keys);
  }

  private static long[] whole(double[] values) {
    return Arrays.stream(values).mapToLong(v -> (long) v).toArray();
  }

  @Override
  public double[] decrypt(byte[] ciphertext) {
    try (BfvCiphertext c = read(ciphertext)) {
      return Arrays.stream(secret.decryptor().decrypt(c)).asDoubleStream().toArray();
    }
  }

  @Override
  public byte[] encryptPublic(double[] values) {
    return write(key.encryptor().encrypt(whole(values), range));
  }

  @Override
  public byte[] encryptSeeded(double[] values) {
    return write(secret.encryptor().encrypt(whole(values), range));
  }

  @Override
  public byte[] add(byte[] a, byte[] b) {
    try (BfvCiphertext x = read(a);
        BfvCiphertext y = read(b)) {
      return write(evaluator().add(x, y));
    }
  }

  @Override
  public byte[] multiply(byte[] a, byte[] b) {
    try (BfvCiphertext x = read(a);
        BfvCiphertext y = read(b)) {
      return write(evaluator().multiply(x, y));
    }
  }

  @Override
  public byte[] rotate(byte[] a) {
    try (BfvCiphertext x = read(a)) {
      return write(evaluator().rotateRows(x, 1));
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
