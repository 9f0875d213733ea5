package dev.veilsum.file.rows;

import dev.veilsum.file.ColumnKind;

/**
 * A column to be read. One column of the input may be declared several times under other names.
 *
 * @param name what it is called in the table
 * @param kind what it is declared to hold
 * @param source its name in the input
 */
public record ColumnDeclaration(String name, ColumnKind kind, String source) {
  /** A column that keeps the input's name. */
  public ColumnDeclaration(String name, ColumnKind kind) {
    this(name, kind, name);
  }
}
