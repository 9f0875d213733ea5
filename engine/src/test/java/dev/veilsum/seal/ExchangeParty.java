package dev.veilsum.seal;

import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;

/**
 * One owner's keys in one scheme, with what the exchange does under them; every ciphertext goes in
 * and out as SEAL's bytes.
 */
interface ExchangeParty {
  KeyRequirements KEYS = KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION);

  double[] decrypt(byte[] ciphertext);

  byte[] encryptPublic(double[] values);

  byte[] encryptSeeded(double[] values);

  byte[] add(byte[] a, byte[] b);

  /** Relinearized; in CKKS rescaled too. */
  byte[] multiply(byte[] a, byte[] b);

  /** One slot to the left; in BFV both rows. */
  byte[] rotate(byte[] a);

  byte[] exportSecret();

  byte[] exportPublic();

  byte[] exportKeys(SealSwitchKeys.Kind kind);
}
