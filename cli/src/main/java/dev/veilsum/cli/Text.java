package dev.veilsum.cli;

import dev.veilsum.params.SecurityLevel;
import java.util.Locale;

/** Texts and numbers as people read them, whatever the locale. */
final class Text {
  private Text() {}

  /** Control characters as escapes: what a file says must not move a terminal's cursor. */
  static String printable(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
      line.append(control ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return line.toString();
  }

  /** For example "1,234,567 bytes". */
  static String bytes(long count) {
    return String.format(Locale.ROOT, "%,d bytes", count);
  }

  /** For example "12 kB" or "3.4 MB", in powers of 1000. */
  static String size(double bytes) {
    if (bytes < 1000) {
      return String.format(Locale.ROOT, "%.0f B", bytes);
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    int unit = -1;
    double shown = bytes;
    while (shown >= 999.5 && unit < units.length - 1) {
      shown /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, shown < 10 ? "%.1f %s" : "%.0f %s", shown, units[unit]);
  }

  /** For example "120 us", "3.4 ms" or "1.2 s". */
  static String seconds(double seconds) {
    double shown = seconds * 1e6;
    String unit = "us";
    if (shown >= 999.5) {
      shown /= 1e3;
      unit = "ms";
    }
    if (shown >= 999.5) {
      shown /= 1e3;
      unit = "s";
    }
    return String.format(Locale.ROOT, shown < 10 ? "%.1f %s" : "%.0f %s", shown, unit);
  }

  /** A number as short as it can be without loss; whole numbers without a fraction. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** A bound on an error, rounded up to two digits, so that it stays a bound. */
  static String bound(double error) {
    if (!(error > 0) || Double.isInfinite(error)) {
      return Double.toString(error);
    }
    double step = Math.pow(10, Math.floor(Math.log10(error)) - 1);
    return String.format(Locale.ROOT, "%.1e", Math.ceil(error / step * (1 - 1e-12)) * step);
  }

  /** A security level, and how near to its limit the bits of all moduli come. */
  static String security(SecurityLevel level, double bits, int ringDegree) {
    return String.format(
        Locale.ROOT,
        "%s: %.2f of at most %d bits in all moduli",
        level.description(),
        bits,
        level.maxLogQP(ringDegree));
  }
}
