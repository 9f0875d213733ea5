package dev.veilsum.ckks;

import dev.veilsum.backend.ResidueExchange;
import dev.veilsum.backend.ResidueExchange.Numbers;
import dev.veilsum.backend.ResidueExchange.SwitchKeyDigits;
import dev.veilsum.backend.Residues;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;

/**
 * Objects of a context as plain residues, in and out: the ground for other libraries' formats. See
 * {@link ResidueExchange} for shapes, checks and errors.
 */
public final class CkksResidues {
  private final CkksContext context;
  private final ResidueExchange exchange;

  CkksResidues(CkksContext context, ResidueExchange exchange) {
    this.context = context;
    this.exchange = exchange;
  }

  /** A ciphertext of {@code parts} polynomials in NTT form. */
  public CkksCiphertext ciphertext(int level, int parts, Residues residues, Numbers numbers) {
    return new CkksCiphertext(context, exchange.ciphertext(level, parts, residues, numbers));
  }

  public void write(CkksCiphertext c, ByteBuffer out) {
    exchange.write(c.in(context), out);
  }

  /** A plaintext in NTT form at a level. */
  public CkksPlaintext plaintext(int level, ByteBuffer words, double scale, double messageBound) {
    return new CkksPlaintext(context, exchange.plaintext(level, words, scale, messageBound));
  }

  public void write(CkksPlaintext plaintext, ByteBuffer out) {
    exchange.write(plaintext.in(context), out);
  }

  /** A ternary secret over all primes, in NTT form. */
  public CkksSecretKey secretKey(ByteBuffer words) {
    return new CkksSecretKey(context, exchange.secretKey(words));
  }

  /** Writes the secret: whoever reads it decrypts everything. */
  public void write(CkksSecretKey key, ByteBuffer out) {
    exchange.write(key.in(context), out);
  }

  /** A public key over all primes. */
  public CkksPublicKey publicKey(Residues residues) {
    return new CkksPublicKey(context, exchange.publicKey(residues));
  }

  /** A fresh public key over all primes: the first polynomial, of a seed for the second. */
  public void writePublicKey(CkksSecretKey secret, int generator, byte[] seed, ByteBuffer out) {
    exchange.writePublicKey(secret.in(context), generator, seed, out);
  }

  /**
   * A fresh encryption under the secret key whose second polynomial is the seed's: its first
   * polynomial. A seed serves once.
   */
  public void encryptOfSeed(
      CkksSecretKey secret, CkksPlaintext message, int generator, byte[] seed, ByteBuffer out) {
    exchange.encryptOfSeed(secret.in(context), message.in(context), 0, generator, seed, out);
  }

  /** Evaluation keys, pulled one at a time. */
  public CkksEvaluationKeys evaluationKeys(Iterable<SwitchKeyDigits> keys) {
    return new CkksEvaluationKeys(context, exchange.evaluationKeys(keys));
  }

  /** Both polynomials of one digit of a key. */
  public void writeDigit(CkksEvaluationKeys keys, SwitchKey which, int digit, ByteBuffer out) {
    exchange.writeDigit(keys.in(context), which, digit, out);
  }

  /** The polynomial that a seed stands for, over the first primes of chain and special primes. */
  public void expandSeed(int primes, int generator, byte[] seed, ByteBuffer out) {
    exchange.expandSeed(primes, generator, seed, out);
  }
}
