package dev.veilsum.cli;

import dev.veilsum.Veilsum;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.paillier.Paillier;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says what is there: versions, backends, instruction sets. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Show versions, backends and the instruction set in use.")
final class InfoCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;

  @Override
  public void run() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", Veilsum.version());
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    for (Backend backend : Backends.all()) {
      facts.put("backend " + backend.name(), described(backend::description));
    }
    facts.put("paillier", described(Paillier::description));
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
    facts.forEach(
        (name, value) -> spec.commandLine().getOut().printf("%-16s %s%n", name, value));
  }

  private interface Description {
    String get();
  }

  /** What is not there on this machine says why, and is no reason to fail. */
  private static String described(Description description) {
    try {
      return description.get();
    } catch (VeilsumException unavailable) {
      return "not available: " + unavailable.getMessage();
    }
  }
}
