package dev.veilsum.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Times against ring degrees, both on logarithmic scales, as an SVG: no scripts, no fonts but the
 * reader's, no background, and colours that are legible on white and on black.
 *
 * @param title what is measured
 * @param series the lines, the first drawn last
 */
record Plot(String title, List<Series> series) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 78;
  private static final int RIGHT = 230;
  private static final int TOP = 46;
  private static final int BOTTOM = 48;

  /** Mid tones: a contrast of 3 and more with white and with #0d1117. */
  private static final List<String> COLOURS = List.of("#2f81f7", "#c4761b", "#a15bd6", "#1a9c5b");

  private static final String GREY = "#8b949e";
  private static final String TEXT = "#7d8590";

  /**
   * One line.
   *
   * @param name its label
   * @param nanos by ring degree; at least one
   * @param floor drawn dashed and grey
   */
  record Series(String name, TreeMap<Integer, Double> nanos, boolean floor) {
    Series(String name, Map<Integer, Double> nanos, boolean floor) {
      this(name, new TreeMap<>(nanos), floor);
    }
  }

  String svg() {
    StringBuilder out = new StringBuilder();
    out.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT));
    out.append("<title>").append(escaped(title)).append("</title>\n");
    text(out, LEFT, 24, "start", title, TEXT, " font-size=\"15\" font-weight=\"bold\"");
    yAxis(out);
    xAxis(out);
    for (int i = series.size() - 1; i >= 0; i--) {
      line(out, series.get(i), series.get(i).floor() ? GREY : COLOURS.get(i % COLOURS.size()));
    }
    labels(out);
    return out.append("</svg>\n").toString();
  }

  private void yAxis(StringBuilder out) {
    for (int power = lowest(); power <= highest(); power++) {
      double y = y(Math.pow(10, power));
      rule(out, LEFT, y, WIDTH - RIGHT, y, 0.35);
      text(out, LEFT - 8, y + 4, "end", label(power), TEXT, "");
    }
  }

  private void xAxis(StringBuilder out) {
    for (int n : degrees()) {
      rule(out, x(n), TOP, x(n), HEIGHT - BOTTOM, 0.2);
      text(out, x(n), HEIGHT - BOTTOM + 20, "middle", "N=" + n, TEXT, "");
    }
  }

  private void line(StringBuilder out, Series of, String colour) {
    StringBuilder path = new StringBuilder();
    of.nanos().forEach((n, nanos) -> path.append(format("%.1f,%.1f ", x(n), y(nanos))));
    out.append(
        format(
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n",
            path.toString().strip(), colour, of.floor() ? " stroke-dasharray=\"6 5\"" : ""));
    if (!of.floor()) {
      of.nanos()
          .forEach(
              (n, nanos) ->
                  out.append(
                      format(
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n",
                          x(n), y(nanos), colour)));
    }
  }

  /** Beside the last points, pushed apart where they would lie on each other. */
  private void labels(StringBuilder out) {
    List<Series> byHeight =
        series.stream()
            .sorted(
                (a, b) ->
                    Double.compare(
                        b.nanos().lastEntry().getValue(), a.nanos().lastEntry().getValue()))
            .toList();
    double above = Double.NEGATIVE_INFINITY;
    for (Series one : byHeight) {
      var last = one.nanos().lastEntry();
      above = Math.max(above + 16, y(last.getValue()) + 4);
      String colour = one.floor() ? GREY : COLOURS.get(series.indexOf(one) % COLOURS.size());
      boolean toTheEnd = last.getKey().equals(degrees().get(degrees().size() - 1));
      String label =
          one.name() + ", " + time(last.getValue()) + (toTheEnd ? "" : " at N=" + last.getKey());
      text(out, WIDTH - RIGHT + 10, above, "start", label, colour, "");
    }
  }

  private List<Integer> degrees() {
    return series.stream().flatMap(s -> s.nanos().keySet().stream()).distinct().sorted().toList();
  }

  private int lowest() {
    return (int)
        Math.floor(
            Math.log10(
                series.stream()
                    .flatMap(s -> s.nanos().values().stream())
                    .min(Double::compare)
                    .orElseThrow()));
  }

  private int highest() {
    return (int)
        Math.ceil(
            Math.log10(
                series.stream()
                    .flatMap(s -> s.nanos().values().stream())
                    .max(Double::compare)
                    .orElseThrow()));
  }

  private double x(int n) {
    List<Integer> degrees = degrees();
    double first = Math.log(degrees.get(0));
    double span = Math.max(Math.log(degrees.get(degrees.size() - 1)) - first, 1e-9);
    return LEFT + 24 + (Math.log(n) - first) / span * (WIDTH - RIGHT - LEFT - 36);
  }

  private double y(double nanos) {
    double span = Math.max(highest() - lowest(), 1);
    return HEIGHT - BOTTOM - (Math.log10(nanos) - lowest()) / span * (HEIGHT - BOTTOM - TOP);
  }

  private static String label(int power) {
    return time(Math.pow(10, power));
  }

  /** For example "12 us". */
  static String time(double nanos) {
    String[] units = {"ns", "us", "ms", "s"};
    int unit = 0;
    double shown = nanos;
    while (shown >= 999.5 && unit < units.length - 1) {
      shown /= 1000;
      unit++;
    }
    boolean whole = shown >= 9.95 || Math.abs(shown - Math.rint(shown)) < 0.005;
    return format(whole ? "%.0f %s" : "%.1f %s", shown, units[unit]);
  }

  private static void rule(
      StringBuilder out, double x1, double y1, double x2, double y2, double opacity) {
    out.append(
        format(
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                + " stroke-opacity=\"%.2f\"/>\n",
            x1, y1, x2, y2, GREY, opacity));
  }

  private static void text(
      StringBuilder out,
      double x,
      double y,
      String anchor,
      String words,
      String colour,
      String more) {
    out.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>\n",
            x, y, anchor, colour, more, escaped(words)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
