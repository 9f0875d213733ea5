package dev.veilsum.file.rows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;

/** The bytes EF BB BF that some programs put before UTF-8 text. */
final class ByteOrderMark {
  private static final byte[] UTF_8 = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private ByteOrderMark() {}

  /** The stream without its mark, if it has one. */
  static InputStream skip(InputStream in) throws IOException {
    byte[] start = in.readNBytes(UTF_8.length);
    return Arrays.equals(start, UTF_8)
        ? in
        : new SequenceInputStream(new ByteArrayInputStream(start), in);
  }
}
