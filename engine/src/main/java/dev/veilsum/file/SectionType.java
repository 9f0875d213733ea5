package dev.veilsum.file;

/** What a section of a container holds, and the most bytes that it may have. */
public enum SectionType {
  /** One record in canonical CBOR. */
  METADATA("META", 1 << 22),
  /** The canonical bytes of one parameter set. */
  PARAMETERS("PARM", 1 << 16),
  /** A public encryption key. */
  PUBLIC_KEY("PUBK", 1 << 30),
  /** A relinearization or Galois key. */
  SWITCH_KEY("SWKY", 1 << 30),
  /** A ciphertext, or a packed vector of them. */
  CIPHERTEXT("CIPH", 1 << 30),
  /** Keyed tokens of a column, 16 bytes a row, in the clear. */
  TOKENS("TOKN", 1 << 30),
  /** Relinearization keys of Microsoft SEAL, its object as it is, for the first parameter set. */
  SEAL_RELINEARIZATION("SRLN", 1 << 30),
  /** Galois keys of Microsoft SEAL, its object as it is, for the first parameter set. */
  SEAL_GALOIS("SGAL", 1 << 30),
  /** Bytes sealed for the key holder, such as an imported secret key. */
  SEALED("LOCK", 1 << 26),
  /** Packed polynomials of a gradient or an aggregate; bulk: read once, and checked while it is. */
  GRADIENT("GRAD", 1 << 26, true);

  /** The header of a section: type and length. */
  static final int HEADER_BYTES = 12;

  /** The type of the section that ends a container. */
  static final int END = code("END.");

  private static final SectionType[] ALL = values();

  private final int code;
  private final int maxLength;
  private final boolean bulk;

  SectionType(String letters, int maxLength) {
    this(letters, maxLength, false);
  }

  SectionType(String letters, int maxLength, boolean bulk) {
    this.code = code(letters);
    this.maxLength = maxLength;
    this.bulk = bulk;
  }

  /**
   * Whether sections of this type are made of pieces with a {@link BulkCheck} each, which stands in
   * the file's checksum for the piece.
   */
  boolean isBulk() {
    return bulk;
  }

  /** The four letters as a little-endian integer. */
  int code() {
    return code;
  }

  /** The most bytes of one section. */
  public int maxLength() {
    return maxLength;
  }

  /** The type of four letters, or null where this version does not know it. */
  static SectionType ofCode(int code) {
    for (SectionType type : ALL) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }

  /** Whether a reader that does not know the type must refuse the file. */
  static boolean isCritical(int code) {
    return (code & 0x20) == 0;
  }

  /** Whether all four bytes are ASCII letters. */
  static boolean isWellFormed(int code) {
    for (int shift = 0; shift < 32; shift += 8) {
      int letter = code >>> shift & 0xdf;
      if (letter < 'A' || letter > 'Z' || (code >>> shift & 0x80) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The letters of a well-formed code. */
  static String letters(int code) {
    StringBuilder letters = new StringBuilder();
    for (int shift = 0; shift < 32; shift += 8) {
      letters.append((char) (code >>> shift & 0xff));
    }
    return letters.toString();
  }

  private static int code(String letters) {
    int code = 0;
    for (int i = 3; i >= 0; i--) {
      code = code << 8 | letters.charAt(i);
    }
    return code;
  }
}
