package dev.veilsum.benchmarks.worker;

/**
 * One operation that can be repeated.
 *
 * @param name the field's name of it
 * @param run does it once and closes what it gives
 */
record Work(String name, Runnable run) {}
