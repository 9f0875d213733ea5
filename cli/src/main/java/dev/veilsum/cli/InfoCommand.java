package dev.veilsum.cli;

import dev.veilsum.Veilsum;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.nativelib.NativeLibrary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says what is there: versions, backends, instruction sets. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Show versions, backends and the instruction set in use.")
final class InfoCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    Map<String, String> facts = facts();
    if (main.settings.json) {
      Json.print(
          spec,
          json -> {
            for (var fact : facts.entrySet()) {
              json.text(fact.getKey().replace(' ', '_'), fact.getValue());
            }
          });
      return;
    }
    TextTable table = new TextTable("ll");
    facts.forEach(table::line);
    table.print(spec.commandLine().getOut());
  }

  private static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", Veilsum.version());
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    for (Backend backend : Backends.all()) {
      facts.put("backend " + backend.name(), described(backend::description));
    }
    facts.put(
        "paillier",
        NativeLibrary.paillier()
            .cause()
            .map(cause -> VeilsumException.fromNative(cause.getMessage(), cause).getMessage())
            .map(reason -> "not available: " + reason)
            .orElse("available"));
    return facts;
  }

  /** What is not there on this machine says why, and is no reason to fail. */
  static String described(Supplier<String> description) {
    try {
      return description.get();
    } catch (VeilsumException unavailable) {
      return "not available: " + unavailable.getMessage();
    }
  }
}
