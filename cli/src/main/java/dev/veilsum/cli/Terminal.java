package dev.veilsum.cli;

/** What of the process is connected to a terminal, and the asking for a passphrase on it. */
interface Terminal {
  /** Nobody watches and nobody can be asked. */
  Terminal NONE =
      new Terminal() {
        @Override
        public boolean isInput() {
          return false;
        }

        @Override
        public boolean isOutput() {
          return false;
        }

        @Override
        public boolean isError() {
          return false;
        }

        @Override
        public char[] ask(String prompt) {
          return null;
        }
      };

  /** Whether standard input comes from a keyboard. */
  boolean isInput();

  /** Whether standard output goes to a screen. */
  boolean isOutput();

  /** Whether standard error goes to a screen. */
  boolean isError();

  /**
   * What a person types without its being shown, or null where nobody can be asked; the caller
   * wipes it.
   */
  char[] ask(String prompt);
}
