package dev.veilsum.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class PlotsTest {
  @TempDir Path folder;

  /** Twice the degree at four times the time: equal steps, up and to the right. */
  @Test
  void logarithmicScalesMakePowersStraight() throws Exception {
    Plot plot =
        new Plot(
            "a < b",
            List.of(
                new Plot.Series("ours", Map.of(1024, 1e3, 2048, 4e3, 4096, 16e3), false),
                new Plot.Series("floor", Map.of(1024, 5e2, 4096, 8e3), true)));
    Document svg = parsed(plot.svg());
    Element ours = (Element) svg.getElementsByTagName("polyline").item(1);
    double[][] at = points(ours.getAttribute("points"));
    assertThat(at[1][0] - at[0][0]).isCloseTo(at[2][0] - at[1][0], within());
    assertThat(at[1][1] - at[0][1]).isNegative().isCloseTo(at[2][1] - at[1][1], within());
    assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(3);
    assertThat(plot.svg())
        .contains("stroke-dasharray", "ours, 16 us", "a &lt; b")
        .doesNotContain("<script", "href", "url(", "<style");
  }

  @Test
  void operationsAreMeasuredAndDrawn() throws Exception {
    Files.writeString(
        folder.resolve("peers.csv"), "operation,n,peer,times_ours\nCKKS rotate,4096,Other,2.5\n");
    Plots.draw(folder, new Effort(1, 1, 1), List.of(4096));
    List<String> times = Files.readAllLines(folder.resolve("times.csv"));
    assertThat(times).hasSize(7).first().isEqualTo("operation,n,us,floor_us");
    for (String line : times.subList(1, 7)) {
      String[] cells = line.split(",");
      assertThat(Double.parseDouble(cells[2])).isPositive();
    }
    assertThat(Files.readString(folder.resolve("ckks-rotate.svg"))).contains("Other, ");
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".svg")).toList()) {
        parsed(Files.readString(file));
      }
    }
  }

  private static Offset<Double> within() {
    return org.assertj.core.api.Assertions.within(0.2);
  }

  private static double[][] points(String text) {
    return Arrays.stream(text.split(" "))
        .map(p -> Arrays.stream(p.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  private static Document parsed(String svg)
      throws ParserConfigurationException, IOException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
