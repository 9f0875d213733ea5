package dev.veilsum.cli;

import dev.veilsum.aggregate.JointKey;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.threshold.ConfirmMessage;
import dev.veilsum.threshold.DealMessage;
import dev.veilsum.threshold.JoinMessage;
import dev.veilsum.threshold.JointKeyFile;
import dev.veilsum.threshold.KeyShare;
import dev.veilsum.threshold.MessageFile;
import dev.veilsum.threshold.MessageType;
import dev.veilsum.threshold.OpeningPart;
import dev.veilsum.threshold.ThresholdSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a file of a threshold key says in the clear. */
record ThresholdText(Map<String, Object> facts) {
  static ThresholdText of(ContainerReader reader) {
    MessageType type = MessageFile.typeOf(reader);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("message", type);
    switch (type) {
      case SESSION -> putSession(facts, ThresholdSession.read(reader));
      case JOIN -> {
        JoinMessage join = JoinMessage.read(reader);
        facts.put("session", join.session());
        facts.put("party", join.party());
      }
      case DEAL -> facts.put("party", DealMessage.read(reader, 0).party());
      case CONFIRM -> facts.put("party", ConfirmMessage.read(reader).party());
      case PUBLIC_KEY -> {
        JointKey key = JointKeyFile.read(reader);
        facts.put("key id", key.keyId());
        facts.put("parameters", key.parameters());
      }
      case SHARE -> {
        KeyShare share = KeyShare.read(reader);
        facts.put("party", share.party());
        facts.put("key id", share.keyId());
        putSession(facts, share.session());
      }
      case PART -> {
        OpeningPart part = OpeningPart.read(reader);
        facts.put("party", part.party());
        facts.put("participants", part.participants());
        facts.put("key id", part.keyId());
        facts.put("aggregate", part.aggregate());
      }
    }
    return new ThresholdText(facts);
  }

  private static void putSession(Map<String, Object> facts, ThresholdSession session) {
    facts.put("session", session.digest());
    facts.put("parties", session.parties());
    facts.put("threshold", session.threshold());
    facts.put("flooding bits", session.noise().floodingBits());
    facts.put("parameters", session.parameters());
  }

  void describe(Json json) throws IOException {
    json.text("kind", ContainerKind.THRESHOLD);
    for (Map.Entry<String, Object> fact : facts.entrySet()) {
      String name = fact.getKey().replace(' ', '_');
      if (fact.getValue() instanceof Integer number) {
        json.number(name, number);
      } else {
        json.text(name, fact.getValue());
      }
    }
  }

  void print(PrintWriter out) {
    TextTable table = new TextTable("ll").line("kind", ContainerKind.THRESHOLD);
    facts.forEach(table::line);
    table.print(out);
  }
}
