package dev.veilsum.seal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Objects that SEAL 4.4.3 wrote, with the values that they hold. */
final class Vectors {
  static final String BFV = "bfv-4096-default-t20/";
  static final String CKKS = "ckks-4096-36-36-37/";

  /** Seeded objects and their expansions, and parms_ids. */
  static final String PAIRS = "pairs/";

  private Vectors() {}

  static byte[] bytes(String path) {
    try (InputStream in = Vectors.class.getResourceAsStream("/seal-4.4.3/" + path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ByteBuffer object(String path) {
    return ByteBuffer.wrap(bytes(path));
  }

  static SealParameters parameters(String folder) {
    return SealParameters.read(object(folder + "parms.seal"));
  }

  private static String[] numbers(String path) {
    String json = new String(bytes(path), StandardCharsets.US_ASCII).strip();
    return json.substring(1, json.length() - 1).split(",");
  }

  static double[] doubles(String path) {
    return Arrays.stream(numbers(path)).mapToDouble(Double::parseDouble).toArray();
  }

  static long[] longs(String path) {
    return Arrays.stream(numbers(path)).mapToLong(s -> Long.parseLong(s.strip())).toArray();
  }
}
