package dev.veilsum.cli;

import dev.veilsum.aggregate.GradientAggregate;
import dev.veilsum.aggregate.GradientFrame;
import dev.veilsum.aggregate.GradientUpdate;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.tensor.TensorShape;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an update or an aggregate says of itself in the clear. */
record GradientText(
    ContainerKind kind,
    GradientFrame frame,
    Optional<Boolean> finished,
    String form,
    List<GradientAggregate.Client> clients) {

  /** Reads the metadata; the container is closed by its owner. */
  static GradientText of(ContainerReader reader) {
    if (reader.kind() == ContainerKind.GRADIENT) {
      GradientUpdate update = GradientUpdate.read(reader);
      return new GradientText(
          reader.kind(),
          update.frame(),
          Optional.empty(),
          update.frame().form().toString(),
          List.of(new GradientAggregate.Client(update.client(), update.weight())));
    }
    GradientAggregate aggregate = GradientAggregate.read(reader);
    return new GradientText(
        reader.kind(),
        aggregate.frame(),
        Optional.of(aggregate.isFinished()),
        aggregate.form().toString(),
        aggregate.clients());
  }

  private long weight() {
    return clients.stream().mapToLong(GradientAggregate.Client::weight).sum();
  }

  void describe(Json json) throws IOException {
    json.text("kind", kind).text("key_id", frame.keyId());
    json.text("round", frame.round()).number("clip", frame.clip());
    json.text("form", form.toLowerCase(Locale.ROOT));
    if (finished.isPresent()) {
      json.flag("finished", finished.get());
    }
    json.number("bits", frame.parameters().bits());
    json.text("parameters", frame.parameters().fingerprint());
    json.number("numbers", frame.numbers()).number("chunks", frame.chunks());
    json.number("weight", weight());
    json.objects(
        "clients",
        clients,
        (item, client) -> item.text("name", client.name()).number("weight", client.weight()));
    json.objects(
        "tensors",
        frame.tensors(),
        (item, tensor) ->
            item.text("name", tensor.name())
                .text("type", tensor.type().id())
                .numbers("shape", tensor.shape()));
  }

  void print(PrintWriter out) {
    TextTable facts = new TextTable("ll").line("kind", kind).line("key id", frame.keyId());
    facts.line("round", Text.printable(frame.round()));
    facts.line("clip", Text.number(frame.clip())).line("parameters", frame.parameters());
    facts.line("form", form.toLowerCase(Locale.ROOT));
    finished.ifPresent(f -> facts.line("finished", f ? "yes" : "no: a checkpoint"));
    facts.line("clients", clients.size()).line("weight", weight());
    facts.line("numbers", frame.numbers()).line("chunks", frame.chunks());
    facts.print(out);
    out.println();
    TextTable tensors = new TextTable("lll").line("tensor", "type", "shape");
    for (TensorShape tensor : frame.tensors()) {
      tensors.line(Text.printable(tensor.name()), tensor.type().id(), tensor.shape());
    }
    tensors.print(out);
  }
}
