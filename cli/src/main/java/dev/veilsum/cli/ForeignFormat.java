package dev.veilsum.cli;

/** Whose objects import and export are about. */
enum ForeignFormat {
  /** Microsoft SEAL 4.x. */
  SEAL
}
