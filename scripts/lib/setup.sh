# What the scripts share: where the repository is, what must be installed, and how it is built.
# Sourced by bash scripts; nothing is done until a function is called.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jar=$root/cli/target/veilsum.jar
jobs=$(nproc 2>/dev/null || echo 2)

say() { printf '%s\n' "$*" >&2; }

# The java program to run: JAVA_HOME's, or the one on the path.
java_program() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    printf '%s\n' "$JAVA_HOME/bin/java"
  else
    command -v java
  fi
}

# Whether a compiler of Java 17 or later is there, where Maven will look for it.
has_jdk() {
  local javac version
  if [ -n "${JAVA_HOME:-}" ]; then javac=$JAVA_HOME/bin/javac; else javac=$(command -v javac) || return 1; fi
  version=$("$javac" -version 2>&1) || return 1
  version=${version#javac }
  [ "${version%%[.-]*}" -ge 17 ] 2>/dev/null
}

# Whether the version $1 is at least $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

has_cmake() {
  local version
  version=$(cmake --version 2>/dev/null | awk 'NR == 1 { print $3 }')
  [ -n "$version" ] && at_least "$version" 3.18
}

has_compiler() {
  local version
  version=$(g++ -dumpfullversion 2>/dev/null) && at_least "$version" 11
}

has_header() { echo "#include <$1>" | g++ -E -x c++ - >/dev/null 2>&1; }

# The newest of Debian's JDKs that this release has, 17 first because it is tested most.
jdk_package() {
  local version
  for version in 17 21 25; do
    if apt-cache show "openjdk-$version-jdk-headless" >/dev/null 2>&1; then
      printf 'openjdk-%s-jdk-headless\n' "$version"
      return
    fi
  done
  printf 'openjdk-17-jdk-headless\n'
}

# The packages that are missing, one a line. With "test", "fuzz" or "constant-time", those of the
# tests, of the fuzzers or of the check of constant time too.
missing_packages() {
  has_jdk || echo jdk
  command -v mvn >/dev/null || echo maven
  has_compiler || echo g++
  command -v make >/dev/null || command -v ninja >/dev/null || echo ninja-build
  has_cmake || echo cmake
  { command -v g++ >/dev/null && has_header gmp.h; } || echo libgmp-dev
  if [ "${1:-}" = test ]; then
    command -v ninja >/dev/null || echo ninja-build
    { command -v g++ >/dev/null && has_header gtest/gtest.h; } || echo libgtest-dev
    command -v clang-format >/dev/null || echo clang-format
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
  fi
  if [ "${1:-}" = constant-time ]; then
    command -v valgrind >/dev/null && has_header valgrind/memcheck.h || echo valgrind
  fi
  if [ "${1:-}" = fuzz ]; then
    command -v ninja >/dev/null || echo ninja-build
    command -v clang++ >/dev/null || echo clang
  fi
}

# Installs what is missing, as root or through sudo; elsewhere says what to install and stops.
install_missing() {
  local packages sudo=
  packages=$(missing_packages "${1:-}" | sort -u)
  [ -n "$packages" ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "Missing, by Debian's names: $(echo $packages | sed 's/\bjdk\b/openjdk-17-jdk-headless (or newer)/')"
    say "Install them with this system's package manager and start again."
    exit 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      sudo=sudo
    else
      say "Missing packages, and neither root nor sudo to install them. Ask for:"
      say "  apt-get install $(echo $packages | sed "s/\bjdk\b/$(jdk_package)/")"
      exit 1
    fi
  fi
  $sudo apt-get update -qq >&2
  packages=$(echo $packages | sed "s/\bjdk\b/$(jdk_package)/")
  say "installing $packages"
  # shellcheck disable=SC2086
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages ca-certificates >&2
  if [ -n "$(missing_packages "${1:-}")" ]; then
    say "Still missing after the installation: $(missing_packages "${1:-}" | tr '\n' ' ')"
    say "JAVA_HOME is '${JAVA_HOME:-}'; it must name a JDK of version 17 or later, or be unset."
    exit 1
  fi
}

# Runs Maven in the repository, quietly: its output is shown where it fails.
maven() {
  (cd "$root" && mvn -B -ntp -Dstyle.color=never -Dveilsum.jobs="$jobs" "$@")
}

# Builds the jars without running tests.
build() {
  local log
  log=$(mktemp)
  say "building (about a minute; the first time also downloads the Java libraries)"
  if ! maven -DskipTests package >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    say "The build failed; its whole output is in $log"
    exit 1
  fi
  rm -f "$log"
}
