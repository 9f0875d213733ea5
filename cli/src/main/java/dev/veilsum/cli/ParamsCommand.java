package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.SectionType;
import dev.veilsum.params.Preset;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows, finds and checks parameter sets. */
@Command(
    name = "params",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ParamsSolveCommand.class,
    description = "List, show, find and check parameter sets.")
final class ParamsCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show, solve or check");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class,
      description = "The named presets and what they are for.")
  void list() {
    if (main.settings.json) {
      Json.print(spec, json -> json.objects("presets", Presets.all(), ParameterText::describe));
      return;
    }
    TextTable table = new TextTable("ll");
    Presets.all().forEach(preset -> table.line(preset.name(), preset.purpose()));
    table.print(spec.commandLine().getOut());
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class,
      description = "One preset: primes, sizes, security.")
  void show(@Parameters(paramLabel = "NAME", description = "A preset's name.") String name) {
    Preset<? extends RlweParameters> preset = Presets.named(name);
    if (main.settings.json) {
      Json.print(spec, json -> ParameterText.describe(json, preset));
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(preset.name() + ": " + preset.purpose());
    ParameterText.print(out, preset.parameters());
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class,
      description = {
        "Check the parameter sets of a file against the security table.",
        "Exit code 5 where a set is below its level."
      })
  void check(
      @Parameters(paramLabel = "FILE", description = "Any of Veilsum's files that hold parameters.")
          String file) {
    try (ContainerReader reader = Inputs.container(main.streams(), file, ContainerKind.values())) {
      if (reader.count(SectionType.PARAMETERS) == 0) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s is of kind \"%s\" and holds no parameters; name a file that does"
                .formatted(file, reader.kind()));
      }
      switch (reader.kind()) {
        case GRADIENT, AGGREGATE, THRESHOLD ->
            report(
                file,
                read(reader, GradientParameters::fromCanonicalBytes),
                SumParameterText::describe,
                SumParameterText::print);
        default ->
            report(
                file,
                read(reader, RlweParameters::fromCanonicalBytes),
                ParameterText::describe,
                ParameterText::print);
      }
    }
  }

  /** The sets of a file, each checked against the security table as it is made. */
  private static <P> List<P> read(ContainerReader reader, Function<byte[], P> make) {
    List<P> sets = new ArrayList<>();
    for (int i = 0; i < reader.count(SectionType.PARAMETERS); i++) {
      byte[] canonical = new byte[reader.length(SectionType.PARAMETERS, i)];
      reader.read(SectionType.PARAMETERS, i, ByteBuffer.wrap(canonical));
      sets.add(reader.naming(() -> make.apply(canonical)));
    }
    return sets;
  }

  private <P> void report(
      String file, List<P> sets, Json.ItemMembers<P> describe, BiConsumer<PrintWriter, P> print) {
    if (main.settings.json) {
      Json.print(spec, json -> json.objects("parameters", sets, describe));
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(file + ": " + sets.size() + (sets.size() == 1 ? " set" : " sets") + ", secure");
    for (P set : sets) {
      out.println();
      print.accept(out, set);
    }
  }
}
