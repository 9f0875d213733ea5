package dev.veilsum.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.file.rows.ColumnDeclaration;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The bundled week of seismic events, earliest first. */
final class EventRecords {
  /** Ranges and labels are what one knows of seismic events, not of these; dates are the week's. */
  static final List<ColumnDeclaration> COLUMNS =
      List.of(
          declared("time", "time", "time(2018-01-31..2018-02-07; step=1d)"),
          declared("magnitude", "magnitude", "decimal(-2.00..10.00)"),
          declared("size", "magnitude", "ordered(0.5, -2..10; floor)"),
          declared("scale", "scale", "category(ml,md,mb,mb_lg,mww,mwr,mw)"),
          declared("type", "type", "category(earthquake,explosion,quarry blast,ice quake)"),
          declared("status", "status", "category(automatic,reviewed)"),
          declared("significance", "significance", "integer(0..3000)"));

  private static final String RESOURCE = "demo/earthquakes.json";

  private EventRecords() {}

  /**
   * One event.
   *
   * @param time epoch milliseconds
   * @param magnitude as it was reported, with up to two decimal places
   * @param scale the method of the magnitude
   * @param type what shook
   * @param status whether a person has reviewed it
   * @param significance the agency's figure, from 0
   */
  record Event(
      long time,
      BigDecimal magnitude,
      String scale,
      String type,
      String status,
      long significance) {
    String csv() {
      return "%d,%s,%s,%s,%s,%d"
          .formatted(time, magnitude.toPlainString(), scale, type, status, significance);
    }
  }

  /** Reads the bundled file, which is latest first, and reverses it. */
  static List<Event> load() {
    try (InputStream in = EventRecords.class.getResourceAsStream(RESOURCE);
        JsonParser json = new JsonFactory().createParser(in)) {
      List<Event> events = new ArrayList<>();
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME && json.currentName().equals("properties")) {
          json.nextToken();
          events.add(event(json));
        }
      }
      Collections.reverse(events);
      return List.copyOf(events);
    } catch (IOException e) {
      throw VeilsumException.io("reading the bundled " + RESOURCE, e);
    }
  }

  private static Event event(JsonParser json) throws IOException {
    long time = 0;
    BigDecimal magnitude = null;
    String scale = null;
    String type = null;
    String status = null;
    long significance = 0;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      switch (member) {
        case "time" -> time = json.getLongValue();
        case "mag" -> magnitude = json.getDecimalValue();
        case "magType" -> scale = json.getText();
        case "type" -> type = json.getText();
        case "status" -> status = json.getText();
        case "sig" -> significance = json.getLongValue();
        default -> json.skipChildren();
      }
    }
    return new Event(time, magnitude, scale, type, status, significance);
  }

  /** The rows as CSV, as the encryptor reads them. */
  static byte[] csv(List<Event> events) {
    StringBuilder csv = new StringBuilder("time,magnitude,scale,type,status,significance\n");
    events.forEach(event -> csv.append(event.csv()).append('\n'));
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ColumnDeclaration declared(String name, String source, String kind) {
    return new ColumnDeclaration(name, ColumnKind.parse(kind), source);
  }
}
