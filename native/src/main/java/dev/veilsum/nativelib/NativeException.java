package dev.veilsum.nativelib;

/**
 * An error of the native core, or of loading it. The message starts with the core's code in
 * brackets, as in {@code [NOISE_BUDGET] 3.2 bits are left}; the engine turns it into its own
 * exception once, at the top.
 */
public final class NativeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Called by the bindings with {@code what()} of the C++ exception. */
  public NativeException(String message) {
    this(message, null);
  }

  NativeException(String message, Throwable cause) {
    super(normalize(message), cause);
  }

  static NativeException of(String code, String message, Throwable cause) {
    return new NativeException("[" + code + "] " + message, cause);
  }

  /** The code's name, for example "NOISE_BUDGET". */
  public String code() {
    return getMessage().substring(1, getMessage().indexOf(']'));
  }

  boolean isOutOfMemory() {
    return code().equals("OUT_OF_MEMORY");
  }

  private static String normalize(String message) {
    if (message != null && message.matches("(?s)\\[[A-Z_]+\\] .*")) {
      return message;
    }
    if (message != null && message.contains("bad_alloc")) {
      return "[OUT_OF_MEMORY] the native core could not allocate memory";
    }
    return "[INTERNAL] " + (message == null ? "the native core failed without a message" : message);
  }
}
