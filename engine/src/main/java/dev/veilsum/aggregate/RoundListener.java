package dev.veilsum.aggregate;

import dev.veilsum.VeilsumException;
import java.nio.file.Path;

/** Is told what became of each file of a round, in order. */
public interface RoundListener {
  /** The update was counted. */
  default void counted(Path file, GradientUpdate update) {}

  /** This very update had been counted before, by the checkpoint that the round resumed from. */
  default void passed(Path file) {}

  /** The file was refused; the round is as it was. */
  default void refused(Path file, VeilsumException reason) {}
}
