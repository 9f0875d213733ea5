package dev.veilsum;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VeilsumExceptionTest {
  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyCodeSurvivesTheNativeMessage(ErrorCode code) {
    VeilsumException e = VeilsumException.fromNative("[" + code + "] 12 > [7] bits", null);
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.getMessage()).isEqualTo("12 > [7] bits");
    assertThat(e.toString()).isEqualTo("[" + code + "] 12 > [7] bits");
    assertThat(code.exitCode()).isBetween(1, 9);
  }

  @Test
  void messagesWithoutAKnownCodeAreInternal() {
    for (String text : new String[] {"[NEW_CODE] x", "plain", "[", "[] x", "[USAGE]x"}) {
      VeilsumException e = VeilsumException.fromNative(text, null);
      assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(e.getMessage()).isEqualTo(text);
    }
    assertThat(VeilsumException.fromNative(null, null).code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(VeilsumException.fromNative("std::bad_alloc", null).code())
        .isEqualTo(ErrorCode.OUT_OF_MEMORY);
  }

  @Test
  void messagesStayOnOneLine() {
    VeilsumException e =
        new VeilsumException(ErrorCode.BAD_INPUT, "cell \"a\r\nb\0\u001b[31m\u2028\" of x");
    assertThat(e.getMessage()).isEqualTo("cell \"a\\u000d\\u000ab\\u0000\\u001b[31m\\u2028\" of x");
  }

  @Test
  void missingFilesAreBadInputAndOtherFailuresIo() {
    VeilsumException missing = VeilsumException.io("reading a.csv", new NoSuchFileException("a"));
    assertThat(missing.code()).isEqualTo(ErrorCode.BAD_INPUT);
    VeilsumException full =
        VeilsumException.io("writing a.vsm", new IOException("No space left on device"));
    assertThat(full.code()).isEqualTo(ErrorCode.IO);
    assertThat(full.getMessage()).isEqualTo("writing a.vsm: No space left on device");
  }
}
