package dev.veilsum.cli;

import dev.veilsum.keys.MasterKey;
import dev.veilsum.keys.SearchKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints the blind tokens of values. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Print the tokens under which values are found in a token column: in a condition, COLUMN ="
          + " token:... asks for one without telling the value.",
      "",
      "Whoever has the table sees how often each token stands in it and in which rows, and with the"
          + " question, which of them is asked for. A value that can be guessed by how often it"
          + " occurs is not hidden by its token.",
      ""
    })
final class TokenCommand implements Runnable {
  @Spec CommandSpec spec;
  @ParentCommand Main main;
  @Mixin Secrets secrets;

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      required = true,
      description = "The secret key that the table was encrypted with.")
  Path key;

  @Option(
      names = {"-c", "--column"},
      paramLabel = "NAME",
      required = true,
      description = "The token column; equal values have other tokens in other columns.")
  String column;

  @Parameters(
      arity = "1..*",
      paramLabel = "VALUE",
      description = "Values, exactly as they stand in the input.")
  List<String> values;

  private record Token(String value, String text) {}

  @Override
  public void run() {
    List<Token> tokens = new ArrayList<>();
    try (MasterKey master = secrets.open(key, main.streams().terminal());
        SearchKey searchKey = SearchKey.derive(master)) {
      for (String value : values) {
        byte[] token = searchKey.token(column, value);
        tokens.add(new Token(value, "token:" + HexFormat.of().formatHex(token)));
      }
    }
    if (main.settings.json) {
      Json.print(
          spec,
          json ->
              json.text("column", column)
                  .objects(
                      "tokens",
                      tokens,
                      (member, each) ->
                          member.text("value", each.value()).text("token", each.text())));
    } else {
      tokens.forEach(each -> spec.commandLine().getOut().println(each.text()));
    }
  }
}
