package dev.veilsum.sharing;

import dev.veilsum.fuzz.FuzzTarget;
import dev.veilsum.fuzz.GuardedRead;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Shares as bytes, of both kinds, with their checksum put right. */
public final class SharingFuzz {
  private static final int DIGEST = 32;
  private static final SharingRound ROUND = new SharingRound("r", 3, 4, 1000, 10);

  private SharingFuzz() {}

  public static List<FuzzTarget> targets() {
    long[] values = {1, -1, 1000, 0};
    return List.of(
        target(
            "additiveShare",
            AdditiveShare::fromBytes,
            () -> new AdditiveSharing(ROUND).share("c", values, () -> 77).get(0)),
        target(
            "shamirShare",
            ShamirShare::fromBytes,
            () -> new ShamirSharing(ROUND, 2).share("c", values, () -> 77).get(0)));
  }

  private static FuzzTarget target(
      String name, Function<byte[], Share<?>> reader, Supplier<Share<?>> seed) {
    return new FuzzTarget(
        name,
        body -> {
          byte[] bytes = withDigest(body);
          GuardedRead.requireSame(reader.apply(bytes).toBytes(), bytes);
        },
        () -> {
          byte[] bytes = seed.get().toBytes();
          return List.of(Arrays.copyOf(bytes, bytes.length - DIGEST));
        });
  }

  /** The body with its SHA-256 after it. */
  private static byte[] withDigest(byte[] body) {
    try {
      byte[] bytes = Arrays.copyOf(body, body.length + DIGEST);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      System.arraycopy(digest, 0, bytes, body.length, DIGEST);
      return bytes;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
