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

  /** The one that took the processor least. */
  static ProcessorTime least(ProcessorTime a, ProcessorTime b) {
    return a == null || b.processor < a.processor ? b : a;
  }

  @Override
  public String toString() {
    return "%.3f s of processor time, %.3f s in all".formatted(processor, wall);
  }
}
