package dev.veilsum.benchmarks;

/**
 * One operation, twice on the same operands.
 *
 * @param name the field's name of it
 * @param fromJava calls of the typed API; each result is closed
 * @param inNative the same within native code
 */
record Operation(String name, Arm fromJava, Arm inNative) {
  static Operation of(String name, Runnable fromJava, Arm inNative) {
    return new Operation(name, Arm.ofCalls(fromJava), inNative);
  }
}
