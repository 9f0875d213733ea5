package dev.veilsum;

/** The library itself. */
public final class Veilsum {
  private Veilsum() {}

  /** The version of this library, or "development" where it does not run from a jar. */
  public static String version() {
    String version = Veilsum.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
