package dev.veilsum.benchmarks;

/**
 * One operation, three times.
 *
 * @param name the field's name of it
 * @param fromJava calls of the typed API; each result is closed
 * @param inNative the same within native code
 * @param inNativeAgain and once more, on other operands
 */
record Operation(String name, Arm fromJava, Arm inNative, Arm inNativeAgain) {
  static Operation of(String name, Runnable fromJava, Arm inNative, Arm inNativeAgain) {
    return new Operation(name, Arm.ofCalls(fromJava), inNative, inNativeAgain);
  }
}
