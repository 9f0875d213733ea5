package dev.veilsum.bfv;

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
public final class BfvResidues {
  private final BfvContext context;
  private final ResidueExchange exchange;

  BfvResidues(BfvContext context, ResidueExchange exchange) {
    this.context = context;
    this.exchange = exchange;
  }

  /**
   * A ciphertext of {@code parts} polynomials in coefficient form, without a range: arithmetic on
   * it is modulo t.
   *
   * @param noiseBits log2 of the noise bound, or a constant of {@link ResidueExchange}
   */
  public BfvCiphertext ciphertext(int level, int parts, Residues residues, double noiseBits) {
    Numbers numbers = new Numbers(1, noiseBits, 0);
    return context.typed(exchange.ciphertext(level, parts, residues, numbers), null);
  }

  public void write(BfvCiphertext c, ByteBuffer out) {
    exchange.write(c.in(context), out);
  }

  /** A plaintext: N coefficients modulo t. */
  public BfvPlaintext plaintext(ByteBuffer words) {
    return new BfvPlaintext(context, exchange.plaintext(0, words, 1, 0), null);
  }

  public void write(BfvPlaintext plaintext, ByteBuffer out) {
    exchange.write(plaintext.in(context), out);
  }

  /** A ternary secret over all primes, in NTT form. */
  public BfvSecretKey secretKey(ByteBuffer words) {
    return new BfvSecretKey(context, exchange.secretKey(words));
  }

  /** Writes the secret: whoever reads it decrypts everything. */
  public void write(BfvSecretKey key, ByteBuffer out) {
    exchange.write(key.in(context), out);
  }

  /** A public key over all primes. */
  public BfvPublicKey publicKey(Residues residues) {
    return new BfvPublicKey(context, exchange.publicKey(residues));
  }

  /** A fresh public key over all primes: the first polynomial, of a seed for the second. */
  public void writePublicKey(BfvSecretKey secret, int generator, byte[] seed, ByteBuffer out) {
    exchange.writePublicKey(secret.in(context), generator, seed, out);
  }

  /**
   * A fresh encryption under the secret key whose second polynomial is the seed's: its first
   * polynomial. A seed serves once.
   */
  public void encryptOfSeed(
      BfvSecretKey secret,
      BfvPlaintext message,
      int level,
      int generator,
      byte[] seed,
      ByteBuffer out) {
    exchange.encryptOfSeed(secret.in(context), message.in(context), level, generator, seed, out);
  }

  /** Evaluation keys, pulled one at a time. */
  public BfvEvaluationKeys evaluationKeys(Iterable<SwitchKeyDigits> keys) {
    return new BfvEvaluationKeys(context, exchange.evaluationKeys(keys));
  }

  /** Both polynomials of one digit of a key. */
  public void writeDigit(BfvEvaluationKeys keys, SwitchKey which, int digit, ByteBuffer out) {
    exchange.writeDigit(keys.in(context), which, digit, out);
  }

  /** The polynomial that a seed stands for, over the first primes of chain and special primes. */
  public void expandSeed(int primes, int generator, byte[] seed, ByteBuffer out) {
    exchange.expandSeed(primes, generator, seed, out);
  }
}
