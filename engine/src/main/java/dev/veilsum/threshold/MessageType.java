package dev.veilsum.threshold;

/** The files of threshold keys, in the order in which they are made. */
public enum MessageType {
  /** How many parties, and the parameters. */
  SESSION("session"),
  /** A party's exchange key and its part of what decides the public polynomial. */
  JOIN("join"),
  /** A party's shares for all others, and its commitment to its part of the public key. */
  DEAL("deal"),
  /** A party's part of the public key, and a digest of all that it has seen. */
  CONFIRM("confirm"),
  /** The public key, for clients. */
  PUBLIC_KEY("public key"),
  /** What a party keeps. */
  SHARE("share"),
  /** A party's part of opening one sum. */
  PART("part");

  private final String id;

  MessageType(String id) {
    this.id = id;
  }

  /** The name in metadata. */
  String id() {
    return id;
  }

  /** What people call it. */
  @Override
  public String toString() {
    return id;
  }
}
