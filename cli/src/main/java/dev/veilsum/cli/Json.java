package dev.veilsum.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import picocli.CommandLine.Model.CommandSpec;

/** Writes one JSON object, member by member; a stream of any length stays in bounded memory. */
final class Json implements AutoCloseable {
  /** What fails half-way must not look whole: nothing is closed that was not ended. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  private final JsonGenerator generator;

  private Json(JsonGenerator generator) {
    this.generator = generator;
  }

  /** What writes the members of an object. */
  interface Members {
    void write(Json json) throws IOException;
  }

  /** Prints one object and a line end to a command's standard output. */
  static void print(CommandSpec spec, Members members) {
    try {
      var out = spec.commandLine().getOut();
      write(new Json(FACTORY.createGenerator(out)), members);
      out.println();
      out.flush();
    } catch (IOException e) {
      throw VeilsumException.io("writing JSON", e);
    }
  }

  /** Writes one object and a line end; the output stays open. */
  static void write(AtomicOutput out, Members members) {
    try {
      write(new Json(FACTORY.createGenerator((OutputStream) out)), members);
      out.write('\n');
    } catch (IOException e) {
      throw VeilsumException.io("writing " + out.name(), e);
    }
  }

  private static void write(Json json, Members members) throws IOException {
    try (json) {
      json.generator.writeStartObject();
      members.write(json);
      json.generator.writeEndObject();
    }
  }

  Json text(String name, Object value) throws IOException {
    generator.writeStringField(name, value.toString());
    return this;
  }

  Json number(String name, long value) throws IOException {
    generator.writeNumberField(name, value);
    return this;
  }

  Json number(String name, double value) throws IOException {
    generator.writeNumberField(name, value);
    return this;
  }

  Json number(String name, BigInteger value) throws IOException {
    generator.writeNumberField(name, value);
    return this;
  }

  Json number(String name, BigDecimal value) throws IOException {
    generator.writeNumberField(name, value);
    return this;
  }

  Json nothing(String name) throws IOException {
    generator.writeNullField(name);
    return this;
  }

  Json flag(String name, boolean value) throws IOException {
    generator.writeBooleanField(name, value);
    return this;
  }

  Json object(String name, Members members) throws IOException {
    generator.writeObjectFieldStart(name);
    members.write(this);
    generator.writeEndObject();
    return this;
  }

  Json numbers(String name, Iterable<? extends Number> values) throws IOException {
    generator.writeArrayFieldStart(name);
    for (Number value : values) {
      generator.writeNumber(value.longValue());
    }
    generator.writeEndArray();
    return this;
  }

  /** An array of objects. */
  <T> Json objects(String name, Iterable<T> items, ItemMembers<T> members) throws IOException {
    generator.writeArrayFieldStart(name);
    for (T item : items) {
      generator.writeStartObject();
      members.write(this, item);
      generator.writeEndObject();
    }
    generator.writeEndArray();
    return this;
  }

  /** What writes the members of one object of an array. */
  interface ItemMembers<T> {
    void write(Json json, T item) throws IOException;
  }

  /** The generator itself, for arrays of numbers and what else has no method here. */
  JsonGenerator generator() {
    return generator;
  }

  @Override
  public void close() {
    try {
      generator.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
