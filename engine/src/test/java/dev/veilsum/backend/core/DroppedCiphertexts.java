package dev.veilsum.backend.core;

import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.NativeMemory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes 10^5 ciphertexts (13 GB) and drops them unclosed; prints the peak of the core's buffers and
 * of the process' memory, in MiB.
 */
final class DroppedCiphertexts {
  private DroppedCiphertexts() {}

  public static void main(String[] args) throws Exception {
    BfvBackend bfv = new CoreBackend().bfv(TestParameters.bfv());
    Reference.SecretKey secret = bfv.secretKey(new byte[32]);
    Reference.Ciphertext one =
        bfv.encryptSeeded(secret, bfv.encode(new long[] {1}, 0, 1), bfv.parameters().maxLevel());
    Reference.Ciphertext count = one;
    long peak = 0;
    long made = 0;
    for (int i = 1; i < 100_000; i++) {
      count = i % 1000 == 0 ? one : bfv.add(count, one);
      made += i % 1000 == 0 ? 0 : count.memoryBytes();
      peak = Math.max(peak, NativeMemory.allocatedBytes());
    }
    long[] value = new long[1];
    bfv.decrypt(secret, count, value, 0, 1);
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElseThrow()
            .replaceAll("\\D", "");
    System.out.printf(
        "value %d made %d peak %d resident %d%n",
        value[0], made >> 20, peak >> 20, Long.parseLong(resident) >> 10);
  }
}
