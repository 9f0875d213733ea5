package dev.veilsum.nativelib;

/** Prints what loading the core gives: its instruction-set path, or why it does not load. */
final class LoadMain {
  private LoadMain() {}

  public static void main(String[] args) {
    NativeLibrary core = NativeLibrary.core();
    if (!core.isAvailable()) {
      System.out.println("refused: " + core.cause().orElseThrow().getMessage());
      try {
        core.require();
      } catch (NativeException e) {
        System.out.println("again: " + e.code());
      }
      return;
    }
    System.out.println("loaded: " + Core.activeIsa() + " " + Core.version());
  }
}
