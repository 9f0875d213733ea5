package dev.veilsum.nativelib;

import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Keys as plain 64-bit residues, as Microsoft SEAL's objects hold them. A generator (1 Blake2xb, 2
 * SHAKE-256) and 64 bytes name the seed of the second polynomial; 0 says that both are there.
 */
@Platform(include = "bindings/exchange.h", link = "veilsum_core", library = "jniveilsum")
@Namespace("veilsum::bindings::exchange_face")
public final class ExchangeCore {
  private ExchangeCore() {}

  /** The uniform polynomial of a seed over the first primes of chain and special primes. */
  public static native void expandSeed(
      long context, int primes, int generator, @Const byte[] seed, long out, long bytes)
      throws NativeException;

  public static native long readSecretKey(long context, long in, long bytes) throws NativeException;

  public static native void writeSecretKey(long secret, long out, long bytes)
      throws NativeException;

  public static native long readPublicKey(
      long context, long in, long bytes, int generator, @Const byte[] seed) throws NativeException;

  /** A fresh public key over all primes: its first polynomial, the second being the seed's. */
  public static native void writePublicKey(
      long secret, int generator, @Const byte[] seed, long out, long bytes) throws NativeException;

  /** A switching key without digits yet. */
  public static native long switchKey(long context) throws NativeException;

  public static native void readDigit(
      long key, long in, long bytes, int generator, @Const byte[] seed) throws NativeException;

  /** Moves a switching key that has all of its digits to a set that is not shared yet. */
  public static native void takeSwitchKey(long keys, long element, long key) throws NativeException;

  public static native void writeDigit(long keys, long element, int digit, long out, long bytes)
      throws NativeException;
}
