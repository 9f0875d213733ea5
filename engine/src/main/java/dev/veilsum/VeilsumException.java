package dev.veilsum;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/**
 * The one exception type of the engine: a stable {@link ErrorCode} and one line that says what went
 * wrong, where (file, line, column, operand) and what to do.
 */
public final class VeilsumException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** Creates an exception; control characters of {@code message}, such as newlines, are escaped. */
  public VeilsumException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** Creates an exception with the lower-level failure that caused it. */
  public VeilsumException(ErrorCode code, String message, Throwable cause) {
    super(oneLine(message), cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public ErrorCode code() {
    return code;
  }

  /** The code and the message as the native core writes them: {@code [CODE] message}. */
  @Override
  public String toString() {
    return "[" + code + "] " + getMessage();
  }

  /**
   * The exception of a native message {@code "[CODE] text"}. A message without a known code is an
   * {@link ErrorCode#INTERNAL} error that keeps the whole text; a failed native allocation, which
   * arrives as the text "std::bad_alloc", is {@link ErrorCode#OUT_OF_MEMORY}.
   */
  public static VeilsumException fromNative(String message, Throwable cause) {
    if (message == null || message.isEmpty()) {
      return new VeilsumException(
          ErrorCode.INTERNAL, "the native core failed without a message", cause);
    }
    if (message.contains("bad_alloc")) {
      return new VeilsumException(
          ErrorCode.OUT_OF_MEMORY, "the native core could not allocate memory", cause);
    }
    int end = message.indexOf("] ");
    if (message.charAt(0) == '[' && end > 0) {
      String name = message.substring(1, end);
      for (ErrorCode code : ErrorCode.values()) {
        if (code.name().equals(name)) {
          return new VeilsumException(code, message.substring(end + 2), cause);
        }
      }
    }
    return new VeilsumException(ErrorCode.INTERNAL, message, cause);
  }

  /**
   * The exception of a failed read or write.
   *
   * @param doing what was being done to what, for example "reading data.csv"
   */
  public static VeilsumException io(String doing, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new VeilsumException(
          ErrorCode.BAD_INPUT, doing + ": no such file or folder; check the path", cause);
    }
    if (cause instanceof AccessDeniedException) {
      return new VeilsumException(
          ErrorCode.IO, doing + ": permission denied; check the owner and the mode", cause);
    }
    String reason =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    if (reason.equals("Is a directory")) { // what Linux says of a folder that is read
      return new VeilsumException(
          ErrorCode.BAD_INPUT, doing + ": it is a folder; name a file", cause);
    }
    return new VeilsumException(ErrorCode.IO, doing + ": " + reason, cause);
  }

  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c >= ' ' && c != 0x7f && (c < 0x80 || c > 0x9f) && c != 0x2028 && c != 0x2029) {
        line.append(c);
      } else {
        line.append(String.format("\\u%04x", (int) c));
      }
    }
    return line.toString();
  }
}
