package dev.veilsum.file;

/** What a container is for. The codes are part of the format. */
public enum ContainerKind {
  PUBLIC_KEYS(1, "public keys"),
  TABLE(2, "table"),
  VECTOR(3, "vector"),
  GRADIENT(4, "gradient"),
  AGGREGATE(5, "aggregate"),
  RESULT(6, "result"),
  IMPORTED_KEY(7, "imported secret key"),
  QUERY(8, "query"),
  THRESHOLD(9, "threshold");

  private final int code;
  private final String text;

  ContainerKind(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The kind's byte in the file. */
  int code() {
    return code;
  }

  /** The kind of a byte, or null where there is none. */
  static ContainerKind ofCode(int code) {
    for (ContainerKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }

  /** What people call it, for example "public keys". */
  @Override
  public String toString() {
    return text;
  }
}
