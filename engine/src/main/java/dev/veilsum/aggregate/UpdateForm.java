package dev.veilsum.aggregate;

import java.util.Locale;

/** How clients encrypt. */
public enum UpdateForm {
  /** With the secret key that the clients share: one polynomial and a seed for the other. */
  SEEDED(1),
  /** With a public key: two polynomials. */
  PAIR(2);

  private final int polynomials;

  UpdateForm(int polynomials) {
    this.polynomials = polynomials;
  }

  /** Polynomials of one chunk in an update's file. */
  public int polynomials() {
    return polynomials;
  }

  /** The name in metadata. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
