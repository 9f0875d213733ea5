package dev.veilsum.params;

/**
 * Parameters with a name and a purpose. What a name means never changes: files name it.
 *
 * @param name as typed after {@code --preset}
 * @param purpose one sentence for people: what it is for and what it affords
 */
public record Preset<P extends RlweParameters>(String name, String purpose, P parameters) {
  @Override
  public String toString() {
    return name + ": " + parameters;
  }
}
