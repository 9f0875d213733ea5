package dev.veilsum.cli;

import dev.veilsum.sharing.ShamirShare;
import dev.veilsum.sharing.Share;
import java.io.IOException;
import java.io.PrintWriter;

/** What a share says of itself in the clear; nothing of its residues. */
final class ShareText {
  private ShareText() {}

  static void print(PrintWriter out, Share<?> share) {
    TextTable table = new TextTable("ll").line("kind", "share of a secret sharing");
    table.line("round", Text.printable(share.round().name()));
    table.line("server", share.party() + " of " + share.round().parties());
    table.line("servers that open", threshold(share));
    table.line("integers", share.round().length());
    table.line("bound", share.round().bound());
    table.line("clients", share.clients().size() + " of at most " + share.round().clients());
    table.print(out);
  }

  static void describe(Json json, Share<?> share) throws IOException {
    json.text("kind", "share").text("round", share.round().name());
    json.number("server", share.party()).number("servers", share.round().parties());
    json.number("threshold", threshold(share)).number("integers", share.round().length());
    json.number("bound", share.round().bound()).number("most_clients", share.round().clients());
    json.objects("clients", share.clients(), (item, client) -> item.text("name", client));
  }

  private static int threshold(Share<?> share) {
    return share instanceof ShamirShare shamir ? shamir.threshold() : share.round().parties();
  }
}
