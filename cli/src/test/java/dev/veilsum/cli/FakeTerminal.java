package dev.veilsum.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A terminal on all three streams, at which somebody types given passphrases. */
final class FakeTerminal implements Terminal {
  private final Deque<String> typed;

  FakeTerminal(String... typed) {
    this.typed = new ArrayDeque<>(List.of(typed));
  }

  @Override
  public boolean isInput() {
    return true;
  }

  @Override
  public boolean isOutput() {
    return true;
  }

  @Override
  public boolean isError() {
    return true;
  }

  @Override
  public char[] ask(String prompt) {
    return typed.removeFirst().toCharArray();
  }
}
