package dev.veilsum.backend;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The backends on the class path, found as services. Finding one loads no native code. */
public final class Backends {
  /** The name of the backend that is used where nothing else is asked for. */
  public static final String DEFAULT = "core";

  private Backends() {}

  /** All backends, by name. */
  public static List<Backend> all() {
    List<Backend> found = new ArrayList<>();
    ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).forEach(found::add);
    found.sort(Comparator.comparing(Backend::name));
    return List.copyOf(found);
  }

  /** The backend of a name; {@code UNSUPPORTED} with the names there are where there is none. */
  public static Backend named(String name) {
    return Holder.ALL.stream()
        .filter(backend -> backend.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new VeilsumException(
                    ErrorCode.UNSUPPORTED,
                    "no backend \"%s\"; there are %s"
                        .formatted(name, Holder.ALL.stream().map(Backend::name).toList())));
  }

  /** Veilsum's own engine. */
  public static Backend byDefault() {
    return named(DEFAULT);
  }

  /** One instance of each for the life of the process: their contexts are shared. */
  private static final class Holder {
    static final List<Backend> ALL = all();
  }
}
