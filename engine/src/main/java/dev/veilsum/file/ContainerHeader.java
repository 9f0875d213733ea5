package dev.veilsum.file;

/** Constants of the format that reader and writer share. */
final class ContainerHeader {
  /** "VSUM" as a little-endian integer. */
  static final int MAGIC = 'V' | 'S' << 8 | 'U' << 16 | 'M' << 24;

  /** The one format version. */
  static final int VERSION = 1;

  /** Magic, version, kind and a zero byte. */
  static final int BYTES = 8;

  /** The most sections of a file: bounds the memory of its index. */
  static final int MAX_SECTIONS = 1 << 20;

  private ContainerHeader() {}
}
