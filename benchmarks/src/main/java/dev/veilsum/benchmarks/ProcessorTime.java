package dev.veilsum.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Wall-clock and the process's own processor time, for work of one thread. */
record ProcessorTime(double wall, double processor) {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** Seconds that this work takes. */
  static ProcessorTime of(Runnable work) {
    long processor = SYSTEM.getProcessCpuTime();
    long wall = System.nanoTime();
    work.run();
    return new ProcessorTime(
        (System.nanoTime() - wall) * 1e-9, (SYSTEM.getProcessCpuTime() - processor) * 1e-9);
  }

  /** Seconds that this work takes once, of many times. */
  static ProcessorTime of(int times, Runnable work) {
    ProcessorTime all =
        of(
            () -> {
              for (int i = 0; i < times; i++) {
                work.run();
              }
            });
    return new ProcessorTime(all.wall / times, all.processor / times);
  }

  /** The one that took the processor least. */
  static ProcessorTime least(ProcessorTime a, ProcessorTime b) {
    return a == null || b.processor < a.processor ? b : a;
  }

  @Override
  public String toString() {
    return "%.4f s of processor time, %.4f s in all".formatted(processor, wall);
  }
}
