package dev.veilsum;

/**
 * Why an operation was refused or failed. The first constants are the wire between the native core
 * and Java: the core's messages start with the name in brackets. Names and exit codes are stable.
 */
public enum ErrorCode {
  /** A defect of the engine itself. */
  INTERNAL(1),
  /** The call or the command line is wrong, whatever the input. */
  USAGE(2),
  /** The input is not of the form that was asked for: file kind, column, cell, declaration. */
  BAD_INPUT(3),
  /** The input was of the right form and has been cut or altered. */
  CORRUPT(3),
  /** A number lies outside of its declared or representable range. */
  OUT_OF_RANGE(3),
  /** This secret key does not decrypt this input. */
  WRONG_KEY(4),
  /** The inputs, or an input and a public key, belong to different keys. */
  KEY_MISMATCH(5),
  /** The evaluation key that an operation needs is not there. */
  MISSING_KEY(5),
  /** The inputs were made under different parameters. */
  PARAMETER_MISMATCH(5),
  /** The parameters are below the security level. */
  INSECURE_PARAMETERS(5),
  /** The noise bound would pass what can be decrypted. */
  NOISE_BUDGET(6),
  /** The modulus chain has too few levels left. */
  DEPTH(6),
  /** The scales of the operands do not match. */
  SCALE_MISMATCH(5),
  /** This machine, backend or build cannot do it. */
  UNSUPPORTED(8),
  /** Memory ran out. */
  OUT_OF_MEMORY(1),
  /** The object was closed before the call. */
  CLOSED(1),

  /** Reading or writing failed below the engine: full disk, permissions, broken pipe. */
  IO(1),
  /** The output is there already, and nothing is overwritten unasked. */
  OUTPUT_EXISTS(7),
  /** A sealed key was given without a passphrase. */
  PASSPHRASE_NEEDED(9),
  /** The key file is intact and the passphrase does not open it. */
  WRONG_PASSPHRASE(4),
  /** The round would pass what a client may spend of its privacy. */
  PRIVACY_BUDGET(6);

  private final int exitCode;

  ErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The process exit code of the command line, 1 to 9. */
  public int exitCode() {
    return exitCode;
  }
}
