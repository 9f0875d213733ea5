package dev.veilsum.nativelib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeBlockTest {
  @BeforeAll
  static void load() {
    NativeLibrary.core().require();
  }

  @Test
  void partsOfArraysGoInAndOut() {
    double[] doubles = IntStream.range(0, 1000).mapToDouble(i -> -i / 3.0).toArray();
    double[] foundDoubles = new double[1000];
    try (NativeBlock block = NativeBlock.of(doubles, 100, 800)) {
      block.copyTo(foundDoubles, 50, 700);
    }
    long[] longs = IntStream.range(0, 1000).mapToLong(i -> -i * 0x1234567890L).toArray();
    long[] foundLongs = new long[1000];
    try (NativeBlock block = NativeBlock.of(longs, 100, 800)) {
      block.copyTo(foundLongs, 50, 700);
    }
    for (int i = 0; i < 1000; i++) {
      boolean copied = i >= 50 && i < 750;
      assertThat(foundDoubles[i]).isEqualTo(copied ? doubles[i + 50] : 0);
      assertThat(foundLongs[i]).isEqualTo(copied ? longs[i + 50] : 0);
    }
  }

  @Test
  void aBlockStartsAtZeroAndItsMemoryIsGivenBack() {
    long before = NativeMemory.allocatedBytes();
    long[] found = {1, 1, 1};
    try (NativeBlock block = NativeBlock.ofWords(1 << 12)) {
      assertThat(NativeMemory.allocatedBytes()).isEqualTo(before + (8L << 12));
      block.copyTo(found, 0, 3);
    }
    assertThat(found).containsOnly(0);
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(before);
  }
}
