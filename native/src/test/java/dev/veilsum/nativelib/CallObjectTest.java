package dev.veilsum.nativelib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CallObjectTest {
  @BeforeAll
  static void load() {
    NativeLibrary.core().require();
  }

  @Test
  void itsMemoryIsGivenBack() {
    long before = NativeMemory.allocatedBytes();
    try (CallObject object = CallObject.own(() -> Core.bytes(1 << 12))) {
      assertThat(object.address()).isNotZero();
      assertThat(NativeMemory.allocatedBytes()).isEqualTo(before + (1 << 12));
    }
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(before);
  }

  @Test
  void whatCannotBeMadeIsNotOwned() {
    long before = NativeMemory.allocatedBytes();
    assertThatThrownBy(() -> CallObject.own(() -> Core.bytes(Long.MAX_VALUE / 2)))
        .isInstanceOfSatisfying(
            NativeException.class, e -> assertThat(e.code()).isEqualTo("OUT_OF_MEMORY"));
    assertThat(NativeMemory.allocatedBytes()).isEqualTo(before);
  }
}
